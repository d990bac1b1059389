import type { RunAnswer } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { blockingCheck, decisionOf } from '../checks.ts';
import type { RunContext } from '../report.ts';
import { type Rendered, rendered } from '../run.ts';
import { keepForms, keepReport } from './archive.ts';
import { type Entry, folderOf, isSent, settled, totalsOf } from './entry.ts';
import { pastOf } from './past.ts';
import { alreadySent, finish, send } from './send.ts';
import { block, heldUntil, hold, recordFailure, withholdUnreadable } from './withhold.ts';
import { entryOf, nowOf, record, type Target, type Work } from './work.ts';

/** Reasons for which somebody wants a report that was sent already, or that a check blocks. */
export interface Wishes {
  resend?: string | undefined;
  force?: string | undefined;
}

/**
 * Sends the report of a window, once: claims it, publishes it, marks it as published, keeps its forms. One that was
 * sent is not sent again, one that a run left on its way is taken up where that run was. Throws Problem `claimed` while
 * another run has it, and what `compute` and `publish` throw.
 */
export async function deliver(work: Work, target: Target, wishes: Wishes = {}): Promise<RunAnswer> {
  const { found } = target;
  const before = found?.entry;
  if (found && before && isSent(before) && wishes.resend === undefined) return alreadySent(await finish(work, found));
  if (before?.state === 'claimed' && isAlive(work, before)) throw beingSent(before);
  if (found && before?.state === 'unreadable' && wishes.resend === undefined && wishes.force === undefined)
    return withholdUnreadable(work, found);
  const isRevision = before !== undefined && isSent(before) && wishes.resend !== undefined;
  const entry: Entry = {
    ...begun(work, target),
    ...(isRevision ? { revision: before.revision + 1, reason: wishes.resend! } : {}),
    ...(wishes.force === undefined ? {} : { reason: wishes.force, forced: true }),
  };
  const computed = await tryToCompute(work, target, entry, {
    ...(await pastFor(work, target)),
    now: work.clock.now(),
    revision: entry.revision,
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    repeat: entry.uncertain === true,
  });
  if ('outcome' in computed) return computed;
  const decision = entry.forced ? 'send' : decisionOf(computed.report.checks);
  if (decision === 'block') return block(work, target, entry, computed);
  // Who asks for a revision, or for a report that was held long enough, gets what there is.
  if (decision === 'hold' && !isRevision && work.clock.now() < heldUntil(work, entry))
    return hold(work, target, entry, computed);
  const { report } = computed;
  return send(
    work,
    target,
    entry,
    rendered({
      ...report,
      forced: entry.forced === true && decisionOf(report.checks) === 'block',
      incomplete: decisionOf(report.checks) === 'hold',
    }),
  );
}

/** Computes the report of a window, keeps it and sends it to nobody. */
export async function archiveUnsent(work: Work, target: Target): Promise<RunAnswer> {
  const { window, found } = target;
  const entry = begun(work, target);
  const { report } = await work.compute(window, { now: work.clock.now(), revision: entry.revision });
  const folder = folderOf({ ...entry, state: 'archived' });
  await keepReport(work.store, folder, report);
  await keepForms(work.store, folder, report);
  // A revision that died on its way leaves readers with the report before it.
  const state = entry.sent.length > 0 ? 'sent' : 'archived';
  await record(work, { ...settled(entry), state, at: nowOf(work), folder, totals: totalsOf(report) }, found);
  return { outcome: 'archived', window };
}

/** The entry of a window to go on with. What a run died with while it had the claim may have reached its readers. */
const begun = (work: Work, { window, found, schedule }: Target): Entry => ({
  ...(found?.entry ?? entryOf(work, window, schedule)),
  run: work.owner,
  ...(found?.entry.state === 'claimed' || found?.entry.state === 'unreadable' ? { uncertain: true } : {}),
});

/**
 * Lambda starts a failed event again after a minute: one that comes sooner after the claim, ms, is the event delivered
 * twice at once.
 */
const retry = 45_000;

/** Whether a claim still holds for another run. */
export const isAlive = (
  { owner, clock }: Pick<Work, 'owner' | 'clock'>,
  { owner: holder, at, until = '' }: Entry,
): boolean => clock.now() < Date.parse(until) && (holder !== owner || clock.now() < Date.parse(at) + retry);

/** Only windows by the schedule have others before them. */
const pastFor = ({ ledger }: Work, { window, schedule }: Target): Promise<Pick<RunContext, 'told' | 'unsent'>> =>
  schedule === null ? Promise.resolve({}) : pastOf(ledger, window);

async function tryToCompute(
  work: Work,
  target: Target,
  entry: Entry,
  occasion: RunContext,
): Promise<Rendered | RunAnswer> {
  const { window, found } = target;
  try {
    return await work.compute(window, occasion);
  } catch (error) {
    const { message } = error as Error;
    // What is wrong with the shop's database and not with the way to it: to try again changes nothing.
    if (blockingCheck(error)) return block(work, target, entry, undefined, message);
    await recordFailure(work, found, entry, message);
    throw error;
  }
}

const beingSent = ({ from, to, until }: Entry) =>
  new Problem('claimed', `Another run is sending the report from ${from} to ${to}: try again after ${until}.`);
