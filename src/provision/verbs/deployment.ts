import type { ResourceStatus } from './status.ts';

/** Resources of which a teardown keeps what is there, because it holds reports or because it was asked to. */
export const keepable: readonly string[] = ['archive', 'log-group', 'snapshot.database'];

/** What stands of a stack; `kept`: only what a teardown keeps. */
export type Deployment = 'nothing' | 'kept' | 'pipeline';

export function deploymentOf(resources: readonly ResourceStatus[]): Deployment {
  const there = resources.filter(({ state }) => state !== 'missing');
  if (there.length === 0) return 'nothing';
  return there.every(({ id }) => keepable.includes(id)) ? 'kept' : 'pipeline';
}

/** Whether something stands of the resource. */
export const isThere = (resources: readonly ResourceStatus[], id: string): boolean =>
  resources.some(one => one.id === id && one.state !== 'missing');

/**
 * Why the report does not come when the settings say, as the end of a sentence; undefined where the schedule sees to
 * it.
 */
export function whyNoRuns(resources: readonly ResourceStatus[], timezone: string): string | undefined {
  const wanted = timezone === 'UTC' ? 'schedule.rule' : 'schedule.scheduler';
  // What is wanted comes before others of its kind.
  const schedule = resources.find(({ id }) => id === wanted);
  if (!schedule || schedule.state === 'missing') return 'none: the schedule is missing';
  const differing = (name: string) => schedule.differences.find(({ what }) => what === name);
  if (differing('state')) return 'none: the schedule is disabled';
  if (differing('target')) return 'none: the schedule does not start the function';
  const other = differing('schedule') ?? differing('time zone');
  return other && `not what the settings say: the ${other.what} is ${other.is}`;
}
