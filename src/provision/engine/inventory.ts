import { Problem } from '../../problem.ts';
import type { Graph } from './graph.ts';
import type { AnyResource, Found, Reader } from './resource.ts';

/** What is there of each resource, by id; the one in use first. */
export type Inventory = ReadonlyMap<string, readonly Found[]>;

/** Looks for everything, all at once. */
export async function takeInventory(resources: readonly AnyResource[], snapshot: Reader): Promise<Inventory> {
  const found = await Promise.all(resources.map(resource => resource.find(snapshot)));
  return new Map(resources.map((resource, index) => [resource.id, found[index]!]));
}

/** The one that serves: ours, and not outdated. */
export const inUseOf = (inventory: Inventory, id: string): Found | undefined =>
  oursOf(inventory, id).find(found => !found.outdated);

export const oursOf = (inventory: Inventory, id: string): Found[] =>
  (inventory.get(id) ?? []).filter(found => found.ours);

/**
 * The needs of a resource and what it is compared with besides, as they were found; undefined where they are not there.
 */
export const knownNeeds = (resource: AnyResource, inventory: Inventory): Record<string, Found | undefined> =>
  Object.fromEntries(
    Object.entries({ ...resource.comparedWith, ...resource.needs }).map(([name, need]) => [
      name,
      inUseOf(inventory, need.id),
    ]),
  );

export const graphOf = (resources: readonly AnyResource[]): Graph =>
  new Map(resources.map(resource => [resource.id, Object.values(resource.needs).map(need => need.id)]));

/** Without those that only record what was done: what stands of a stack. */
export const standingIn = (resources: readonly AnyResource[]): AnyResource[] =>
  resources.filter(({ record }) => !record);

/** Throws Problem `name-taken` where something that the settings want has a name that is somebody else's. */
export function verifyNoStrangers(resources: readonly AnyResource[], inventory: Inventory): void {
  for (const resource of resources.filter(({ wanted }) => wanted)) {
    const stranger = (inventory.get(resource.id) ?? []).find(found => !found.ours);
    if (stranger && oursOf(inventory, resource.id).length === 0) throw nameTaken(resource, stranger);
  }
}

export function nameTaken(resource: AnyResource, stranger: Found): Problem {
  return new Problem(
    'name-taken',
    `${resource.title} (${stranger.awsId}) is there already and is not ours (${stranger.owner ?? 'it has no owner tags'}): ${waysOut(resource, stranger)}.`,
  );
}

function waysOut({ adopt }: AnyResource, { nobodys }: Found): string {
  const usual = 'rename or remove it, or choose another name with --stack';
  if (!nobodys) return usual;
  return adopt
    ? `take it over with --adopt, ${usual}`
    : `it cannot be adopted, since nothing on it can say whose it is; ${usual}`;
}
