import type { FunctionEvent, Hop, ProbeAnswer } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { transientErrors } from '../aws/consistency.ts';
import { consoleWords } from '../aws/console.ts';
import { errorMessage, errorName, hasName, isLostAnswer, isNotFound, requestIdOf } from '../aws/errors.ts';
import { Snapshot } from '../aws/snapshot.ts';
import { endsTheRun } from '../engine/engine.ts';
import type { Progress } from '../engine/outcome.ts';
import { type Audience, isSilent } from '../readers/subscribers.ts';
import { stackHosts } from '../resources/stack-hosts.ts';
import type { Stack } from '../stack.ts';
import { refusedLogin } from './refused-login.ts';

/** What Lambda is given beyond the function's own timeout to start it and to answer, ms. */
const startBudget = 10_000;
/** How often is asked what changes nothing, where the answer is lost. */
const tries = 3;

/** Whether a second answer does no harm: nothing is published but to nobody. */
const isHarmless = (event: FunctionEvent): boolean =>
  'probe' in event || 'beyondSeed' in event || ('run' in event && event.run.dryRun === true);

/**
 * Starts the deployed function and waits for its answer as long as it may run. Throws Problem `not-provisioned`,
 * `not-started` where Lambda refuses to start it, `function-failed` with the function's own sentence, or `no-answer`.
 */
export async function invoke(stack: Stack, event: FunctionEvent): Promise<unknown> {
  const { clock, jitter } = stack.aws;
  for (let attempt = 1; ; attempt++)
    try {
      return await invokeOnce(stack, event);
    } catch (error) {
      const isLost = error instanceof Problem && error.code === 'no-answer' && !isSlow(error.cause);
      if (!isLost || !isHarmless(event) || attempt === tries) throw error;
      await clock.sleep(1_000 * (0.5 + jitter()));
    }
}

/** Whether it was waited for as long as the function may take: then nobody waits so long again. */
const isSlow = (lost: unknown): boolean =>
  lost instanceof Problem && hasName(lost.cause, 'TimeoutError') && !hasCode(lost.cause);
const hasCode = (error: unknown): boolean => (error as { code?: string } | undefined)?.code !== undefined;

async function invokeOnce(stack: Stack, event: FunctionEvent): Promise<unknown> {
  const { aws, names, region, settings } = stack;
  try {
    const { FunctionError, Payload } = await aws.call(
      'lambda:Invoke',
      {
        FunctionName: names.functionName,
        InvocationType: 'RequestResponse',
        Payload: new TextEncoder().encode(JSON.stringify(event)),
      },
      settings.function.timeout * 1_000 + startBudget,
    );
    const answer: unknown = JSON.parse(new TextDecoder().decode(Payload) || 'null');
    if (!FunctionError) return answer;
    const { errorMessage: why = 'it gave no reason' } = (answer ?? {}) as { errorMessage?: string };
    throw new Problem(
      'function-failed',
      `The function ${names.functionName} failed: ${refusedLogin(settings.database, why) ?? why}`,
    );
  } catch (error) {
    if (isNotFound(error))
      throw new Problem(
        'not-provisioned',
        `Stack ${settings.stack} has no function in ${region}: run ${salesreport`provision`} first.`,
        { cause: error },
      );
    if (isLostAnswer(error) && !endsTheRun(error))
      throw new Problem(
        'no-answer',
        `The answer of function ${names.functionName} was lost on its way: the log group ${names.logGroup} says whether it did its work.`,
        { cause: error },
      );
    throw error instanceof Problem ? error : notStarted(names.functionName, error);
  }
}

/** Lambda's refusal, as it stands after its patience is used up. */
function notStarted(functionName: string, error: unknown): Problem {
  const { names, budget } = transientErrors.functionWaking;
  const [name, message] = [errorName(error), errorMessage(error)];
  const advice = hasName(error, ...names)
    ? `It was not ready within ${budget} s: run the same command again in a few minutes.`
    : `${salesreport`verify`} looks for what keeps it from starting.`;
  return new Problem(
    'not-started',
    `Lambda does not start the function ${functionName} (${name}: ${message}). ${advice}`,
    {
      cause: error,
      aws: { operation: 'lambda:Invoke', name, message, requestId: requestIdOf(error) },
    },
  );
}

