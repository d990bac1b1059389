import type { Environment, VpcConfig } from '@aws-sdk/client-lambda';
import { AwsError, NotSimulated } from '../aws-error.ts';
import { verifyMembers } from '../ec2/refusals.ts';
import { isAllowed, isAssumable } from '../iam/policy.ts';
import type { World } from '../world.ts';
import { filesOf, invalid, largestUnzipped, unzippedSize } from './zips.ts';

/** What CreateFunction is told, and what a function is after UpdateFunctionConfiguration. */
export interface Wanted {
  Role?: string;
  Handler?: string;
  Runtime?: string;
  MemorySize?: number;
  Timeout?: number;
  Layers?: string[];
  Environment?: Environment;
  VpcConfig?: VpcConfig;
}

/** Deprecated ones that AWS still takes are left out: the tool must not ask for them. */
const runtimes = ['nodejs22.x', 'nodejs24.x'];

/** Lambda developer guide, "Defined runtime environment variables". */
const reserved = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
];

/**
 * Throws what Lambda throws for a configuration that it would not take now. `kept`: layers that the function has
 * already.
 */
export function verifyConfiguration(world: World, wanted: Wanted, zip: Uint8Array, kept: readonly string[] = []): void {
  const { Handler, Runtime, MemorySize = 128, Timeout = 3, Environment } = wanted;
  if (!Runtime || !Handler)
    throw invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
  if (!runtimes.includes(Runtime))
    throw constraint('runtime', Runtime, `Member must satisfy enum value set: [${runtimes.join(', ')}]`);
  if (/\s/.test(Handler) || Handler.length > 128)
    throw constraint('handler', Handler, 'Member must satisfy regular expression pattern: [^\\s]+');
  verifyWithin('memorySize', MemorySize, 128, 10_240);
  verifyWithin('timeout', Timeout, 1, 900);
  verifyEnvironment(Environment);
  verifyLayers(world, wanted.Layers ?? [], zip, kept);
  verifyRole(world, wanted);
  verifyNetwork(world, wanted.VpcConfig);
}

const constraint = (member: string, value: unknown, rule: string) =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );

function verifyWithin(member: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least)
    throw constraint(member, value, `Member must have value greater than or equal to ${least}`);
  if (value > most) throw constraint(member, value, `Member must have value less than or equal to ${most}`);
}

function verifyEnvironment(environment: Environment | undefined): void {
  verifyMembers(environment, ['Variables'], 'Environment');
  const variables = environment?.Variables ?? {};
  const names = Object.keys(variables);
  if (names.some(name => !/^[a-zA-Z]\w+$/.test(name) && !reserved.includes(name)))
    throw constraint('environment.variables', names, 'Map keys must satisfy constraint: [a-zA-Z]([a-zA-Z0-9_])+');
  const taken = names.filter(name => reserved.includes(name));
  if (taken.length > 0)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${taken.join(', ')}`,
    );
  if (Buffer.byteLength(JSON.stringify(variables)) > 4096)
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
}

/**
 * A deleted version goes on working for a function that has it already (Lambda developer guide, "Deleting a layer
 * version").
 */
function verifyLayers(world: World, arns: readonly string[], zip: Uint8Array, kept: readonly string[]): void {
  if (arns.length > 5) throw invalid('Cannot reference more than 5 layers.');
  const names = arns.map(arn => arn.slice(0, arn.lastIndexOf(':')));
  if (new Set(names).size < names.length)
    throw invalid('Two different versions of the same layer are not allowed to be referenced in the same function.');
  const layers = arns.map(arn => {
    const layer = world.lambda.layers.find(version => version.arn === arn);
    if (!layer && !kept.includes(arn)) throw invalid(`Layer version ${arn} does not exist.`);
    return layer;
  });
  const size = unzippedSize(filesOf(zip)) + layers.reduce((sum, layer) => sum + (layer?.unzippedSize ?? 0), 0);
  if (size > largestUnzipped)
    throw invalid(
      `Function code combined with layers exceeds the maximum allowed size of ${largestUnzipped} bytes. The actual size is ${size} bytes.`,
    );
}

function verifyRole(world: World, { Role = '', VpcConfig }: Wanted): void {
  const role = world.iam.roleByArn(Role);
  if (!role || !isAssumable(world, role, 'lambda.amazonaws.com'))
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
  if ((VpcConfig?.SubnetIds?.length ?? 0) === 0) return;
  const lacking = interfaceActions.find(action => !isAllowed(world, role, `ec2:${action}`, '*', {}));
  if (lacking) throw invalid(`The provided execution role does not have permissions to call ${lacking} on EC2`);
}

/**
 * What Lambda does with the role to give a function a place in a VPC, on whatever resource (Lambda developer guide,
 * "Giving Lambda functions access to resources in an Amazon VPC"; it refuses a role that names interfaces:
 * hashicorp/terraform-provider-aws#20698).
 */
const interfaceActions = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'DeleteNetworkInterface',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
];

/** Lambda asks EC2 for subnets and groups, and passes on what EC2 says (motdotla/node-lambda#162). */
function verifyNetwork({ ec2 }: World, network: VpcConfig | undefined): void {
  verifyMembers(network, ['SubnetIds', 'SecurityGroupIds'], 'VpcConfig');
  const { SubnetIds = [], SecurityGroupIds = [] } = network ?? {};
  if (SubnetIds.length > 0 !== SecurityGroupIds.length > 0)
    throw invalid('SubnetIds and SecurityIds must coexist or be both empty list.');
  const asked = <T>(question: string, ask: () => T): T => {
    try {
      return ask();
    } catch (error) {
      const { name, message } = error as AwsError;
      throw invalid(`Error occurred while ${question}. EC2 Error Code: ${name}. EC2 Error Message: ${message}`);
    }
  };
  const subnets = asked('DescribeSubnets', () => SubnetIds.map(id => ec2.subnets.get(id)));
  // keboola/developer-portal#81 has the message.
  if (subnets.some(({ zone }) => ec2.refusing.functions.includes(zone)))
    throw invalid(
      "The provided subnets contain availability zone Lambda doesn't support. Please use a different set of subnets.",
    );
  const groups = asked('DescribeSecurityGroups', () => SecurityGroupIds.map(id => ec2.groups.get(id)));
  if (new Set([...subnets, ...groups].map(({ vpcId }) => vpcId)).size > 1)
    throw new NotSimulated('a function in subnets and groups of several VPCs');
}
