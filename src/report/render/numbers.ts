import { digitsOf } from '../amounts.ts';
import type { Decimal } from '../facts.ts';
import type { Report } from '../report.ts';

type Look = Pick<Report, 'locale' | 'currency'>;

const made = new Map<string, ReturnType<typeof numbersIn>>();

/**
 * Writes the numbers of a report as its locale does, from decimal strings and so exactly. Spaces are plain ones,
 * whatever the locale's own.
 */
export function numbersOf({ locale, currency }: Look): ReturnType<typeof numbersIn> {
  const key = `${locale} ${currency}`;
  const known = made.get(key);
  if (known) return known;
  const numbers = numbersIn({ locale, currency });
  made.set(key, numbers);
  return numbers;
}

function numbersIn({ locale, currency }: Look) {
  const digits = digitsOf(currency);
  const amount = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const money = currency ? new Intl.NumberFormat(locale, { style: 'currency', currency }) : amount;
  const short = new Intl.NumberFormat(locale, {
    ...(currency && { style: 'currency', currency }),
    notation: 'compact',
  });
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const write = (format: Intl.NumberFormat) => (value: Decimal | number) =>
    format.format(value as Intl.StringNumericLiteral).replace(/\s/g, ' ');
  return {
    money: write(money),
    /** Money without its symbol. */
    amount: write(amount),
    /** Money to two digits or so, for a chart: `€1.2K`. */
    short: write(short),
    number: write(plain),
    /** `51.2%` of "51.2". */
    percent: (value: Decimal) => `${write(percent)(value)}%`,
  };
}
