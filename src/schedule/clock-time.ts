const formatters = new Map<string, Intl.DateTimeFormat>();

/** Kept, since to make one takes longer than to use it a hundred times. */
function formatterOf(zone: string, locale: string): Intl.DateTimeFormat {
  const known = formatters.get(`${zone} ${locale}`);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formatters.set(`${zone} ${locale}`, made);
  return made;
}

/**
 * What a clock and a calendar in the zone show at an instant (ms since 1970 UTC), the words in the language of `locale`
 * (BCP 47).
 */
export function clockParts(instant: number, zone: string, locale: string) {
  const found = formatterOf(zone, locale).formatToParts(instant);
  const parts = Object.fromEntries(found.map(({ type, value }) => [type, value.replace('.', '')]));
  const { weekday, day, month, year, hour, minute } = parts;
  return { weekday, day, month, year, time: `${hour}:${minute}` };
}

/**
 * An instant (ms since 1970 UTC) as a clock in the zone shows it: `Mon 23 Nov 2026 16:00`, the words in the language of
 * `locale` (BCP 47). Put together from parts, since their order and the marks between them differ between versions of
 * Node.
 */
export function clockTime(instant: number, zone: string, locale = 'en-GB'): string {
  const { weekday, day, month, year, time } = clockParts(instant, zone, locale);
  return `${weekday} ${day} ${month} ${year} ${time}`;
}
