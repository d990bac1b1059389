import type { Decimal } from '../facts.ts';
import { digitsOf, type Report } from '../report.ts';

/** Writes the numbers of a report as its locale does, from decimal strings and so exactly. Spaces are plain ones, whatever the locale's own. */
export function numbersOf({ locale, currency }: Pick<Report, 'locale' | 'currency'>) {
  const digits = digitsOf(currency);
  const amount = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const money = currency ? new Intl.NumberFormat(locale, { style: 'currency', currency }) : amount;
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const write = (format: Intl.NumberFormat) => (value: Decimal | number) =>
    format.format(value as Intl.StringNumericLiteral).replace(/\s/g, ' ');
  return {
    money: write(money),
    /** Money without its symbol. */
    amount: write(amount),
    number: write(plain),
    /** `51.2%` of "51.2". */
    percent: (value: Decimal) => `${write(percent)(value)}%`,
  };
}

/** An instant as a clock in the zone shows it: `Mon 23 Nov 2026 16:00`. Put together from parts, since their order differs between versions of Node. */
export function timeOf(instant: string, timezone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: timezone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(
    format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value.replace('.', '')]),
  );
  const { weekday, day, month, year, hour, minute } = parts;
  return `${weekday} ${day} ${month} ${year} ${hour}:${minute}`;
}
