import type { Engine } from './engine.ts';
import type { Certificate, Outcome } from './outcome.ts';
import { lookAgainAfter, type Removal, removeAll } from './remove.ts';
import type { AnyResource } from './resource.ts';
import { oursOf, survey } from './survey.ts';

type Verdict = Pick<Certificate, 'removed' | 'kept' | 'left'>;

/**
 * Removes everything of ours and states what AWS answers afterwards. It looks for everything again ten seconds later, takes away what turned up (a log
 * group that a late line made again), then asks for each thing by its id. Nothing is certified that was not asked. With
 * `keeps`, what is worth keeping is kept, and named.
 */
export async function removeAndCertify<L>(
  engine: Engine<L>,
  resources: readonly AnyResource<L>[],
  { keeps }: { keeps: boolean },
): Promise<Verdict> {
  const first = await removalsOf(engine, resources);
  if (first.every(({ found }) => found.length === 0)) return { removed: [], kept: [], left: [] };
  const outcomes = await removeAll(engine, first, keeps);
  if (outcomes.every(({ outcome }) => outcome === 'absent' || outcome === 'kept')) return certify(first, outcomes);
  await engine.clock.sleep(lookAgainAfter);
  const again = (await removalsOf(engine, resources)).filter(({ resource }) => !isSettled(outcomes, resource.id));
  const late = again.some(({ found }) => found.length > 0) ? await removeAll(engine, again, keeps) : [];
  return certify([...first, ...again], [...outcomes, ...late]);
}

/** Whether a second look at a resource would change nothing: what stayed stays. */
const isSettled = (outcomes: readonly Outcome[], id: string): boolean =>
  outcomes.some(({ id: other, outcome }) => other === id && ['failed', 'skipped', 'kept'].includes(outcome));

async function removalsOf<L>(engine: Engine<L>, resources: readonly AnyResource<L>[]): Promise<Removal<L>[]> {
  const world = await survey(resources, engine.newLook());
  return resources.map(resource => ({ resource, found: oursOf(world, resource.id) }));
}

async function certify<L>(removals: readonly Removal<L>[], outcomes: readonly Outcome[]): Promise<Verdict> {
  const things = removals.flatMap(({ resource, found }) => found.map(one => ({ resource, one })));
  const unique = things.filter(
    ({ one }, index) =>
      things.findIndex(other => other.one.awsId === one.awsId && other.resource.id === things[index]!.resource.id) === index,
  );
  const verdict: Verdict = { removed: [], kept: [], left: [] };
  await Promise.all(
    unique.map(async ({ resource: { id, title, ask }, one }) => {
      const kept = outcomes.find(outcome => outcome.id === id && outcome.outcome === 'kept');
      if (kept) return verdict.kept.push({ id, awsId: one.awsId, why: kept.why! });
      const { asked, answer, gone } = await ask(one).catch(error => ({
        asked: id,
        answer: String((error as Error).message),
        gone: false,
      }));
      if (gone) verdict.removed.push({ id, title, awsId: one.awsId, asked, answer });
      else
        verdict.left.push({
          id,
          awsId: one.awsId,
          why: outcomes.find(outcome => outcome.id === id && outcome.why)?.why ?? answer,
        });
    }),
  );
  const order = (id: string) => removals.findIndex(({ resource }) => resource.id === id);
  verdict.removed.sort((a, b) => order(a.id) - order(b.id));
  verdict.left.sort((a, b) => order(a.id) - order(b.id));
  return verdict;
}
