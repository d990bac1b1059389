import type { Answer } from '../engine/resource.ts';
import type { Aws } from './aws.ts';
import { errorName, isNotFound } from './errors.ts';
import type { Input, Operation, Output } from './operation.ts';

/**
 * Asks AWS for one thing by its id. Gone is what AWS does not find, or shows in one of `goneStates` (EC2 lists
 * terminated instances and deleted NAT gateways for an hour).
 */
export async function ask<O extends Operation>(
  aws: Aws,
  operation: O,
  input: Input<O>,
  awsId: string,
  stateOf: (answer: Output<O>) => string | undefined,
  goneStates: readonly string[] = [],
): Promise<Answer> {
  const asked = `${operation} ${awsId}`;
  try {
    const state = stateOf(await aws.call(operation, input));
    return { asked, answer: state ?? 'not found', gone: state === undefined || goneStates.includes(state) };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return { asked, answer: errorName(error), gone: true };
  }
}
