/** On which days of a month a cron fires. Weekdays count as AWS counts them: 1 is Sunday, 7 is Saturday. */
export type DayRule =
  | { kind: 'days'; days: readonly number[] }
  | { kind: 'weekdays'; weekdays: readonly number[] }
  | { kind: 'last day' }
  /** The last Monday to Friday of the month. */
  | { kind: 'last working day' }
  /** The Monday to Friday nearest to a day, never in another month. */
  | { kind: 'nearest working day'; day: number }
  | { kind: 'last weekday'; weekday: number }
  | { kind: 'nth weekday'; weekday: number; nth: number };

/**
 * The days of the month (1 to 31, ascending) that the rule means in that month (1 to 12); none where it has no such
 * day.
 */
export function daysOfMonth(rule: DayRule, year: number, month: number): number[] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const weekdayOf = (day: number) => ((first + day - 1) % 7) + 1;
  const all = Array.from({ length }, (_, index) => index + 1);
  switch (rule.kind) {
    case 'days':
      return rule.days.filter(day => day <= length);
    case 'weekdays':
      return all.filter(day => rule.weekdays.includes(weekdayOf(day)));
    case 'last day':
      return [length];
    case 'last working day':
      return [nearestWorkingDay(length, weekdayOf(length), length)];
    case 'nearest working day':
      return rule.day <= length ? [nearestWorkingDay(rule.day, weekdayOf(rule.day), length)] : [];
    case 'last weekday':
      return all.filter(day => weekdayOf(day) === rule.weekday).slice(-1);
    case 'nth weekday':
      return all.filter(day => weekdayOf(day) === rule.weekday).slice(rule.nth - 1, rule.nth);
  }
}

function nearestWorkingDay(day: number, weekday: number, length: number): number {
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === length ? day - 2 : day + 1;
  return day;
}
