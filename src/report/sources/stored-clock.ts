import { offsetAt } from '../../schedule/zone.ts';

/**
 * How a shop's database writes times: as dates with a time, without one, or as TIMESTAMP, which the session has in UTC.
 */
export type TimeType = 'datetime' | 'date' | 'timestamp';

/** Between instants and the times of a database, which stand there as clocks on a wall showed them. */
export interface StoredClock {
  /**
   * The first stored time that is not before an ISO instant, as a literal. Half-open windows of instants become such of
   * stored times.
   */
  bound(instant: string): string;
  /** The ISO instant of a stored time such as `2026-11-23`, or `2026-11-23 16:00:00.250`. */
  instant(stored: string): string;
}

/** `zone`: IANA name of the zone that the stored times are in; a TIMESTAMP is in UTC whatever it says. */
export function storedClock(zone: string, type: TimeType): StoredClock {
  const kept = type === 'timestamp' ? 'UTC' : zone;
  return {
    bound: instant => {
      const wall = wallNotBefore(Date.parse(instant), kept);
      if (type === 'date') return literal(Math.ceil(wall / dayMs) * dayMs).slice(0, 10);
      return literal(wall);
    },
    instant: stored => new Date(instantOfStored(Date.parse(isoOf(stored)), kept)).toISOString(),
  };
}

const dayMs = 86_400_000;

/** `2026-11-23 16:00:00.000` */
const literal = (wall: number): string => new Date(wall).toISOString().replace('T', ' ').replace('Z', '');

const isoOf = (stored: string): string =>
  stored.length === 10 ? `${stored}T00:00:00Z` : `${stored.replace(' ', 'T')}Z`;

/**
 * The instant that a stored time means, both in ms, the wall's as if it were UTC. Times go forward with their instants,
 * so that windows stay disjoint: a time that clocks show twice in autumn is the first of the two, and one that they
 * skip in spring is the instant of the change.
 */
export function instantOfStored(wall: number, zone: string): number {
  // No zone is further than a day from UTC, and none changes twice within two days.
  const [before, after] = [offsetAt(wall - dayMs, zone), offsetAt(wall + dayMs, zone)];
  const [first, second] = [wall - Math.max(before, after), wall - Math.min(before, after)];
  if (first + offsetAt(first, zone) === wall) return first;
  if (second + offsetAt(second, zone) === wall) return second;
  return changeIn(first, second, zone);
}

/** The first time on the wall that means an instant not before this one. */
export function wallNotBefore(instant: number, zone: string): number {
  // By the offset just before: at a change itself, what clocks skip then belongs to the time after.
  const wall = instant + offsetAt(instant - 1, zone);
  if (instantOfStored(wall, zone) >= instant) return wall;
  // Clocks show it for the second time: the first stored time after is the end of the repeated hour.
  const change = changeIn(instant - dayMs, instant - 1, zone);
  return change + offsetAt(change - 1, zone);
}

/** The instant between two at which the offset becomes that of the later one, ms. */
function changeIn(from: number, to: number, zone: string): number {
  const offset = offsetAt(to, zone);
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle, zone) === offset) after = middle;
    else before = middle;
  }
  return after;
}
