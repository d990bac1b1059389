import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describe as inWords } from '../../src/schedule/describe.ts';
import { next, parseSchedule, previous, type Schedule, upcoming } from '../../src/schedule/schedule.ts';
import { runs } from '../helpers/sampled.ts';
import { anySchedule, clock, cronFields, zoneAndInstant } from './schedules.ts';

const minuteMs = 60_000;
const often = runs(1_000);
/** Whether the clock shows this time for the second time: it showed it already up to two hours before. */
const isRepeated = (instant: number, zone: string): boolean =>
  [30, 60, 120].some(minutes => clock(instant - minutes * minuteMs, zone) === clock(instant, zone));

/** Whether a cron means what the clock shows. Slow and plain: the rules again, in words of their own. */
function isMeant({ fields }: Extract<Schedule, { kind: 'cron' }>, shown: string): boolean {
  const [year, month, day, hour, minute] = shown.split(/[-: ]/).map(Number) as [number, number, number, number, number];
  const weekdayOf = (date: number) => new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 1;
  const isWorking = (date: number) => weekdayOf(date) > 1 && weekdayOf(date) < 7;
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const nearest = (to: number) =>
    [to, to - 1, to + 1, to - 2, to + 2].find(date => date >= 1 && date <= length && isWorking(date));
  const rule = fields.days;
  const isDay = {
    days: () => rule.kind === 'days' && rule.days.includes(day),
    weekdays: () => rule.kind === 'weekdays' && rule.weekdays.includes(weekdayOf(day)),
    'last day': () => day === length,
    'last working day': () => isWorking(day) && ![1, 2, 3].some(more => day + more <= length && isWorking(day + more)),
    'nearest working day': () => rule.kind === 'nearest working day' && rule.day <= length && day === nearest(rule.day),
    'last weekday': () => rule.kind === 'last weekday' && weekdayOf(day) === rule.weekday && day + 7 > length,
    'nth weekday': () =>
      rule.kind === 'nth weekday' && weekdayOf(day) === rule.weekday && Math.ceil(day / 7) === rule.nth,
  }[rule.kind]();
  return (
    isDay &&
    fields.years.includes(year) &&
    fields.months.includes(month) &&
    fields.hours.includes(hour) &&
    fields.minutes.includes(minute)
  );
}

describe('random schedules', () => {
  it('fire at every minute that the clock shows for the first time and that is meant, and at no other', () => {
    fc.assert(
      fc.property(cronFields({ all: true }), zoneAndInstant, (fields, [zone, from]) => {
        const schedule = parseSchedule(`cron(${fields})`);
        if (schedule.kind !== 'cron') return;
        const to = from + 10 * 60 * minuteMs;
        const found: number[] = [];
        for (let time = next(schedule, zone, from); time !== undefined && time <= to; time = next(schedule, zone, time))
          found.push(time);
        const meant: number[] = [];
        for (let time = Math.floor(from / minuteMs) * minuteMs + minuteMs; time <= to; time += minuteMs)
          if (isMeant(schedule, clock(time, zone)) && !isRepeated(time, zone)) meant.push(time);
        expect(found).toEqual(meant);
      }),
      often,
    );
  });

  it('fire when croner says so, but for what a change of clocks leaves out or repeats', () => {
    fc.assert(
      fc.property(cronFields({ all: false }), zoneAndInstant, (fields, [zone, from]) => {
        const schedule = parseSchedule(`cron(${fields})`);
        if (schedule.kind !== 'cron') return;
        const croner = new Cron(`0 ${fields}`, { timezone: zone, alternativeWeekdays: true });
        const theirs = croner
          .nextRuns(12, new Date(from))
          .map(date => date.getTime())
          // In the gap of spring croner fires later, in autumn it may fire twice.
          .filter(time => isMeant(schedule, clock(time, zone)) && !isRepeated(time, zone));
        const last = theirs.at(-1);
        const ours = upcoming(schedule, zone, from, theirs.length);
        expect(ours.filter(time => last !== undefined && time <= last)).toEqual(theirs);
      }),
      often,
    );
  });

  it('come in order, and previous undoes next', () => {
    fc.assert(
      fc.property(anySchedule, zoneAndInstant, (text, [zone, from]) => {
        const schedule = parseSchedule(text);
        const times = upcoming(schedule, zone, from, 8);
        expect(times.every((time, index) => time > (index === 0 ? from : times[index - 1]!))).toBe(true);
        for (const [index, time] of times.entries()) {
          expect(time % minuteMs).toBe(0);
          expect(next(schedule, zone, time - 1)).toBe(time);
          expect(previous(schedule, zone, time + 1)).toBe(time);
          if (index > 0) expect(previous(schedule, zone, time)).toBe(times[index - 1]);
        }
        const before = previous(schedule, zone, from);
        if (before === undefined) return;
        expect(before).toBeLessThan(from);
        const following = next(schedule, zone, before);
        expect(following === from || following === times[0]).toBe(true);
      }),
      often,
    );
  });

  it('are described in words, or shown as they are', () => {
    fc.assert(
      fc.property(anySchedule, text => {
        expect(inWords(parseSchedule(text), 'UTC')).not.toMatch(/undefined|null|NaN|error|9999|^,|, ,/i);
      }),
      often,
    );
  });
});
