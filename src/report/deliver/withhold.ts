import type { RunAnswer } from '../../function-contract.ts';
import { clockTime } from '../../schedule/clock-time.ts';
import type { CheckResult } from '../checks.ts';
import type { Rendered } from '../run.ts';
import { keepForms, keepReport } from './archive.ts';
import { type Entry, folderOf, isSent, settled, totalsOf } from './entry.ts';
import type { Found } from './ledger.ts';
import { blockedNotice, failedNotice, unreadableNotice } from './notice.ts';
import { nowOf, record, type Target, type Work } from './work.ts';

/** Somebody is told of a report that failed so often in a row: as often as Lambda tries an event. */
const tries = 3;

/**
 * What goes wrong here must not hide why the run fails. One that was sent stays so; who asked for a window sees why it
 * failed.
 */
export async function recordFailure(work: Work, found: Found | undefined, entry: Entry, why: string): Promise<void> {
  if (found && isSent(found.entry)) return;
  const attempts = (entry.attempts ?? 0) + 1;
  try {
    const done = await work.ledger.write({ ...settled(entry), state: 'failed', at: nowOf(work), why, attempts }, found);
    if (done && attempts === tries && entry.schedule !== null)
      await work.publish('notice', failedNotice(work, entry, why));
  } catch {
    // The run's own error says more.
  }
}

/** Until when a report is held whose data are late, ms since 1970 UTC. */
export const heldUntil = ({ clock, holdMs }: Work, { heldSince }: Entry): number =>
  (heldSince === undefined ? clock.now() : Date.parse(heldSince)) + holdMs;

/** Writes down that a report waits for its data. */
export async function hold(
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
  await record(work, { ...settled(entry), state: 'held', at: heldSince, heldSince, why }, found);
  return { outcome: 'held', window, report, subject, text, why };
}

/**
 * Writes down that a check keeps a report from its readers, and tells who keeps the shop. Of one that could not be
 * computed there is only why.
 */
export async function block(
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
  // First of all who keeps the shop is told, twice where the run dies here. That nobody can be told must not hide that
  // it is blocked.
  if (found?.entry.state !== state)
    await work.publish('notice', blockedNotice(work, entry, why)).catch(() => undefined);
  await record(work, { ...settled(entry), state, at: nowOf(work), why, ...totals }, found);
  return answer;
}

/**
 * Sends nothing where what the ledger had of a window cannot be read. Who keeps the shop is told once: an entry that
 * says so takes the damaged one's place then, of which the bucket keeps the version.
 */
export async function withholdUnreadable(work: Work, found: Found): Promise<RunAnswer> {
  const { from, to, why = '' } = found.entry;
  if (found.isDamaged) {
    await work.publish('notice', unreadableNotice(work, found.entry, why));
    await record(work, { ...found.entry, at: nowOf(work), run: work.owner }, found);
  }
  return { outcome: 'blocked', window: { from, to }, why };
}

const failing = (checks: readonly CheckResult[]): string =>
  checks
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ words }) => words)
    .join(' ');

const clockOf = ({ timetable }: Work, instant: string): string =>
  `${clockTime(Date.parse(instant), timetable.zone)} ${timetable.zone}`;
