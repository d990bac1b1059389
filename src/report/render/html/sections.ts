import type { Change } from '../../change.ts';
import { bySizeDescending } from '../../decimal.ts';
import type { Decimal } from '../../facts.ts';
import type { Report } from '../../report.ts';
import { checksSummary, doubtsTold } from '../data-warnings.ts';
import { lateLines, unsentWords } from '../late-changes.ts';
import { numbersOf } from '../numbers.ts';
import {
  type Comparison,
  comparisonsOf,
  earlierOf,
  type FactTold,
  factsOf,
  hourWords,
  type LineTold,
  largest,
  missingWords,
  moversTold,
  noHours,
  partsOf,
  titles,
  toDatesOf,
  trendLabels,
  trendWords,
  usualWords,
} from '../phrases.ts';
import { timeWords } from '../window-label.ts';
import { changeWords } from '../words.ts';
import { columns, rows } from './charts.ts';
import { html, Markup } from './markup.ts';

/** A page has room for more than a mail; the rest still stands in one line. */
const shownLines = 20;
const shownBars = 10;

/** The four numbers, each against what it was; a comparison that none of them has is told once, below them. */
export function numbers(report: Report): Markup {
  const { against, untold } = comparisonsOf(report);
  return html`<section aria-labelledby="numbers">
<h2 id="numbers" class="unseen">${titles.numbers}</h2>
<div class="numbers">
${factsOf(report).map(fact => number(report, fact, against))}
</div>
${[...untold, ...partsOf(report)].map(words => html`<p class="soft part">${words}</p>`)}
</section>`;
}

const number = (
  report: Report,
  { key, what, value, unit }: FactTold,
  against: readonly Comparison[],
): Markup => html`<div class="number">
<h3>${what}</h3>
<p class="value${report[key] === null ? ' none' : ''}">${value}</p>
${
  against.length > 0
    ? html`<dl>
${against.map(than => {
  const change = report[than][key];
  return html`<div><dt>against ${earlierOf(report)[than]}</dt><dd>${signed(change, changeWords(change, report, unit))}</dd></div>`;
})}
</dl>`
    : undefined
}
</div>`;

/** Words of a change, coloured by its sign, which they hold too. */
function signed(change: Change, words: string): Markup {
  if (change.kind !== 'value' || Number(change.by) === 0) return html`${words}`;
  return html`<span class="${change.by.startsWith('-') ? 'down' : 'up'}">${words}</span>`;
}

/** What has changed since earlier reports, and which of them were sent to nobody. */
export function since(report: Report): Markup | undefined {
  const unsent = unsentWords(report);
  const told = [...lateLines(report), ...(unsent ? [unsent] : [])];
  return told.length > 0
    ? section('since', html`<ul class="plain">${told.map(words => html`<li>${words}</li>`)}</ul>`)
    : undefined;
}

export function byGroup(report: Report): Markup | undefined {
  const { percent } = numbersOf(report);
  const against = `Against ${earlierOf(report).weekEarlier}`;
  return lines(report, 'groups', largest(report, 'group', shownLines), report.groups.length, [
    { heading: 'Share', of: ({ share }) => (share ? percent(share) : '') },
    {
      heading: against,
      of: ({ weekEarlier: change }) => (change ? signed(change, changeWords(change, report, 'money')) : ''),
    },
  ]);
}

export const byProduct = (report: Report): Markup | undefined =>
  lines(report, 'products', largest(report, 'product', shownLines), report.products.length);

/** Lines with names as bars, which leave out the line of the others, and as a table. */
function lines(
  report: Report,
  part: 'groups' | 'products',
  told: readonly LineTold[],
  count: number,
  extra: readonly { heading: string; of: (line: LineTold) => string | Markup }[] = [],
): Markup | undefined {
  if (told.length === 0) return undefined;
  const { money, number, short } = numbersOf(report);
  const drawn = told.slice(0, Math.min(count, shownBars));
  const chart = rows(drawn.map(barOf), short);
  const headings = ['Name', 'Sales', 'Units', ...extra.map(({ heading }) => heading)];
  const cells = told.map(line => [
    name(line.name),
    money(line.sales),
    line.units === null ? '' : number(line.units),
    ...extra.map(({ of }) => of(line)),
  ]);
  return charted(part, chart, highest(report, drawn), table(part, headings, cells));
}

const barOf = ({ name, sales }: { name: string; sales: Decimal }) => ({ label: name, value: Number(sales) });

/** A name from the shop, which may be written from right to left. */
const name = (words: string): Markup => html`<bdi>${words}</bdi>`;

/** What a chart shows, for who does not see it; its numbers are in the table beside it. */
function highest(report: Report, bars: readonly { name: string; sales: Decimal }[]): string {
  const [first] = [...bars].sort((a, b) => bySizeDescending(a.sales, b.sales));
  return `Highest: ${first!.name}, ${numbersOf(report).money(first!.sales)}`;
}

