import { secondsSince } from '../clock.ts';
import { type Context, waitingFor } from './context.ts';
import { removeAndCertify } from './engine/certify.ts';
import type { Certificate, Progress } from './engine/outcome.ts';
import { findSubscribers } from './subscribers.ts';

export interface TeardownOptions {
  /** Whether the archive of reports goes too. */
  deleteArchive?: boolean;
}

/** Removes everything of the stack under its lock, and states what AWS answers afterwards. */
export async function teardownStack(
  context: Context,
  progress: Progress,
  { deleteArchive = false }: TeardownOptions = {},
): Promise<Certificate> {
  const { stack, resources, lock } = context;
  const { clock } = stack.aws;
  const start = clock.now();
  const onWait = waitingFor(progress, 'getting ready to remove');
  return lock.hold('teardown', onWait, async () => {
    const unshown = lock.settlesAt - clock.now();
    if (unshown > 0) {
      onWait('AWS is making known what an interrupted run made');
      await clock.sleep(unshown);
    }
    const readers = await findSubscribers(stack);
    const verdict = await removeAndCertify(context.engine(progress), resources, { keeps: !deleteArchive });
    const pending = readers
      .filter(({ state }) => state === 'pending')
      .map(({ endpoint }) => `${endpoint} never confirmed: AWS forgets the request within 48 hours, and nothing is mailed.`);
    return { ...verdict, pending, seconds: secondsSince(clock, start) };
  });
}
