import { longestPath, reversed } from '../engine/graph.ts';
import { graphOf } from '../engine/inventory.ts';
import type { Change } from '../engine/outcome.ts';
import type { Durations } from '../engine/resource.ts';
import type { AwsResource } from '../stack.ts';
import { type TimingName, timings, worstOf } from '../timings.ts';

/** How long work is expected to take, and what makes it that long. */
export interface Estimate {
  /** s */
  seconds: number;
  /** On a slow day of AWS, s. */
  atWorst: number;
  /** Titles of what one has to wait for, one after the other. */
  path: string[];
}

type Pace = 'usual' | 'worst';

type Work = Pick<Change, 'id' | 'action' | 'operations'>;
/** `serve`: a create and what comes after it until the thing serves. */
type Stage = Omit<Work, 'action'> & { action: Work['action'] | 'serve' };

/** The looks before the plan and under the lock, each some reads deep. */
const looksOfARun = 8 * timings['call.read'].seconds;
/** The lock is made before and removed after the work. */
const callsOfTheLock = 2 * timings['call.write'].seconds;
/** Asking the function: who reads the topic, and the function itself. */
const callsOfTheProof = 2 * timings['call.write'].seconds;
/**
 * AWS is asked every 2 to 5 s: what has become ready is seen half a pause later, and not before the first pause is
 * over.
 */
const pause = { first: 3.5, half: 1.75 };

/**
 * How long one change takes once what it needs is there, s: its calls one after the other, and what AWS takes beyond
 * them.
 */
export function secondsOf(
  resource: AwsResource,
  { action, operations }: Omit<Stage, 'id'>,
  pace: Pace = 'usual',
): number {
  const { durations = {} } = resource;
  const waits: readonly (keyof Durations)[] =
    action === 'replace' ? ['remove', 'create'] : [action === 'adopt' ? 'update' : action];
  return (
    operations.length * timings['call.write'].seconds +
    waits.map(what => waitOf(durations[what], pace)).reduce((sum, one) => sum + one, 0)
  );
}

function waitOf(names: readonly TimingName[] = [], pace: Pace): number {
  if (names.length === 0) return 0;
  const seconds = names
    .map(name => (pace === 'usual' ? timings[name].seconds : worstOf(name)))
    .reduce((sum, one) => sum + one, 0);
  return Math.max(pause.first, seconds + pause.half) + timings['call.read'].seconds;
}

/**
 * How long a provision with these changes takes, from its first look until the function's proof: the longest path
 * through the graph, then the one through what is removed.
 */
export function estimateChanges(resources: readonly AwsResource[], changes: readonly Work[]): Estimate {
  if (changes.length === 0) return { seconds: looksOfARun, atWorst: looksOfARun, path: [] };
  const making = changes.filter(({ action }) => action !== 'remove');
  const going = new Set(changes.filter(({ action }) => action === 'remove').map(({ id }) => id));
  const made = longest(resources, making);
  const gone = estimateRemoval(resources.filter(({ id }) => going.has(id)));
  const around = looksOfARun + callsOfTheLock + callsOfTheProof;
  return {
    seconds: around + made.seconds + gone.seconds,
    atWorst: around + made.atWorst + gone.atWorst,
    path: [...made.path, ...gone.path],
  };
}

/** How long it takes to remove these, each after what needs it. */
export function estimateRemoval(resources: readonly AwsResource[]): Estimate {
  const byId = new Map(resources.map(resource => [resource.id, resource]));
  const at = (pace: Pace) =>
    longestPath(reversed(graphOf(resources)), id => {
      const resource = byId.get(id)!;
      return secondsOf(resource, { action: 'remove', operations: [...resource.operations.remove] }, pace);
    });
  const { length, path } = at('usual');
  return { seconds: length, atWorst: at('worst').length, path: path.map(id => byId.get(id)!.title) };
}

/** The longest path through what is made or mended; what runs on a new thing serves at the end of a path of its own. */
function longest(resources: readonly AwsResource[], work: readonly Work[]): Estimate {
  const byId = new Map(resources.map(resource => [resource.id, resource]));
  const changes = new Map(work.map(change => [change.id, change]));
  const graph = new Map(graphOf(resources.filter(({ wanted, madeByAws }) => wanted && !madeByAws)));
  const serving = new Map<string, AwsResource>();
  for (const { id, action } of work) {
    const resource = byId.get(id)!;
    if (!resource.durations?.serve || action === 'update' || action === 'adopt') continue;
    serving.set(`${id} serves`, resource);
    graph.set(`${id} serves`, graph.get(id) ?? []);
  }
  const at = (pace: Pace) =>
    longestPath(graph, id => {
      const served = serving.get(id);
      if (served) return secondsOf(served, { ...changes.get(served.id)!, action: 'serve' }, pace);
      const change = changes.get(id);
      return change ? secondsOf(byId.get(id)!, change, pace) : 0;
    });
  const { length, path } = at('usual');
  const shown = path.filter(id => serving.has(id) || changes.has(id));
  return {
    seconds: length,
    atWorst: at('worst').length,
    path: shown.map(id => (serving.get(id) ?? byId.get(id)!).title),
  };
}
