import type { Engine } from './engine.ts';
import { oursOf, takeInventory } from './inventory.ts';
import type { Certificate, Outcome } from './outcome.ts';
import { goingOf, lookAgainAfter, type Removal, removeAll } from './remove.ts';
import type { AnyResource, Found } from './resource.ts';

/** What is to go of one resource, and what has its name and is not ours. */
interface Looked extends Removal {
  strangers: readonly Found[];
}

export type Verdict = Pick<Certificate, 'removed' | 'kept' | 'left' | 'strangers'>;

export interface CertifyOptions {
  /** Ids of what stays and is named, where it says why. Default: nothing. */
  keeps?: ReadonlySet<string>;
  /** US dollars a month of what is left, as a decimal string, where they are known. */
  monthlyOf?: (resource: AnyResource, found: Found) => string | undefined;
  /** Told what will be removed, before the first of it is; what it throws stops the removal. */
  begun?: (going: readonly Removal[]) => Promise<void>;
}

const priced = (monthly: string | undefined) => (monthly === undefined ? {} : { monthly });

/**
 * Removes everything of ours and states what AWS answers afterwards. It looks for everything again ten seconds later,
 * takes away what turned up, tries once more what was held by something, then asks for each thing by its id. Nothing is
 * certified that was not asked.
 */
export async function removeAndCertify(
  engine: Engine,
  resources: readonly AnyResource[],
  options: CertifyOptions = {},
): Promise<Verdict> {
  const { keeps, monthlyOf = () => undefined, begun = async () => {} } = options;
  const certify = (looks: readonly Looked[], outcomes: readonly Outcome[]) => askedFor(looks, outcomes, monthlyOf);
  const first = await removalsOf(engine, resources);
  if (first.every(({ found }) => found.length === 0)) return certify(first, []);
  await begun(goingOf(first));
  const outcomes = await removeAll(engine, first, { keeps });
  if (outcomes.every(({ outcome }) => outcome === 'absent' || outcome === 'kept')) return certify(first, outcomes);
  await engine.clock.sleep(lookAgainAfter);
  const again = await removalsOf(engine, resources);
  const settled = new Map(outcomes.filter(one => isSettled(one, outcomes)).map(one => [one.id, one]));
  const isOver = again.every(({ resource, found }) => found.length === 0 || settled.has(resource.id));
  const late = isOver ? outcomes : await removeAll(engine, again, { keeps, settled });
  return certify([...first, ...again], late);
}

/**
 * Whether a second try would change nothing: what is kept or failed for itself stays; what was held may be free by now,
 * and so what waited for it.
 */
const isSettled = ({ outcome, heldBy }: Outcome, outcomes: readonly Outcome[]): boolean =>
  outcome === 'kept' ||
  (outcome === 'failed' && heldBy === undefined) ||
  (outcome === 'skipped' && outcomes.every(other => other.heldBy === undefined));

async function removalsOf(engine: Engine, resources: readonly AnyResource[]): Promise<Looked[]> {
  const inventory = await takeInventory(resources, engine.newSnapshot());
  return resources.map(resource => ({
    resource,
    found: oursOf(inventory, resource.id),
    strangers: (inventory.get(resource.id) ?? []).filter(({ ours }) => !ours),
  }));
}

/** Those of the last look: what another run has taken away meanwhile is none. */
function strangersOf(removals: readonly Looked[]): Verdict['strangers'] {
  const last = new Map(removals.map(one => [one.resource.id, one]));
  return [...last.values()].flatMap(({ resource: { id, title }, strangers }) =>
    strangers.map(({ awsId, owner = 'it has no owner tags' }) => ({ id, title, awsId, owner })),
  );
}

/** Asks for everything that either look found, in the order of the catalogue. */
async function askedFor(
  removals: readonly Looked[],
  outcomes: readonly Outcome[],
  monthlyOf: NonNullable<CertifyOptions['monthlyOf']>,
): Promise<Verdict> {
  const things = new Map(
    removals.flatMap(({ resource, found }) =>
      found.map(one => [`${resource.id} ${one.awsId}`, { resource, one }] as const),
    ),
  );
  const lists: Pick<Verdict, 'removed' | 'kept' | 'left'> = { removed: [], kept: [], left: [] };
  const strangers = strangersOf(removals);
  const isStranger = keyed(strangers);
  const asked = await Promise.all(
    [...things.values()].map(async ({ resource, one }) => {
      const outcome = outcomes.find(({ id }) => id === resource.id);
      if (outcome?.outcome === 'kept') return { resource, one, outcome };
      const answer = await resource
        .ask(one)
        .catch(error => ({ asked: resource.id, answer: String((error as Error).message), gone: false }));
      return { resource, one, outcome, answer };
    }),
  );
  const order = [...new Set(removals.map(({ resource }) => resource.id))];
  asked.sort((a, b) => order.indexOf(a.resource.id) - order.indexOf(b.resource.id));
  for (const { resource, one, outcome, answer } of asked) {
    const thing = { id: resource.id, title: resource.title, awsId: one.awsId };
    if (!answer) lists.kept.push({ ...thing, why: outcome!.why! });
    else if (answer.gone) lists.removed.push({ ...thing, asked: answer.asked, answer: answer.answer });
    // Where ours went, what is there now is another one of its name that somebody has made since.
    else if (!(isStranger(thing) && ['removed', 'absent'].includes(outcome?.outcome ?? '')))
      lists.left.push({
        ...thing,
        why: outcome?.why ?? answer.answer,
        ...(outcome?.heldBy ? { heldBy: outcome.heldBy } : {}),
        ...priced(monthlyOf(resource, one)),
      });
  }
  const isTold = keyed([...lists.removed, ...lists.kept, ...lists.left]);
  return { ...lists, strangers: strangers.filter(one => !isTold(one)) };
}

/** Whether a thing is one of these. */
function keyed(things: readonly { id: string; awsId: string }[]): (one: { id: string; awsId: string }) => boolean {
  const keys = new Set(things.map(({ id, awsId }) => `${id} ${awsId}`));
  return ({ id, awsId }) => keys.has(`${id} ${awsId}`);
}
