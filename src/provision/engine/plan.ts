import { Problem } from '../../problem.ts';
import type { Operation } from '../aws/operation.ts';
import type { Change, Difference, Plan } from './outcome.ts';
import type { AnyResource, Found } from './resource.ts';
import { inUseOf, knownNeeds, oursOf, type Survey, verifyNoStrangers } from './survey.ts';

/**
 * What would change to make the world what the settings want; each resource stands after those that it needs. Throws Problem `name-taken` where a
 * stranger's thing is in the way.
 */
export function planOf<L>(resources: readonly AnyResource<L>[], world: Survey): Plan {
  verifyNoStrangers(resources, world);
  const made = resources.filter(resource => !resource.byproduct);
  // What is made anew has no id yet: what names its predecessor will be changed too, and the plan must say so.
  const expected = new Map(world);
  const changes = made.flatMap(resource => {
    const own = changesOf(resource, expected);
    if (own.some(({ action }) => action === 'create' || action === 'replace'))
      expected.set(resource.id, [{ awsId: `the new ${resource.title}`, ours: true }]);
    return own;
  });
  const touched = new Set(changes.map(({ id }) => id));
  const staying = made.filter(resource => resource.wanted && !touched.has(resource.id));
  const unchanged = staying.map(({ id, title }) => ({ id, title, awsId: inUseOf(world, id)?.awsId }));
  const unfinished = staying.flatMap(resource => {
    const readiness = resource.readiness?.(inUseOf(world, resource.id)!) ?? 'ready';
    return readiness !== 'ready' && 'waiting' in readiness ? [`${resource.title}: ${readiness.waiting}`] : [];
  });
  return { changes, unchanged, unfinished, notes: [] };
}

function changesOf<L>(resource: AnyResource<L>, world: Survey): Change[] {
  const { id, title, operations } = resource;
  const inUse = resource.wanted ? inUseOf(world, id) : undefined;
  const removals = oursOf(world, id)
    .filter(found => found !== inUse)
    .map(
      (found): Change => ({
        id,
        title,
        action: 'remove',
        operations: [...operations.remove],
        differences: [],
        awsId: found.awsId,
      }),
    );
  if (!resource.wanted) return removals;
  if (!inUse) return [{ id, title, action: 'create', operations: [...operations.create], differences: [] }, ...removals];
  const differences = differencesOf(resource, inUse, world);
  if (differences.length === 0) return removals;
  verifyMendable(resource, differences);
  const replaces = differences.some(({ how }) => how === 'ended');
  const change: Change = {
    id,
    title,
    action: replaces ? 'replace' : 'update',
    operations: replaces ? [...operations.remove, ...operations.create] : mendingOf(resource, differences),
    differences,
    awsId: inUse.awsId,
  };
  return [change, ...removals];
}

/** The operations that mend these differences, and no others, in the resource's order. */
function mendingOf<L>({ operations }: AnyResource<L>, differences: readonly Difference[]): Operation[] {
  const called = new Set(differences.flatMap(one => one.operations ?? operations.update));
  return operations.update.filter(operation => called.has(operation));
}

/** How a thing differs from what is wanted; a thing that has failed for good differs by that. */
export function differencesOf<L>(resource: AnyResource<L>, found: Found, world: Survey): Difference[] {
  const readiness = resource.readiness?.(found) ?? 'ready';
  if (typeof readiness === 'object' && 'failed' in readiness)
    return [{ what: 'state', is: readiness.failed, wanted: 'ready', how: 'ended' }];
  return resource.differences?.(found, knownNeeds(resource, world)) ?? [];
}

/** Throws Problem `needs-replacing` for what AWS cannot change in place: replacing it would take its data or its address with it. */
function verifyMendable<L>({ title }: AnyResource<L>, differences: readonly Difference[]): void {
  const fixed = differences.find(({ how }) => how === 'replace');
  if (!fixed) return;
  throw new Problem(
    'needs-replacing',
    `The ${fixed.what} of ${title} is ${fixed.is} and AWS cannot change it to ${fixed.wanted} in place: set it back, or tear the stack down and provision it again.`,
    { exit: 'usage' },
  );
}
