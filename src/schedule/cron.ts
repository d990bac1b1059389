import { Problem } from '../problem.ts';

/** Which days of a month: all of a set (`days`), the last, the last weekday, the weekday nearest to a day; or not said here (`?`). */
export type MonthDays = { days: ReadonlySet<number> } | 'any' | 'last' | 'last weekday' | { nearestWeekday: number };
/** Which days of a week, 1 = Sunday to 7: all of a set, the last of the month, the nth of the month; or not said here (`?`). */
export type WeekDays = { days: ReadonlySet<number> } | 'any' | { lastOfMonth: number } | { nth: number; weekday: number };

/** The six fields of an AWS cron expression, expanded. */
export interface CronFields {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  monthDays: MonthDays;
  /** 1 to 12. */
  months: ReadonlySet<number>;
  weekDays: WeekDays;
  years: ReadonlySet<number>;
}

interface Field {
  name: string;
  from: number;
  to: number;
  names?: readonly string[];
  /** Whether a range may run over the end, as FRI-MON does. */
  wraps: boolean;
}

const minutes: Field = { name: 'minutes', from: 0, to: 59, wraps: true };
const hours: Field = { name: 'hours', from: 0, to: 23, wraps: true };
const monthDay: Field = { name: 'day of month', from: 1, to: 31, wraps: true };
const months: Field = {
  name: 'month',
  from: 1,
  to: 12,
  wraps: true,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const weekDay: Field = {
  name: 'day of week',
  from: 1,
  to: 7,
  wraps: true,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};
const years: Field = { name: 'year', from: 1970, to: 2199, wraps: false };

/** Reads what stands between the brackets. `text` is the whole expression, for the message. Throws Problem `bad-schedule`. */
export function parseCron(text: string, inner: string): CronFields {
  const refuse = (why: string): never => {
    throw new Problem(
      'bad-schedule',
      `The schedule "${text}" is not one that AWS takes: ${why}. An example is cron(0 16 ? * MON-SAT *).`,
      { exit: 'usage' },
    );
  };
  const parts = inner.trim().split(/\s+/);
  if (parts.length !== 6)
    refuse(
      `it has ${inner.trim() ? parts.length : 0} fields instead of six (minutes, hours, day of month, month, day of week, year)`,
    );
  const [minute, hour, day, month, week, year] = parts as [string, string, string, string, string, string];
  if ((day === '?') === (week === '?')) refuse('exactly one of day of month and day of week must be ?');
  const set = (part: string, field: Field) => parseSet(part, field, refuse);

  const parseMonthDays = (): MonthDays => {
    if (day === '?') return 'any';
    if (day === 'L') return 'last';
    if (day === 'LW' || day === 'WL') return 'last weekday';
    const nearest = /^(\d{1,2})W$/.exec(day);
    if (nearest) return { nearestWeekday: parseValue(nearest[1]!, monthDay, refuse) };
    return { days: set(day, monthDay) };
  };
  const parseWeekDays = (): WeekDays => {
    if (week === '?') return 'any';
    if (week === 'L') return { days: new Set([7]) };
    const last = /^([1-7])L$/.exec(week);
    if (last) return { lastOfMonth: Number(last[1]) };
    const nth = /^([A-Za-z]{3}|\d)#(\d)$/.exec(week);
    if (nth) {
      const [weekday, n] = [parseValue(nth[1]!, weekDay, refuse), Number(nth[2])];
      if (n < 1 || n > 5) refuse(`day of week has ${week}, and # goes from 1 to 5`);
      return { nth: n, weekday };
    }
    return { days: set(week, weekDay) };
  };
  return {
    minutes: set(minute, minutes),
    hours: set(hour, hours),
    monthDays: parseMonthDays(),
    months: set(month, months),
    weekDays: parseWeekDays(),
    years: set(year, years),
  };
}

type Refuse = (why: string) => never;

/** A comma-separated list of `*`, `a`, `a-b`, a star with a step, `a/n` and `a-b/n`. */
function parseSet(part: string, field: Field, refuse: Refuse): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of part.split(',')) {
    const match = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item);
    if (!match || (match[1] === '*' && match[2])) return refuse(`${field.name} has "${item}", which is no value, range or step`);
    const step = match[3] === undefined ? 1 : Number(match[3]);
    if (step === 0) return refuse(`${field.name} has a step of 0`);
    const from = match[1] === '*' ? field.from : parseValue(match[1]!, field, refuse);
    // `5/15` runs from 5 to the end of the field; `5` alone is only itself.
    const to = match[2] ? parseValue(match[2], field, refuse) : match[1] === '*' || match[3] ? field.to : from;
    if (to < from && !field.wraps) return refuse(`${field.name} has ${item}, which runs backwards`);
    const size = field.to - field.from + 1;
    for (let value = from; value <= (to < from ? to + size : to); value += step)
      values.add(((value - field.from) % size) + field.from);
  }
  return values;
}

function parseValue(text: string, field: Field, refuse: Refuse): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + field.from;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= field.from && value <= field.to) return value;
  return refuse(
    `${field.name} has "${text}", and goes from ${field.from} to ${field.to}${field.names ? ` or ${field.names[0]} to ${field.names.at(-1)}` : ''}`,
  );
}

/** Whether it fires on a calendar day, given as midnight UTC of that date. The year is not looked at. */
export function isDayOf({ months: wanted, monthDays, weekDays }: CronFields, date: Date): boolean {
  if (!wanted.has(date.getUTCMonth() + 1)) return false;
  return weekDays === 'any' ? isMonthDay(monthDays, date) : isWeekDay(weekDays, date);
}

const daysIn = (date: Date): number => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
/** 1 = Sunday. */
const weekdayOf = (date: Date, day: number): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay() + 1;

function isMonthDay(wanted: MonthDays, date: Date): boolean {
  const day = date.getUTCDate();
  const length = daysIn(date);
  if (wanted === 'any') return true;
  if (wanted === 'last') return day === length;
  if (wanted === 'last weekday') return day === nearestWeekday(date, length);
  if ('days' in wanted) return wanted.days.has(day);
  return wanted.nearestWeekday <= length && day === nearestWeekday(date, wanted.nearestWeekday);
}

/** The Monday to Friday nearest to a day, within its month. */
function nearestWeekday(date: Date, day: number): number {
  const weekday = weekdayOf(date, day);
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === daysIn(date) ? day - 2 : day + 1;
  return day;
}

function isWeekDay(wanted: Exclude<WeekDays, 'any'>, date: Date): boolean {
  const day = date.getUTCDate();
  const weekday = weekdayOf(date, day);
  if ('days' in wanted) return wanted.days.has(weekday);
  if ('lastOfMonth' in wanted) return weekday === wanted.lastOfMonth && day + 7 > daysIn(date);
  return weekday === wanted.weekday && Math.ceil(day / 7) === wanted.nth;
}
