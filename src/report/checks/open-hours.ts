import { offsetAt, wallTimeOf } from '../../schedule/zone.ts';
import type { Window } from '../facts.ts';
import { longestSilence, weeksToLearnFrom } from '../hours-span.ts';
import { startOfKnowledge } from '../known.ts';

export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Whether the shop says that it is closed on the day of an instant (ms since 1970 UTC), on the clocks of the zone: by its weekday, or its date. */
export function isClosed(instant: number, closed: readonly string[], zone: string): boolean {
  if (closed.length === 0) return false;
  const { year, month, day } = wallTimeOf(instant, zone);
  const midnight = new Date(Date.UTC(year, month - 1, day));
  return closed.includes(weekdays[midnight.getUTCDay()]!) || closed.includes(midnight.toISOString().slice(0, 10));
}

/** Whether the shop says that it is closed all the time of a window. */
export function isClosedThroughout({ from, to }: Window, closed: readonly string[], zone: string): boolean {
  const last = Date.parse(to) - 1;
  for (let at = Date.parse(from); at < last; at += hourMs) if (!isClosed(at, closed, zone)) return false;
  return isClosed(last, closed, zone);
}

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
 * How long the shop is open between two instants (ms since 1970 UTC), in ms. It is open in an hour that had orders at the same time on the wall in each of
 * the four weeks before, those apart in which it said that it was closed; and never while it is too young to tell. No more than the last fourteen days.
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
