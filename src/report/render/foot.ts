import { wallTimeOf } from '../../schedule/zone.ts';
import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';
import { counted, omittedWords } from './told.ts';
import { timeWords } from './when.ts';

/** Up to when the shop's data reach, what the report was made of, and where it is kept. */
export function footOf(report: Report): string[] {
  const { lastOrder, readAt, runId, revision, window, orders, items } = report;
  const { number } = numbersOf(report);
  const asOf = lastOrder === null ? 'no order yet' : `last order ${timeWords(report, lastOrder)}`;
  const made = `${counted(report, orders, 'order')} and ${number(items)} ${items === 1 ? 'item' : 'items'}`;
  return [
    ...omittedWords(report),
    `As of ${timeWords(report, readAt)}: ${asOf}`,
    `Window in UTC: ${utc(window.from)} until just before ${utc(window.to)}`,
    `Run ${runId}${revision > 0 ? `, revised #${revision}` : ''}: computed from ${made}`,
  ];
}

const utc = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;

/** How a reader sees the page of it; undefined of what is not kept: sample data, and a time that goes on. */
export function pageWords({ source, partial, stack, window }: Report): string | undefined {
  if (source === 'sample' || partial) return undefined;
  const { timezone, from, to } = window;
  const { year, month, day, hour, minute } = wallTimeOf(Date.parse(to), timezone);
  const two = (number: number) => String(number).padStart(2, '0');
  // On one day several short ones are due.
  const isShort = Date.parse(to) - Date.parse(from) < 20 * 3_600_000;
  const due = `${year}-${two(month)}-${two(day)}${isShort ? `T${two(hour)}:${two(minute)}` : ''}`;
  return `As a page with charts: salesreport history show ${due} --open${stack === 'salesreport' ? '' : ` --stack ${stack}`}`;
}
