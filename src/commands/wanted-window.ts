import { type Clock, systemClock } from '../clock.ts';
import { Problem } from '../problem.ts';
import type { Window } from '../report/facts.ts';
import type { Timetable } from '../report/timetable.ts';
import type { Settings } from '../settings/settings.ts';
import { parseInstant } from './instant.ts';

export interface WindowOptions {
  from?: string;
  to?: string;
  window?: string;
  partial?: boolean;
}

const refusal = (sentence: string) => new Problem('usage', sentence, { exit: 'usage' });

/**
 * The window that the flags name; undefined when they leave it to the schedule. Throws Problem `usage`, `time` or
 * `no-window`.
 */
export async function wantedWindow(
  { from, to, window }: WindowOptions,
  settings: Settings,
): Promise<Window | undefined> {
  const { timezone } = settings;
  if ((from === undefined) !== (to === undefined))
    throw refusal(`The flags --from and --to go together; add ${from === undefined ? '--from' : '--to'}.`);
  if (from !== undefined && to !== undefined) return boundsOf(from, to, timezone);
  if (window === undefined) return undefined;
  const { endDueIn, windowTo } = await import('../report/window.ts');
  const timetable = await timetableFor(settings);
  return windowTo(timetable, endDueIn(timetable, dayOf(window, timezone), window));
}

/** What of a run's request names its window. */
export type WantedRun = { due: string } | (Window & { partial?: true }) | undefined;

/**
 * The same for the deployed function, which knows the ledger: of a report that was due on a day it is told when, and
 * finds the window itself.
 */
export async function wantedRun(options: WindowOptions, settings: Settings): Promise<WantedRun> {
  const { window } = options;
  if (window === undefined) return wantedWindow(options, settings);
  const { endDueIn } = await import('../report/window.ts');
  const end = endDueIn(await timetableFor(settings), dayOf(window, settings.timezone), window);
  return { due: new Date(end).toISOString() };
}

/** Of a window that goes on at `now`, ms since 1970 UTC, what has passed. */
export function passedRun(wanted: WantedRun, now: number): WantedRun {
  if (!wanted || 'due' in wanted) return wanted;
  const { window, isCut } = passedOf(wanted, now);
  return { ...window, ...(isCut && { partial: true }) };
}

/**
 * The window that the schedule gives at this moment: the last that has ended, or what has passed of the one that goes
 * on.
 */
export async function scheduledWindow(
  settings: Settings,
  isPartial: boolean,
  clock: Clock = systemClock,
): Promise<Window> {
  const { lastWindow, windowSoFar } = await import('../report/window.ts');
  return (isPartial ? windowSoFar : lastWindow)(await timetableFor(settings), clock.now());
}

/** Of a window that goes on what has passed of it, to the minute. Throws Problem `usage` where it has not begun. */
export function passedOf(window: Window, now: number): { window: Window; isCut: boolean } {
  if (Date.parse(window.to) <= now) return { window, isCut: false };
  const to = new Date(Math.floor(now / 60_000) * 60_000).toISOString();
  if (to <= window.from)
    throw refusal(`The window begins at ${window.from}, which is yet to come: name an earlier one.`);
  return { window: { from: window.from, to }, isCut: true };
}

/** When reports are due by the settings. */
export async function timetableFor(settings: Settings): Promise<Timetable> {
  const [{ timetableOf }, { reportOptionsOf }] = await Promise.all([
    import('../report/timetable.ts'),
    import('../settings/report-options.ts'),
  ]);
  return timetableOf({ ...settings, report: reportOptionsOf(settings) });
}

/** The bounds that `--from` and `--to` name. Throws Problem `usage` or `time`. */
export function boundsOf(from: string, to: string, zone: string): Window {
  const [begin, end] = [parseInstant('--from', from, zone), parseInstant('--to', to, zone)];
  if (begin >= end) throw refusal(`The window from ${from} to ${to} is empty: --to must be later than --from.`);
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

/** The day or the minute that somebody names, in ms since 1970 UTC; `to` is its end. Throws Problem `time`. */
export function spanOf(what: string, text: string, zone: string): { from: number; to: number } {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return dayOf(text, zone);
  const from = parseInstant(what, text, zone);
  return { from, to: from + 60_000 };
}

/** A day on the clocks of the zone, in ms since 1970 UTC; `to` is the begin of the next. */
function dayOf(text: string, zone: string): { from: number; to: number } {
  if (!/^\d{4}-\d\d-\d\d$/.test(text))
    throw refusal(`The flag --window is "${text}" but must be a day such as 2026-11-20.`);
  const from = parseInstant('--window', text, zone);
  const next = new Date(Date.parse(`${text}T00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return { from, to: parseInstant('--window', next, zone) };
}
