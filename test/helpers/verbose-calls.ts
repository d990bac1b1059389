import type { Operation } from '../../src/provision/aws/operation.ts';

/** One AWS call as `--verbose` names it. */
export interface Call {
  operation: Operation;
  ms: number;
}

/** The calls that `--verbose` names, in the order in which they were answered. */
export const callsIn = (stderr: string): Call[] =>
  [...stderr.matchAll(/^ {2}([a-z0-9]+:[A-Za-z0-9]+) {2}(\d+) ms/gm)].map(([, operation, ms]) => ({
    operation: operation as Operation,
    ms: Number(ms),
  }));
