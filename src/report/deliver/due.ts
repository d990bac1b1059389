import type { Window } from '../facts.ts';
import { windowsSince } from '../window.ts';
import type { Found } from './ledger.ts';
import { entryOf, type Target, type Work } from './work.ts';

/** How often a race for the ledger's end is run before the run gives up. */
const races = 5;

/** The windows that lead up to an end that is due: what the ledger has of the last, or which are not in it yet. */
export async function windowsUpTo(work: Work, end: number): Promise<{ found: Found | undefined; missing: Window[] }> {
  const { ledger, timetable } = work;
  const [last] = await ledger.before(end, 1);
  if (last && Date.parse(last.entry.to) >= end) return { found: last, missing: [] };
  const reported = last && { to: last.entry.to, isSameSchedule: last.entry.schedule === scheduleOf(work) };
  return { found: undefined, missing: windowsSince(timetable, reported, end) };
}

/**
 * The window that is due at an end, ms since 1970 UTC. One from before the ledger's begin stands beside it, as if
 * somebody had asked for it. Those before it that nobody has begun are written into the ledger as missed, so that the
 * windows follow each other without gap and overlap. Where a later report covers that time, it is that one. Throws
 * Problem `no-window`.
 */
export async function dueAt(work: Work, end: number): Promise<Target> {
  const schedule = scheduleOf(work);
  for (let race = 1; ; race++) {
    const { found, missing } = await windowsUpTo(work, end);
    if (found) return { window: { from: found.entry.from, to: found.entry.to }, found, schedule };
    const window = missing.at(-1)!;
    if (await isBeforeAll(work, window)) return { window, found: await work.ledger.asked(window), schedule: null };
    if (await areLinked(work, missing.slice(0, -1))) return { window, found: undefined, schedule };
    if (race === races) throw new Error(`The ledger changed ${races} times while its end was looked for.`);
  }
}

/** Whether the ledger has later windows only: it grows at its end. */
async function isBeforeAll({ ledger, clock }: Work, { to }: Window): Promise<boolean> {
  const [earlier] = await ledger.before(Date.parse(to), 1);
  return earlier === undefined && (await ledger.before(clock.now(), 1)).length > 0;
}

/** Writes windows into the ledger as missed; false where another run was there first. */
export async function areLinked(work: Work, windows: readonly Window[]): Promise<boolean> {
  for (const window of windows) if (!(await work.ledger.write(entryOf(work, window, scheduleOf(work))))) return false;
  return true;
}

/** The schedule by which windows are due, with all that decides when they end. */
export const scheduleOf = ({ timetable: { schedule, zone, window, dayStart } }: Pick<Work, 'timetable'>): string =>
  `${schedule.text} ${zone}${window === 'day' ? `, days from ${dayStart}` : ''}`;
