import { secondsSince } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import { defaultDeadline, type Engine, endsTheRun, isDenial } from './engine.ts';
import { walk } from './graph.ts';
import { graphOf, type Inventory, inUseOf, nameTaken, takeInventory } from './inventory.ts';
import type { Outcome } from './outcome.ts';
import { differencesOf } from './plan.ts';
import { removeFound } from './remove.ts';
import { type AnyResource, type Found, readinessOf } from './resource.ts';
import { withinStep } from './step.ts';
import { waitFor } from './wait.ts';

/** How long a create whose answer was lost, or whose name is taken, is looked for, ms. */
const visibilityBudget = 60_000;

interface Visit {
  outcome: Outcome;
  found?: Found;
  /** A permission was missing: nothing else is begun. */
  isDenied?: boolean;
}

/**
 * Makes the wanted resources what they should be, each as soon as what it needs is ready. A failure is an outcome: what
 * needs the failed one is skipped, the rest goes on. After a denied permission nothing else is begun, and what is under
 * way is finished.
 */
export async function apply(
  engine: Engine,
  resources: readonly AnyResource[],
  inventory: Inventory,
): Promise<Outcome[]> {
  const all = resources.filter(
    resource => resource.wanted && !resource.madeByAws && !(resource.updateOnly && !inUseOf(inventory, resource.id)),
  );
  const wanted = all.filter(({ record }) => !record);
  const byId = new Map(wanted.map(resource => [resource.id, resource]));
  engine.progress.begin(all.length);
  let isDenied = false;
  const visits = await walk<Visit>(graphOf(wanted), async (id, before) => {
    const resource = byId.get(id)!;
    const visit = isDenied ? { outcome: notBegun(resource) } : await visitOne(engine, resource, inventory, before);
    isDenied ||= visit.isDenied === true;
    engine.progress.finished(visit.outcome);
    return visit;
  });
  return wanted.map(({ id }) => visits.get(id)!.outcome);
}

/**
 * Writes the records of what was done, once the rest is: `isWhole` says whether nothing of that failed. They are looked
 * at anew.
 */
export async function writeRecords(
  engine: Engine,
  resources: readonly AnyResource[],
  isWhole: boolean,
): Promise<Outcome[]> {
  const records = resources.filter(({ wanted, record }) => wanted && record);
  const inventory = isWhole ? await takeInventory(records, engine.newSnapshot()) : new Map();
  return Promise.all(
    records.map(async resource => {
      const { id, title } = resource;
      const why = 'what it would record was not all done';
      const { outcome } = isWhole
        ? await visitOne(engine, resource, inventory, new Map())
        : { outcome: { id, title, outcome: 'skipped' as const, why, seconds: 0 } };
      engine.progress.finished(outcome);
      return outcome;
    }),
  );
}

const notBegun = ({ id, title }: AnyResource): Outcome => ({
  id,
  title,
  outcome: 'skipped',
  why: 'nothing is begun any more once a permission is missing',
  seconds: 0,
});

