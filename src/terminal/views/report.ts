import { checksSummary, doubtsTold, noticesOf } from '../../report/render/data-warnings.ts';
import { footOf, pageWords } from '../../report/render/footer.ts';
import { lateLines, unsentWords } from '../../report/render/late-changes.ts';
import { markersOf } from '../../report/render/markers.ts';
import { numbersOf } from '../../report/render/numbers.ts';
import {
  comparisonsOf,
  counted,
  earlierOf,
  factsOf,
  hourWords,
  largest,
  missingWords,
  moversTold,
  noHours,
  partsOf,
  titles,
  toDateWords,
  trendWords,
  usualWords,
} from '../../report/render/phrases.ts';
import { sparkline } from '../../report/render/sparkline.ts';
import { verdictOf } from '../../report/render/verdict.ts';
import { windowWords } from '../../report/render/window-label.ts';
import { changeWords } from '../../report/render/words.ts';
import type { Report } from '../../report/report.ts';
import type { Canvas } from '../canvas.ts';
import { paragraph, table, widthOf } from '../layout.ts';

/** So many groups, and so many products, have a line; the rest has one. */
const shownLines = 10;

/** The report at a terminal: the mail's content in columns, with bars and a sparkline. */
export function reportView(report: Report, canvas: Canvas): string {
  const { style } = canvas;
  const folded = (lines: readonly string[]) => lines.map(line => paragraph(line, canvas)).join('\n');
  const unsent = unsentWords(report);
  const page = pageWords(report);
  const head = [
    ...markersOf(report).map(({ label, words }) => style.yellow(style.bold(paragraph(`${label}: ${words}`, canvas)))),
    ...noticesOf(report).map(notice => style.yellow(paragraph(notice, canvas))),
    style.bold(paragraph(verdictOf(report), canvas)),
    style.dim(windowWords(report)),
  ];
  const parts = [
    head.join('\n'),
    numbersView(report, canvas),
    folded([...lateLines(report), ...(unsent ? [unsent] : []), ...partsOf(report)]),
    linesView(report, 'group', canvas),
    linesView(report, 'product', canvas),
    movesView(report, canvas),
    courseView(report, canvas),
    hoursView(report, canvas),
    checksView(report, canvas),
    style.dim(folded([...footOf(report), ...(page ? [page] : [])])),
  ];
  return parts.filter(part => part !== '').join('\n\n');
}

/** Rows below a title; the columns of `right`, which are numbers, end below each other. */
function titled(title: string, rows: readonly string[][], right: readonly number[], canvas: Canvas): string {
  const widths = right.map(column => Math.max(...rows.map(row => widthOf(row[column]!))));
  const aligned = rows.map(row => row.map((cell, column) => startPadded(cell, widths[right.indexOf(column)] ?? 0)));
  return `${canvas.style.bold(title)}\n${table(aligned, canvas, [0])}`;
}

const startPadded = (cell: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(cell))) + cell;

function numbersView(report: Report, canvas: Canvas): string {
  const { style } = canvas;
  const earlier = earlierOf(report);
  const { against, untold } = comparisonsOf(report);
  const header = ['', '', ...against.map(key => style.dim(`against ${earlier[key]}`))];
  const rows = factsOf(report).map(({ key, what, value, unit }) => [
    what,
    style.bold(value),
    ...against.map(kind => changeWords(report[kind][key], report, unit)),
  ]);
  const columns = table([...(against.length > 0 ? [header] : []), ...rows], canvas, [2, 3, 4].slice(0, against.length));
  return [columns, ...untold.map(words => style.dim(paragraph(words, canvas, 2)))].join('\n');
}

function linesView(report: Report, kind: 'group' | 'product', canvas: Canvas): string {
  const lines = largest(report, kind, shownLines);
  if (lines.length === 0) return '';
  const { money, percent } = numbersOf(report);
  // The line of the others is no name's, and has no bar.
  const count = Math.min(shownLines, (kind === 'group' ? report.groups : report.products).length);
  const most = Math.max(0, ...lines.slice(0, count).map(({ sales }) => Number(sales)));
  const shared = (share: string | null | undefined) => (share ? percent(share) : '');
  const rows = lines.map(({ name, sales, share, units }, index) => [
    name,
    canvas.style.cyan(index < count ? bar(Number(sales) / most) : ''),
    money(sales),
    ...(kind === 'group' ? [shared(share)] : []),
    units === null ? '' : counted(report, units, 'unit'),
  ]);
  if (kind === 'product') return titled(titles.products, rows, [2, 3], canvas);
  const changes = lines.map(({ weekEarlier }) => (weekEarlier ? changeWords(weekEarlier, report, 'money') : ''));
  const isTold = lines.some(({ weekEarlier }) => weekEarlier?.kind === 'value');
  const told = isTold ? rows.map((row, index) => [...row, changes[index]!]) : rows;
  const title = isTold ? `${titles.groups}, against ${earlierOf(report).weekEarlier}` : titles.groups;
  return titled(title, told, isTold ? [2, 3, 4, 5] : [2, 3, 4], canvas);
}

function movesView(report: Report, canvas: Canvas): string {
  const rows = moversTold(report).map(({ name, words }) => [name, words]);
  const missing = missingWords(report);
  return [
    ...(rows.length > 0 ? [titled(titles.movers, rows, [1], canvas)] : []),
    ...(missing ? [paragraph(missing, canvas)] : []),
  ].join('\n');
}

function courseView(report: Report, canvas: Canvas): string {
  const trend = trendWords(report);
  const line = sparkline(report.trend.map(({ sales }) => Number(sales)));
  return [...(trend ? [canvas.style.cyan(line), trend] : []), usualWords(report), ...toDateWords(report)]
    .map(words => paragraph(words, canvas))
    .join('\n');
}

function hoursView(report: Report, canvas: Canvas): string {
  if (report.hours === null) return noHours;
  if (report.hours.length === 0) return '';
  const { money } = numbersOf(report);
  const most = Math.max(0, ...report.hours.map(({ sales }) => Number(sales)));
  const rows = report.hours.map(({ hour, sales, orders }) => [
    hourWords(hour),
    canvas.style.cyan(bar(Number(sales) / most)),
    money(sales),
    counted(report, orders, 'order'),
  ]);
  return titled(titles.hours, rows, [2, 3], canvas);
}

function checksView(report: Report, canvas: Canvas): string {
  const { style } = canvas;
  const summary = checksSummary(report);
  if (summary === undefined) return '';
  const rows = doubtsTold(report).map(({ outcome, id, count, words, ids }) => [
    outcome === 'FAIL' ? style.red(outcome) : style.yellow(outcome),
    count,
    id,
    `${words}${ids && ` Ids: ${ids}`}`,
  ]);
  return rows.length === 0 ? style.green(summary) : `${style.bold(summary)}\n${table(rows, canvas)}`;
}

const barWidth = 16;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of a part of the whole, to an eighth of a column; none of what is not positive. */
export function bar(part: number): string {
  const length = Math.round(Math.max(0, Math.min(1, Number.isFinite(part) ? part : 0)) * barWidth * 8);
  return '█'.repeat(Math.floor(length / 8)) + eighths[length % 8]!;
}
