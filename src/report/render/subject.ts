import type { Report } from '../report.ts';
import { ascii } from './ascii.ts';
import { cutAtWord } from './cut.ts';
import { briefOf } from './headline.ts';

/** SNS takes ASCII without control characters, fewer than 100 (Subject of Publish in its API reference). */
const longest = 99;

/**
 * The mail's subject, the date first: `Mon 23 Nov 2026 16:00, CHECK DATA: sales EUR 1,234.50, 42 orders`. Printable
 * ASCII of at most 99 characters, cut at a word.
 */
export function subjectOf(report: Report): string {
  const stack = report.stack === 'salesreport' ? '' : ` (${report.stack})`;
  return cutAtWord(ascii(`${briefOf(report).words}${stack}`), text => text.length <= longest);
}
