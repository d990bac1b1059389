import { badSchedule } from './bad-schedule.ts';
import type { DayRule } from './day-rule.ts';

/**
 * A cron expression with every field written out, ascending. Day of month and day of week are one rule, since one of
 * them is always `?`.
 */
export interface CronFields {
  minutes: readonly number[];
  hours: readonly number[];
  days: DayRule;
  /** 1 to 12. */
  months: readonly number[];
  years: readonly number[];
}

interface Field {
  name: string;
  from: number;
  to: number;
  /** What may stand in it, in words that follow "takes". */
  takes: string;
  /** Names for the numbers beginning with `from`. */
  names?: readonly string[];
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const minuteField: Field = { name: 'minutes', from: 0, to: 59, takes: '0 to 59' };
const hourField: Field = { name: 'hours', from: 0, to: 23, takes: '0 to 23' };
const dayField: Field = {
  name: 'day of month',
  from: 1,
  to: 31,
  takes: '1 to 31, or alone ?, L, LW or a day like 15W',
};
const monthField: Field = { name: 'month', from: 1, to: 12, takes: '1 to 12 or JAN to DEC', names: monthNames };
const weekdayField: Field = {
  name: 'day of week',
  from: 1,
  to: 7,
  takes: '1 (Sunday) to 7 or SUN to SAT, or alone ?, L, one like 6L or one like 6#3',
  names: weekdayNames,
};
const yearField: Field = { name: 'year', from: 1970, to: 2199, takes: '1970 to 2199' };

/**
 * Reads the six fields of an AWS cron expression. `text` is the whole schedule, for the message. Throws Problem
 * `bad-schedule` for what AWS refuses.
 *
 * The grammar is the table in "Cron expressions reference" of the EventBridge user guide (eb-cron-expressions.html);
 * the Scheduler's is the same. Where the guide is silent AWS does as Quartz, and these were seen on AWS: letters in any
 * case and LW (grumBit/aws_cron_expression_validator#18), 5L (#12 there), SAT#3 (localstack tests marked
 * aws.validated), 0-15/1 (localstack#13628), SAT-THU (stakiran/til), refusal of a step of 60 minutes (aws-sdk-js#4212).
 */
export function parseCron(text: string, inner: string): CronFields {
  if (inner !== inner.trim()) throw badSchedule(text, 'there is a space just inside the brackets');
  const parts = inner === '' ? [] : inner.toUpperCase().split(/ +/);
  if (parts.length !== 6) {
    const names = 'minutes, hours, day of month, month, day of week and year';
    throw badSchedule(
      text,
      `it has ${parts.length} ${parts.length === 1 ? 'field' : 'fields'}, and takes six: ${names}`,
    );
  }
  const [minute, hour, day, month, weekday, year] = parts as [string, string, string, string, string, string];
  if ((day === '?') === (weekday === '?'))
    throw badSchedule(text, `exactly one of day of month ("${day}") and day of week ("${weekday}") must be ?`);
  return {
    minutes: parseValues(text, minute, minuteField),
    hours: parseValues(text, hour, hourField),
    days: weekday === '?' ? parseMonthDays(text, day) : parseWeekdays(text, weekday),
    months: parseValues(text, month, monthField),
    years: parseValues(text, year, yearField),
  };
}

function parseMonthDays(text: string, part: string): DayRule {
  if (part === 'L') return { kind: 'last day' };
  if (part === 'LW') return { kind: 'last working day' };
  const nearest = /^(\d+)W$/.exec(part);
  if (nearest) return { kind: 'nearest working day', day: parseValue(text, nearest[1]!, dayField) };
  return { kind: 'days', days: parseValues(text, part, dayField) };
}

function parseWeekdays(text: string, part: string): DayRule {
  if (part === 'L') return { kind: 'weekdays', weekdays: [7] };
  const last = /^(\d+|[A-Z]{3})L$/.exec(part);
  if (last) return { kind: 'last weekday', weekday: parseValue(text, last[1]!, weekdayField) };
  const nth = /^(\w+)#(\d+)$/.exec(part);
  if (nth) {
    if (!/^[1-5]$/.test(nth[2]!)) throw badSchedule(text, `day of week has "${part}", and # counts from 1 to 5`);
    return { kind: 'nth weekday', weekday: parseValue(text, nth[1]!, weekdayField), nth: Number(nth[2]) };
  }
  // The guide's table lists / for every field but this one.
  if (part.includes('/')) throw badSchedule(text, `day of week has "${part}", and takes no steps; list the days`);
  return { kind: 'weekdays', weekdays: parseValues(text, part, weekdayField) };
}

/** A list of `*`, `5`, `5-10`, and each of these with a step, such as `5/15`. */
function parseValues(text: string, part: string, field: Field): number[] {
  const values = part.split(',').flatMap(item => {
    const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
    if (!match) throw badSchedule(text, `${field.name} has "${item}", and takes ${field.takes}`);
    const [, first, last, every] = match;
    const step = every === undefined ? 1 : Number(every);
    if (step < 1 || step > field.to)
      throw badSchedule(text, `${field.name} has "${item}", and a step is 1 to ${field.to}`);
    const from = first === undefined ? field.from : parseValue(text, first, field);
    // 5/15 runs to the end of the field, 5 alone is only itself.
    const isOpen = first === undefined || every !== undefined;
    const to = last !== undefined ? parseValue(text, last, field) : isOpen ? field.to : from;
    if (to < from && field === yearField) throw badSchedule(text, `year has "${item}", which runs backwards`);
    return expand(from, to, step, field);
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

/**
 * Every `step`th number of a range; FRI-MON runs over the end of the week, as a range of every field does but one of
 * years.
 */
function expand(from: number, to: number, step: number, field: Field): number[] {
  const size = field.to - field.from + 1;
  const count = Math.floor((to < from ? to + size - from : to - from) / step) + 1;
  return Array.from({ length: count }, (_, index) => ((from - field.from + index * step) % size) + field.from);
}

function parseValue(text: string, value: string, field: Field): number {
  const named = field.names?.indexOf(value) ?? -1;
  if (named >= 0) return named + field.from;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= field.from && number <= field.to) return number;
  throw badSchedule(text, `${field.name} has "${value}", and takes ${field.takes}`);
}
