import { clockTime } from '../../schedule/clock-time.ts';
import type { Report } from '../report.ts';
import { ascii } from './ascii.ts';
import { numbersOf } from './numbers.ts';

/** Characters of one part in GSM-7 (AWS End User Messaging guide, "SMS character limits"). */
const longest = 160;

/** These take two characters in GSM-7, or are not in it: the extension table of 3GPP TS 23.038. */
const costly = /[`^{}[\]~|\\]/g;

/** The report as one part of an SMS: when, the sales, how they compare, and whether to look at the mail first. */
export function smsOf(report: Report): string {
  const { currency, window, orders, source, partial } = report;
  const locale = new Intl.Locale(report.locale, { numberingSystem: 'latn' }).toString();
  const { amount, number, percent } = numbersOf({ locale, currency });
  const { sales: change } = report.weekEarlier;
  const isDoubtful = report.ordersWithoutAmount > 0 || Number(report.difference) !== 0;
  const words = [
    source === 'sample' ? 'SAMPLE DATA, ' : '',
    partial ? 'PARTIAL, ' : '',
    `${clockTime(Date.parse(window.to), window.timezone)}: `,
    orders === 0
      ? 'no sales'
      : `sales ${currency ? `${currency} ` : ''}${amount(report.sales)}, ${number(orders)} ${orders === 1 ? 'order' : 'orders'}`,
    change.kind === 'value' ? `, ${change.percent.startsWith('-') ? '' : '+'}${percent(change.percent)} to a week earlier` : '',
    isDoubtful ? '. Data in doubt, see the mail' : '',
  ];
  return ascii(words.join('')).replace(costly, '').slice(0, longest);
}
