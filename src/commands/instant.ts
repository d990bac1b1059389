import { Problem } from '../problem.ts';
import { instantOf } from '../schedule/zone.ts';

/**
 * Reads `2026-11-23`, `2026-11-23T16:00` (both as clocks in `zone` show them) or `2026-11-23T16:00Z`, as ms since 1970
 * UTC. Throws Problem `time` for anything else, and for a time that the zone's summer time skips.
 */
export function parseInstant(flag: string, text: string, zone: string): number {
  const [, year, month, day, hour = '0', minute = '0', offset] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::00(?:\.0+)?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  const refuse = (why: string) => new Problem('time', `The flag ${flag} is "${text}", ${why}`, { exit: 'usage' });
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
  };
  // Date rolls 31 November over to December; a time that is not in the calendar must not become another.
  const rolled = new Date(Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute));
  const isInCalendar =
    year !== undefined &&
    rolled.getUTCMonth() === wall.month - 1 &&
    rolled.getUTCDate() === wall.day &&
    rolled.getUTCHours() === wall.hour &&
    rolled.getUTCMinutes() === wall.minute;
  if (!isInCalendar)
    throw refuse('which is not a time; write it as 2026-11-23, 2026-11-23T16:00 or 2026-11-23T16:00Z.');
  if (offset !== undefined) return Date.parse(text);
  const instant = instantOf(wall, zone);
  if (instant === undefined) throw refuse(`which the summer time of ${zone} skips; choose another time.`);
  return instant;
}
