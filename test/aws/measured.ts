import type { Operation } from '../../src/provision/aws/operation.ts';
import { isMutating } from '../../src/provision/operations.ts';
import { timings } from '../../src/provision/timings.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';
import type { Call } from '../helpers/verbose-calls.ts';
import type { Made } from './life.ts';

/** The operations of an undisturbed life on the simulator, with how often each is called. */
export async function simulatedOperations(): Promise<Map<Operation, number>> {
  const counts = new Map<Operation, number>();
  const pipeline = await pipelineOn(simulatedAws(), {
    settings: { network: { adminCidr: 'none' } },
    onCall: ({ operation, error }) => {
      if (error !== 'DryRunOperation') counts.set(operation, (counts.get(operation) ?? 0) + 1);
    },
  });
  await pipeline.provision(silent);
  await pipeline.verify(silent, Promise.resolve({ hop: 'last report', state: 'skipped' }));
  await pipeline.teardown(silent, everything);
  await pipeline.sweep(silent);
  return counts;
}

const medianOf = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

const row = (cells: readonly (string | number)[], widths: readonly number[]): string =>
  cells
    .map((cell, index) => (index === 0 ? String(cell).padEnd(widths[0]!) : String(cell).padStart(widths[index]!)))
    .join('  ')
    .trimEnd();

/**
 * The operations in the order in which each was first answered: how often and how long (median, ms), beside what
 * timings.ts has for such a call and how often an undisturbed life on the simulator calls it. Below, what only one of
 * the two calls.
 */
export function operationTable(calls: readonly Call[], simulated: ReadonlyMap<Operation, number>): string[] {
  const widths = [46, 5, 9, 8, 9];
  const real = calls.filter(({ dry }) => !dry);
  const called = [...new Set(real.map(({ operation }) => operation))];
  const lines = called.map(operation => {
    const durations = real.filter(call => call.operation === operation).map(({ ms }) => ms);
    const expected = timings[isMutating(operation) ? 'call.write' : 'call.read'].seconds * 1_000;
    const cells = [
      durations.length,
      medianOf(durations).toFixed(0),
      expected.toFixed(0),
      simulated.get(operation) ?? '-',
    ];
    return row([operation, ...cells], widths);
  });
  const more = called.filter(operation => !simulated.has(operation));
  const missing = [...simulated.keys()].filter(operation => !called.includes(operation));
  return [
    row(['operation', 'calls', 'median ms', 'table ms', 'simulator'], widths),
    ...lines,
    '',
    `only here: ${more.join(', ') || 'none'}`,
    `only on the simulator, or by a process that was killed before its answer: ${missing.join(', ') || 'none'}`,
  ];
}

/** How long the things took that one process made undisturbed, beside what the plan expected of each, s. */
export function timeTable(made: readonly Made[], planned: readonly { title: string; seconds: number }[]): string[] {
  const widths = [56, 10, 10];
  const expected = new Map(planned.map(({ title, seconds }) => [title, seconds]));
  return [
    row(['made by the last provision', 'measured s', 'expected s'], widths),
    ...made.map(({ title, seconds }) =>
      row([title, seconds.toFixed(1), expected.get(title)?.toFixed(1) ?? '-'], widths),
    ),
  ];
}
