import { Problem } from '../../problem.ts';
import { as, flagged, salesreport } from '../../suggest.ts';
import { type Inventory, inUseOf, oursOf } from './inventory.ts';
import type { Surplus } from './outcome.ts';
import type { AnyResource, Found } from './resource.ts';

/** What is done only because a person has said so. */
export interface Consent {
  /** Things that have our names and belong to nobody are made ours. */
  adopt?: boolean;
  /**
   * Ids of resources that are removed and made anew, with what stands on them; one that holds data goes only where it
   * is named itself.
   */
  replace?: readonly string[];
  /** AWS ids of what holds data and is not wanted, and is removed. */
  removeSurplus?: readonly string[];
}

/** The inventory in which what may be adopted is ours. */
export function withAdopted(resources: readonly AnyResource[], inventory: Inventory, { adopt }: Consent): Inventory {
  if (!adopt) return inventory;
  const adopted = resources
    .filter(({ id, wanted, adopt: canBe }) => wanted && canBe && oursOf(inventory, id).length === 0)
    .flatMap(({ id }): [string, Found[]][] => {
      const orphan = inventory.get(id)?.find(({ nobodys }) => nobodys);
      return orphan ? [[id, [{ ...orphan, ours: true, adopting: true }]]] : [];
    });
  return new Map([...inventory, ...adopted]);
}

/**
 * What is removed before anything is made: what a person wants replaced and is there, and what stands on that. By id:
 * the title of what takes it along, or undefined where it was named itself. Throws Problem `unknown-resource`, and
 * `needs-replacing` where data would be lost that nobody named.
 */
export function replacementsOf(
  resources: readonly AnyResource[],
  inventory: Inventory,
  { replace = [] }: Consent,
): Map<string, string | undefined> {
  const canBeReplaced = ({ wanted, madeByAws, updateOnly, record }: AnyResource) =>
    wanted && !madeByAws && !updateOnly && !record;
  const unknown = replace.find(id => !resources.some(resource => resource.id === id && canBeReplaced(resource)));
  if (unknown !== undefined)
    throw new Problem(
      'unknown-resource',
      `There is no resource ${unknown} in this stack: ${salesreport`provision --dry-run --json`} and ${salesreport`status --json`} name them by their id.`,
      { exit: 'usage' },
    );
  const going = new Map<string, string | undefined>();
  for (const resource of resources.filter(({ wanted, updateOnly }) => wanted && !updateOnly)) {
    if (replace.includes(resource.id) && inUseOf(inventory, resource.id)) going.set(resource.id, undefined);
    // Every resource stands after those that it needs.
    const ground = Object.values(resource.needs).find(({ id }) => going.has(id));
    const isThere = resource.madeByAws || inUseOf(inventory, resource.id) !== undefined;
    if (ground && isThere && !going.has(resource.id)) going.set(resource.id, ground.title);
  }
  const stateful = resources.find(({ id, stateful }) => stateful && going.get(id) !== undefined);
  if (stateful)
    throw new Problem(
      'needs-replacing',
      `To replace ${going.get(stateful.id)} takes ${stateful.title} along, with its data: name it too, with ${flagged`--replace ${as.resource(stateful.id)}`}.`,
      { exit: 'usage' },
    );
  return going;
}

/** What stays although it is not wanted: what holds data and nobody has named, and by resource what that needs. */
export interface Kept {
  surplus: Surplus[];
  /** Ids of resources of which nothing is removed, because something that is kept needs them. */
  needed: ReadonlySet<string>;
}

/** Throws Problem `unknown-surplus` where an id is named that is no surplus of the stack's. */
export function keptSurplus(
  resources: readonly AnyResource[],
  inventory: Inventory,
  { removeSurplus = [] }: Consent,
): Kept {
  const all = resources.flatMap(resource =>
    surplusOf(resource, inventory).map(found => ({ resource, found, loses: resource.stateful?.(found) })),
  );
  const unknown = removeSurplus.find(awsId => !all.some(({ found }) => found.awsId === awsId));
  if (unknown !== undefined)
    throw new Problem(
      'unknown-surplus',
      `There is no surplus ${unknown} in this stack: ${salesreport`provision --dry-run`} names what is. Nothing was changed.`,
      { exit: 'usage' },
    );
  const kept = all.flatMap(({ resource, found, loses }) =>
    loses === undefined || removeSurplus.includes(found.awsId) ? [] : [{ resource, found, loses }],
  );
  const needed = new Set<string>();
  const addNeeds = (resource: AnyResource) => {
    for (const need of Object.values(resource.needs)) {
      if (needed.has(need.id)) continue;
      needed.add(need.id);
      addNeeds(need);
    }
  };
  for (const { resource } of kept) addNeeds(resource);
  const surplus = kept.map(({ resource: { id, title }, found: { awsId, where }, loses }) => ({
    id,
    title,
    awsId,
    ...(where ? { where } : {}),
    loses,
  }));
  return { surplus, needed };
}

/** What is ours of a resource and does not serve. */
export function surplusOf({ id, wanted }: AnyResource, inventory: Inventory): Found[] {
  const inUse = wanted ? inUseOf(inventory, id) : undefined;
  return oursOf(inventory, id).filter(found => found !== inUse);
}
