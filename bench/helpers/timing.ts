import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const executable = fileURLToPath(new URL('bin/salesreport.js', `file://${process.cwd()}/`));

/**
 * How long a command takes as a whole process, s; its output goes nowhere. Throws what it complained of when it fails.
 */
export function seconds([command, ...args]: readonly string[], input = ''): number {
  const start = performance.now();
  const { status, error, stderr } = spawnSync(command!, args, {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed: ${stderr}`);
  return (performance.now() - start) / 1000;
}

/** The middle one; of an even number, the greater of the two. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Lets each be measured in turns, so that a busy machine slows all alike. Returns the medians under the same names. */
export function inTurns<Name extends string>(
  rounds: number,
  measures: Record<Name, () => number>,
): Record<Name, number> {
  const names = Object.keys(measures) as Name[];
  const found = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) for (const name of names) found[name].push(measures[name]());
  return Object.fromEntries(names.map(name => [name, median(found[name])])) as Record<Name, number>;
}
