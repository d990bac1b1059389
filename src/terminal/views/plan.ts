import { type Action, type Difference, type Plan, shopChangeWords } from '../../provision/engine/outcome.ts';
import type { Planned, PlannedChange } from '../../provision/plan/planned.ts';
import { priceList } from '../../provision/plan/prices.ts';
import { salesreport } from '../../suggest.ts';
import type { Canvas } from '../canvas.ts';
import { counted, duration, paragraph, table, widthOf } from '../layout.ts';
import { heading, type Place, remarks, shortId } from './place.ts';

const signs: Record<Action, string> = { create: '+', update: '~', replace: '±', adopt: '»', remove: '-' };

/** What is planned, and from which settings: `[['schedule', 'At 16:00, UTC'], …]`. */
export interface PlannedPlace extends Place {
  about: readonly (readonly [what: string, words: string])[];
  /** Whether each change names the IAM actions that it needs. */
  permissions?: boolean;
}

/**
 * What it is a plan of; each change with what differs, its AWS operations, its price and its time; what to know; and
 * the sums.
 */
export function planView(plan: Planned, place: PlannedPlace, canvas: Canvas): string {
  const about = place.about.length > 0 ? [labelled(place.about, canvas)] : [];
  const parts = [[heading('Plan for stack', place, canvas), ...about].join('\n')];
  if (plan.shop)
    parts.push(canvas.style.bold(paragraph(`Another shop: the stack ${shopChangeWords(plan.shop)}.`, canvas)));
  if (plan.changes.length > 0) parts.push(changesTable(plan.changes, place, canvas));
  const words = [...plan.unfinished, ...plan.notes];
  if (words.length > 0) parts.push(remarks(words, canvas));
  parts.push(planTotal(plan));
  if (plan.changes.length > 0) parts.push(planSums(plan, place, canvas));
  return parts.join('\n\n');
}

const noBreak = '\u00a0';
const glued = (words: string) => words.replaceAll(' ', noBreak);

const labelled = (rows: PlannedPlace['about'], canvas: Canvas): string =>
  table(
    rows.map(([what, words]) => [canvas.style.dim(what), words]),
    canvas,
  ).replaceAll(noBreak, ' ');