/** How long a new database host is given to install and fill its database, ms. */
const hostBudget = 15 * 60_000;

/** How long a changed policy may take to reach SSM, SNS and S3, ms. */
const permissionBudget = 60_000;

/**
 * Asks the function whether it reaches everything, again every 5 to 10 s while the database host is still setting
 * itself up or a new permission has not got through. The answer of the last try is the result, well or not; when the
 * host took too long, with what it says on its console.
 */
export async function probe(stack: Stack, progress: Progress): Promise<Hop[]> {
  const { clock, jitter } = stack.aws;
  const start = clock.elapsed();
  progress.begin(1);
  progress.started({ id: 'probe', title: 'asking the function whether it reaches the shop', action: 'look' });
  for (;;) {
    const hops = await probeOnce(stack);
    const broken = hops.find(({ ok, skipped }) => !ok && !skipped);
    if (!broken) return hops;
    const [budget, reason] = passing(stack, broken);
    const detail = broken.detail ?? 'no answer';
    if (clock.elapsed() - start >= budget) {
      if (!isOurHostsAffair(stack, broken)) return hops;
      const said = await lastWords(stack);
      return hops.map(hop => (hop === broken ? { ...hop, detail: `${detail} (the host says: ${said})` } : hop));
    }
    progress.waiting('probe', `${reason} (${broken.hop}: ${detail})`);
    await clock.sleep(5_000 + jitter() * 5_000);
  }
}

/**
 * Asks the function once whether it reaches everything. A topic is published to only where that mails nobody. Throws as
 * `invoke` does, and Problem `foreign-function`.
 */
export async function probeOnce(stack: Stack): Promise<Hop[]> {
  const how = async (audience: Audience) => ((await isSilent(stack, audience)) ? 'publish' : 'skip');
  const [topic, operators] = await Promise.all([how('readers'), how('operators')]);
  const answer = (await invoke(stack, { probe: true, topic, operators })) as Partial<ProbeAnswer> | null;
  if (!answer?.hops)
    throw new Problem(
      'foreign-function',
      `The function ${stack.names.functionName} does not answer as this tool's own does: run ${salesreport`provision`}, which deploys it.`,
    );
  return answer.hops.map(hop => (hop.hop === 'topic' && topic === 'skip' && hop.skipped ? unproved(hop) : hop));
}

/** How long a broken hop is given to become well by itself, ms, and why it may. */
function passing(stack: Stack, broken: Hop): [budget: number, reason: string] {
  if (isOurHostsAffair(stack, broken)) return [hostBudget, 'the database host is setting itself up'];
  if (isRefused(broken)) return [permissionBudget, "IAM is making the function's permissions known"];
  return [0, ''];
}

const unproved = (hop: Hop): Hop => ({
  ...hop,
  detail: 'not tried: it would mail readers who subscribed without a filter',
});

/** What needs no database. */
const isOfAws = ({ hop }: Hop): boolean =>
  hop === 'secret' || hop === 'topic' || hop === 'operators topic' || hop === 'archive';

/**
 * A host of ours refuses connections, logins and tables until its set-up is done; somebody else's database is not
 * waited for.
 */
const isOurHostsAffair = ({ settings }: Stack, hop: Hop): boolean =>
  settings.database.host === undefined && !isOfAws(hop);

/** The function's role may not do it, or not yet: SSM, SNS and S3 say so in these words. */
export const isRefused = (hop: Hop): boolean =>
  isOfAws(hop) && /AccessDenied|AuthorizationError|not authorized/i.test(hop.detail ?? '');

/** What the database host's set-up last wrote to its console: `SALESREPORT FAILED packages`, or that it is silent. */
async function lastWords(stack: Stack): Promise<string> {
  const { aws } = stack;
  const hosts = await stackHosts(new Snapshot(aws), stack, 'host.database');
  const running = hosts.find(({ State }) => State?.Name === 'running')?.InstanceId;
  if (!running) return 'it does not run';
  const { said, unreadable } = await consoleWords(aws, running);
  return unreadable ? `nothing that can be read: ${unreadable}` : (said ?? 'nothing yet');
}
