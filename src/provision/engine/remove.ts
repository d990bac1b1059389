import { secondsSince } from '../../clock.ts';
import { defaultDeadline, type Engine, endsTheRun } from './engine.ts';
import { reversed, walk } from './graph.ts';
import { type Held, soughtWords, together } from './held.ts';
import { graphOf } from './inventory.ts';
import type { Outcome } from './outcome.ts';
import type { Answer, AnyResource, Found } from './resource.ts';
import { withinStep } from './step.ts';
import { waitFor } from './wait.ts';
import { WaitForecasts } from './wait-forecasts.ts';

/** Between two looks that together prove an absence, ms. */
export const lookAgainAfter = 10_000;

/** What is to go of one resource. */
export interface Removal {
  resource: AnyResource;
  found: readonly Found[];
}

/**
 * Those of which something is there, or may be: what AWS made by itself nobody may see as long as something that it
 * needs is there.
 */
export function goingOf(removals: readonly Removal[]): Removal[] {
  const there = new Set(removals.filter(({ found }) => found.length > 0).map(({ resource }) => resource.id));
  return removals.filter(
    ({ resource }) =>
      there.has(resource.id) || (resource.madeByAws && Object.values(resource.needs).some(({ id }) => there.has(id))),
  );
}

interface RemoveOptions {
  /** Ids of what is kept, where it says why. */
  keeps?: ReadonlySet<string>;
  /** What has become of some already: they are left as they are. */
  settled?: ReadonlyMap<string, Outcome>;
}

/**
 * Removes things, each once everything that needs it is gone, the rest in parallel. Failures are collected; what a
 * thing that stayed still needs is left alone.
 */
export async function removeAll(
  engine: Engine,
  removals: readonly Removal[],
  { keeps = new Set(), settled = new Map() }: RemoveOptions = {},
): Promise<Outcome[]> {
  const byId = new Map(goingOf(removals).map(removal => [removal.resource.id, removal]));
  const titles = new Map(removals.map(({ resource: { id, title } }) => [id, title]));
  const going = [...byId.values()].filter(({ resource }) => !settled.has(resource.id));
  const outlooks = new WaitForecasts(
    going.map(({ resource }) => resource),
    engine.progress,
  );
  engine.progress.begin(going.length);
  const outcomes = await walk<Outcome>(
    reversed(graphOf(removals.map(({ resource }) => resource))),
    async (id, dependents) => {
      const before = settled.get(id);
      if (before) return before;
      const removal = byId.get(id);
      if (!removal) return { id, title: titles.get(id)!, outcome: 'absent', seconds: 0 };
      outlooks.begin(id);
      const outcome = await removeOne(engine, removal, dependents, keeps.has(id));
      engine.progress.finished(outcome);
      outlooks.end(id);
      return outcome;
    },
  );
  return removals.map(({ resource }) => outcomes.get(resource.id)!);
}

async function removeOne(
  engine: Engine,
  { resource, found: known }: Removal,
  dependents: ReadonlyMap<string, Outcome>,
  isKept: boolean,
): Promise<Outcome> {
  const { id, title } = resource;
  const start = engine.clock.elapsed();
  let found = known;
  const outcome = (what: Outcome['outcome'], why?: string): Outcome => ({
    id,
    title,
    outcome: what,
    ...(found.length > 0 ? { awsId: found.map(one => one.awsId).join(', ') } : {}),
    seconds: secondsSince(engine.clock, start),
    ...(why ? { why } : {}),
  });
  const keep = isKept ? resource.keep?.bind(resource) : undefined;
  const stayed = [...dependents.values()].find(({ outcome: what }) => what === 'failed' || what === 'skipped');
  if (stayed && !keep) return outcome('skipped', `${stayed.title} is still there`);
  const step = { id, waiting: (reason: string | undefined) => engine.progress.waiting(id, reason) };
  try {
    if (keep) return outcome('kept', (await Promise.all(found.map(keep))).join('; '));
    engine.progress.started({ id, title, action: 'remove' });
    await withinStep(step, async () => {
      if (resource.madeByAws) found = await removeUnlisted(engine, resource, known);
      else await Promise.all(found.map(one => removeFound(engine, resource, one)));
      if (resource.mayReturnWithin) await removeReturned(engine, resource, resource.mayReturnWithin);
    });
    return outcome(found.length > 0 ? 'removed' : 'absent');
  } catch (error) {
    if (endsTheRun(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const held = engine.isInUse(error) ? await holdersOf(resource, found) : undefined;
    if (held && held.by.length > 0) return { ...outcome('failed', why), heldBy: held.by };
    const words = held && soughtWords(held);
    return outcome('failed', words ? `${ended(why)} ${words}` : why);
  }
}

/** What keeps things from going, and what was looked for in vain; undefined where nothing can be looked for. */
async function holdersOf(resource: AnyResource, found: readonly Found[]): Promise<Held | undefined> {
  if (!resource.holders) return undefined;
  return together(await Promise.all(found.map(one => resource.holders!(one))));
}

/** A sentence that another may follow. */
const ended = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);

/**
 * Removes what AWS made by itself, and gives all that there was. A list of it may be empty at first although it is
 * there (go-to-k/cdkd#43): it is gone once two lists, ten seconds apart, have been empty.
 */
async function removeUnlisted(engine: Engine, resource: AnyResource, known: readonly Found[]): Promise<Found[]> {
  const all = new Map(known.map(one => [one.awsId, one]));
  let pending = [...known];
  for (let emptySince: number | undefined; ; ) {
    pending.push(
      ...(await resource.find(engine.newSnapshot())).filter(({ awsId }) => !pending.some(one => one.awsId === awsId)),
    );
    for (const one of pending) all.set(one.awsId, one);
    const now = engine.clock.elapsed();
    if (pending.length > 0) {
      emptySince = undefined;
      await Promise.all(pending.map(one => removeFound(engine, resource, one)));
      pending = [];
    } else if (emptySince !== undefined && now >= emptySince + lookAgainAfter) return [...all.values()];
    else {
      emptySince ??= now;
      engine.progress.waiting(
        resource.id,
        'none is listed any more; looking once more, since the first empty list may lie',
      );
      await engine.clock.sleep(lookAgainAfter);
    }
  }
}

/** Looks once more when AWS cannot have anything left to write, and removes what turned up again. */
async function removeReturned(engine: Engine, resource: AnyResource, within: number): Promise<void> {
  engine.progress.waiting(resource.id, 'waiting whether AWS makes it again');
  await engine.clock.sleep(within);
  const returned = (await resource.find(engine.newSnapshot())).filter(({ ours, nobodys }) => ours || nobodys);
  await Promise.all(returned.map(one => removeFound(engine, resource, one)));
}

/** Removes one thing and waits until AWS says that it is gone. */
export async function removeFound(engine: Engine, resource: AnyResource, found: Found): Promise<Answer> {
  await resource.remove(found);
  return waitFor<Answer>({
    ...engine,
    what: `Removing ${resource.title}`,
    deadline: resource.deadline ?? defaultDeadline,
    onWait: reason => engine.progress.waiting(resource.id, reason),
    poll: async () => {
      const answer = await resource.ask(found);
      return answer.gone ? { result: answer } : { waiting: answer.answer };
    },
  });
}
