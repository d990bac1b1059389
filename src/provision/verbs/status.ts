import { type Inventory, inUseOf, oursOf } from '../engine/inventory.ts';
import type { Difference } from '../engine/outcome.ts';
import { differencesOf } from '../engine/plan.ts';
import { type AnyResource, readinessOf } from '../engine/resource.ts';

export interface ResourceStatus {
  id: string;
  title: string;
  state: 'ready' | 'missing' | 'differs' | 'waiting' | 'stopped' | 'failed';
  awsId?: string;
  differences: Difference[];
  why?: string;
}

/** The state of every resource that the settings want, and of what is ours and not wanted any more. */
export function statusOf(resources: readonly AnyResource[], inventory: Inventory): ResourceStatus[] {
  return resources
    .filter(({ madeByAws, record }) => !madeByAws && !record)
    .flatMap(resource => statusOfOne(resource, inventory));
}

function statusOfOne(resource: AnyResource, inventory: Inventory): ResourceStatus[] {
  const { id, title, wanted } = resource;
  const serving = wanted ? inUseOf(inventory, id) : undefined;
  const others = oursOf(inventory, id)
    .filter(found => found !== serving)
    .map(
      (found): ResourceStatus => ({
        id,
        title,
        state: 'differs',
        awsId: found.awsId,
        differences: [],
        why: resource.stateful
          ? 'surplus: it stays, because it holds data, until provision --remove-surplus names it'
          : 'not wanted any more: provision removes it',
      }),
    );
  if (!wanted) return others;
  if (!serving && resource.updateOnly) return others;
  if (!serving) {
    const stranger = inventory.get(id)?.find(found => !found.ours);
    return [
      {
        id,
        title,
        state: 'missing',
        differences: [],
        ...(stranger ? { why: `${stranger.awsId} has its name: ${stranger.owner}` } : {}),
      },
      ...others,
    ];
  }
  const one = (state: ResourceStatus['state'], differences: Difference[] = [], why?: string): ResourceStatus => ({
    id,
    title,
    state,
    awsId: serving.awsId,
    differences,
    ...(why ? { why } : {}),
  });
  const readiness = readinessOf(resource, serving);
  if (readiness.state === 'failed') return [one('failed', [], readiness.why), ...others];
  // What differs is not waited for: an internet gateway without a VPC will never be attached by itself.
  const differences = differencesOf(resource, serving, inventory);
  if (differences.length > 0) return [one('differs', differences), ...others];
  if (readiness.state === 'ready') return [one('ready'), ...others];
  return [one(readiness.state === 'idle' ? 'stopped' : 'waiting', [], readiness.why), ...others];
}
