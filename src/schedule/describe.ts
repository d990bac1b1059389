// The plain entry of cronstrue speaks English only; the other languages are in cronstrue/i18n.
import cronstrue from 'cronstrue';
import type { CronFields } from './cron.ts';
import type { Schedule } from './schedule.ts';

/** The schedule in words: `At 16:00, Monday through Saturday, UTC`. A rate knows no zone: `Every 5 minutes`. */
export function describe(schedule: Schedule, zone: string): string {
  const inner = schedule.text.slice(5, -1);
  if (schedule.kind === 'rate') return `Every ${inner.replace(/^1 /, '')}`;
  return `${wordsOf(inner, schedule.fields) ?? schedule.text}, ${zone}`;
}

/** Undefined where cronstrue cannot say it. */
function wordsOf(inner: string, { minutes, hours, days, months }: CronFields): string | undefined {
  const parts = inner.toUpperCase().split(/ +/);
  const [minute, hour, day, month, weekday, year] = parts as [string, string, string, string, string, string];
  if (isMixed(year)) return undefined;
  const fields = [
    isSayable(minute, 60) && !isWrapped(minute) ? minute : minutes.join(),
    isSayable(hour, 24) ? hour : hours.join(),
    isMixed(day) && days.kind === 'days' ? days.days.join() : day,
    isSayable(month, 12) ? month : months.join(),
    weekday,
    // Without an end, cronstrue takes a step of years to run until 9999.
    year.replace(/^(\d+)\//, '$1-2199/'),
  ];
  // cronstrue reads a year of * as seconds of *.
  if (year === '*') fields.pop();
  try {
    // AWS counts from 1 = Sunday; by default 2-7 would become Tuesday to Sunday.
    return cronstrue.toString(fields.join(' '), { dayOfWeekStartIndexZero: false, use24HourTimeFormat: true });
  } catch {
    return undefined;
  }
}

/** cronstrue says "every 45 minutes" of 0/45, which fires at 0 and 45: true only of a step that divides the whole. */
const isSayable = (field: string, size: number): boolean =>
  !isMixed(field) && [...field.matchAll(/\/(\d+)/g)].every(([, step]) => size % Number(step) === 0);

/** A list with steps in it, of which cronstrue loses the thread. */
const isMixed = (field: string): boolean => field.includes(',') && field.includes('/');

const isWrapped = (field: string): boolean =>
  [...field.matchAll(/(\d+)-(\d+)/g)].some(([, from, to]) => Number(from) > Number(to));
