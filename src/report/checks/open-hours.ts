import { offsetAt } from '../../schedule/zone.ts';
import { isClosed } from '../closed-days.ts';
import { startOfKnowledge } from '../history-start.ts';
import { longestSilence, weeksToLearnFrom } from '../hours-span.ts';

export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Of how many earlier weeks an hour must be known at least, those closed not counted. */
const fewestWeeks = 2;

export interface Habit {
  /** Hours with orders, as ISO instants of their begin. */
  hours: readonly string[];
  /** The shop's first order; null without any. */
  first: string | null;
  closed: readonly string[];
  zone: string;
}

/**
 * How long the shop is open between two instants (ms since 1970 UTC), in ms. It is open in an hour that had orders at
 * the same time on the wall in each of the four weeks before, those apart in which it said that it was closed; and
 * never while it is too young to tell. No more than the last fourteen days.
 */
export function openTime(habit: Habit): (from: number, to: number) => number {
  const sold = new Set(habit.hours.map(hour => Date.parse(hour)));
  const known = new Map<number, boolean>();
  const isOpen = (hour: number): boolean => {
    const told = known.get(hour) ?? isOpenHour(hour, sold, habit);
    known.set(hour, told);
    return told;
  };
  return (from, to) => {
    let open = 0;
    const begin = Math.max(from, to - longestSilence * dayMs);
    for (let hour = floorToHour(begin); hour < to; hour += hourMs)
      if (isOpen(hour)) open += Math.min(hour + hourMs, to) - Math.max(hour, begin);
    return open;
  };
}

const floorToHour = (instant: number): number => Math.floor(instant / hourMs) * hourMs;

function isOpenHour(hour: number, sold: ReadonlySet<number>, { first, closed, zone }: Habit): boolean {
  if (first === null || isClosed(hour, closed, zone)) return false;
  const earlier = Array.from({ length: weeksToLearnFrom }, (_, index) => {
    const before = hour - (index + 1) * 7 * dayMs;
    // The same time on the wall, also where clocks have changed since.
    return floorToHour(before + offsetAt(hour, zone) - offsetAt(before, zone));
  });
  if (earlier.at(-1)! < Date.parse(startOfKnowledge(first))) return false;
  const usual = earlier.filter(one => !isClosed(one, closed, zone));
  return usual.length >= fewestWeeks && usual.every(one => sold.has(one));
}
