import { wallTimeOf } from '../../schedule/zone.ts';
import { as, commandFor } from '../../suggest.ts';
import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';
import { counted, omittedWords } from './phrases.ts';
import { timeWords } from './window-label.ts';

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

/** The day on which the report was due, on the clocks of its zone: `2026-11-24`. */
export function dayDue({ window }: Pick<Report, 'window'>): string {
  const { year, month, day } = wallTimeOf(Date.parse(window.to), window.timezone);
  return `${year}-${two(month)}-${two(day)}`;
}

const two = (number: number) => String(number).padStart(2, '0');

/** How a reader sees the page of it; undefined of what is not kept: sample data, and a time that goes on. */
export function pageWords(report: Report): string | undefined {
  const { source, partial, stack, window } = report;
  if (source === 'sample' || partial) return undefined;
  const { timezone, from, to } = window;
  const { hour, minute } = wallTimeOf(Date.parse(to), timezone);
  // On one day several short ones are due.
  const isShort = Date.parse(to) - Date.parse(from) < 20 * 3_600_000;
  const due = `${dayDue(report)}${isShort ? `T${two(hour)}:${two(minute)}` : ''}`;
  return `As a page with charts: ${commandFor(stack)`history show ${as.time(due)} --open`}`;
}
