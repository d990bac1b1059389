import { wallTimeOf } from '../schedule/zone.ts';
import { sum } from './decimal.ts';
import type { Decimal, QuarterFacts } from './facts.ts';

/** What was ordered within an hour of the day, 0 to 23 on the clocks of the report's zone. */
export interface HourLine {
  hour: number;
  sales: Decimal;
  orders: number;
}

/**
 * Hours with orders, in the order of the day; null where each order stands at midnight in the zone of the stored times,
 * because the shop keeps dates only.
 */
export function hoursOf(quarters: readonly QuarterFacts[], zone: string, storedZone: string): HourLine[] | null {
  if (isWithoutTimes(quarters, storedZone)) return null;
  const byHour = new Map<number, QuarterFacts[]>();
  for (const quarter of quarters) {
    const { hour } = wallTimeOf(Date.parse(quarter.at), zone);
    const known = byHour.get(hour);
    if (known) known.push(quarter);
    else byHour.set(hour, [quarter]);
  }
  return [...byHour]
    .sort(([a], [b]) => a - b)
    .map(([hour, within]) => ({
      hour,
      sales: sum(within.map(({ sales }) => sales)),
      orders: within.reduce((count, { orders }) => count + orders, 0),
    }));
}

/** Whether there are orders, and each stands at midnight in the zone of the stored times. */
export const isWithoutTimes = (quarters: readonly QuarterFacts[], storedZone: string): boolean =>
  quarters.length > 0 && quarters.every(({ at }) => isMidnight(Date.parse(at), storedZone));

function isMidnight(instant: number, zone: string): boolean {
  const { hour, minute } = wallTimeOf(instant, zone);
  return hour === 0 && minute === 0;
}
