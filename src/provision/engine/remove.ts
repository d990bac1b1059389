import { secondsSince } from '../../clock.ts';
import { defaultDeadline, type Engine, endsTheRun } from './engine.ts';
import { reversed, walk } from './graph.ts';
import type { Outcome } from './outcome.ts';
import type { Answer, AnyResource, Found } from './resource.ts';
import { withinStep } from './step.ts';
import { graphOf } from './survey.ts';
import { waitFor } from './wait.ts';

/** Between two looks that together prove an absence, ms. */
export const lookAgainAfter = 10_000;

/** What is to go of one resource. */
export interface Removal<L> {
  resource: AnyResource<L>;
  found: readonly Found[];
}

/**
 * Removes things, each once everything that needs it is gone, the rest in parallel. Failures are collected; what a thing that stayed still needs is
 * left alone. With `keeps` a resource that says why it should be kept is.
 */
export async function removeAll<L>(engine: Engine<L>, removals: readonly Removal<L>[], keeps = false): Promise<Outcome[]> {
  const byId = new Map(removals.map(removal => [removal.resource.id, removal]));
  engine.progress.begin(removals.length);
  const outcomes = await walk<Outcome>(reversed(graphOf(removals.map(({ resource }) => resource))), async (id, dependents) => {
    const outcome = await removeOne(engine, byId.get(id)!, dependents, keeps);
    engine.progress.finished(outcome);
    return outcome;
  });
  return removals.map(({ resource }) => outcomes.get(resource.id)!);
}

async function removeOne<L>(
  engine: Engine<L>,
  { resource, found: known }: Removal<L>,
  dependents: ReadonlyMap<string, Outcome>,
  keeps: boolean,
): Promise<Outcome> {
  const { id, title } = resource;
  const start = engine.clock.now();
  let found = known;
  const outcome = (what: Outcome['outcome'], why?: string): Outcome => ({
    id,
    title,
    outcome: what,
    ...(found.length > 0 ? { awsId: found.map(one => one.awsId).join(', ') } : {}),
    seconds: secondsSince(engine.clock, start),
    ...(why ? { why } : {}),
  });
  const keep = keeps ? resource.keep?.bind(resource) : undefined;
  const stayed = [...dependents.values()].find(({ outcome: what }) => what === 'failed' || what === 'skipped');
  if (stayed && !keep) return outcome('skipped', `${stayed.title} is still there`);
  const step = { id, waiting: (reason: string | undefined) => engine.progress.waiting(id, reason) };
  try {
    const makerWentNow = [...dependents.values()].some(({ outcome: what }) => what === 'removed');
    if (resource.byproduct && makerWentNow) found = await lookTwice(engine, resource);
    if (found.length === 0) return outcome('absent');
    if (keep) return outcome('kept', (await Promise.all(found.map(keep))).join('; '));
    engine.progress.started({ id, title, action: 'remove' });
    await withinStep(step, () => Promise.all(found.map(one => removeFound(engine, resource, one))));
    return outcome('removed');
  } catch (error) {
    if (endsTheRun(error)) throw error;
    return outcome('failed', error instanceof Error ? error.message : String(error));
  }
}

/** What AWS made by itself may not be listed at first: it is not there when two looks, ten seconds apart, do not find it (go-to-k/cdkd#43). */
async function lookTwice<L>(engine: Engine<L>, resource: AnyResource<L>): Promise<readonly Found[]> {
  const first = await resource.find(engine.newLook());
  if (first.length > 0) return first;
  await engine.clock.sleep(lookAgainAfter);
  return resource.find(engine.newLook());
}

/** Removes one thing and waits until AWS says that it is gone. */
export async function removeFound<L>(engine: Engine<L>, resource: AnyResource<L>, found: Found): Promise<Answer> {
  await resource.remove(found);
  return waitFor<Answer>({
    ...engine,
    what: `Removing ${resource.title}`,
    deadline: resource.deadline ?? defaultDeadline,
    onWait: reason => engine.progress.waiting(resource.id, reason),
    look: async () => {
      const answer = await resource.ask(found);
      return answer.gone ? { result: answer } : { waiting: answer.answer };
    },
  });
}
