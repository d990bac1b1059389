import { secondsSince } from '../clock.ts';
import { type Context, waitingFor } from './context.ts';
import { removeAndCertify } from './engine/certify.ts';
import type { Certificate, Progress } from './engine/outcome.ts';
import { findSubscribers, type Subscriber } from './subscribers.ts';

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
    const at = new Date(clock.now()).toISOString();
    return { ...verdict, pending: readersWords(readers), at, seconds: secondsSince(clock, start) };
  });
}

/** What becomes of the readers: SNS keeps no subscription without its topic, but one that nobody confirmed cannot be deleted (SNS developer guide). */
function readersWords(readers: readonly Subscriber[]): string[] {
  const of = (state: Subscriber['state']) => readers.filter(one => one.state === state).map(({ endpoint }) => endpoint);
  const confirmed = of('confirmed');
  return [
    ...(confirmed.length > 0 ? [`${listed(confirmed)} had confirmed: SNS forgets them with the topic, and mails nothing.`] : []),
    ...of('pending').map(
      endpoint => `${endpoint} never confirmed: AWS forgets the request within 48 hours, and nothing is mailed.`,
    ),
  ];
}

/** `ann@example.com, bob@example.com and 3 more`. */
const listed = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