async function visitOne(
  engine: Engine,
  resource: AnyResource,
  inventory: Inventory,
  before: ReadonlyMap<string, Visit>,
): Promise<Visit> {
  const { id, title } = resource;
  const start = engine.clock.elapsed();
  const outcome = (what: Outcome['outcome'], more: Partial<Outcome> = {}): Outcome => ({
    id,
    title,
    outcome: what,
    seconds: secondsSince(engine.clock, start),
    ...more,
  });
  const broken = [...before.values()].find(visit => !visit.found);
  if (broken) return { outcome: outcome('skipped', { why: `${broken.outcome.title} is not ready` }) };
  const needs = Object.fromEntries(
    Object.entries(resource.needs).map(([name, need]) => [name, before.get(need.id)?.found as Found]),
  );
  const remarks: string[] = [];
  const step = {
    id,
    waiting: (reason: string | undefined) => engine.progress.waiting(id, reason),
    remark: (words: string) => void remarks.push(words),
  };
  try {
    return await withinStep(step, async () => {
      const existing = inUseOf(inventory, id);
      const known = new Map([
        ...inventory,
        ...[...before].map(([need, visit]) => [need, visit.found ? [visit.found] : []] as const),
      ]);
      const result = existing
        ? await reconcile(engine, resource, existing, needs, known)
        : { found: await make(engine, resource, needs), what: 'created' as const };
      const why = remarks.length > 0 ? { why: remarks.join('; ') } : {};
      return { found: result.found, outcome: outcome(result.what, { awsId: result.found.awsId, ...why }) };
    });
  } catch (error) {
    if (endsTheRun(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return { outcome: outcome('failed', { why }), isDenied: isDenial(error) };
  }
}

async function reconcile(
  engine: Engine,
  resource: AnyResource,
  existing: Found,
  needs: Record<string, Found>,
  known: Inventory,
): Promise<{ found: Found; what: Outcome['outcome'] }> {
  const differences = differencesOf(resource, existing, known);
  const { id, title } = resource;
  if (existing.adopting) {
    engine.progress.started({ id, title, action: 'adopt' });
    await resource.adopt?.(existing);
    if (differences.length > 0) await resource.update?.(existing, needs, differences);
    return { found: await untilReady(engine, resource, existing), what: 'adopted' };
  }
  if (differences.some(({ how }) => how === 'ended')) {
    engine.progress.started({ id, title, action: 'replace' });
    await removeFound(engine, resource, existing);
    return { found: await make(engine, resource, needs), what: 'replaced' };
  }
  if (differences.length > 0) {
    engine.progress.started({ id, title, action: 'update' });
    await resource.update?.(existing, needs, differences);
  }
  return {
    found: await untilReady(engine, resource, existing),
    what: differences.length > 0 ? 'updated' : 'unchanged',
  };
}

async function make(engine: Engine, resource: AnyResource, needs: Record<string, Found>): Promise<Found> {
  engine.progress.started({ id: resource.id, title: resource.title, action: 'create' });
  const made = await createOnce(engine, resource, needs);
  const missing = resource.differences?.(made, needs) ?? [];
  if (missing.length > 0) await resource.update?.(made, needs, missing);
  return untilReady(engine, resource, made);
}

/**
 * Creates it, unless an answer was lost and the thing turns up, or its name is taken by one of ours that was not
 * visible before.
 */
async function createOnce(engine: Engine, resource: AnyResource, needs: Record<string, Found>): Promise<Found> {
  if (resource.needsIntent) {
    const within = engine.intents.lookWithin(resource.id);
    const begun = within === undefined ? undefined : await lookAgain(engine, resource, within);
    if (begun) return begun;
    await engine.intents.note(resource.id);
  }
  let mayTurnUp = false;
  for (let attempt = 1; ; attempt++) {
    try {
      const made = await resource.create(needs);
      if (!mayTurnUp) engine.intents.settled(resource.id);
      return made;
    } catch (error) {
      const lost = engine.isLostAnswer(error);
      mayTurnUp ||= lost;
      if (!mayTurnUp) engine.intents.settled(resource.id);
      if (!lost && !engine.isAlreadyThere(error)) throw error;
      const found = await lookAgain(engine, resource, visibilityBudget);
      if (found) return found;
      if (!lost || attempt === 3) throw error;
    }
  }
}

/** Looks for one of ours for so long, ms, and at least once. Throws Problem `name-taken` for a stranger's. */
async function lookAgain(engine: Engine, resource: AnyResource, within: number): Promise<Found | undefined> {
  const end = engine.clock.elapsed() + within;
  return waitFor({
    ...engine,
    what: resource.title,
    deadline: visibilityBudget * 2,
    onWait: reason => engine.progress.waiting(resource.id, reason),
    poll: async () => {
      const found = await resource.find(engine.newSnapshot());
      const ours = found.find(one => one.ours && !one.outdated);
      if (ours) return { result: ours };
      if (found[0]) throw nameTaken(resource, found[0]);
      return engine.clock.elapsed() >= end ? { result: undefined } : { waiting: 'looking whether it was made' };
    },
  });
}

/** Polls until it can be used. Throws Problem `not-ready` when AWS says that it has failed. */
async function untilReady(engine: Engine, resource: AnyResource, made: Found): Promise<Found> {
  const { title } = resource;
  if (!resource.readiness) return made;
  let seen: Found | undefined = made;
  return waitFor<Found>({
    ...engine,
    what: title,
    deadline: resource.deadline ?? defaultDeadline,
    onWait: reason => engine.progress.waiting(resource.id, reason),
    poll: async () => {
      // What the create answered is the first look; after it the inventory is asked.
      const found = seen ?? (await resource.find(engine.newSnapshot())).find(one => one.awsId === made.awsId);
      seen = undefined;
      if (!found) return { waiting: 'AWS is making the new id known' };
      const readiness = readinessOf(resource, found);
      switch (readiness.state) {
        case 'ready':
        case 'idle':
          return { result: found };
        case 'waiting':
          return { waiting: readiness.why };
        case 'failed':
          throw new Problem(
            'not-ready',
            `${title} failed: ${readiness.why}. Run the same command again to replace it.`,
          );
      }
    },
  });
}
