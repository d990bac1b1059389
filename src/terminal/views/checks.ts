import type { CheckResult, Decision } from '../../report/checks.ts';
import type { Source } from '../../report/facts.ts';
import { sampleMarker } from '../../report/render/markers.ts';
import { harmless } from '../../report/render/names.ts';
import type { Plans } from '../../report/sources/mysql-plans.ts';
import { clockTime } from '../../schedule/clock-time.ts';
import type { Canvas } from '../canvas.ts';
import { paragraph, table } from '../layout.ts';
import { remarks } from './place.ts';

export interface ChecksShown {
  source: Source['kind'];
  window: { from: string; to: string; timezone: string };
  locale: string;
  checks: readonly CheckResult[];
  decision: Decision;
}

/** Those that need somebody first. */
const order: CheckResult['outcome'][] = ['fail', 'error', 'warn', 'pass'];

const verdicts: Record<Decision, string> = {
  send: 'A report of these data would be sent.',
  hold: 'A report of these data would be held until they have come, or have been waited for long enough.',
  block: 'A report of these data would be blocked: it would go to nobody.',
};

/** A line for each check, as dbt prints them, and their sum. */
export function checksView({ source, window, locale, checks, decision }: ChecksShown, canvas: Canvas): string {
  const { style } = canvas;
  const time = (instant: string) => clockTime(Date.parse(instant), window.timezone, locale);
  const sorted = checks.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const widest = Math.max(...checks.map(({ count }) => String(count ?? '').length));
  const rows = sorted.map(({ id, outcome, count, ids, words, seconds }) => [
    painted(outcome, canvas),
    String(count ?? '').padStart(widest),
    id,
    `${harmless(words, longestWords, 2 * longestWords)}${idsTold(ids, count)}`,
    style.dim(`[${seconds.toFixed(2)}s]`),
  ]);
  const number = (outcome: CheckResult['outcome']) => checks.filter(one => one.outcome === outcome).length;
  return [
    [
      ...(source === 'sample' ? [style.yellow(`${sampleMarker.label}: ${sampleMarker.words}`)] : []),
      style.bold('Checks of the data'),
      style.dim(`  ${time(window.from)} to ${time(window.to)} ${window.timezone}`),
    ].join('\n'),
    table(rows, canvas, [3]),
    [
      `Done. PASS=${number('pass')} WARN=${number('warn')} FAIL=${number('fail')} ERROR=${number('error')}`,
      paragraph(
        decision === 'send' && number('warn') + number('error') > 0
          ? 'A report of these data would be sent with a notice.'
          : verdicts[decision],
        canvas,
      ),
    ].join('\n'),
  ].join('\n\n');
}

/** Ids and the driver's words come from the database, which may hold anything. */
const longestWords = 300;
const longestId = 24;

function idsTold(ids: readonly string[], count: number | null): string {
  if (ids.length === 0) return '';
  const told = ids.map(id => harmless(id, longestId, 2 * longestId)).join(', ');
  return ` (${told}${count !== null && count > ids.length ? ', …' : ''})`;
}

function painted(outcome: CheckResult['outcome'], { style }: Canvas): string {
  const word = outcome.toUpperCase();
  if (outcome === 'pass') return style.green(word);
  return outcome === 'fail' ? style.red(word) : style.yellow(word);
}

/** How the database finds what each statement asks for, and the indexes that it lacks. */
export function plansView({ plans, missing }: Plans, canvas: Canvas): string {
  const { style } = canvas;
  const rows = plans.map(({ name, steps }) => [name, steps.join('\n') || style.dim('nothing to read')]);
  const verdict =
    missing.length > 0
      ? style.yellow(remarks(missing, canvas))
      : paragraph('The indexes that the report needs are there.', canvas);
  return `${style.bold('Query plans')}\n${verdict}\n\n${table(rows, canvas)}`;
}
