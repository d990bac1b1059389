import { expect, it } from 'vitest';
import { transientOf } from '../../src/provision/aws/consistency.ts';
import type { Operation } from '../../src/provision/aws/operation.ts';
import { factsOf } from '../../src/provision/operations.ts';

/** Whether a refusal of this operation is expected to pass by itself. */
const passes = (operation: Operation, name: string, message = ''): boolean =>
  transientOf(Object.assign(new Error(message), { name }), factsOf(operation).delays, 1) !== undefined;

const invalid = 'InvalidParameterValueException';

it.each<[Operation, string, string]>([
  ['lambda:CreateFunction', invalid, 'The role defined for the function cannot be assumed by Lambda.'],
  [
    'lambda:CreateFunction',
    invalid,
    'The provided execution role does not have permissions to call CreateNetworkInterface on EC2',
  ],
  [
    'lambda:CreateFunction',
    invalid,
    "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The security group 'sg-1' does not exist",
  ],
  ['lambda:UpdateFunctionCode', 'ResourceConflictException', 'An update is in progress for resource: arn'],
  [
    'ec2:RunInstances',
    'InvalidParameterValue',
    'Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
  ],
  ['ec2:CreateVpcEndpoint', 'InvalidRouteTableId.NotFound', "The routeTable ID 'rtb-1' does not exist"],
  [
    'ec2:CreateRoute',
    'InvalidParameterValue',
    'route table rtb-41e68a2a and network gateway igw-83d05feb belong to different networks',
  ],
  ['ec2:CreateSubnet', 'InvalidVpcID.NotFound', "The vpc ID 'vpc-1' does not exist"],
  ['ec2:ReleaseAddress', 'AuthFailure', 'You do not have permission to access the specified resource.'],
  ['events:DeleteRule', 'ValidationException', "Rule can't be deleted since it has targets."],
])('%s waits after %s: %s', (operation, name, message) => {
  expect(passes(operation, name, message)).toBe(true);
});

it.each<[Operation, string, string]>([
  ['lambda:CreateFunction', invalid, 'exceeded the 4KB limit'],
  ['lambda:CreateFunction', 'ResourceConflictException', 'Function already exist: Extractor'],
  ['lambda:AddPermission', 'ResourceConflictException', 'The statement id (nightly) provided already exists.'],
  ['ec2:RunInstances', 'InvalidParameterValue', 'The architecture does not match'],
  ['ec2:DeleteVpc', 'InvalidVpcID.NotFound', "The vpc ID 'vpc-1' does not exist"],
  ['ec2:DescribeVpcs', 'AuthFailure', 'AWS was not able to validate the provided access credentials'],
  ['events:DeleteRule', 'ValidationException', 'The name is not valid'],
])('%s does not wait after %s: %s', (operation, name, message) => {
  expect(passes(operation, name, message)).toBe(false);
});
