import type { Change } from '../../change.ts';
import type { Report } from '../../report.ts';
import { numbersOf } from '../numbers.ts';
import {
  earlier,
  type FactTold,
  factsOf,
  hourWords,
  type LineTold,
  largest,
  missingWords,
  moverWords,
  noHours,
  timeWords,
  titles,
  toDatesOf,
  trendLabels,
  trendWords,
} from '../told.ts';
import { changeWords, clipped } from '../words.ts';
import { type Bar, columns, rows } from './charts.ts';
import { html, type Markup } from './markup.ts';

/** A page has room for more than a mail; the rest still stands in one line. */
const shownLines = 20;
const shownBars = 10;

/** The four numbers, each against what it was. */
export const numbers = (report: Report): Markup => html`<section aria-labelledby="numbers">
<h2 id="numbers" class="unseen">Numbers</h2>
<div class="numbers">
${factsOf(report).map(fact => number(report, fact))}
</div>
</section>`;

const number = (report: Report, { key, what, value, unit }: FactTold): Markup => html`<div class="number">
<h3>${what}</h3>
<p class="${report[key] === null ? 'value none' : 'value'}">${value}</p>
<dl>
${(['weekEarlier', 'lastFour', 'previous'] as const).map(
  than =>
    html`<div><dt>against ${earlier[than]}</dt>${told('dd', report[than][key], changeWords(report[than][key], report, unit))}</div>`,
)}
</dl>
</div>`;

/** A change, coloured by its sign, which stands in the words too. */
function told(tag: 'dd' | 'td', change: Change, words: string): Markup {
  const isMove = change.kind === 'value' && Number(change.by) !== 0;
  const course = !isMove ? 'same' : change.by.startsWith('-') ? 'down' : 'up';
  return tag === 'dd' ? html`<dd class="${course}">${words}</dd>` : html`<td class="${course}">${words}</td>`;
}
