import { Problem } from '../../problem.ts';
import { as, flagged, salesreport } from '../../suggest.ts';
import type { AnyResource, Found } from './resource.ts';
import { inUseOf, oursOf, type Survey } from './survey.ts';

/** What is done only because a person has said so. */
export interface Consent {
  /** Things that have our names and belong to nobody are made ours. */
  adopt?: boolean;
  /** Ids of resources that are removed and made anew, with what stands on them; one that holds data goes only where it is named itself. */
  replace?: readonly string[];
}

/** The world in which what may be adopted is ours. */
export function withAdopted<L>(resources: readonly AnyResource<L>[], world: Survey, { adopt }: Consent): Survey {
  if (!adopt) return world;
  const adopted = resources
    .filter(({ id, wanted, adopt: canBe }) => wanted && canBe && oursOf(world, id).length === 0)
    .flatMap(({ id }): [string, Found[]][] => {
      const orphan = world.get(id)?.find(({ nobodys }) => nobodys);
      return orphan ? [[id, [{ ...orphan, ours: true, adopting: true }]]] : [];
    });
  return new Map([...world, ...adopted]);
}

/**
 * What is removed before anything is made: what a person wants replaced and is there, and what stands on that. By id: the title of what takes it along, or
 * undefined where it was named itself. Throws Problem `unknown-resource`, and `needs-replacing` where data would be lost that nobody named.
 */
export function replacementsOf<L>(
  resources: readonly AnyResource<L>[],
  world: Survey,
  { replace = [] }: Consent,
): Map<string, string | undefined> {
  const canBeReplaced = ({ wanted, byproduct, mendedOnly, record }: AnyResource<L>) =>
    wanted && !byproduct && !mendedOnly && !record;
  const unknown = replace.find(id => !resources.some(resource => resource.id === id && canBeReplaced(resource)));
  if (unknown !== undefined)
    throw new Problem(
      'unknown-resource',
      `There is no resource ${unknown} in this stack: ${salesreport`provision --dry-run --json`} and ${salesreport`status --json`} name them by their id.`,
      { exit: 'usage' },
    );
  const going = new Map<string, string | undefined>();
  for (const resource of resources.filter(({ wanted, mendedOnly }) => wanted && !mendedOnly)) {
    if (replace.includes(resource.id) && inUseOf(world, resource.id)) going.set(resource.id, undefined);
    // Every resource stands after those that it needs.
    const ground = Object.values(resource.needs).find(({ id }) => going.has(id));
    const isThere = resource.byproduct || inUseOf(world, resource.id) !== undefined;
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
