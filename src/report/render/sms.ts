import type { Report } from '../report.ts';
import { cutAtWord } from './cut.ts';
import { gsm7, septetsOf } from './gsm7.ts';
import { briefOf } from './headline.ts';

/** Places of one part in GSM-7 (AWS End User Messaging guide, "SMS character limits"). */
const longest = 160;

/** The report as one part of an SMS: when, whether to look at the mail first, the sales, and how they compare. */
export function smsOf(report: Report): string {
  const { words, percent } = briefOf(report);
  const { sales: change } = report.weekEarlier;
  const compared =
    change.kind === 'value'
      ? `, ${change.percent.startsWith('-') ? '' : '+'}${percent(change.percent)} to a week earlier`
      : '';
  return cutAtWord(gsm7(`${words}${compared}`), text => septetsOf(text)! <= longest);
}
