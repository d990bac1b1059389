import type { Report } from '../report.ts';
import { checksSummary, doubtsTold, noticesOf } from './data-warnings.ts';
import { footOf, pageWords } from './footer.ts';
import { lateLines, unsentWords } from './late-changes.ts';
import { markerLines } from './markers.ts';
import { numbersOf } from './numbers.ts';
import {
  comparisonsOf,
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
} from './phrases.ts';
import { verdictOf } from './verdict.ts';
import { windowWords } from './window-label.ts';
import { changeWords } from './words.ts';

/** So many groups, and so many products, have a row; the rest has one. */
const shownLines = 20;

/** The report as GitHub-flavoured Markdown: the mail's content, with tables. */
export function markdownOf(report: Report): string {
  const [missing, trend, unsent, page] = [
    missingWords(report),
    trendWords(report),
    unsentWords(report),
    pageWords(report),
  ];
  const movers = moversTold(report).map(({ name, words }) => [name, words]);
  const parts = [
    ...markerLines(report).map(line => `**${escaped(line)}**`),
    ...noticesOf(report).map(escaped),
    `# ${escaped(verdictOf(report))}`,
    escaped(windowWords(report)),
    numbers(report),
    ...[...lateLines(report), ...(unsent ? [unsent] : []), ...partsOf(report)].map(escaped),
    ...lines(report, 'group'),
    ...lines(report, 'product'),
    ...(movers.length > 0 ? [`## ${titles.movers}`, table(['Product', 'Change'], movers)] : []),
    ...(missing ? [escaped(missing)] : []),
    ...(trend ? [escaped(trend)] : []),
    escaped(usualWords(report)),
    ...toDateWords(report).map(escaped),
    ...hours(report),
    ...checks(report),
    [...footOf(report), ...(page ? [page] : [])].map(escaped).join('  \n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function numbers(report: Report): string {
  const { against, untold } = comparisonsOf(report);
  const told = table(
    ['', 'Now', ...against.map(than => `Against ${earlierOf(report)[than]}`)],
    factsOf(report).map(({ key, what, value, unit }) => [
      what,
      value,
      ...against.map(than => changeWords(report[than][key], report, unit)),
    ]),
  );
  return [told, ...untold.map(escaped)].join('\n\n');
}

function checks(report: Report): string[] {
  const summary = checksSummary(report);
  const rows = doubtsTold(report).map(({ outcome, id, count, words, ids }) => [id, outcome, count, words, ids]);
  return [
    ...(summary ? [escaped(summary)] : []),
    ...(rows.length > 0 ? [table(['Check', 'Outcome', 'Count', 'Found', 'Ids'], rows)] : []),
  ];
}

function lines(report: Report, kind: 'group' | 'product'): string[] {
  const rows = largest(report, kind, shownLines);
  if (rows.length === 0) return [];
  const { money, number, percent } = numbersOf(report);
  if (kind === 'product')
    return [
      `## ${titles.products}`,
      table(
        ['Product', 'Sales', 'Units'],
        rows.map(({ name, sales, units }) => [name, money(sales), units === null ? '' : number(units)]),
      ),
    ];
  const told = rows.map(({ name, sales, share, units, weekEarlier }) => [
    name,
    money(sales),
    share ? percent(share) : '',
    units === null ? '' : number(units),
    weekEarlier ? changeWords(weekEarlier, report, 'money') : '',
  ]);
  return [
    `## ${titles.groups}`,
    table(['Group', 'Sales', 'Share', 'Units', `Against ${earlierOf(report).weekEarlier}`], told),
  ];
}

function hours(report: Report): string[] {
  if (report.hours === null) return [escaped(noHours)];
  if (report.hours.length === 0) return [];
  const { money, number } = numbersOf(report);
  const rows = report.hours.map(({ hour, sales, orders }) => [hourWords(hour), money(sales), number(orders)]);
  return [`## ${titles.hours}`, table(['Hour', 'Sales', 'Orders'], rows)];
}

/** The first column to the left, numbers to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [
    row(header),
    row(header.map((_, index) => (index === 0 ? ':--' : '--:'))).replaceAll('\\', ''),
    ...rows.map(row),
  ].join('\n');
}

/**
 * Joins what it stands between as if nothing stood there. Escaping does not help where a program looks for links in
 * what was rendered, as GitHub and Slack do.
 */
const joiner = '\u2060';

/**
 * Behind each of these a joiner keeps a link, an address, a mention, an issue or an emoji from being made of it (GitHub
 * Docs, "Autolinked references and URLs"; GFM 6.9).
 */
const linking =
  /:(?=\/\/)|@(?=\S)|#(?=[\p{L}\p{N}])|\b(?:www(?=\.)|mailto(?=:)|xmpp(?=:)|GH(?=-\d))|:(?=[a-z_+-][\w+-]*:)/giu;

/** Text that means itself: no mark of Markdown or HTML in it is one, and no program makes a link of it. */
const escaped = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(linking, `$&${joiner}`)
    .replace(/[\\`*_{}[\]<>#|~&]/g, mark => `\\${mark}`);
