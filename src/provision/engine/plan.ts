import { Problem } from '../../problem.ts';
import { as, flagged, salesreport } from '../../suggest.ts';
import type { Operation } from '../aws/operation.ts';
import { type Consent, type Kept, keptSurplus, replacementsOf, surplusOf, withAdopted } from './consent.ts';
import { type Inventory, inUseOf, knownNeeds, verifyNoStrangers } from './inventory.ts';
import type { Change, Difference, Plan, Surplus } from './outcome.ts';
import { type AnyResource, type Found, readinessOf } from './resource.ts';

/**
 * What would change to make the inventory what the settings want; each resource stands after those that it needs. Throws
 * Problem `name-taken` where a stranger's thing is in the way, and `needs-replacing` where something would have to go
 * to which nobody has consented.
 */
export function planOf(resources: readonly AnyResource[], seen: Inventory, consent: Consent = {}): Plan {
  const inventory = withAdopted(resources, seen, consent);
  verifyNoStrangers(resources, inventory);
  const replaced = replacementsOf(resources, inventory, consent);
  const kept = keptSurplus(resources, inventory, consent);
  const made = resources.filter(resource => !resource.madeByAws);
  // What is made anew has no id yet: what names its predecessor will be changed too, and the plan must say so.
  const expected = new Map(inventory);
  const changes = made.flatMap(resource => {
    const own = replaced.has(resource.id)
      ? [replacementOf(resource, expected, replaced.get(resource.id))]
      : changesOf(resource, expected, kept);
    if (own.some(({ action }) => action === 'create' || action === 'replace'))
      expected.set(resource.id, [{ awsId: `the new ${resource.title}`, ours: true }]);
    return own;
  });
  const touched = new Set(changes.map(({ id }) => id));
  const staying = made.filter(
    resource =>
      resource.wanted && !touched.has(resource.id) && !(resource.updateOnly && !inUseOf(inventory, resource.id)),
  );
  const unchanged = staying.map(({ id, title }) => ({ id, title, awsId: inUseOf(inventory, id)?.awsId }));
  const whyIn = (state: 'idle' | 'waiting') =>
    staying.flatMap(resource => {
      const readiness = readinessOf(resource, inUseOf(inventory, resource.id)!);
      return readiness.state === state ? [`${resource.title}: ${readiness.why}`] : [];
    });
  const [idle, unfinished] = [whyIn('idle'), whyIn('waiting')];
  const notes = [...kept.surplus.map(surplusWords), ...idle, ...notesOf(made, inventory)];
  return { changes, surplus: kept.surplus, unchanged, unfinished, notes };
}

const surplusWords = ({ title, awsId, where, loses }: Surplus): string =>
  `${title} ${awsId}${where ? ` in ${where}` : ''} is surplus and stays, because it holds data: ${loses}. ${salesreport`provision --remove-surplus ${as.awsId(awsId)}`} removes it.`;

/** What a person should know of what is there, that is no difference; the same of several once. */
export function notesOf(resources: readonly AnyResource[], inventory: Inventory): string[] {
  const notes = resources.flatMap(resource => {
    const inUse = resource.wanted ? inUseOf(inventory, resource.id) : undefined;
    return inUse ? (resource.notes?.(inUse, knownNeeds(resource, inventory)) ?? []) : [];
  });
  return [...new Set(notes)];
}

/** The row of what a person wants replaced, or of what stands on that. */
function replacementOf(resource: AnyResource, inventory: Inventory, ground: string | undefined): Change {
  const { id, title, operations } = resource;
  const inUse = inUseOf(inventory, id)!;
  const asked: Difference = ground
    ? { what: 'ground', words: `it depends on ${ground}, which is replaced`, how: 'replace' }
    : { what: 'replacement', words: 'you want it replaced', how: 'replace' };
  const differences = ground ? [] : differencesOf(resource, inUse, inventory).filter(({ how }) => how !== 'update');
  return {
    id,
    title,
    action: 'replace',
    operations: [...operations.remove, ...operations.create],
    differences: differences.length > 0 ? differences : [asked],
    awsId: inUse.awsId,
    ...(inUse.where ? { where: inUse.where } : {}),
    ...(resource.stateful ? { loses: resource.stateful(inUse) } : {}),
  };
}

