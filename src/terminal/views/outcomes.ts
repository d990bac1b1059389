import type { Outcome } from '../../provision/engine/outcome.ts';
import type { Canvas } from '../canvas.ts';
import { counted, duration, table } from '../layout.ts';
import { heading, type Place, remarks } from './place.ts';

type Kind = Outcome['outcome'];

/** One outcome as a row: mark and word, title, how long it took. */
export function outcomeRow({ outcome, title, seconds }: Outcome, canvas: Canvas): string[] {
  const isQuick = outcome === 'unchanged' || outcome === 'skipped' || outcome === 'absent';
  return [wordOf(outcome, canvas.style), title, isQuick ? '' : duration(seconds)];
}

function wordOf(kind: Kind, style: Canvas['style']): string {
  if (kind === 'failed') return style.red(`✗ ${kind}`);
  if (kind === 'skipped') return style.yellow(`- ${kind}`);
  return kind === 'unchanged' || kind === 'absent' ? style.dim(`= ${kind}`) : style.green(`✓ ${kind}`);
}

/** What became of each resource, and the sum. Resources that stayed as they were are only counted. */
export function outcomesView(
  result: { outcomes: readonly Outcome[]; calls: number; seconds: number },
  place: Place,
  canvas: Canvas,
): string {
  const { outcomes, calls, seconds } = result;
  const shown = outcomes.filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'absent');
  const rows = shown.map(outcome => outcomeRow(outcome, canvas));
  const reasons = shown
    .filter(({ why }) => why !== undefined)
    .map(({ title, outcome, why }) => `${title} ${outcome}: ${why}`);
  const parts = [heading('Stack', place, canvas)];
  if (rows.length > 0) parts.push(table(rows, canvas, [1]));
  if (reasons.length > 0) parts.push(remarks(reasons, canvas));
  return [...parts, `${outcomeTotal(outcomes)} in ${duration(seconds)}, with ${counted(calls, 'AWS call')}.`].join(
    '\n\n',
  );
}

/** `30 created, 1 failed` in the order in which a reader wants to know. */
export function outcomeTotal(outcomes: readonly Outcome[]): string {
  const order: Kind[] = [
    'failed',
    'skipped',
    'created',
    'adopted',
    'updated',
    'replaced',
    'removed',
    'kept',
    'unchanged',
  ];
  const counts = order
    .map(kind => ({ kind, count: outcomes.filter(({ outcome }) => outcome === kind).length }))
    .filter(({ count }) => count > 0);
  return counts.length === 0 ? 'Nothing to do' : counts.map(({ kind, count }) => `${count} ${kind}`).join(', ');
}
