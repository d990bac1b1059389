import { numbersOf } from '../../report/render/numbers.ts';
import {
  counted,
  earlier,
  factsOf,
  footOf,
  hourWords,
  largest,
  missingWords,
  moverWords,
  noHours,
  notesOf,
  sampleWords,
  titles,
  toDateWords,
  trendWords,
  windowWords,
} from '../../report/render/told.ts';
import { verdictOf } from '../../report/render/verdict.ts';
import { changeWords, clipped } from '../../report/render/words.ts';
import type { Report } from '../../report/report.ts';
import type { Canvas } from '../canvas.ts';
import { paragraph, table } from '../layout.ts';

/** So many groups, and so many products, have a line; the rest has one. */
const shownLines = 10;

/** The report at a terminal: the mail's content in columns, with bars and a sparkline. */
export function reportView(report: Report, canvas: Canvas): string {
  const { style } = canvas;
  const missing = missingWords(report);
  const trend = trendWords(report);
  const doubts = [...(report.source === 'sample' ? [sampleWords] : []), ...notesOf(report)];
  const head = [
    ...doubts.map(doubt => style.yellow(paragraph(doubt, canvas))),
    style.bold(paragraph(verdictOf(report), canvas)),
    style.dim(windowWords(report)),
  ];
  const parts = [
    head.join('\n'),
    numbersView(report, canvas),
    ...linesView(report, 'group', canvas),
    ...linesView(report, 'product', canvas),
    ...(report.movers.length > 0
      ? [
          titled(
            titles.movers,
            report.movers.map(({ name, by }) => [clipped(name), moverWords(report, by)]),
            [1],
            canvas,
          ),
        ]
      : []),
    ...(missing ? [paragraph(missing, canvas)] : []),
    courseView(report, trend, canvas),
    ...hoursView(report, canvas),
    style.dim(footOf(report).join('\n')),
  ];
  return parts.join('\n\n');
}

/** Rows below a title; the columns of `right`, which are numbers, end below each other. */
function titled(title: string, rows: readonly string[][], right: readonly number[], canvas: Canvas): string {
  const widths = right.map(column => Math.max(...rows.map(row => row[column]!.length)));
  const aligned = rows.map(row => row.map((cell, column) => cell.padStart(widths[right.indexOf(column)] ?? 0)));
  return `${canvas.style.bold(title)}\n${table(aligned, canvas, [0])}`;
}

function numbersView(report: Report, canvas: Canvas): string {
  const { style } = canvas;
  const against = (['weekEarlier', 'lastFour', 'previous'] as const).filter(key => report[key].sales.kind === 'value');
  const header = ['', '', ...against.map(key => style.dim(`against ${earlier[key]}`))];
  const rows = factsOf(report).map(({ key, what, value, unit }) => [
    what,
    style.bold(value),
    ...against.map(kind => changeWords(report[kind][key], report, unit)),
  ]);
  return table([...(against.length > 0 ? [header] : []), ...rows], canvas, [2, 3, 4].slice(0, against.length));
}

function linesView(report: Report, kind: 'group' | 'product', canvas: Canvas): string[] {
  const lines = largest(report, kind, shownLines);
  if (lines.length === 0) return [];
  const { money, percent } = numbersOf(report);
  const most = Math.max(...lines.map(({ sales }) => Number(sales)));
  const rows = lines.map(({ name, sales, share, units }) => [
    name,
    canvas.style.cyan(bar(Number(sales) / most)),
    money(sales),
    ...(kind === 'group' ? [share ? percent(share) : ''] : []),
    units === null ? '' : counted(report, units, 'unit'),
  ]);
  return [titled(kind === 'group' ? titles.groups : titles.products, rows, kind === 'group' ? [2, 3, 4] : [2, 3], canvas)];
}

function courseView(report: Report, trend: string | undefined, canvas: Canvas): string {
  const dates = toDateWords(report);
  const line = sparkline(report.trend.map(({ sales }) => Number(sales)));
  return [...(trend ? [canvas.style.cyan(line), trend] : []), ...dates].map(words => paragraph(words, canvas)).join('\n');
}

function hoursView(report: Report, canvas: Canvas): string[] {
  if (report.hours === null) return [noHours];
  if (report.hours.length === 0) return [];
  const { money } = numbersOf(report);
  const most = Math.max(...report.hours.map(({ sales }) => Number(sales)));
  const rows = report.hours.map(({ hour, sales, orders }) => [
    hourWords(hour),
    canvas.style.cyan(bar(Number(sales) / most)),
    money(sales),
    counted(report, orders, 'order'),
  ]);
  return [titled(titles.hours, rows, [2, 3], canvas)];
}

const barWidth = 16;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of a part of the whole, to an eighth of a column; none of what is not positive. */
export function bar(part: number): string {
  const length = Math.round(Math.max(0, Math.min(1, Number.isFinite(part) ? part : 0)) * barWidth * 8);
  return '█'.repeat(Math.floor(length / 8)) + eighths[length % 8]!;
}

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A column for each value, between the least and the most. */
export function sparkline(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.map(value => levels[most === least ? 0 : Math.round(((value - least) / (most - least)) * 7)]).join('');
}
