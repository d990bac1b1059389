import type { Operation } from '../../src/provision/aws/operation.ts';
import { isMutating } from '../../src/provision/operations.ts';

/** One AWS call as `--verbose` names it. */
export interface Call {
  operation: Operation;
  ms: number;
  /** Whether EC2 was asked only whether it would. */
  dry: boolean;
}

/** The calls that `--verbose` names, in the order in which they were answered. */
export const callsIn = (stderr: string): Call[] =>
  [...stderr.matchAll(/^ {2}([a-z0-9]+:[A-Za-z0-9]+) {2}(\d+) ms(.*)\n/gm)].map(([, operation, ms, more]) => ({
    operation: operation as Operation,
    ms: Number(ms),
    dry: more!.endsWith('DryRunOperation'),
  }));

/** Those among them that change something. */
export const changesIn = (calls: readonly Call[]): Call[] =>
  calls.filter(({ operation, dry }) => !dry && isMutating(operation));
