import type { Pipeline } from '../../src/provision/pipeline.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { newProcess, pipelineOn, type StackOptions } from './simulated-stack.ts';

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

/** What is there more often than it should be. */
export function doubledIn(is: readonly string[], should: readonly string[]): string[] {
  const count = (list: readonly string[], item: string) => list.filter(other => other === item).length;
  return [...new Set(is)].filter(item => count(is, item) > Math.max(1, count(should, item)));
}

/** Runs a command as a process that dies (`kill -9`) before or after the effect of its nth changing call. Says whether it came to that. */
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
  const pipeline = await pipelineOn(aws, { ...options, self: newProcess('shop', () => false) });
  const hasDied = await Promise.race([died, command(pipeline).then(() => false)]);
  aws.restart();
  aws.fault = () => undefined;
  return hasDied;
}

/** Runs a command as a new process on the host where every other one is dead. */
export async function living(aws: Simulator, command: Command, options: StackOptions = {}): Promise<void> {
  await command(await pipelineOn(aws, { ...options, self: newProcess('shop', () => false) }));
}
