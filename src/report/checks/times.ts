import type { GivenLimits } from '../../check-limits.ts';
import { isUnusual, medianOf } from '../change.ts';
import type { CheckResult } from '../checks.ts';
import { isClosedThroughout } from '../closed-days.ts';
import type { Facts, QuarterFacts, Reading, Window } from '../facts.ts';
import { isKnown } from '../history-start.ts';
import { judged, judgedLook, plain } from './judge.ts';
import { hourMs, openTime } from './open-hours.ts';
import type { Words } from './words.ts';

/** What the checks of times are told from. */
export interface Course {
  facts: Facts;
  reading: Reading;
  /** The same time in the eight weeks before, the latest first. */
  weeks: readonly Facts[];
  /** When the shop says that it is closed: weekdays and dates, on the clocks of the zone. */
  closed: readonly string[];
  zone: string;
  limits: GivenLimits;
  words: Words;
  /** When the data were read, ms since 1970 UTC. */
  now: number;
}

/**
 * The checks of when sales came: whether all have arrived, whether some are missing, whether there are as many as
 * usual.
 */
export function timeResults(course: Course): CheckResult[] {
  const fresh = freshResult(course);
  return [fresh, zeroResult(course, fresh), gapResult(course), anomalyResult(course)];
}

const hoursOf = (ms: number): number => Math.round(ms / (hourMs / 10)) / 10;

function freshResult({ reading, facts, closed, zone, limits, words: { time, number }, now }: Course): CheckResult {
  const { findings, first, last } = reading;
  return judgedLook('data.fresh', findings.hours, limits, found => {
    if (last === null) return { count: null, ids: [], words: 'There was no order yet.' };
    // A window that has not ended yet can have no data of the rest.
    const end = Math.min(Date.parse(facts.window.to), now);
    const open = openTime({ hours: found, first, closed, zone })(Date.parse(last), end);
    const hours = open / hourMs;
    const since = hoursOf(open) === 0 ? '' : `, ${number(hoursOf(open))} open hours before the end`;
    const words = `The last order was ${time(last)}${since}.`;
    return { count: null, ids: [], words, hours };
  });
}

/**
 * Whether there should have been orders. Of a day on which the shop usually sells nothing, by its last four weeks, none
 * are missed.
 */
function zeroResult(
  { facts, reading, weeks, closed, zone, limits, words: { money } }: Course,
  fresh: CheckResult,
): CheckResult {
  const { totals, window } = facts;
  if (totals.orders > 0) return plain('day.zero', 'pass', 'There are orders.');
  if (isClosedThroughout(window, closed, zone))
    return plain('day.zero', 'pass', 'No order, since the shop was closed.');
  const usual = weeks
    .slice(0, 4)
    .filter(week => isKnown(reading, week.window) && !isClosedThroughout(week.window, closed, zone));
  const busy = usual.filter(week => week.totals.orders > 0);
  if (usual.length > 0 && busy.length * 2 < usual.length)
    return plain('day.zero', 'pass', 'No order, as is usual at this time.');
  const words = `No sales recorded: there is no order in a time in which the shop is open. Sales are ${money('0')} only if that is so.`;
  const result = judged('day.zero', { count: 1, ids: [], words, seconds: 0 }, limits);
  return fresh.outcome === 'fail' && fresh.policy === 'hold' && result.outcome !== 'pass'
    ? { ...result, outcome: 'fail', policy: result.outcome === 'fail' ? 'block' : 'hold' }
    : result;
}

/** Silences between orders; that after the last one is a matter of whether the data are fresh. */
function gapResult({ facts, reading, closed, zone, limits, words: { time, number } }: Course): CheckResult {
  return judgedLook('day.hours.gap', reading.findings.hours, limits, found => {
    const open = openTime({ hours: found, first: reading.first, closed, zone });
    const longest = silences(facts.window, facts.quarters)
      .map(({ from, to }) => ({ from, open: open(from, to) }))
      .reduce((most, one) => (one.open > most.open ? one : most), { from: 0, open: 0 });
    const since = new Date(longest.from).toISOString();
    const words =
      longest.open === 0
        ? 'No open hour is without an order.'
        : `The longest time without an order in open hours: ${number(hoursOf(longest.open))} h from ${time(since)}.`;
    return { count: null, ids: [], words, hours: longest.open / hourMs };
  });
}

const quarterMs = hourMs / 4;

function silences({ from }: Window, quarters: readonly QuarterFacts[]): { from: number; to: number }[] {
  const begins = quarters.map(({ at }) => Date.parse(at));
  return begins.map((begin, index) => ({
    from: index === 0 ? Date.parse(from) : begins[index - 1]! + quarterMs,
    to: begin,
  }));
}

/**
 * Far from the same time in the eight weeks before, those apart in which the shop was closed. No order at all is told
 * by another check.
 */
function anomalyResult({ facts, reading, weeks, closed, zone, limits, words: { money, number } }: Course): CheckResult {
  if (facts.totals.orders === 0) return plain('day.volume.anomaly', 'pass', 'Not told without an order.');
  const usual = weeks.filter(week => isKnown(reading, week.window) && !isClosedThroughout(week.window, closed, zone));
  const kinds = [
    {
      name: 'Orders',
      now: String(facts.totals.orders),
      before: usual.map(({ totals }) => String(totals.orders)),
      write: number,
    },
    { name: 'Sales', now: facts.totals.sales, before: usual.map(({ totals }) => totals.sales), write: money },
  ];
  const unusual = kinds.filter(({ now, before }) => isUnusual(now, before));
  const told = unusual.map(
    ({ name, now, before, write }) =>
      `${name} are ${write(now)}, where ${write(medianOf(before))} is usual by the last ${before.length} weeks.`,
  );
  const fine =
    usual.length < 4 ? 'Not told: there are fewer than four weeks to judge by.' : 'Orders and sales are as usual.';
  return judged(
    'day.volume.anomaly',
    { count: unusual.length, ids: [], words: told.join(' ') || fine, seconds: 0 },
    limits,
  );
}
