import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { AwsError } from '../aws-error.ts';
import type { Simulated } from '../service.ts';
import { existingFunction, stateOf } from './functions.ts';
import { runFunction } from './runtime.ts';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value ?? null));

/** Runs the function's own bundle and waits for its answer. */
export const invoke: Simulated<InvokeCommandInput, Omit<InvokeCommandOutput, '$metadata' | 'Payload'> & { Payload: never }> = {
  takes: ['FunctionName', 'InvocationType', 'Payload'],
  async run({ FunctionName, InvocationType = 'RequestResponse', Payload }, world) {
    const one = existingFunction(world, FunctionName);
    if (InvocationType !== 'RequestResponse')
      throw new AwsError('InvalidParameterValueException', `The simulator waits for answers only.`);
    if (stateOf(world, one) !== 'Active')
      throw new AwsError(
        'ResourceConflictException',
        'The operation cannot be performed at this time. The function is currently in the following state: Pending',
        409,
      );
    const event: unknown = JSON.parse(new TextDecoder().decode(Payload as Uint8Array) || 'null');
    // The SDK's own type of a payload is a byte array with methods; what is sent are bytes.
    const answer = (value: unknown, error?: string) => ({
      StatusCode: 200,
      Payload: encode(value) as never,
      ...(error ? { FunctionError: error } : {}),
    });
    try {
      return answer(await runFunction(world, one, event));
    } catch (error) {
      const { name, message } = error as Error;
      return answer({ errorType: name, errorMessage: message, trace: [] }, 'Unhandled');
    }
  },
};
