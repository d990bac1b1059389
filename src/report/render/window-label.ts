import { clockParts, clockTime } from '../../schedule/clock-time.ts';
import { offsetAt } from '../../schedule/zone.ts';
import type { Window } from '../facts.ts';
import type { Report } from '../report.ts';

type Clocks = Pick<Report, 'locale'> & { window: { timezone: string } };

const hourMs = 3_600_000;

/** An ISO instant on the clocks of the report's zone: `Mon 23 Nov 2026 16:00`. */
export const timeWords = ({ window, locale }: Clocks, instant: string): string =>
  clockTime(Date.parse(instant), window.timezone, locale);

/**
 * `Sat 21 Nov 2026 16:00 to Mon 23 Nov 2026 16:00 UTC (48 h)`; where summer time begins or ends within, the length has
 * its reason.
 */
export function windowWords(report: Report): string {
  const { from, to, timezone } = report.window;
  const length = lengthWords(Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  return `${timeWords(report, from)} to ${timeWords(report, to)} ${timezone} (${length}${clockChange(report.window, timezone)})`;
}

/** `, since the clocks went forward 1 h`: why a day has 23 h. */
function clockChange({ from, to }: Window, zone: string): string {
  const minutes = (offsetAt(Date.parse(to), zone) - offsetAt(Date.parse(from), zone)) / 60_000;
  if (minutes === 0) return '';
  return `, since the clocks went ${minutes > 0 ? 'forward' : 'back'} ${lengthWords(Math.abs(minutes))}`;
}

/** `1 min`, `23 h`, `48 h`, `30 days 23 h`. */
function lengthWords(minutes: number): string {
  const days = minutes < 72 * 60 ? 0 : Math.floor(minutes / (24 * 60));
  const hours = Math.floor(minutes / 60) - 24 * days;
  const parts = [
    [days, 'days'],
    [hours, 'h'],
    [minutes % 60, 'min'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(' ') || '0 min';
}

/**
 * The days of a window, and its length on the clocks, h. Its last day is the one in which it ends, and not the midnight
 * after it.
 */
function daysOf({ from, to }: Window, zone: string, locale: string) {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const clock = (instant: number) => clockParts(instant, zone, locale);
  const [first, last] = [clock(begin), clock(Math.max(begin, end - 1))];
  const hours = (end + offsetAt(end, zone) - begin - offsetAt(begin, zone)) / hourMs;
  const isOfWholeDays = hours > 0 && clock(begin).time === '00:00' && clock(end).time === '00:00';
  return { first, last, begin: clock(begin).time, end: clock(end).time, hours, isOfWholeDays };
}

type Day = ReturnType<typeof clockParts>;

const dayWords = ({ weekday, day, month }: Day): string => `${weekday} ${day} ${month}`;

/**
 * A window as people speak of it: by the day in which it ends, `Mon 23 Nov`; a longer one by its first and last day, a
 * shorter one with its time.
 */
export function whenWords(window: Window, { window: { timezone }, locale }: Clocks): string {
  const { first, last, begin, end, hours, isOfWholeDays } = daysOf(window, timezone, locale);
  const [from, to] = [dayWords(first), dayWords(last)];
  if (hours < 20) return from === to ? `${to}, ${begin} to ${end}` : `${from} ${begin} to ${to} ${end}`;
  return from !== to && (isOfWholeDays || hours > 72) ? `${from} to ${to}` : to;
}

/**
 * The same with its year, for a subject: `Tue 24 Nov 2026`, `Sun 1 Nov to Mon 30 Nov 2026`, and with the time where it
 * ends within a day.
 */
export function dateWords({ window }: Report): string {
  const { first, last, isOfWholeDays } = daysOf(window, window.timezone, 'en-GB');
  if (!isOfWholeDays) return clockTime(Date.parse(window.to), window.timezone);
  const until = `${dayWords(last)} ${last.year}`;
  if (dayWords(first) === dayWords(last)) return until;
  return `${dayWords(first)}${first.year === last.year ? '' : ` ${first.year}`} to ${until}`;
}

/** What the windows are called that are one week apart: `Mondays`, or `such times` where they are no days. */
export function suchTimes({ window }: Report): string {
  const { hours } = daysOf(window, window.timezone, 'en-GB');
  if (hours < 20 || hours > 72) return 'such times';
  const lastInstant = Date.parse(window.to) - 1;
  return `${new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: window.timezone }).format(lastInstant)}s`;
}
