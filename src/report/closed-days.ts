import { wallTimeOf } from '../schedule/zone.ts';
import type { Window } from './facts.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const hourMs = 3_600_000;

/**
 * Whether the shop is closed on the day of an instant (ms since 1970 UTC), on the clocks of the zone. `closed` as in
 * ReportOptions.
 */
export function isClosed(instant: number, closed: readonly string[], zone: string): boolean {
  if (closed.length === 0) return false;
  const { year, month, day } = wallTimeOf(instant, zone);
  const midnight = new Date(Date.UTC(year, month - 1, day));
  return closed.includes(weekdays[midnight.getUTCDay()]!) || closed.includes(midnight.toISOString().slice(0, 10));
}

/** Whether the shop is closed on each day that the window touches. */
export function isClosedThroughout({ from, to }: Window, closed: readonly string[], zone: string): boolean {
  if (closed.length === 0) return false;
  const last = Date.parse(to) - 1;
  for (let at = Date.parse(from); at < last; at += hourMs) if (!isClosed(at, closed, zone)) return false;
  return isClosed(last, closed, zone);
}
