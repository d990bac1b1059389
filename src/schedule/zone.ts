/** A date and time as clocks on a wall show it. `month` is 1 to 12. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}

/** Whether it is an IANA time zone such as `Europe/Berlin` (offsets like `+02:00` are none). */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What a wall clock in the zone shows at an instant (ms since 1970 UTC). */
export function wallTimeOf(instant: number, zone: string): WallTime {
  const parts = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return { year: parts.year!, month: parts.month!, day: parts.day!, hour: parts.hour!, minute: parts.minute! };
}

const asUtc = ({ year, month, day, hour, minute }: WallTime): number => Date.UTC(year, month - 1, day, hour, minute);

/** The instant at which a wall clock in the zone shows this time: the first of two in autumn, undefined where the clock skips it in spring. */
export function instantOf(wall: WallTime, zone: string): number | undefined {
  const guess = asUtc(wall);
  const offsetAt = (instant: number) => asUtc(wallTimeOf(instant, zone)) - Math.floor(instant / 60_000) * 60_000;
  // No zone is further than 14 hours from UTC, and none changes twice within a day: these two are all offsets that can hold.
  const candidates = [...new Set([offsetAt(guess - 86_400_000), offsetAt(guess + 86_400_000)])].map(offset => guess - offset);
  return candidates.filter(instant => asUtc(wallTimeOf(instant, zone)) === guess).sort((a, b) => a - b)[0];
}
