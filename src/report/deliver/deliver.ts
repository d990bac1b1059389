import type { RunAnswer } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { clockTime } from '../../schedule/clock-time.ts';
import { blockingCheck, type CheckResult, decisionOf } from '../checks.ts';
import type { Window } from '../facts.ts';
import { smsOf } from '../render/sms.ts';
import type { Occasion, Report, Told } from '../report.ts';
import { type Rendered, rendered } from '../run.ts';
import { keepForms, keepReport, keptReport } from './archive.ts';
import { type Entry, folderOf, isSent } from './entry.ts';
import type { Found } from './ledger.ts';
import { blockedNotice, failedNotice } from './notice.ts';
import { pastOf } from './past.ts';
import type { Message } from './sns.ts';
import { entryOf, nowOf, type Work } from './work.ts';

/** A window, what the ledger has of it, and the schedule by which it is due; null for one that somebody asked for. */
export interface Target {
  window: Window;
  found: Found | undefined;
  schedule: string | null;
}

/** Reasons for which somebody wants a report that was sent already, or that a check blocks. */
export interface Wishes {
  resend?: string | undefined;
  force?: string | undefined;
}

/** A claim outlives its run by so much, ms: clocks differ. */
const grace = 30_000;

/** Somebody is told of a report that failed so often in a row: as often as Lambda tries an event. */
const tries = 3;

/**
 * Sends the report of a window, once: claims it, publishes it, marks it as published, keeps its forms. One that was sent is not sent again, one that a run
 * left on its way is taken up where that run was. Throws Problem `claimed` while another run has it, and what `compute` and `publish` throw.
 */
export async function deliver(work: Work, target: Target, wishes: Wishes = {}): Promise<RunAnswer> {
  const { found } = target;
  const before = found?.entry;
  if (found && before && isSent(before) && wishes.resend === undefined) return alreadySent(await finish(work, found));
  if (before?.state === 'claimed' && isAlive(work, before)) throw beingSent(before);
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
  if (decision === 'hold' && !isRevision && work.clock.now() < heldUntil(work, entry)) return hold(work, target, entry, computed);
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
  const folder = folderOf({ ...entry, state: 'unsent' });
  await keepReport(work.store, folder, report);
  await keepForms(work.store, folder, report);
  const done = await work.ledger.write(
    // A revision that died on its way leaves readers with the report before it.
    {
      ...settled(entry),
      state: entry.sent.length > 0 ? 'archived' : 'unsent',
      at: nowOf(work),
      folder,
      totals: totalsOf(report),
    },
    found,
  );
  if (!done) throw raced(window);
  return { outcome: 'archived', window };
}

/** Brings a report that was published, but perhaps not kept whole, to its end; `sent` is the report where it is at hand. */
export async function finish(work: Work, found: Found, sent?: Report): Promise<Entry> {
  const { entry } = found;
  if (entry.state !== 'published') return entry;
  const report = sent ?? (await keptReport(work.store, entry.folder!));
  if (report) await keepForms(work.store, entry.folder!, report);
  const done = await work.ledger.write({ ...settled(entry), state: 'archived', at: nowOf(work) }, found);
  return done?.entry ?? entry;
}

/** The entry of a window to go on with. What a run died with while it had the claim may have reached its readers. */
const begun = (work: Work, { window, found, schedule }: Target): Entry => ({
  ...(found?.entry ?? entryOf(work, window, schedule)),
  ...(found?.entry.state === 'claimed' ? { uncertain: true } : {}),
});

/** Lambda starts a failed event again after a minute: one that comes sooner after the claim, ms, is the event delivered twice at once. */
const retry = 45_000;

/** Whether a claim still holds for another run. */
export const isAlive = ({ owner, clock }: Pick<Work, 'owner' | 'clock'>, { owner: holder, at, until = '' }: Entry): boolean =>
  clock.now() < Date.parse(until) && (holder !== owner || clock.now() < Date.parse(at) + retry);

/** Only windows by the schedule have others before them. */
const pastFor = ({ ledger }: Work, { window, schedule }: Target): Promise<Pick<Occasion, 'told' | 'unsent'>> =>
  schedule === null ? Promise.resolve({}) : pastOf(ledger, window);

