import type { CallRecord } from '../../src/provision/aws/aws.ts';
import { isMutating } from '../../src/provision/operations.ts';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { pipelineOn, type StackOptions } from './simulated-stack.ts';

export interface Calls {
  reads: number;
  mutating: number;
  /** The depth of the chain of calls: so often one has to wait for an answer before the next question can be asked. */
  waves: number;
}

/** Opens a pipeline, does something with it, and counts its calls. */
export async function callsOf(
  aws: Simulator,
  options: StackOptions,
  work: (pipeline: Pipeline) => Promise<unknown>,
): Promise<Calls> {
  const { clock } = aws.world;
  const calls: (CallRecord & { start: number; end: number })[] = [];
  const onCall = (call: CallRecord) => calls.push({ ...call, start: clock.now() - call.ms, end: clock.now() });
  await work(await pipelineOn(aws, { ...options, onCall }));
  // On the virtual clock a call that needs an answer begins at the very instant of that answer.
  const depths = new Map<(typeof calls)[number], number>();
  for (const call of calls.toSorted((a, b) => a.start - b.start)) {
    const before = calls.filter(({ end }) => Math.abs(end - call.start) < 1e-6).map(one => depths.get(one) ?? 0);
    depths.set(call, 1 + Math.max(0, ...before));
  }
  return {
    reads: calls.filter(({ operation }) => !isMutating(operation)).length,
    mutating: calls.filter(({ operation }) => isMutating(operation)).length,
    waves: Math.max(...depths.values()),
  };
}
