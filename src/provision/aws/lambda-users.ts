import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Aws } from './aws.ts';

const idsOf = (groups: NetworkInterface['Groups'] = []) => groups.flatMap(({ GroupId }) => GroupId ?? []);
const keyOf = (ids: readonly string[]) => [...ids].sort().join();

/**
 * Every function of the region, with its published versions, which keep the network that they were published with. One
 * question with pages of 50.
 */
export const allFunctions = async (aws: Aws): Promise<FunctionConfiguration[]> =>
  (await aws.call('lambda:ListFunctions', { FunctionVersion: 'ALL' })).Functions ?? [];

/**
 * Names of the functions that use an interface of Lambda's. Lambda shares one among all that have its subnet and
 * exactly its groups, whatever function its description names (Lambda developer guide, "Understanding Hyperplane
 * Elastic Network Interfaces (ENIs)"; awslabs/aws-support-tools, findEniMappings).
 */
export function usersOf(
  { SubnetId = '', Groups }: NetworkInterface,
  functions: readonly FunctionConfiguration[],
): string[] {
  const groups = keyOf(idsOf(Groups));
  const users = functions.filter(
    ({ VpcConfig }) => VpcConfig?.SubnetIds?.includes(SubnetId) && keyOf(VpcConfig.SecurityGroupIds ?? []) === groups,
  );
  return [...new Set(users.flatMap(({ FunctionName }) => FunctionName ?? []))];
}
