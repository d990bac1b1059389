import type { Pipeline } from '../../src/provision/pipeline.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { SimulatedCall, Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { isStorm } from './sampled.ts';
import { newProcess, pipelineOn, type StackOptions, simulatedAws } from './simulated-stack.ts';

/** One command of an operator: what a process does from its start to its end. */
export type Command = (pipeline: Pipeline) => Promise<unknown>;

/** What stands, by kind, resource and name, without the ids that differ from run to run. */
export const shapeOf = (aws: Simulator): string[] =>
  inventory(aws.world)
    .filter(row => !isEnded(row))
    .map(({ type, name, tags, id, service }) => {
      const named = service === 'ec2' ? (tags['salesreport:resource'] ?? '') : id;
      return [type, named, name]
        .filter(Boolean)
        .join(' ')
        .replace(/nat-\w+|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|(?<=:layer:\w+:)\d+/g, '…');
    })
    .sort();

/** What is in one list more often than in the other. */
function surplus(one: readonly string[], other: readonly string[]): string[] {
  const rest = [...other];
  return one.filter(item => {
    const at = rest.indexOf(item);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** What is there more often than it should be. */
export function doubledIn(is: readonly string[], should: readonly string[]): string[] {
  const count = (list: readonly string[], item: string) => list.filter(other => other === item).length;
  return [...new Set(is)].filter(item => count(is, item) > Math.max(1, count(should, item)));
}

/** How what stands differs from what should: one sentence, or none. */
export function differenceOf(is: readonly string[], should: readonly string[]): string[] {
  const [more, less] = [surplus(is, should), surplus(should, is)];
  if (more.length + less.length === 0) return [];
  return [`too much: ${more.join(', ') || 'nothing'}; missing: ${less.join(', ') || 'nothing'}`];
}

/** A new process on the host `shop`, where every other one is dead. */
const successor = () => newProcess('shop', () => false);

/**
 * Runs a command as a process that dies (`kill -9`) before or after the effect of its nth changing call. Says whether
 * it came to that.
 */
export async function dying(
  aws: Simulator,
  command: Command,
  { nth, side, ...options }: StackOptions & { nth: number; side: 'before' | 'after' },
): Promise<boolean> {
  let calls = 0;
  aws.fault = ({ mutating }) => (mutating && ++calls === nth ? `killed ${side}` : undefined);
  const died = new Promise<true>(resolve => {
    aws.onKill = () => resolve(true);
  });
  const pipeline = await followed(aws, options);
  const hasDied = await Promise.race([died, command(pipeline).then(() => false)]);
  aws.restart();
  aws.fault = () => undefined;
  return hasDied;
}

export interface Act {
  /** What stood before; nothing without it. */
  before?: (aws: Simulator) => Promise<unknown>;
  command: Command;
  options?: StackOptions;
  /** Run after the command has come to its end, to see that it can be: leaves nothing. */
  afterwards?: Command;
}

/** How late AWS shows what is new, ms: all with STORM in the environment, else one. */
export const lags: readonly number[] = isStorm ? [0, 2_000, 15_000] : [2_000];

/**
 * A pipeline of the process that follows a dead one. It asks seldom whether AWS is ready and, as with an endpoint of
 * one's own, not what the operator may do: neither changes where a process can die.
 */
const followed = (aws: Simulator, options: StackOptions = {}): Promise<Pipeline> =>
  pipelineOn(aws, { ...options, every: [60_000, 120_000], endpoint: 'http://127.0.0.1:1', self: successor() });

/** All deaths with STORM in the environment; else one of so many. */
const sample = isStorm ? 1 : 32;

/**
 * Lets the process that runs a command die before and after the effect of each of its changing calls, and types the
 * same command again at once. Gives the number of possible deaths, and what was not as after an undisturbed run. A call
 * that AWS refused has no effect to die at.
 */
export async function dieEverywhere(
  lag: number,
  { before, command, options, afterwards }: Act,
): Promise<{ deaths: number; wrong: string[] }> {
  const aws = simulatedAws({ lag });
  await before?.(aws);
  const moments: { call: SimulatedCall; label: string; world: Simulator }[] = [];
  let nth = 0;
  let effects = 0;
  let seen = 0;
  aws.onEffect = (call, side) => {
    const { mutating, service, operation } = call;
    if (!mutating) return;
    if (side === 'before') nth++;
    else effects++;
    if (seen++ % sample > 0) return;
    const world = aws.fork(new VirtualClock({ start: aws.world.now() }));
    moments.push({ call, label: `dead ${side} change ${nth}, ${service}:${operation}`, world });
  };
  await command(await followed(aws, options));
  aws.onEffect = () => {};
  const whole = shapeOf(aws);
  const wrong: string[] = [];
  for (const { label, world } of moments.filter(({ call }) => call.error === undefined)) {
    const say = (what: string) => wrong.push(`${label}: ${what}`);
    try {
      await command(await followed(world, options));
      for (const what of differenceOf(shapeOf(world), whole)) say(what);
      if (!afterwards) continue;
      await afterwards(await followed(world, options));
      for (const left of shapeOf(world)) say(`left afterwards: ${left}`);
    } catch (error) {
      say((error as Error).message);
    }
  }
  return { deaths: 2 * effects, wrong };
}
