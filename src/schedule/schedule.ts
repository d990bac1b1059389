import { Problem } from '../problem.ts';
import { type CronFields, isDayOf, parseCron } from './cron.ts';
import { instantOf, isZone, wallTimeOf } from './zone.ts';

/** A schedule as AWS writes it: `cron(…)` in a time zone, or `rate(…)`, which knows none. */
export type Schedule = { kind: 'cron'; text: string; fields: CronFields } | { kind: 'rate'; text: string; everyMs: number };

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** How far a search goes for a day on which a cron fires, in days: 29 February is at most 8 years away (1896 to 1904, 2096 to 2104). */
const searchDays = 366 * 9;
const lastYear = 2199;
const firstYear = 1970;

export { isZone };

/**
 * Reads `cron(minutes hours day-of-month month day-of-week year)` or `rate(value unit)` in AWS's dialect. Throws Problem `bad-schedule` (usage) for
 * what AWS refuses. Source: EventBridge user guide, "Setting a schedule pattern".
 */
export function parseSchedule(text: string): Schedule {
  const cron = /^cron\((.*)\)$/.exec(text);
  if (cron) return { kind: 'cron', text, fields: parseCron(text, cron[1]!) };
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(text);
  if (!rate) throw bad(text, 'it is neither cron(…) nor rate(value unit)');
  const [value, unit, plural] = [Number(rate[1]), rate[2] as keyof typeof unitMs, rate[3] === 's'];
  if (value === 0) throw bad(text, 'a rate is at least 1');
  // AWS wants the singular for 1 and the plural for all others, and refuses both the other way round.
  if (plural !== (value !== 1)) throw bad(text, `write rate(${value} ${unit}${value === 1 ? '' : 's'})`);
  return { kind: 'rate', text, everyMs: value * unitMs[unit] };
}

function bad(text: string, why: string): Problem {
  return new Problem(
    'bad-schedule',
    `The schedule "${text}" is not one that AWS takes: ${why}. An example is cron(0 16 ? * MON-SAT *).`,
    { exit: 'usage' },
  );
}

/** The first time strictly after `after` (ms since 1970 UTC) at which it fires; undefined when it never does again. */
export function next(schedule: Schedule, zone: string, after: number): number | undefined {
  if (schedule.kind === 'rate') return (Math.floor(after / schedule.everyMs) + 1) * schedule.everyMs;
  return search(schedule.fields, zone, after, 1);
}

/** The last time strictly before `before` at which it fired; undefined when it never did. */
export function previous(schedule: Schedule, zone: string, before: number): number | undefined {
  if (schedule.kind === 'rate') return (Math.ceil(before / schedule.everyMs) - 1) * schedule.everyMs;
  return search(schedule.fields, zone, before, -1);
}

/** The next `count` times after `from`, fewer when it ends before. */
export function upcoming(schedule: Schedule, zone: string, from: number, count: number): number[] {
  const times: number[] = [];
  for (let time = next(schedule, zone, from); time !== undefined && times.length < count; time = next(schedule, zone, time))
    times.push(time);
  return times;
}

/**
 * Walks local days, and within one the wall times that fire. A wall time that a spring change leaves out is skipped, one that comes twice in autumn fires
 * the first time (Scheduler user guide, "Daylight savings time"). Local days are in order, and so are the instants of each.
 */
function search(fields: CronFields, zone: string, from: number, step: 1 | -1): number | undefined {
  const start = wallTimeOf(from, zone);
  // A day's instants may reach over midnight where a zone jumps: begin one day before.
  let day = Date.UTC(start.year, start.month - 1, start.day) - step * unitMs.day;
  for (let tried = 0; tried < searchDays; tried++, day += step * unitMs.day) {
    const date = new Date(day);
    const year = date.getUTCFullYear();
    if (year < firstYear - 1 || year > lastYear + 1) return undefined;
    if (!fields.years.has(year)) {
      const wanted = nearestYear(fields.years, year, step);
      if (wanted === undefined) return undefined;
      const jump = step === 1 ? Date.UTC(wanted, 0, 1) : Date.UTC(wanted, 11, 31);
      day = jump - step * unitMs.day;
      tried = 0;
      continue;
    }
    if (!isDayOf(fields, date)) continue;
    const found = firesOn(fields, zone, date).filter(time => (step === 1 ? time > from : time < from));
    if (found.length > 0) return step === 1 ? Math.min(...found) : Math.max(...found);
  }
  return undefined;
}

const nearestYear = (years: ReadonlySet<number>, year: number, step: 1 | -1): number | undefined => {
  const candidates = [...years].filter(other => (other - year) * step > 0);
  return candidates.length === 0 ? undefined : step === 1 ? Math.min(...candidates) : Math.max(...candidates);
};

function firesOn(fields: CronFields, zone: string, date: Date): number[] {
  const times: number[] = [];
  for (const hour of fields.hours)
    for (const minute of fields.minutes) {
      const time = instantOf(
        { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour, minute },
        zone,
      );
      if (time !== undefined) times.push(time);
    }
  return times;
}
