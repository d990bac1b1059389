import fc from 'fast-check';

/**
 * Zones with every kind of change: an hour, half an hour, two hours, at midnight, in the south, none, and a date line
 * crossed.
 */
const zones = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Asia/Kolkata',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
];

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/**
 * A list of values, ranges and steps between two numbers; `all` has the forms that only AWS takes, too: open steps and
 * ranges over the end.
 */
function values(
  from: number,
  to: number,
  all: boolean,
  name: (value: number) => string = String,
): fc.Arbitrary<string> {
  const value = fc.integer({ min: from, max: to });
  const step = fc.integer({ min: 1, max: Math.min(to, 20) });
  const range = fc
    .tuple(value, value)
    .map(([a, b]) => (all || a <= b ? `${name(a)}-${name(b)}` : `${name(b)}-${name(a)}`));
  const closed = fc.oneof(
    { weight: 4, arbitrary: value.map(name) },
    { weight: 2, arbitrary: range },
    fc.tuple(range, step).map(([span, n]) => `${span}/${n}`),
    step.map(n => `*/${n}`),
  );
  const item = all
    ? fc.oneof(
        { weight: 5, arbitrary: closed },
        fc.tuple(value, step).map(([a, n]) => `${name(a)}/${n}`),
      )
    : closed;
  return fc.oneof(
    { weight: 2, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map(items => items.join()) },
    fc.constant('*'),
  );
}

function days(all: boolean): fc.Arbitrary<[day: string, weekday: string]> {
  const nameOf = (day: number) => weekdays[day - 1]!;
  const anyDay = fc.integer({ min: 1, max: 31 });
  const anyWeekday = fc.integer({ min: 1, max: 7 });
  const oneWeekday = fc.oneof(anyWeekday.map(String), anyWeekday.map(nameOf));
  const span = fc.tuple(anyWeekday, anyWeekday).map(([a, b]) => (all || a <= b ? [a, b] : [b, a]) as [number, number]);
  const ofMonth = fc.oneof(
    values(1, 31, all),
    fc.constantFrom('L', 'LW'),
    anyDay.map(day => `${day}W`),
  );
  const ofWeek = fc.oneof(
    fc.array(oneWeekday, { minLength: 1, maxLength: 3 }).map(list => list.join()),
    span.map(([a, b]) => `${a}-${b}`),
    span.map(([a, b]) => `${nameOf(a)}-${nameOf(b)}`),
    anyWeekday.map(day => `${day}L`),
    fc.tuple(oneWeekday, fc.integer({ min: 1, max: 5 })).map(([day, nth]) => `${day}#${nth}`),
    fc.constant(all ? 'L' : '*'),
  );
  return fc.oneof(
    ofMonth.map(day => [day, '?'] as [string, string]),
    ofWeek.map(weekday => ['?', weekday] as [string, string]),
  );
}

function years(all: boolean): fc.Arbitrary<string> {
  const year = fc.integer({ min: 2020, max: 2040 });
  const range = fc.tuple(year, fc.nat(10)).map(([first, more]) => `${first}-${first + more}`);
  const item = fc.oneof(year.map(String), range);
  const open = fc.tuple(year, fc.integer({ min: 1, max: 4 })).map(([first, n]) => `${first}/${n}`);
  return fc.oneof({ weight: 6, arbitrary: fc.constant('*') }, item, all ? open : item);
}

/**
 * The six fields of a good cron expression: in every form of AWS's, or only in those that croner reads the same way.
 */
export function cronFields({ all }: { all: boolean }): fc.Arbitrary<string> {
  const month = fc.oneof(
    values(1, 12, all),
    values(1, 12, all, number => months[number - 1]!),
  );
  return fc
    .tuple(values(0, 59, all), values(0, 23, all), days(all), month, years(all))
    .map(([minute, hour, [day, weekday], inMonth, year]) => `${minute} ${hour} ${day} ${inMonth} ${weekday} ${year}`);
}

/** A schedule as AWS writes it. */
export const anySchedule = fc.oneof(
  { weight: 6, arbitrary: cronFields({ all: true }).map(fields => `cron(${fields})`) },
  fc
    .tuple(fc.integer({ min: 2, max: 500 }), fc.constantFrom('minutes', 'hours', 'days'))
    .map(([n, unit]) => `rate(${n} ${unit})`),
);

const hourMs = 3_600_000;

/** The hours in which clocks in a zone are changed. */
function changesOf(name: string, first: number, last: number): number[] {
  const changes: number[] = [];
  const day = 24 * hourMs;
  for (let time = first; time < last; time += day)
    if (offset(time, name) !== offset(time + day, name))
      for (let hour = time; hour < time + day; hour += hourMs)
        if (offset(hour, name) !== offset(hour + hourMs, name)) changes.push(hour);
  return changes;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clock shows, as `2026-11-24 16:00:00`: read from another formatter than the one that is tested. */
export function clock(instant: number, name: string): string {
  const known =
    clocks.get(name) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' });
  clocks.set(name, known);
  return known.format(instant);
}

const offset = (instant: number, name: string): number =>
  Date.parse(`${clock(instant, name).replace(' ', 'T')}Z`) - instant;

/** Any instant of 2021 to 2036, and as often one near a change of clocks in the zone. */
export const zoneAndInstant: fc.Arbitrary<[zone: string, instant: number]> = fc.oneof(
  ...zones.map(name => {
    const [first, last] = [Date.UTC(2021), Date.UTC(2036)];
    const anywhere = fc.integer({ min: first, max: last });
    const changes = changesOf(name, first, last);
    const near = fc.tuple(fc.nat(Math.max(0, changes.length - 1)), fc.integer({ min: -10 * hourMs, max: 4 * hourMs }));
    const instant =
      changes.length === 0
        ? anywhere
        : fc.oneof(
            anywhere,
            near.map(([index, away]) => changes[index]! + away),
          );
    return instant.map((time): [string, number] => [name, time]);
  }),
);