export function moves(report: Report): Markup | undefined {
  const missing = missingWords(report);
  if (report.movers.length === 0 && !missing) return undefined;
  const cells = moversTold(report).map(({ name: product, by, words }) => [
    name(product),
    signed({ kind: 'value', by, percent: '0' }, words),
  ]);
  return section(
    'movers',
    html`${cells.length > 0 ? table('movers', ['Name', 'Change'], cells) : undefined}
${missing ? html`<p>${missing}</p>` : undefined}`,
  );
}

export function trend(report: Report): Markup | undefined {
  const words = trendWords(report);
  if (!words) return undefined;
  const { money, number, short } = numbersOf(report);
  const labels = trendLabels(report);
  const bars = report.trend.map(({ sales }, index) => barOf({ name: labels[index]!, sales }));
  const cells = report.trend.map(({ to, sales, orders }) => [timeWords(report, to), money(sales), number(orders)]);
  const chart = columns(bars, short, bars.length - 1);
  return charted(
    'trend',
    chart,
    words,
    table('trend', ['Until', 'Sales', 'Orders'], cells),
    html`<p class="soft">${words}</p>
<p class="soft">${usualWords(report)}</p>`,
  );
}

export function toDate(report: Report): Markup {
  const told = toDatesOf(report).map(
    ({ what, value, against, change }) => html`<div class="number">
<h3>${what}</h3>
<p class="value">${value}</p>
<dl><div><dt>against ${against}</dt><dd>${signed(change, changeWords(change, report, 'money'))}</dd></div></dl>
</div>`,
  );
  return section('toDate', html`<div class="numbers">${told}</div>`);
}

export function byHour(report: Report): Markup | undefined {
  const { hours } = report;
  if (hours === null) return section('hours', html`<p class="soft">${noHours}</p>`);
  if (hours.length === 0) return undefined;
  const { money, number, short } = numbersOf(report);
  const [first, last] = [hours[0]!.hour, hours.at(-1)!.hour];
  // An hour without orders has its place on the axis.
  const bars = Array.from({ length: last - first + 1 }, (_, index) => {
    const sold = hours.find(({ hour }) => hour === first + index);
    return barOf({ name: hourWords(first + index), sales: sold?.sales ?? '0' });
  });
  const told = hours.map(({ hour, ...line }) => ({ ...line, name: hourWords(hour) }));
  const cells = told.map(({ name, sales, orders }) => [name, money(sales), number(orders)]);
  return charted(
    'hours',
    columns(bars, short),
    highest(report, told),
    table('hours', ['Hour', 'Sales', 'Orders'], cells),
  );
}

/** What the checks of the data found, the doubts as a table. */
export function checks(report: Report): Markup | undefined {
  const summary = checksSummary(report);
  if (summary === undefined) return undefined;
  const cells = doubtsTold(report).map(({ outcome, id, count, words, ids }) => [
    // A long name is broken after a dot.
    new Markup(html`${id}`.source.replaceAll('.', '.<wbr>')),
    outcome,
    count,
    html`${words}${ids === '' ? undefined : html` Ids: ${name(ids)}`}`,
  ]);
  const doubts =
    cells.length > 0 ? table('checks', ['Check', 'Outcome', 'Count', 'Found'], cells, 'doubts') : undefined;
  return section('checks', html`<p>${summary}</p>\n${doubts}`);
}

type Part = keyof typeof titles;

const section = (part: Part, content: Markup): Markup => html`<section aria-labelledby="${part}">
<h2 id="${part}">${titles[part]}</h2>
${content}
</section>`;

/** A chart with its numbers beside it, or below it on a phone. */
const charted = (part: Part, chart: Markup, label: string, numbers: Markup, after?: Markup): Markup =>
  section(
    part,
    html`<div class="charted">
<div class="chart" role="img" aria-label="Bar chart: ${titles[part]}. ${label}">${chart}</div>
${numbers}
</div>
${after}`,
  );

/** So many characters fit beside the first column on a phone. */
const widest = 28;

/**
 * The first column names the rows. What is no plain text may be folded; a table that could be wider than a phone can be
 * reached with keys, to scroll it.
 */
function table(
  part: Part,
  headings: readonly string[],
  cells: readonly (readonly (string | Markup)[])[],
  look = 'sums',
): Markup {
  const widths = headings.slice(1).map((_, column) => Math.max(...cells.map(row => widthOf(row[column + 1]!))));
  const isWide = widths.reduce((sum, width) => sum + width, 0) > widest;
  const data = (cell: string | Markup) =>
    cell instanceof Markup ? html`<td class="folds">${cell}</td>` : html`<td>${cell}</td>`;
  return html`<div class="table"${isWide ? html` tabindex="0" role="group" aria-labelledby="${part}"` : undefined}>
<table class="${look}" aria-labelledby="${part}">
<thead><tr>${headings.map(heading => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>
${cells.map(([first, ...others]) => html`<tr><th scope="row">${first}</th>${others.map(data)}</tr>`)}
</tbody>
</table></div>`;
}

/** Characters that stay together. */
function widthOf(cell: string | Markup): number {
  if (typeof cell === 'string') return cell.length;
  return Math.max(
    ...cell.source
      .replace(/<[^>]*>/g, '')
      .split(' ')
      .map(word => word.length),
  );
}
