import { secondsSince } from '../../clock.ts';
import type { Hop } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { Snapshot } from '../aws/snapshot.ts';
import type { Context } from '../context.ts';
import { oursOf, standingIn, takeInventory } from '../engine/inventory.ts';
import type { Progress } from '../engine/outcome.ts';
import { findSubscribers, type Subscriber, subscribing, unreached } from '../readers/subscribers.ts';
import type { Stack } from '../stack.ts';
import { probeOnce } from '../verbs/invoke.ts';
import { walkAcls } from './check-acls.ts';
import { checkNetwork } from './check-network.ts';
import { checkShop, setUpFinding } from './check-shop.ts';
import { checkStart } from './check-start.ts';
import { ok, servingIn, type VerifyContext } from './context.ts';
import { findingOf } from './explain.ts';
import { pathOf } from './path.ts';
import { type Finding, joined, type VerifiedHop } from './root-cause.ts';

/** What came of a verification. */
export interface Verification {
  /** No hop is broken. */
  ok: boolean;
  hops: VerifiedHop[];
  /** What cannot be proved without mailing somebody, one sentence each. */
  unproved: string[];
  seconds: number;
}

/**
 * Asks the deployed function once whether it reaches everything, reads the configuration of the way meanwhile, and
 * joins both: one fault is one broken hop. Waits for nothing to become well. `lastReport` is what the ledger has of the
 * last one. Throws Problem `not-provisioned` where nothing stands, and what no hop can be blamed for: credentials, the
 * operator's own permissions.
 */
export async function verifyStack(
  context: Context,
  progress: Progress,
  lastReport: Promise<Finding>,
): Promise<Verification> {
  const { aws } = context.stack;
  const start = aws.clock.elapsed();
  progress.begin(2);
  const step = async <T>(id: string, title: string, work: Promise<T>): Promise<T> => {
    progress.started({ id, title, action: 'look' });
    const done = await work;
    progress.finished({ id, title, outcome: 'unchanged', seconds: secondsSince(aws.clock, start) });
    return done;
  };
  const [answer, walked, readers, last] = await Promise.all([
    step(
      'probe',
      'asking the function whether it reaches everything',
      answerOf(context, () => probeOnce(context.stack)),
    ),
    step('walk', 'reading the configuration of its way', walk(context)),
    readersOf(context.stack),
    lastReport,
  ]);
  const hops = await explained(context, walked, answer, [
    readersFinding(walked, readers),
    operatorsFinding(walked, readers.operators),
    last,
  ]);
  return {
    ok: hops.every(({ state }) => state !== 'broken'),
    hops,
    unproved: unprovedOf(hops, answer.hops),
    seconds: secondsSince(aws.clock, start),
  };
}

/**
 * What the function found on its way; and where not all of that is well, what is broken, with its cause and what to do.
 */
export interface Proof {
  hops: readonly Hop[];
  broken: VerifiedHop[];
}

/** Explains what a probe found, or why it found nothing. Throws as `verifyStack` does. */
export async function proofOf(context: Context, probe: () => Promise<Hop[]>): Promise<Proof> {
  const answer = await answerOf(context, probe);
  const { hops, problem } = answer;
  if (problem === undefined && hops.every(({ ok, skipped }) => ok || skipped)) return { hops, broken: [] };
  const verified = await explained(context, await walk(context), answer, []);
  return { hops, broken: verified.filter(({ state }) => state === 'broken') };
}

/** What the function said to a probe; `problem` where it did not answer, one sentence. */
interface Answer {
  hops: readonly Hop[];
  /** How long it took, ms. */
  ms: number;
  problem?: string;
}

/** Throws what concerns not the function but who asks: credentials, permissions, Ctrl-C. */
async function answerOf({ stack }: Context, probe: () => Promise<Hop[]>): Promise<Answer> {
  const { aws, names } = stack;
  const start = aws.clock.elapsed();
  const without = (problem: string): Answer => ({ hops: [], ms: aws.clock.elapsed() - start, problem });
  const log = `the log group ${names.logGroup} says more`;
  try {
    const hops = await probe();
    return { hops, ms: aws.clock.elapsed() - start };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'not-started')
      return without(`Lambda does not start the function (${error.aws?.name}: ${error.aws?.message}); ${log}.`);
    if (error.code === 'function-failed') return without(`${error.message.replace(/\.$/, '')}; ${log}.`);
    if (['not-provisioned', 'no-answer', 'foreign-function'].includes(error.code)) return without(error.message);
    if (isThrottledInvoke(error))
      return without(`Lambda refuses to start the function (${error.aws?.message}); ${log}.`);
    throw error;
  }
}

/** Lambda answers so too while the function may have no executions, which the walk sees in its configuration. */
const isThrottledInvoke = ({ code, aws }: Problem): boolean =>
  code === 'throttled' && aws?.operation === 'lambda:Invoke';

