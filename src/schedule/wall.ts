import { instantOf, offsetAt } from './zone.ts';

const dayMs = 86_400_000;

/** What a wall clock in the zone shows at an instant, in ms as if it were UTC, so that it can be reckoned with. */
export const wallOf = (instant: number, zone: string): number => instant + offsetAt(instant, zone);

/**
 * The instant at which a wall clock shows this: the first of two in autumn, and an hour later where the clock skips it
 * in spring.
 */
export function instantOfWall(wall: number, zone: string): number {
  const date = new Date(wall);
  const minutes = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
  const instant = instantOf(minutes, zone) ?? wall - offsetAt(wall - dayMs, zone) - (wall % 60_000);
  return instant + (wall % 60_000);
}
