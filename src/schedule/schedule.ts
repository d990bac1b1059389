import { badSchedule } from './bad-schedule.ts';
import { type CronFields, parseCron } from './cron.ts';
import { daysOfMonth } from './day-rule.ts';
import { instantOf, offsetAt, type WallTime } from './zone.ts';

export { isZone } from './zone.ts';

/** A schedule as AWS writes it: `cron(…)` in a time zone, or `rate(…)`, which knows none. */
export type Schedule =
  | { kind: 'cron'; text: string; fields: CronFields }
  | { kind: 'rate'; text: string; everyMs: number };

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const rateExample = 'rate(1 hour) or rate(5 minutes)';
/** The furthest instant that a Date can hold, in ms. */
const lastInstant = 8_640_000_000_000_000;

/**
 * Reads `cron(minutes hours day-of-month month day-of-week year)` or `rate(value unit)` as AWS does. Throws Problem
 * `bad-schedule` (exit `usage`) for what AWS refuses. That an expression is good does not mean that it ever fires: 30
 * February is one.
 */
export function parseSchedule(text: string): Schedule {
  // PutRule and CreateSchedule: ScheduleExpression has a maximum length of 256.
  if (text.length > 256)
    throw badSchedule(`${text.slice(0, 40)}…`, `it has ${text.length} characters, and at most 256 are allowed`);
  const cron = /^cron\((.*)\)$/.exec(text);
  if (cron) return { kind: 'cron', text, fields: parseCron(text, cron[1]!) };
  if (/^rate\(.*\)$/.test(text)) return { kind: 'rate', text, everyMs: parseRate(text) };
  throw badSchedule(text, 'it is neither cron(six fields) nor rate(value unit), without spaces around it');
}

/**
 * What is refused here is refused by PutRule in localstack's tests marked aws.validated: capitals, spaces inside the
 * brackets, 1 hours, 5 minute, 0.
 */
function parseRate(text: string): number {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(text);
  if (!rate) throw badSchedule(text, 'a rate is a whole number, a space, and minutes, hours or days', rateExample);
  const [value, unit, isPlural] = [Number(rate[1]), rate[2] as keyof typeof unitMs, rate[3] === 's'];
  if (value === 0) throw badSchedule(text, 'a rate is at least 1', rateExample);
  if (isPlural !== value > 1)
    throw badSchedule(
      text,
      `it must be rate(${value} ${unit}${isPlural ? '' : 's'}), singular only for 1`,
      rateExample,
    );
  return value * unitMs[unit];
}

/**
 * The first time strictly after `after` (ms since 1970 UTC) at which it fires; undefined when it never does again. A
 * rate is counted from 1970: AWS counts it from the moment at which the rule was made, so it fires up to one interval
 * later than this says, and as often.
 */
export function next(schedule: Schedule, zone: string, after: number): number | undefined {
  if (schedule.kind === 'cron') return findTime(schedule.fields, zone, after, 'forward');
  const time = (Math.floor(after / schedule.everyMs) + 1) * schedule.everyMs;
  return time > lastInstant ? undefined : time;
}

/** The last time strictly before `before` (ms since 1970 UTC) at which it fired; undefined when it never did. */
export function previous(schedule: Schedule, zone: string, before: number): number | undefined {
  if (schedule.kind === 'cron') return findTime(schedule.fields, zone, before, 'backward');
  const time = (Math.ceil(before / schedule.everyMs) - 1) * schedule.everyMs;
  return time < 0 ? undefined : time;
}

/** The next `count` times strictly after `from`, fewer when it ends before. */
export function upcoming(schedule: Schedule, zone: string, from: number, count: number): number[] {
  const times: number[] = [];
  for (
    let time = next(schedule, zone, from);
    time !== undefined && times.length < count;
    time = next(schedule, zone, time)
  )
    times.push(time);
  return times;
}

type Direction = 'forward' | 'backward';

/**
 * Later wall times are later instants too, once those that a spring change leaves out are skipped and those that come
 * twice in autumn fire the first time, as the Scheduler does (its user guide, "Daylight savings time on EventBridge
 * Scheduler"). So the first wall time beyond `from` is the answer.
 */
function findTime(fields: CronFields, zone: string, from: number, direction: Direction): number | undefined {
  // In the repeated hour of autumn the clock shows less than it has shown already; backward the search begins at the
  // most that it can have shown.
  const offset = offsetAt(from, zone);
  const start = from + (direction === 'forward' ? offset : Math.max(offset, offsetAt(from - unitMs.day, zone)));
  for (const wall of wallTimes(fields, start, direction)) {
    const instant = instantOf(wall, zone);
    if (instant !== undefined && (direction === 'forward' ? instant > from : instant < from)) return instant;
  }
  return undefined;
}

/**
 * The wall times of a cron from `start` on (what the clock shows, in ms as if it were UTC), in order of the direction.
 */
function* wallTimes(fields: CronFields, start: number, direction: Direction): Generator<WallTime> {
  const inOrder = (values: readonly number[]) => (direction === 'forward' ? values : values.toReversed());
  /** Whether a span of wall time, as ms as if UTC with an exclusive end, lies wholly on the wrong side of the start. */
  const isBehind = (begin: number, end: number) => (direction === 'forward' ? end <= start : begin > start);
  for (const year of inOrder(fields.years)) {
    if (isBehind(Date.UTC(year), Date.UTC(year + 1))) continue;
    for (const month of inOrder(fields.months)) {
      if (isBehind(Date.UTC(year, month - 1), Date.UTC(year, month))) continue;
      for (const day of inOrder(daysOfMonth(fields.days, year, month))) {
        const midnight = Date.UTC(year, month - 1, day);
        if (isBehind(midnight, midnight + unitMs.day)) continue;
        for (const hour of inOrder(fields.hours))
          for (const minute of inOrder(fields.minutes)) {
            const time = midnight + hour * unitMs.hour + minute * unitMs.minute;
            if (!isBehind(time, time + unitMs.minute)) yield { year, month, day, hour, minute };
          }
      }
    }
  }
}
