import type { Entry } from '../../report/deliver/entry.ts';
import { clockTime } from '../../schedule/clock-time.ts';
import { salesreport } from '../../suggest.ts';
import type { Canvas } from '../canvas.ts';
import { paragraph, table } from '../layout.ts';
import { heading, type Place } from './place.ts';

export interface HistoryData extends Place {
  /** The latest first. */
  entries: readonly Entry[];
  settings: { timezone: string; locale: string };
}

/** A line a report: what became of it, when it was due, its sales, and where to look. */
export function historyView({ entries, settings, ...place }: HistoryData, canvas: Canvas): string {
  const top = heading('Reports of stack', place, canvas);
  if (entries.length === 0) return `${top}\n\nNone yet: ${salesreport`run`} sends the first, or the schedule does.`;
  const open = entries.filter(({ state }) => ['blocked', 'failed', 'unreadable'].includes(state));
  return [
    top,
    reportsTable(entries, settings, canvas),
    ...(open.length > 0 ? [paragraph(trouble(open), canvas)] : []),
  ].join('\n\n');
}

/** A line a report, without words around them. */
export function reportsTable(entries: readonly Entry[], settings: HistoryData['settings'], canvas: Canvas): string {
  const { style } = canvas;
  const numbers = toTheRight([['Sales', 'Orders'], ...entries.map(entry => numbersOf(entry, settings.locale))]);
  const head = ['', `Until (${settings.timezone})`, ...numbers[0]!, ''].map(word => style.dim(word));
  const rows = entries.map((entry, index) => [
    stateWords(entry, canvas),
    clockTime(Date.parse(entry.to), settings.timezone),
    ...numbers[index + 1]!,
    style.dim(entry.why ?? (entry.sent.length > 0 ? `message ${entry.sent.at(-1)!.messageId}` : '')),
  ]);
  return table([head, ...rows], canvas);
}

/** Cells of a column all as wide as the widest, so that numbers stand below each other. */
function toTheRight(rows: readonly (readonly string[])[]): string[][] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  return rows.map(row => row.map((cell, column) => cell.padStart(widths[column]!)));
}

function stateWords({ state, revision, forced, schedule }: Entry, { style }: Canvas): string {
  const extra = [
    revision > 0 ? `revised ${revision}` : '',
    forced ? 'forced' : '',
    schedule === null ? 'asked for' : '',
  ].filter(Boolean);
  const more = extra.length > 0 ? ` (${extra.join(', ')})` : '';
  const text = `${state}${more}`;
  if (state === 'sent' || state === 'published') return style.green(`✓ ${text}`);
  if (state === 'archived') return style.dim(`- ${text}`);
  if (state === 'claimed' || state === 'held' || state === 'missed') return style.yellow(`… ${text}`);
  return style.red(`✗ ${text}`);
}

/** Numbers as the locale writes them; empty where nothing was computed. */
function numbersOf({ totals }: Entry, locale: string): [string, string] {
  if (!totals) return ['', ''];
  const digits = totals.sales.split('.')[1]?.length ?? 0;
  const amount = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return [
    amount.format(totals.sales as Intl.StringNumericLiteral),
    new Intl.NumberFormat(locale).format(totals.orders),
  ];
}

const trouble = (open: readonly Entry[]): string =>
  open.some(({ state }) => state === 'unreadable')
    ? `Nobody knows whether an unreadable report went out, so it is not sent again by itself. ${salesreport`run --send-anyway --reason "…"`} sends it, as one that may be a repeat.`
    : open.some(({ state }) => state === 'blocked')
      ? `A blocked report went to nobody: correct the data and run it again with ${salesreport`run`}, or send it as it is with --send-anyway --reason "…".`
      : `A failed report is tried again every 15 minutes until it is 20 hours old; ${salesreport`run`} tries it at once.`;
