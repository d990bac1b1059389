import type { Report } from '../report.ts';
import { numbersOf, timeOf } from './numbers.ts';

/** SNS takes fewer than 100 characters (Publish in its API reference: "Subjects must be ASCII text that begins with a letter, number, or punctuation mark; must not include line breaks or control characters; and must be less than 100 characters long"). */
const longest = 99;

/** The mail's subject, the date first: `Mon 23 Nov 2026 16:00: sales EUR 1,234.50, 42 orders`. Printable ASCII of at most 99 characters. */
export function subjectOf(report: Report): string {
  const { number } = numbersOf({ ...report, locale: `${report.locale}-u-nu-latn` });
  const { stack, source, currency, window, orders } = report;
  const amount = `${currency ? `${currency} ` : ''}${plainMoney(report)}`;
  const words = [
    source === 'sample' ? 'SAMPLE DATA, ' : '',
    `${timeOf(window.to, window.timezone, 'en-GB')}: sales ${amount}, ${number(orders)} ${orders === 1 ? 'order' : 'orders'}`,
    stack === 'salesreport' ? '' : ` (${stack})`,
  ].join('');
  return ascii(words).slice(0, longest);
}

const plainMoney = (report: Report): string => numbersOf({ ...report, currency: null }).money(report.sales);

function ascii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[‘’]/g, "'")
    .replace(/[−–]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/g, '');
}
