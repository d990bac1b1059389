import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueAt, scheduleOf } from '../../../src/report/deliver/due.ts';
import type { Entry } from '../../../src/report/deliver/entry.ts';
import { Ledger } from '../../../src/report/deliver/ledger.ts';
import { s3Store } from '../../../src/report/deliver/s3-store.ts';
import { entryOf, type Work } from '../../../src/report/deliver/work.ts';
import { endAfter, endOfRun, type Timetable } from '../../../src/report/timetable.ts';
import { next, parseSchedule, upcoming } from '../../../src/schedule/schedule.ts';
import { isStorm, runs } from '../../helpers/sampled.ts';
import { anySchedule, zoneAndInstant } from '../../schedule/schedules.ts';
import { MemoryS3 } from './memory-s3.ts';

const bucket = 'salesreport-salesreport-123456789012-eu-west-1';
const minute = 60_000;

/** As much of a run's work as decides which window is whose. */
const workOn = (s3: MemoryS3, timetable: Timetable, now: () => number): Work =>
  ({
    ledger: new Ledger(s3Store(s3.client, bucket, '123456789012'), from => endAfter(timetable, from)),
    timetable,
    clock: { now },
  }) as Work;

/** A time in which one schedule holds: which of its events come, and whether a watch comes after those that do not. */
interface Reign {
  timetable: Timetable;
  events: ('comes' | 'is lost' | 'comes twice')[];
}

const reigns = (zone: string): fc.Arbitrary<Reign[]> =>
  fc.array(
    fc.record({
      timetable: fc.record({
        schedule: anySchedule.map(parseSchedule),
        zone: fc.constant(zone),
        window: fc.constantFrom('since-last-run' as const, 'since-last-run' as const, 'day' as const),
        dayStart: fc.constantFrom('00:00', '04:30', '02:30'),
      }),
      events: fc.array(
        fc.constantFrom('comes' as const, 'comes' as const, 'is lost' as const, 'comes twice' as const),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );

/** Lets the events of each reign come, and gives the ledger in the order of time. */
async function live(start: number, reign: readonly Reign[]): Promise<Entry[]> {
  const s3 = new MemoryS3();
  let now = start;
  for (const { timetable, events } of reign)
    for (const event of events) {
      const fires = next(timetable.schedule, timetable.zone, now);
      // A schedule of past years fires no more.
      if (fires === undefined) break;
      now = fires;
      if (event === 'is lost') continue;
      for (let times = event === 'comes twice' ? 2 : 1; times > 0; times--) {
        const work = workOn(s3, timetable, () => now);
        const target = await dueAt(work, endOfRun(timetable, fires)).catch(error => {
          if ((error as { code?: string }).code === 'no-window') return undefined;
          throw error;
        });
        if (target && !target.found)
          await work.ledger.write({ ...entryOf(work, target.window, target.schedule), state: 'archived' });
      }
    }
  return s3.texts('ledger/scheduled/').map(text => JSON.parse(text) as Entry);
}

test('whatever the schedule, zone and year, and however they change: windows follow each other, and each order is in one of them', async () => {
  const life = zoneAndInstant.chain(([zone, instant]) =>
    fc.record({ start: fc.constant(instant), reign: reigns(zone) }),
  );
  let lives = 0;
  await fc.assert(
    fc.asyncProperty(
      life,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
      async ({ start, reign }, places) => {
        const entries = await live(start, reign);
        if (entries.length > 1) lives++;
        for (const [index, { from, to }] of entries.entries()) {
          expect(from < to).toBe(true);
          if (index > 0) expect(from).toBe(entries[index - 1]!.to);
        }
        if (entries.length === 0) return;
        const [begin, end] = [Date.parse(entries[0]!.from), Date.parse(entries.at(-1)!.to)];
        for (const place of [0, ...places]) {
          const order = new Date(begin + Math.floor(place * (end - begin - 1))).toISOString();
          expect(entries.filter(({ from, to }) => from <= order && order < to)).toHaveLength(1);
        }
      },
    ),
    runs(1_000),
  );
  expect(lives).toBeGreaterThan(isStorm ? 300 : 100);
});

test('a window that is due at a change of clocks is an hour shorter or longer', async () => {
  const timetable: Timetable = {
    schedule: parseSchedule('cron(0 16 * * ? *)'),
    zone: 'Europe/Berlin',
    window: 'since-last-run',
    dayStart: '00:00',
  };
  const hours = async (begin: string) => {
    const entries = await live(Date.parse(begin) - minute, [{ timetable, events: ['comes', 'comes', 'comes'] }]);
    return entries.map(({ from, to }) => (Date.parse(to) - Date.parse(from)) / (60 * minute));
  };
  expect(await hours('2026-03-28T00:00Z')).toEqual([24, 23, 24]);
  expect(await hours('2026-10-24T00:00Z')).toEqual([24, 25, 24]);
});

test('runs at the same moment share the time between them', async () => {
  const s3 = new MemoryS3();
  const schedule = parseSchedule('rate(5 minutes)');
  const timetable: Timetable = { schedule, zone: 'UTC', window: 'since-last-run', dayStart: '00:00' };
  const ends = upcoming(schedule, 'UTC', Date.UTC(2026, 10, 24), 6);
  const begin = workOn(s3, timetable, () => ends[0]!);
  await begin.ledger.write({
    ...entryOf(begin, (await dueAt(begin, ends[0]!)).window, scheduleOf(begin)),
    state: 'sent',
  });
  await Promise.all(
    [5, 2, 4, 3].map(async index => {
      const work = workOn(s3, timetable, () => ends[5]!);
      const target = await dueAt(work, ends[index]!);
      if (!target.found)
        await work.ledger.write({ ...entryOf(work, target.window, target.schedule), state: 'archived' });
    }),
  );
  const entries = s3.texts('ledger/scheduled/').map(text => JSON.parse(text) as Entry);
  expect(entries.at(-1)!.to).toBe(new Date(ends[5]!).toISOString());
  for (const [index, { from }] of entries.slice(1).entries()) expect(from).toBe(entries[index]!.to);
});
