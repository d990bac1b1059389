import type { Input } from '../../../src/provision/aws/operation.ts';
import { type Account, allowing, minute, openAccount, trust, zipOf } from '../account.ts';

export const FunctionName = 'Extractor';
export const Role = 'arn:aws:iam::123456789012:role/Reporter';
export const answering = (text: string) =>
  zipOf({
    'index.js': `exports.handler = () => {}; exports.createHandler = () => async event => ({ text: '${text}', event });`,
  });
/** What a role must allow for its function to have a place in a VPC. */
export const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
export const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
export const textOf = (payload: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(payload));

export const request = (more: Partial<Input<'lambda:CreateFunction'>> = {}): Input<'lambda:CreateFunction'> => ({
  FunctionName,
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Role,
  Code: { ZipFile: answering('old') },
  ...more,
});

/** An account with a role that Lambda can assume by now, and a VPC. */
export async function openLambda({ settled = true } = {}) {
  const account = await openAccount({ functionSource: () => ({}) as never });
  const { call, clock } = account;
  await call('iam:CreateRole', { RoleName: 'Reporter', AssumeRolePolicyDocument: trust('lambda.amazonaws.com') });
  await call('iam:PutRolePolicy', {
    RoleName: 'Reporter',
    PolicyName: 'network',
    PolicyDocument: allowing(...interfaceActions),
  });
  const VpcId = (await call('ec2:CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
  const subnet = (await call('ec2:CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet!.SubnetId!;
  const group = (await call('ec2:CreateSecurityGroup', { VpcId, GroupName: 'Web', Description: 'd' })).GroupId!;
  if (settled) await clock.sleep(minute);
  return { ...account, VpcId, subnet, group, VpcConfig: { SubnetIds: [subnet], SecurityGroupIds: [group] } };
}

export const create = ({ call }: Account, more = {}) => call('lambda:CreateFunction', request(more));
export const configuration = async ({ call }: Account) =>
  (await call('lambda:GetFunction', { FunctionName })).Configuration!;
export const made = async () => {
  const account = await openLambda();
  await create(account);
  await account.clock.sleep(minute);
  return account;
};
