/** A date and time as clocks on a wall show it. `month` is 1 to 12. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const dayMs = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(zone, made);
  return made;
}

/** The names of three capitals that IANA has; Node knows more of its own, such as IST and PST, which AWS does not. */
const shortNames = ['UTC', 'GMT', 'UCT', 'EST', 'MST', 'HST', 'CET', 'MET', 'EET', 'WET', 'PRC', 'ROC', 'ROK'];

/** Whether it is an IANA time zone as IANA writes it: `Europe/Berlin`, but not `europe/berlin` or `+02:00`. */
export function isZone(name: string): boolean {
  // Node takes any case, AWS does not: each part begins with a capital and not with four of them.
  if (!/^[A-Z](?![A-Z]{3})[\w+-]*(\/[A-Z](?![A-Z]{3})[\w+-]*)*$/.test(name) || name.startsWith('SystemV/'))
    return false;
  if (/^[A-Z]{3}$/.test(name) && !shortNames.includes(name)) return false;
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What a wall clock in the zone shows at an instant (ms since 1970 UTC). */
export function wallTimeOf(instant: number, zone: string): WallTime {
  const wall = new Date(instant + offsetAt(instant, zone));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
  };
}

/** How far clocks in the zone are ahead of UTC at an instant, in ms. */
export function offsetAt(instant: number, zone: string): number {
  const day = Math.floor(instant / dayMs);
  const before = offsetAtMidnight(day, zone);
  // No zone changes twice within two days: what is the same before and after is the same in between.
  return before === offsetAtMidnight(day + 1, zone) ? before : lookedUp(instant, zone);
}

const atMidnight = new Map<string, number>();

/**
 * At the begin of a day in UTC, in days since 1970. Remembered, since Node takes some microseconds and leaves much
 * garbage for each look.
 */
function offsetAtMidnight(day: number, zone: string): number {
  const key = `${zone} ${day}`;
  const known = atMidnight.get(key);
  if (known !== undefined) return known;
  const offset = lookedUp(day * dayMs, zone);
  atMidnight.set(key, offset);
  return offset;
}

function lookedUp(instant: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(instant)) parts[type] = Number(value);
  const { year, month, day, hour, minute, second } = parts as Record<
    'year' | 'month' | 'day' | 'hour' | 'minute' | 'second',
    number
  >;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

/**
 * The instant at which a wall clock in the zone shows this time: the first of two in autumn, undefined where the clock
 * skips it in spring.
 */
export function instantOf({ year, month, day, hour, minute }: WallTime, zone: string): number | undefined {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  // No zone is further than a day from UTC, and none changes twice within two days: the offset is one of these. The
  // larger comes first in time.
  const [before, after] = [offsetAt(wall - dayMs, zone), offsetAt(wall + dayMs, zone)];
  const candidates = [wall - Math.max(before, after), wall - Math.min(before, after)];
  return candidates.find(instant => instant + offsetAt(instant, zone) === wall);
}
