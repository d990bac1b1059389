import type { Input, Operation } from '../../../src/provision/aws/operation.ts';
import { letGuardDutyIn } from '../../../src/simulator/ec2/network/guests.ts';
import type { WorldOptions } from '../../../src/simulator/world.ts';
import { type Account, allowing, minute, openAccount, second, trust, zipOf } from '../account.ts';
import { networkOf } from '../ec2/cloud.ts';
import { interfaceActions } from '../lambda/extractor.ts';

/** An account and what one makes in it. */
export async function openCloud(options: Partial<Omit<WorldOptions, 'clock'>> = {}) {
  const account = await openAccount(options);
  const network = networkOf(
    (name, input) => account.call(`ec2:${name}` as never, input as never) as never,
    account.clock,
  );
  return { ...account, ...network, wait: (ms: number) => account.clock.sleep(ms) };
}

export type Cloud = Awaited<ReturnType<typeof openCloud>>;

export interface Ask {
  operation: Operation;
  input: object;
}

export const ask = <O extends Operation>(operation: O, input: Input<O>): Ask => ({ operation, input });
export const send = ({ call }: Account, { operation, input }: Ask) => call(operation, input as never);

interface Stage {
  remove: Ask;
  /** AWS's name and words. */
  refusal: string;
  /**
   * What has to happen until it goes through; after each but the last it is refused as before. Absent: it never goes.
   */
  until?: readonly (() => Promise<unknown>)[];
}

/** One reason for which AWS does not delete something, built in an account. */
export type Reason = (cloud: Cloud) => Promise<Stage>;

/** By the operation that is refused, in words. */
export type Reasons = Partial<Record<Operation, Record<string, Reason>>>;

export const groupHeld = (id: string) => `DependencyViolation: resource ${id} has a dependent object`;
export const held = (kind: string, id: string) =>
  `DependencyViolation: The ${kind} '${id}' has dependencies and cannot be deleted.`;
export const conflict = (what: string) => `DeleteConflictException: Cannot delete entity, must ${what} first.`;
export const mapped = (vpcId: string) =>
  `DependencyViolation: Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
export const inUse = (id: string) => `InvalidParameterValue: Network interface '${id}' is currently in use.`;
export const notEmpty =
  'BucketNotEmpty: The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
export const hasTargets = "ValidationException: Rule can't be deleted since it has targets.";

/** A VPC with a subnet and a group, and whatever is asked for in them. */
export async function place(cloud: Cloud) {
  const { call, vpc, subnet, group, run, gateway, address, nat, wait, world } = cloud;
  const VpcId = await vpc();
  const SubnetId = await subnet(VpcId);
  const GroupId = await group(VpcId);
  return {
    VpcId,
    SubnetId,
    GroupId,
    /** An instance in both. */
    async host() {
      const InstanceIds = [(await run(SubnetId, { SecurityGroupIds: [GroupId] })).InstanceId!];
      return { end: () => call('ec2:TerminateInstances', { InstanceIds }), gone: () => wait(minute) };
    },
    async natGateway() {
      const InternetGatewayId = await gateway(VpcId);
      const AllocationId = await address();
      const NatGatewayId = await nat(SubnetId, AllocationId);
      await wait(3 * minute);
      const end = () => call('ec2:DeleteNatGateway', { NatGatewayId });
      return { InternetGatewayId, AllocationId, NatGatewayId, end, gone: () => wait(75 * second) };
    },
    /** A function with its interface in both. */
    async reporter() {
      const { release } = await reporterIn(cloud, { SubnetIds: [SubnetId], SecurityGroupIds: [GroupId] });
      return { end: release };
    },
    /** GuardDuty's endpoint, which has an interface in the subnet and a group of its own. */
    guest() {
      letGuardDutyIn(world, world.ec2.vpcs.get(VpcId));
      const endpoint = world.ec2.endpoints.existing().at(-1)!;
      const group = world.ec2.groups.existing().at(-1)!;
      const end = () => call('ec2:DeleteVpcEndpoints', { VpcEndpointIds: [endpoint.id] });
      return { GroupId: group.id, end, gone: () => wait(10 * second) };
    },
    interfaceOf: (type: string) => world.ec2.interfaces.existing().find(eni => eni.type === type)!.id,
  };
}

export const FunctionName = 'Extractor';
export const RoleName = 'Reporter';
const Role = `arn:aws:iam::123456789012:role/${RoleName}`;
export const logGroupName = `/aws/lambda/${FunctionName}`;
const handler = 'exports.handler = () => {}; exports.createHandler = () => async () => ({});';

/** A function that stands, with a role that may do these things. */
export async function reporter(
  { call, wait }: Cloud,
  VpcConfig?: Input<'lambda:CreateFunction'>['VpcConfig'],
  actions = interfaceActions,
) {
  await call('iam:CreateRole', { RoleName, AssumeRolePolicyDocument: trust('lambda.amazonaws.com') });
  await call('iam:PutRolePolicy', { RoleName, PolicyName: 'may', PolicyDocument: allowing(...actions) });
  await wait(20 * minute);
  const Code = { ZipFile: zipOf({ 'index.js': handler }) };
  await call('lambda:CreateFunction', {
    FunctionName,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role,
    Code,
    VpcConfig,
  });
  await wait(20 * minute);
}

export async function reporterIn(cloud: Cloud, VpcConfig: NonNullable<Input<'lambda:CreateFunction'>['VpcConfig']>) {
  await reporter(cloud, VpcConfig);
  const interfaces = async () =>
    (await cloud.call('ec2:DescribeNetworkInterfaces', {})).NetworkInterfaces!.map(({ Status }) => Status);
  const detached = { SubnetIds: [], SecurityGroupIds: [] };
  return {
    interfaces,
    release: () => cloud.call('lambda:UpdateFunctionConfiguration', { FunctionName, VpcConfig: detached }),
    end: () => cloud.call('lambda:DeleteFunction', { FunctionName }),
  };
}

export const Bucket = 'shelf-123456789012-eu-west-1';

export async function shelf({ call }: Cloud, Status: 'Enabled' | 'Suspended' = 'Suspended') {
  await call('s3:CreateBucket', { Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
  await call('s3:PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } });
  const remove = (VersionId?: string) =>
    call('s3:DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'a', ...(VersionId ? { VersionId } : {}) }] } });
  return { remove };
}

export const Rule = 'nightly';
export const target = { Id: 'report', Arn: `arn:aws:lambda:eu-west-1:123456789012:function:${FunctionName}` };

export async function rule({ call }: Cloud) {
  await call('events:PutRule', { Name: Rule, ScheduleExpression: 'rate(1 hour)' });
}

/** A role that is known by now, in a profile where that is asked for. */
export async function roleOf({ call, wait }: Cloud, profile?: string) {
  await call('iam:CreateRole', { RoleName, AssumeRolePolicyDocument: trust('ec2.amazonaws.com') });
  if (profile) await call('iam:CreateInstanceProfile', { InstanceProfileName: profile });
  await wait(minute);
  if (profile) await call('iam:AddRoleToInstanceProfile', { InstanceProfileName: profile, RoleName });
  await wait(minute);
}