function changesOf(resource: AnyResource, inventory: Inventory, { surplus, needed }: Kept): Change[] {
  const { id, title, operations } = resource;
  const inUse = resource.wanted ? inUseOf(inventory, id) : undefined;
  const removals = surplusOf(resource, inventory)
    .filter(({ awsId }) => !needed.has(id) && !surplus.some(one => one.id === id && one.awsId === awsId))
    .map(
      (found): Change => ({
        id,
        title,
        action: 'remove',
        operations: [...operations.remove],
        differences: [],
        awsId: found.awsId,
        ...(found.where ? { where: found.where } : {}),
        ...(resource.stateful ? { loses: resource.stateful(found) } : {}),
      }),
    );
  if (!resource.wanted) return removals;
  if (!inUse && resource.updateOnly) return removals;
  if (!inUse)
    return [{ id, title, action: 'create', operations: [...operations.create], differences: [] }, ...removals];
  const differences = differencesOf(resource, inUse, inventory);
  if (inUse.adopting) return [adoptionOf(resource, inUse, differences), ...removals];
  if (differences.length === 0) return removals;
  verifyMendable(resource, differences);
  verifyNothingIsLost(resource, inUse, differences);
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

/**
 * The row of what is adopted, and mended then. Throws Problem `not-adoptable` for what was made in a way that AWS
 * cannot change.
 */
function adoptionOf(resource: AnyResource, found: Found, differences: Difference[]): Change {
  const { id, title, operations } = resource;
  const fixed = differences.find(({ how }) => how !== 'update');
  if (fixed)
    throw new Problem(
      'not-adoptable',
      `${title} (${found.awsId}) cannot be adopted: its ${fixed.what} is ${fixed.is}, and AWS cannot change that to ${fixed.wanted}. Rename or remove it, or choose another name with --stack.`,
    );
  return {
    id,
    title,
    action: 'adopt',
    operations: [...new Set([...(operations.adopt ?? []), ...mendingOf(resource, differences)])],
    differences,
    awsId: found.awsId,
  };
}

/** The operations that mend these differences, and no others, in the resource's order. */
function mendingOf({ operations }: AnyResource, differences: readonly Difference[]): Operation[] {
  const called = new Set(differences.flatMap(one => one.operations ?? operations.update));
  return operations.update.filter(operation => called.has(operation));
}

/** How a thing differs from what is wanted; a thing that has failed for good differs by that. */
export function differencesOf(resource: AnyResource, found: Found, inventory: Inventory): Difference[] {
  const readiness = readinessOf(resource, found);
  if (readiness.state === 'failed') return [{ what: 'state', is: readiness.why, wanted: 'ready', how: 'ended' }];
  return resource.differences?.(found, knownNeeds(resource, inventory)) ?? [];
}

/** Throws Problem `needs-replacing` for what AWS cannot change in place. */
function verifyMendable({ id, title, stateful }: AnyResource, differences: readonly Difference[]): void {
  const fixed = differences.find(({ how }) => how === 'replace');
  if (!fixed) return;
  throw new Problem(
    'needs-replacing',
    `The ${fixed.what} of ${title} is ${fixed.is} and AWS cannot change it to ${fixed.wanted} in place: set it back, or replace it with ${flagged`--replace ${as.resource(id)}`}, ${
      stateful ? 'with which its data go' : 'with its dependents'
    }.`,
    { exit: 'usage' },
  );
}

/**
 * Throws Problem `needs-replacing` for what has ended and held data: made anew unasked, it would be as if they had
 * never been.
 */
function verifyNothingIsLost(resource: AnyResource, found: Found, differences: readonly Difference[]): void {
  const ended = differences.find(({ how }) => how === 'ended');
  const readiness = readinessOf(resource, found);
  const isLost = readiness.state === 'failed' && readiness.lost;
  if (!ended || !resource.stateful || !isLost) return;
  throw new Problem(
    'needs-replacing',
    `${resource.title} (${found.awsId}) has ended, and its data with it unless they are kept elsewhere (${ended.is}): make a new one with ${flagged`--replace ${as.resource(resource.id)}`}, which begins with the first data.`,
    { exit: 'usage' },
  );
}