/** `+ 31 to create, ~ 1 to update; 2 stay as they are.` */
export function planTotal(plan: Plan): string {
  const counts = (['create', 'adopt', 'update', 'replace', 'remove'] as const)
    .map(action => ({ action, count: plan.changes.filter(change => change.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ action, count }) => `${signs[action]} ${count} to ${action}`);
  if (counts.length === 0)
    return `Nothing to change: ${counted(plan.unchanged.length, 'resource matches', 'resources match')} the settings.`;
  const rest =
    plan.unchanged.length > 0
      ? `; ${plan.unchanged.length} ${plan.unchanged.length === 1 ? 'stays as it is' : 'stay as they are'}`
      : '';
  return `${counts.join(', ')}${rest}.`;
}

/** A row for each change, and below it, over the whole width, what differs and what is called. */
function changesTable(
  changes: readonly PlannedChange[],
  { permissions = false }: PlannedPlace,
  canvas: Canvas,
): string {
  const { style, width } = canvas;
  const monthly = toTheRight(['$/month', ...changes.map(priceWords)]);
  const time = toTheRight(['time', ...changes.map(({ seconds }) => duration(Math.max(1, Math.round(seconds))))]);
  const colours = {
    create: style.green,
    update: style.yellow,
    replace: style.yellow,
    adopt: style.yellow,
    remove: style.red,
  };
  const room = width - 4 * 2 - 1 - widthOf(monthly[0]!) - widthOf(time[0]!);
  const titles = Math.min(room, Math.max(...changes.map(({ title }) => widthOf(title))));
  const row = (sign: string, title: string, index: number, paint: (words: string) => string) =>
    table(
      [[sign, title + ' '.repeat(Math.max(0, titles - widthOf(title))), paint(monthly[index]!), paint(time[index]!)]],
      canvas,
      [1],
    );
  const rows = changes.map(({ action, title, differences, operations, permissions: actions }, index) => {
    const called = permissions ? `needs ${actions.join(' ')}` : operationWords(operations);
    const below = [...goingWords(changes[index]!), ...differences.map(differenceWords), style.dim(called)].map(line =>
      paragraph(line, canvas, 7),
    );
    return [row(colours[action](signs[action]), title, index + 1, words => words), ...below].join('\n');
  });
  return [row(' ', '', 0, style.dim), ...rows].join('\n');
}

/** Which thing goes, and what is lost with it. */
function goingWords({ action, awsId, where, loses }: PlannedChange): string[] {
  if (awsId === undefined || (action !== 'remove' && action !== 'replace')) return [];
  return [`${action}s ${shortId(awsId)}${where ? ` in ${where}` : ''}`, ...(loses ? [`loses data: ${loses}`] : [])];
}

/** What is not in the price list is no zero; what costs next to nothing has no price here. */
function priceWords({ monthly }: PlannedChange): string {
  if (monthly === null) return 'not known';
  return Number(monthly) === 0 ? '' : monthly;
}

function toTheRight(cells: readonly string[]): string[] {
  const width = Math.max(...cells.map(widthOf));
  return cells.map(cell => cell.padStart(width));
}

/** `iam: CreateRole PutRolePolicy`, each service once. */
function operationWords(operations: readonly string[]): string {
  const services = [...new Set(operations.map(operation => operation.split(':')[0]!))];
  return services
    .map(service => {
      const own = operations.filter(operation => operation.startsWith(`${service}:`));
      return `${service}: ${own.map(operation => operation.slice(service.length + 1)).join(' ')}`;
    })
    .join('; ');
}

/** What the whole costs, how long it takes, and where the permissions for it are. */
export function planSums(plan: Planned, { region }: Place, canvas: Canvas): string {
  const { seconds, atWorst, path } = plan.time;
  const way = path.length > 1 ? `; critical path: ${path.map(glued).join(' > ')}` : '';
  const slow = roughly(atWorst) === roughly(seconds) ? '' : `, on a slow day of AWS ${roughly(atWorst)}`;
  const rows: PlannedPlace['about'] = [
    ['cost', costWords(plan, region)],
    ['time', `about ${roughly(seconds)}${slow}${way}`],
    ['permissions', `${salesreport`policy provision`} prints what IAM must allow`],
  ];
  return labelled(rows, canvas);
}

function costWords({ changes, cost: { added, removed, parts } }: Planned, region: string): string {
  if (parts.length === 0) return changes.every(({ action }) => action === 'update') ? 'unchanged' : 'next to nothing';
  const named = parts.map(({ what, monthly }) => glued(`${what} ${monthly ?? 'not known'}`)).join(', ');
  const sums = [
    ...(Number(added) > 0 ? [`$${added} a month${Number(removed) > 0 ? ' more' : ''}`] : []),
    ...(Number(removed) > 0 ? [`$${removed} a month less`] : []),
  ];
  const unknown = parts.some(({ monthly }) => monthly === null);
  const what = `${sums.join(' and ') || 'not known'}${unknown && sums.length > 0 ? ' and what is not known' : ''}: ${named}`;
  const where = region === priceList.region ? '' : `; ${region} has its own`;
  const rest = Number(added) > 0 ? ' The rest costs next to nothing.' : '';
  return `${what}. List prices of ${priceList.region}, ${priceList.date}${where}.${rest}`;
}

/** To ten seconds, and from ten minutes on to a minute: it is an estimate. */
function roughly(seconds: number): string {
  if (seconds >= 600) return `${Math.round(seconds / 60)} min`;
  return seconds < 20 ? duration(Math.ceil(seconds)) : duration(Math.round(seconds / 10) * 10);
}

/** `3306 is open to 0.0.0.0/0 on Database`; else `memory: 256 MB -> 512 MB`, or what is there too much or missing. */
export function differenceWords(difference: Difference): string {
  const { what, is, wanted, words } = difference;
  if (words) return words;
  if (is === undefined && wanted === undefined) return `${what} differs`;
  if (is === undefined) return `${what}: missing -> ${wanted}`;
  return wanted === undefined ? `${what}: ${is} -> none` : `${what}: ${is} -> ${wanted}`;
}
