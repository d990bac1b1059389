import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { AwsError, NotSimulated } from '../aws-error.ts';
import type { Simulated } from '../service.ts';
import { existingFunction, verifyActive, verifyDecryptable } from './existing.ts';
import { runFunction } from './runtime.ts';

/** Bytes of an event and of an answer, when the caller waits (Lambda developer guide, "Lambda quotas"). */
const largestPayload = 6_291_556;

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value ?? null));

/** Runs the function's own bundle and waits for its answer. */
export const invoke: Simulated<
  InvokeCommandInput,
  Omit<InvokeCommandOutput, '$metadata' | 'Payload'> & { Payload: never }
> = {
  takes: ['FunctionName', 'InvocationType', 'Payload'],
  async run({ FunctionName, InvocationType = 'RequestResponse', Payload }, world) {
    const one = existingFunction(world, FunctionName);
    if (InvocationType !== 'RequestResponse') throw new NotSimulated(`an invocation as ${InvocationType}`);
    verifyActive(world, one);
    verifyDecryptable(world, one);
    if (one.reserved === 0) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    const event = eventOf(Payload);
    // The SDK's own type of a payload is a byte array with methods; what is sent are bytes.
    const answer = (value: unknown, error?: string) => ({
      StatusCode: 200,
      Payload: encode(value) as never,
      ...(error ? { FunctionError: error } : {}),
    });
    try {
      const value = await runFunction(world, one, event);
      const size = encode(value).length;
      if (size <= largestPayload) return answer(value);
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${largestPayload} bytes).`;
      return answer({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }, 'Unhandled');
    } catch (error) {
      // A gap of the simulator is no failure of the function.
      if (error instanceof NotSimulated) throw error;
      const { name, message } = error as Error;
      return answer({ errorType: name, errorMessage: message, trace: [] }, 'Unhandled');
    }
  },
};

function eventOf(payload: InvokeCommandInput['Payload']): unknown {
  const bytes =
    typeof payload === 'string' ? new TextEncoder().encode(payload) : ((payload ?? new Uint8Array()) as Uint8Array);
  if (bytes.length > largestPayload)
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${largestPayload} bytes for the InvokeFunction operation`,
      413,
    );
  try {
    return JSON.parse(new TextDecoder().decode(bytes) || '{}');
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}