async function walk({ stack, resources }: Context): Promise<VerifyContext> {
  const standing = standingIn(resources);
  const inventory = await takeInventory(standing, new Snapshot(stack.aws));
  if (standing.every(({ id }) => oursOf(inventory, id).length === 0))
    throw new Problem(
      'not-provisioned',
      `Stack ${stack.settings.stack} is not deployed in ${stack.region}: run ${salesreport`provision`} first.`,
      { exit: 'unhealthy' },
    );
  return { stack, inventory };
}

async function explained(
  { stack, resources }: Context,
  walked: VerifyContext,
  { hops, ms, problem }: Answer,
  more: readonly Finding[],
): Promise<VerifiedHop[]> {
  const tried = hops.map(hop => findingOf(walked, resources, hop));
  const isShop = ({ hop }: Finding) => /^(tcp|login|select .*)$/.test(hop);
  const asksHost = stack.settings.database.host === undefined && tried.some(one => isShop(one) && one.state !== 'ok');
  const selects = hops.flatMap(({ hop }) => (hop.startsWith('select ') ? [hop] : []));
  return joined(pathOf(stack.settings, selects), [
    ...checkStart(walked),
    ...checkNetwork(walked),
    walkAcls(walked),
    ...checkShop(walked),
    ...(asksHost ? await setUpFinding(walked) : tried.some(isShop) ? [ok('set-up', 'the shop answers')] : []),
    problem ? { hop: 'answer', state: 'broken', ms, why: problem } : { ...ok('answer'), ms },
    ...tried,
    ...more,
  ]);
}

interface Readers {
  all: readonly Subscriber[];
  /** Those whose filters keep the reports from them. */
  without: readonly Subscriber[];
  /** How many confirmed ones were not asked for theirs. */
  unasked: number;
  operators: readonly Subscriber[];
}

async function readersOf(stack: Stack): Promise<Readers> {
  const [all, operators] = await Promise.all([findSubscribers(stack, 'readers'), findSubscribers(stack, 'operators')]);
  return { all, operators, ...(await unreached(stack, all)) };
}

function readersFinding(walked: VerifyContext, { all: readers, without, unasked }: Readers): Finding {
  const hop = 'readers';
  const pending = readers.filter(({ state }) => state === 'pending').map(({ endpoint }) => endpoint);
  const confirmed = readers.length - pending.length;
  const detail = `${confirmed} confirmed${pending.length > 0 ? `, ${pending.length} pending` : ''}`;
  if (!servingIn(walked, 'topic')) return { hop, state: 'skipped', detail: 'there is no topic' };
  if (without.length > 0) {
    const names = without.map(({ endpoint }) => endpoint).join(', ');
    const mails = without.filter(({ protocol }) => protocol === 'email');
    return {
      hop,
      // Whoever takes it by other ways may want something else of the topic.
      state: mails.length > 0 || without.length === confirmed ? 'broken' : 'warning',
      detail,
      why: `The filter of ${names} lets no report through: ${mails.length > 0 ? 'subscribe again, which fixes it and mails nothing' : 'remove it in the console of SNS'}.`,
      ...(mails.length > 0
        ? {
            command: subscribing(
              mails.map(({ endpoint }) => endpoint),
              'readers',
            ),
          }
        : {}),
    };
  }
  if (pending.length > 0)
    return {
      hop,
      state: 'warning',
      detail,
      why: `${pending.join(', ')} ${pending.length === 1 ? 'has' : 'have'} not confirmed yet: the report comes only after a click on the link in AWS's mail.`,
    };
  if (confirmed === 0)
    return {
      hop,
      state: 'warning',
      detail: 'none',
      why: `Nobody gets the report yet: ${salesreport`subscribe email NAME@HOST`} adds a reader.`,
    };
  return ok(hop, unasked > 0 ? `${detail}; the filters of ${unasked} were not read` : detail);
}

/** Nobody has to hear of notices: `status` shows what they say. */
function operatorsFinding(walked: VerifyContext, operators: readonly Subscriber[]): Finding {
  const hop = 'operators';
  if (!servingIn(walked, 'topic.operators')) return { hop, state: 'skipped', detail: 'there is no topic of operators' };
  const pending = operators.filter(({ state }) => state === 'pending').map(({ endpoint }) => endpoint);
  const confirmed = operators.length - pending.length;
  if (pending.length === 0) return ok(hop, confirmed > 0 ? `${confirmed} confirmed` : 'none');
  return {
    hop,
    state: 'warning',
    detail: `${confirmed} confirmed, ${pending.length} pending`,
    why: `${pending.join(', ')} ${pending.length === 1 ? 'has' : 'have'} not confirmed yet: notices come only after a click on the link in AWS's mail.`,
  };
}

function unprovedOf(hops: readonly VerifiedHop[], answered: readonly Hop[]): string[] {
  const isOk = (hop: string) => hops.some(one => one.hop === hop && one.state === 'ok');
  return [
    ...answered.flatMap(({ hop, unproved }) => (unproved && isOk(hop) ? [unproved] : [])),
    `That a mail arrives: only a report shows it, which ${salesreport`run`} sends.`,
  ];
}