async function tryToCompute(work: Work, target: Target, entry: Entry, occasion: Occasion): Promise<Rendered | RunAnswer> {
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

/** What goes wrong here must not hide why the run fails. One that was sent stays so; who asked for a window sees why it failed. */
async function recordFailure(work: Work, found: Found | undefined, entry: Entry, why: string): Promise<void> {
  if (found && isSent(found.entry)) return;
  const attempts = (entry.attempts ?? 0) + 1;
  try {
    const done = await work.ledger.write({ ...settled(entry), state: 'failed', at: nowOf(work), why, attempts }, found);
    if (done && attempts === tries && entry.schedule !== null) await work.publish('notice', failedNotice(work, entry, why));
  } catch {
    // The run's own error says more.
  }
}

/** Until when a report is held whose data are late, ms since 1970 UTC. */
const heldUntil = ({ clock, holdMs }: Work, { heldSince }: Entry): number =>
  (heldSince === undefined ? clock.now() : Date.parse(heldSince)) + holdMs;

async function hold(
  work: Work,
  { window, found, schedule }: Target,
  entry: Entry,
  { report, subject, text }: Rendered,
): Promise<RunAnswer> {
  const reason = failing(report.checks);
  const heldSince = entry.heldSince ?? nowOf(work);
  const until = new Date(heldUntil(work, { ...entry, heldSince })).toISOString();
  // The watch looks after the windows of the schedule only.
  const plan =
    schedule === null
      ? 'It was not sent, because its data are late'
      : `It waits until ${clockOf(work, until)} for data that are late`;
  const why = `${plan}: ${reason}`;
  await put(work, { ...settled(entry), state: 'held', at: heldSince, heldSince, why }, found);
  return { outcome: 'held', window, report, subject, text, why };
}

async function block(
  work: Work,
  { window, found }: Target,
  entry: Entry,
  computed: Rendered | undefined,
  why = failing(computed!.report.checks),
): Promise<RunAnswer> {
  const answer = { outcome: 'blocked', window, ...computed, why } as const;
  if (found && isSent(found.entry)) return answer;
  const state = 'blocked';
  const folder = folderOf({ ...entry, state });
  if (computed) {
    await keepReport(work.store, folder, computed.report);
    await keepForms(work.store, folder, computed.report);
  }
  const totals = computed && { totals: totalsOf(computed.report), folder };
  // First of all who keeps the shop is told: twice, where the run dies here, and never not at all.
  if (found?.entry.state !== state) await work.publish('notice', blockedNotice(work, entry, why));
  await put(work, { ...settled(entry), state, at: nowOf(work), why, ...totals }, found);
  return answer;
}

/** The way of a report to its readers. Between any two steps the run may die, and another goes on. */
async function send(
  work: Work,
  { window, found }: Target,
  entry: Entry,
  { report, subject, text }: Rendered,
): Promise<RunAnswer> {
  const folder = folderOf({ ...entry, state: 'claimed' });
  const claim: Entry = {
    ...settled(entry),
    ...(entry.attempts === undefined ? {} : { attempts: entry.attempts }),
    state: 'claimed',
    at: nowOf(work),
    owner: work.owner,
    until: new Date(work.until + grace).toISOString(),
    totals: totalsOf(report),
    told: toldBy(report),
    folder,
  };
  const claimed = await put(work, claim, found);
  await keepReport(work.store, folder, report);
  const messageId = await publishOnce(work, found, claimed, { subject, text, sms: smsOf(report) });
  const { revision } = entry;
  const sent = [...entry.sent, { messageId, subject, revision, at: nowOf(work) }];
  const { uncertain, heldSince, ...sure } = settled(claim);
  const published = await put(work, { ...sure, state: 'published', at: nowOf(work), sent }, claimed);
  await finish(work, published, report);
  return { outcome: 'sent', window, report, subject, text, messageId };
}

/**
 * What surely was not published may be tried again without a word, and one that was sent before stays what it was; what may have been published is left
 * claimed, and the next says that it may be a repeat.
 */
async function publishOnce(work: Work, before: Found | undefined, claimed: Found, message: Message): Promise<string> {
  try {
    return await work.publish('report', message);
  } catch (error) {
    if (error instanceof Problem && error.code === 'publish') {
      if (before && isSent(before.entry)) await work.ledger.write(before.entry, claimed).catch(() => undefined);
      else await recordFailure(work, claimed, claimed.entry, error.message);
    }
    throw error;
  }
}

async function put(work: Work, entry: Entry, over: Found | undefined): Promise<Found> {
  const done = await work.ledger.write(entry, over);
  if (!done) throw raced(entry);
  return done;
}

/** Without what only one of the states has. */
const settled = ({ owner, until, why, attempts, ...entry }: Entry): Entry => entry;

const alreadySent = ({ from, to, sent }: Entry): RunAnswer => ({
  outcome: 'already sent',
  window: { from, to },
  messageId: sent.at(-1)!.messageId,
  subject: sent.at(-1)!.subject,
});

const totalsOf = ({ sales, orders }: Report) => ({ sales, orders });

/** What this report tells of its own window and of those before it. */
function toldBy(report: Report): Told[] {
  const { window, sales, orders, readAt, told } = report;
  return [...told.map(one => ({ ...one, at: readAt })), { from: window.from, to: window.to, sales, orders, at: readAt }];
}

const failing = (checks: readonly CheckResult[]): string =>
  checks
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ words }) => words)
    .join(' ');

const clockOf = ({ timetable }: Work, instant: string): string =>
  `${clockTime(Date.parse(instant), timetable.zone)} ${timetable.zone}`;

const beingSent = ({ from, to, until }: Entry) =>
  new Problem('claimed', `Another run is sending the report from ${from} to ${to}: try again after ${until}.`);

const raced = ({ from, to }: Window) =>
  new Problem(
    'claimed',
    `Another run has begun with the report from ${from} to ${to} at the same moment: try again in a minute.`,
  );
