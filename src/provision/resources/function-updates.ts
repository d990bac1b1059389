import { Problem } from '../../problem.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import type { Output } from '../aws/operation.ts';
import { waitFor } from '../engine/wait.ts';
import type { Stack } from '../stack.ts';

type FunctionConfiguration = NonNullable<Output<'lambda:GetFunction'>['Configuration']>;

/** Why the last update failed, in Lambda's words. */
export const failureOf = ({ LastUpdateStatusReason, LastUpdateStatusReasonCode }: FunctionConfiguration): string =>
  LastUpdateStatusReason ?? LastUpdateStatusReasonCode ?? 'Lambda gives no reason';

/**
 * Takes the function out of the VPC before it is deleted: Lambda then frees the network interfaces in minutes, else it
 * takes up to 45 (go-to-k/cdkd#38). Where Lambda refuses, the deletion goes on without.
 */
export async function leaveVpc(stack: Stack): Promise<void> {
  const FunctionName = stack.names.functionName;
  const VpcConfig = { SubnetIds: [], SecurityGroupIds: [] };
  try {
    await unlessNotFound(stack.aws.call('lambda:UpdateFunctionConfiguration', { FunctionName, VpcConfig }));
    await untilUpdated(stack);
  } catch (error) {
    const refused = hasName(error, 'ResourceConflictException', 'InvalidParameterValueException');
    if (!refused && !(error instanceof Problem && error.code === 'update-failed')) throw error;
  }
}

/** Waits until the function's last update is done. Throws Problem `update-failed`. */
export async function untilUpdated({ aws, names }: Stack): Promise<void> {
  await waitFor<void>({
    clock: aws.clock,
    jitter: aws.jitter,
    every: [1_000, 2_000],
    what: `The update of function ${names.functionName}`,
    deadline: 10 * 60_000,
    poll: async () => {
      const answer = await unlessNotFound(aws.call('lambda:GetFunction', { FunctionName: names.functionName }));
      const now = answer?.Configuration;
      if (now?.LastUpdateStatus === 'Failed')
        throw new Problem(
          'update-failed',
          `The update of function ${names.functionName} failed: ${failureOf(now)}. Run the same command again to repeat it.`,
        );
      return now?.LastUpdateStatus === 'InProgress'
        ? { waiting: 'Lambda is finishing an update' }
        : { result: undefined };
    },
  });
}
