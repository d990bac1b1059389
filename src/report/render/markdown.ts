import type { Report } from '../report.ts';
import { numbersOf } from './numbers.ts';
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
} from './told.ts';
import { verdictOf } from './verdict.ts';
import { changeWords } from './words.ts';

/** So many groups, and so many products, have a row; the rest has one. */
const shownLines = 20;

/** The report as GitHub-flavoured Markdown: the mail's content, with tables. */
export function markdownOf(report: Report): string {
  const missing = missingWords(report);
  const trend = trendWords(report);
  const parts = [
    ...(report.source === 'sample' ? [`**${escaped(sampleWords)}**`] : []),
    ...notesOf(report).map(escaped),
    `# ${escaped(verdictOf(report))}`,
    escaped(windowWords(report)),
    numbers(report),
    ...lines(report, 'group'),
    ...lines(report, 'product'),
    ...(report.movers.length > 0
      ? [
          `## ${titles.movers}`,
          table(
            ['Product', 'Change'],
            report.movers.map(({ name, by }) => [name, moverWords(report, by)]),
          ),
        ]
      : []),
    ...(missing ? [escaped(missing)] : []),
    ...(trend ? [escaped(trend)] : []),
    ...toDateWords(report).map(escaped),
    ...hours(report),
    footOf(report).map(escaped).join('  \n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function numbers(report: Report): string {
  const { weekEarlier, lastFour, previous } = report;
  return table(
    ['', 'Now', ...Object.values(earlier).map(words => `Against ${words}`)],
    factsOf(report).map(({ key, what, value, unit }) => [
      what,
      value,
      ...[weekEarlier, lastFour, previous].map(changes => changeWords(changes[key], report, unit)),
    ]),
  );
}

function lines(report: Report, kind: 'group' | 'product'): string[] {
  const rows = largest(report, kind, shownLines);
  if (rows.length === 0) return [];
  const { money, number, percent } = numbersOf(report);
  const shares = kind === 'group';
  const title = shares ? titles.groups : titles.products;
  const told = rows.map(({ name, sales, share, units }) => [
    name,
    money(sales),
    ...(shares ? [share ? percent(share) : ''] : []),
    units === null ? '' : number(units),
  ]);
  return [`## ${title}`, table([shares ? 'Group' : 'Product', 'Sales', ...(shares ? ['Share'] : []), 'Units'], told)];
}

function hours(report: Report): string[] {
  if (report.hours === null) return [escaped(noHours)];
  if (report.hours.length === 0) return [];
  const { money } = numbersOf(report);
  const rows = report.hours.map(({ hour, sales, orders }) => [hourWords(hour), money(sales), counted(report, orders, 'order')]);
  return [`## ${titles.hours}`, table(['Hour', 'Sales', 'Orders'], rows)];
}

/** The first column to the left, numbers to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [row(header), row(header.map((_, index) => (index === 0 ? ':--' : '--:'))).replaceAll('\\', ''), ...rows.map(row)].join(
    '\n',
  );
}

/** Text that means itself: no mark of Markdown or HTML in it is one. */
const escaped = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~&]/g, mark => `\\${mark}`);
