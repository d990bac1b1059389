import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';
import {
  counted,
  earlier,
  factsOf,
  footOf,
  hourWords,
  type LineTold,
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
} from './told.ts';
import { verdictOf } from './verdict.ts';
import { changeWords, clipped } from './words.ts';

/** So many groups, and so many products, are told; the rest stands in one line. */
const shownLines = 10;

/**
 * The report as mail: one fact a line, since mail is shown in a proportional font. The first lines stand alone on a phone: what to know before the numbers
 * are trusted, the verdict, the window, the four numbers with what they were. At most 8 KB for any shop. Ends with a newline.
 */
export function textOf(report: Report): string {
  return [head, byGroup, byProduct, moves, course, byHour, footOf]
    .map(part => part(report))
    .filter(lines => lines.length > 0)
    .map(lines => `${lines.join('\n')}\n`)
    .join('\n');
}

function head(report: Report): string[] {
  const { weekEarlier, lastFour, previous } = report;
  return [
    ...(report.source === 'sample' ? [sampleWords] : []),
    ...notesOf(report),
    verdictOf(report),
    windowWords(report),
    ...factsOf(report).map(
      ({ key, what, value, unit }) =>
        `${what}: ${value}, against ${earlier.weekEarlier}: ${changeWords(weekEarlier[key], report, unit)}`,
    ),
    `Sales against ${earlier.lastFour}: ${changeWords(lastFour.sales, report, 'money')}`,
    `Sales against ${earlier.previous}: ${changeWords(previous.sales, report, 'money')}`,
  ];
}

const byGroup = (report: Report): string[] => section(report, titles.groups, largest(report, 'group', shownLines));

const byProduct = (report: Report): string[] => section(report, titles.products, largest(report, 'product', shownLines));

/** A heading, and lines such as `Pastries: €412.50, 34.1%, 97 units`. */
function section(report: Report, title: string, lines: readonly LineTold[]): string[] {
  if (lines.length === 0) return [];
  const { money, percent } = numbersOf(report);
  const told = lines.map(({ name, sales, share, units }) => {
    const facts = [money(sales), ...(share ? [percent(share)] : []), ...(units === null ? [] : [counted(report, units, 'unit')])];
    return `${name}: ${facts.join(', ')}`;
  });
  return [title, ...told];
}

function moves(report: Report): string[] {
  const { movers } = report;
  const missing = missingWords(report);
  return [
    ...(movers.length > 0 ? [titles.movers, ...movers.map(({ name, by }) => `${clipped(name)}: ${moverWords(report, by)}`)] : []),
    ...(missing ? [missing] : []),
  ];
}

/** How the sales went up to now: the last windows, the month and the week. */
function course(report: Report): string[] {
  const trend = trendWords(report);
  return [...(trend ? [trend] : []), ...toDateWords(report)];
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
