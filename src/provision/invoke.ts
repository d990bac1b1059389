import type { FunctionEvent, Hop, ProbeAnswer } from '../function-contract.ts';
import { Problem } from '../problem.ts';
import { isNotFound } from './aws/errors.ts';
import type { Progress } from './engine/outcome.ts';
import type { Stack } from './stack.ts';
import { isSilentForOthers } from './subscribers.ts';

/** Starts the deployed function and waits for its answer. Throws Problem `not-provisioned`, or `function-failed` with the function's own sentence. */
export async function invoke(stack: Stack, event: FunctionEvent): Promise<unknown> {
  const { aws, names, region, settings } = stack;
  try {
    const { FunctionError, Payload } = await aws.call('lambda:Invoke', {
      FunctionName: names.functionName,
      InvocationType: 'RequestResponse',
      Payload: new TextEncoder().encode(JSON.stringify(event)),
    });
    const answer: unknown = JSON.parse(new TextDecoder().decode(Payload) || 'null');
    if (!FunctionError) return answer;
    const { errorMessage = 'it gave no reason' } = (answer ?? {}) as { errorMessage?: string };
    throw new Problem('function-failed', `The function ${names.functionName} failed: ${errorMessage}`);
  } catch (error) {
    if (isNotFound(error))
      throw new Problem(
        'not-provisioned',
        `Stack ${settings.stack} has no function in ${region}: run salesreport provision first.`,
        { cause: error },
      );
    throw error;
  }
}

/** How long a new database host is given to install and fill its database, ms. */
const hostBudget = 15 * 60_000;

/**
 * Asks the function whether it reaches everything, again every 5 to 10 s while the database host is still setting itself up. The answer of the last
 * try is the result, well or not; a host that says that its set-up failed ends the wait.
 */
export async function probe(stack: Stack, progress: Progress): Promise<Hop[]> {
  const { clock, jitter } = stack.aws;
  const step = { id: 'probe', title: 'The function reaches the database and the topic' };
  const start = clock.now();
  progress.begin(1);
  progress.started({ ...step, action: 'look' });
  const topic = (await isSilentForOthers(stack)) ? 'publish' : 'skip';
  for (;;) {
    const answer = (await invoke(stack, { probe: true, topic })) as ProbeAnswer;
    const hops = answer.hops.map(hop => (hop.hop === 'topic' && topic === 'skip' && hop.skipped ? unproved(hop) : hop));
    const broken = hops.find(({ ok, skipped }) => !ok && !skipped);
    const over = !isOurHostStarting(stack, broken) || clock.now() - start > hostBudget;
    if (!broken || over) {
      const seconds = (clock.now() - start) / 1000;
      progress.finished({
        ...step,
        outcome: broken ? 'failed' : 'unchanged',
        seconds,
        ...(broken ? { why: broken.detail } : {}),
      });
      return hops;
    }
    const failure = await setUpFailure(stack);
    if (failure)
      return [
        ...hops.filter(hop => hop !== broken),
        { ...broken, detail: `${broken.detail ?? 'it does not answer'}; the host says: ${failure}` },
      ];
    progress.waiting(step.id, `the database host is setting itself up (${broken.hop}: ${broken.detail ?? 'no answer'})`);
    await clock.sleep(5_000 + jitter() * 5_000);
  }
}

const unproved = (hop: Hop): Hop => ({ ...hop, detail: 'not tried: it would mail readers who subscribed without a filter' });

/** A host of ours refuses connections, logins and tables until its set-up is done; somebody else's database is not waited for. */
const isOurHostStarting = (stack: Stack, broken: Hop | undefined): boolean =>
  stack.settings.database.host === undefined && broken !== undefined && broken.hop !== 'secret' && broken.hop !== 'topic';

/** What the host's console says of a step that failed for good; undefined while it is still trying. */
async function setUpFailure({ aws, owner }: Stack): Promise<string | undefined> {
  const { Reservations = [] } = await aws.call('ec2:DescribeInstances', { Filters: owner.filters });
  const [host] = owner
    .select(
      Reservations.flatMap(({ Instances = [] }) => Instances),
      'host.database',
    )
    .filter(({ State }) => State?.Name === 'running');
  if (!host?.InstanceId) return undefined;
  const { Output = '' } = await aws.call('ec2:GetConsoleOutput', { InstanceId: host.InstanceId, Latest: true });
  const console = Buffer.from(Output, 'base64').toString('utf8');
  return /SALESREPORT GAVE UP .*/.exec(console)?.[0];
}
