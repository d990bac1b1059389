import type { Action, Change, Difference, Plan } from '../../provision/engine/outcome.ts';
import type { Canvas } from '../canvas.ts';
import { counted, table } from '../layout.ts';
import { heading, type Place, remarks } from './place.ts';

const signs: Record<Action, string> = { create: '+', update: '~', replace: '±', remove: '-' };

/** What is planned, and from which settings: `[['schedule', 'At 16:00, UTC'], …]`. */
export interface PlannedPlace extends Place {
  about: readonly (readonly [what: string, words: string])[];
}

/** What it is a plan of, each change with the AWS operations that it calls and what differs, and the total. */
export function planView(plan: Plan, place: PlannedPlace, canvas: Canvas): string {
  const about = place.about.map(([what, words]) => [canvas.style.dim(what), words]);
  const parts = [[heading('Plan for stack', place, canvas), ...(about.length > 0 ? [table(about, canvas)] : [])].join('\n')];
  if (plan.changes.length > 0)
    parts.push(
      table(
        plan.changes.map(change => rowOf(change, canvas)),
        canvas,
        [1, 2],
      ),
    );
  const words = [...plan.unfinished, ...plan.notes];
  if (words.length > 0) parts.push(remarks(words, canvas));
  return [...parts, planTotal(plan)].join('\n\n');
}

/** `+ 31 to create, ~ 1 to update; 2 stay as they are.` */
export function planTotal(plan: Plan): string {
  const counts = (['create', 'update', 'replace', 'remove'] as const)
    .map(action => ({ action, count: plan.changes.filter(change => change.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ action, count }) => `${signs[action]} ${count} to ${action}`);
  if (counts.length === 0)
    return `Nothing to change: ${counted(plan.unchanged.length, 'resource is', 'resources are')} as the settings want.`;
  const rest =
    plan.unchanged.length > 0
      ? `; ${plan.unchanged.length} ${plan.unchanged.length === 1 ? 'stays as it is' : 'stay as they are'}`
      : '';
  return `${counts.join(', ')}${rest}.`;
}

function rowOf(change: Change, canvas: Canvas): string[] {
  const colour = {
    create: canvas.style.green,
    update: canvas.style.yellow,
    replace: canvas.style.yellow,
    remove: canvas.style.red,
  }[change.action];
  const details = [change.operations.join(' '), ...change.differences.map(differenceWords)];
  return [colour(signs[change.action]), change.title, details.filter(Boolean).join('\n')];
}

/** `3306 is open to 0.0.0.0/0 on Database`; else `memory: 256 MB -> 512 MB`, or what is there too much or missing. */
export function differenceWords(difference: Difference): string {
  const { what, is, wanted, words } = difference;
  if (words) return words;
  if (is === undefined && wanted === undefined) return `${what} differs`;
  if (is === undefined) return `${what}: missing -> ${wanted}`;
  return wanted === undefined ? `${what}: ${is} -> none` : `${what}: ${is} -> ${wanted}`;
}
