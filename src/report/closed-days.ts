import { wallTimeOf } from '../schedule/zone.ts';
import type { Window } from './facts.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const dayMs = 86_400_000;

/** Whether the shop is closed on each day that the window touches, on the clocks of the zone. `closed` as in ReportOptions. */
export function isClosed({ from, to }: Window, zone: string, closed: readonly string[]): boolean {
  const last = dayOf(Math.max(Date.parse(from), Date.parse(to) - 1), zone);
  for (let day = dayOf(Date.parse(from), zone); day <= last; day += dayMs) {
    const date = new Date(day);
    if (!closed.includes(weekdays[date.getUTCDay()]!) && !closed.includes(date.toISOString().slice(0, 10))) return false;
  }
  return true;
}

/** Midnight of the day of an instant, as if its clocks were UTC's. */
function dayOf(instant: number, zone: string): number {
  const { year, month, day } = wallTimeOf(instant, zone);
  return Date.UTC(year, month - 1, day);
}
