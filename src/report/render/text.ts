import type { Report } from '../report.ts';
import { checksSummary, doubtLines, noticesOf } from './data-warnings.ts';
import { footOf, pageWords } from './footer.ts';
import { lateLines, unsentWords } from './late-changes.ts';
import { markerLines } from './markers.ts';
import { numbersOf } from './numbers.ts';
import {
  counted,
  earlierOf,
  factsOf,
  hourWords,
  type LineTold,
  largest,
  missingWords,
  moversTold,
  noHours,
  partsOf,
  titles,
  toDateWords,
  trendWords,
  usualWords,
} from './phrases.ts';
import { sparkline } from './sparkline.ts';
import { verdictOf } from './verdict.ts';
import { windowWords } from './window-label.ts';
import { changeWords } from './words.ts';

/** Bytes of UTF-8 that the mail never exceeds. */
const largestMail = 8 * 1024;

/** So many groups, and so many products, are told; the rest stands in one line. */
const shownLines = 10;
const shownDoubts = 8;

const omission = 'The rest is left out to keep this mail short: the page with charts has it.';

/** Of the first twelve lines these are taken: the verdict, the window, the four numbers and two comparisons. */
const roomAbove = 4;

/**
 * The report as mail: one fact a line, since mail is shown in a proportional font. The first twelve lines stand alone
 * on a phone: what to know before the numbers are trusted, the verdict, the window, the four numbers with what they
 * were. At most 8 KB for any shop: of one with numbers and names beyond all measure the parts below are left out, the
 * last first, and named. Ends with a newline.
 */
export function textOf(report: Report): string {
  const parts = [byGroup, byProduct, moves, course, byHour].map(part => part(report));
  const mail = (kept: number, doubts?: number, late?: number): string =>
    joined([
      head(report),
      changed(report, late),
      ...parts.slice(0, kept),
      ...(kept < parts.length ? [[omission]] : []),
      checked(report, doubts),
      foot(report),
    ]);
  const fits = (text: string): boolean => Buffer.byteLength(text) <= largestMail;
  for (let kept = parts.length; kept >= 0; kept -= 1) {
    const text = mail(kept);
    if (fits(text)) return text;
  }
  const text = mail(0, 0);
  return fits(text) ? text : mail(0, 0, 0);
}

const joined = (parts: readonly (readonly string[])[]): string =>
  parts
    .filter(lines => lines.length > 0)
    .map(lines => `${lines.join('\n')}\n`)
    .join('\n');

function head(report: Report): string[] {
  const { weekEarlier, lastFour, previous } = report;
  const earlier = earlierOf(report);
  const markers = markerLines(report);
  const window = windowWords(report);
  const isCrowded = markers.length >= roomAbove;
  return [
    ...markers,
    ...notices(report, roomAbove - markers.length),
    verdictOf(report),
    ...(isCrowded ? [] : [window]),
    ...factsOf(report).map(
      ({ key, what, value, unit }) =>
        `${what}: ${value}, against ${earlier.weekEarlier}: ${changeWords(weekEarlier[key], report, unit)}`,
    ),
    `Sales against ${earlier.lastFour}: ${changeWords(lastFour.sales, report, 'money')}`,
    `Sales against ${earlier.previous}: ${changeWords(previous.sales, report, 'money')}`,
    ...(isCrowded ? [window] : []),
  ];
}

/** As many as there is room for, and one line at least. */
function notices(report: Report, room: number): string[] {
  const most = noticesOf(report);
  return most.length <= room ? most : noticesOf(report, Math.max(0, room - 1));
}

/** What has changed since earlier reports, and which were not sent. */
function changed(report: Report, late?: number): string[] {
  const unsent = unsentWords(report);
  return [...lateLines(report, late), ...(unsent ? [unsent] : []), ...partsOf(report)];
}

const byGroup = (report: Report): string[] => section(report, titles.groups, largest(report, 'group', shownLines));

const byProduct = (report: Report): string[] =>
  section(report, titles.products, largest(report, 'product', shownLines));

/** A heading, and lines such as `Pastries: €412.50, 34.1%, 97 units, against a week earlier: +€12.40 (+3.1%)`. */
function section(report: Report, title: string, lines: readonly LineTold[]): string[] {
  if (lines.length === 0) return [];
  const { money, percent } = numbersOf(report);
  const told = lines.map(({ name, sales, share, units, weekEarlier }) => {
    const facts = [
      money(sales),
      ...(share ? [percent(share)] : []),
      ...(units === null ? [] : [counted(report, units, 'unit')]),
    ];
    const isKnown = weekEarlier && weekEarlier.kind !== 'no data';
    const against = isKnown
      ? `, against ${earlierOf(report).weekEarlier}: ${changeWords(weekEarlier, report, 'money')}`
      : '';
    return `${name}: ${facts.join(', ')}${against}`;
  });
  return [title, ...told];
}

function moves(report: Report): string[] {
  const movers = moversTold(report).map(({ name, words }) => `${name}: ${words}`);
  const missing = missingWords(report);
  return [...(movers.length > 0 ? [titles.movers, ...movers] : []), ...(missing ? [missing] : [])];
}

/** How the sales went up to now: the last windows, the month and the week. */
function course(report: Report): string[] {
  const trend = trendWords(report);
  const line = sparkline(report.trend.map(({ sales }) => Number(sales)));
  return [...(trend ? [`Trend: ${line}`, trend] : []), usualWords(report), ...toDateWords(report)];
}

function byHour(report: Report): string[] {
  const { hours } = report;
  if (hours === null) return [noHours];
  if (hours.length === 0) return [];
  const { money } = numbersOf(report);
  const lines = hours.map(
    ({ hour, sales, orders }) => `${hourWords(hour)}: ${money(sales)}, ${counted(report, orders, 'order')}`,
  );
  return [titles.hours, ...lines];
}

function checked(report: Report, shown = shownDoubts): string[] {
  const summary = checksSummary(report);
  const doubts = doubtLines(report);
  const rest = doubts.length - shown;
  return [
    ...(summary ? [summary] : []),
    ...doubts.slice(0, shown),
    ...(rest > 0 ? [`and ${rest} more, on the page`] : []),
  ];
}

function foot(report: Report): string[] {
  const page = pageWords(report);
  return [...footOf(report), ...(page ? [page] : []), 'To unsubscribe, use the AWS link below'];
}
