import { describe, expect, it, test } from 'vitest';
import type { Input, Operation, ServiceName } from '../../src/provision/aws/operation.ts';
import { letGuardDutyIn } from '../../src/simulator/ec2/guests.ts';
import { services } from '../../src/simulator/simulator.ts';
import type { WorldOptions } from '../../src/simulator/world.ts';
import { type Account, allowing, minute, openAccount, second, trust, zipOf } from './account.ts';
import { networkOf, tcp } from './ec2/cloud.ts';

/** An account and what one makes in it. */
async function openCloud(options: Partial<Omit<WorldOptions, 'clock'>> = {}) {
  const account = await openAccount(options);
  const network = networkOf((name, input) => account.call(`ec2:${name}` as never, input as never) as never, account.clock);
  return { ...account, ...network, wait: (ms: number) => account.clock.sleep(ms) };
}

type Cloud = Awaited<ReturnType<typeof openCloud>>;

interface Ask {
  operation: Operation;
  input: object;
}

const ask = <O extends Operation>(operation: O, input: Input<O>): Ask => ({ operation, input });
const send = ({ call }: Account, { operation, input }: Ask) => call(operation, input as never);

interface Stage {
  remove: Ask;
  /** AWS's name and words. */
  refusal: string;
  /** What has to happen until it goes through; after each but the last it is refused as before. Absent: it never goes. */
  until?: readonly (() => Promise<unknown>)[];
}

/** One reason for which AWS does not delete something, built in an account. */
type Reason = (cloud: Cloud) => Promise<Stage>;

const groupHeld = (id: string) => `DependencyViolation: resource ${id} has a dependent object`;
const held = (kind: string, id: string) => `DependencyViolation: The ${kind} '${id}' has dependencies and cannot be deleted.`;
const conflict = (what: string) => `DeleteConflictException: Cannot delete entity, must ${what} first.`;
const mapped = (vpcId: string) =>
  `DependencyViolation: Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
const inUse = (id: string) => `InvalidParameterValue: Network interface '${id}' is currently in use.`;
const notEmpty = 'BucketNotEmpty: The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
const hasTargets = "ValidationException: Rule can't be deleted since it has targets.";

/** A VPC with a subnet and a group, and whatever is asked for in them. */
async function place(cloud: Cloud) {
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

const FunctionName = 'Extractor';
const RoleName = 'Reporter';
const Role = `arn:aws:iam::123456789012:role/${RoleName}`;
const logGroupName = `/aws/lambda/${FunctionName}`;
const network = ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface'];
const handler = 'exports.handler = () => {}; exports.createHandler = () => async () => ({});';

/** A function that stands, with a role that may do these things. */
async function reporter({ call, wait }: Cloud, VpcConfig?: Input<'lambda:CreateFunction'>['VpcConfig'], actions = network) {
  await call('iam:CreateRole', { RoleName, AssumeRolePolicyDocument: trust('lambda.amazonaws.com') });
  await call('iam:PutRolePolicy', { RoleName, PolicyName: 'may', PolicyDocument: allowing(...actions) });
  await wait(20 * minute);
  const Code = { ZipFile: zipOf({ 'index.js': handler }) };
  await call('lambda:CreateFunction', { FunctionName, Runtime: 'nodejs24.x', Handler: 'index.handler', Role, Code, VpcConfig });
  await wait(20 * minute);
}

async function reporterIn(cloud: Cloud, VpcConfig: NonNullable<Input<'lambda:CreateFunction'>['VpcConfig']>) {
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

const Bucket = 'shelf-123456789012-eu-west-1';

async function shelf({ call }: Cloud, Status: 'Enabled' | 'Suspended' = 'Suspended') {
  await call('s3:CreateBucket', { Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
  await call('s3:PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } });
  const remove = (VersionId?: string) =>
    call('s3:DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'a', ...(VersionId ? { VersionId } : {}) }] } });
  return { remove };
}

const Rule = 'nightly';
const target = { Id: 'report', Arn: `arn:aws:lambda:eu-west-1:123456789012:function:${FunctionName}` };

async function rule({ call }: Cloud) {
  await call('events:PutRule', { Name: Rule, ScheduleExpression: 'rate(1 hour)' });
}

/** A role that is known by now, in a profile where that is asked for. */
async function roleOf({ call, wait }: Cloud, profile?: string) {
  await call('iam:CreateRole', { RoleName, AssumeRolePolicyDocument: trust('ec2.amazonaws.com') });
  if (profile) await call('iam:CreateInstanceProfile', { InstanceProfileName: profile });
  await wait(minute);
  if (profile) await call('iam:AddRoleToInstanceProfile', { InstanceProfileName: profile, RoleName });
  await wait(minute);
}

/** Each reason of AWS to refuse a deletion, by the operation that is refused. */
const reasons: Partial<Record<Operation, Record<string, Reason>>> = {
  'ec2:DeleteSecurityGroup': {
    'an instance carries it, until that is terminated': async cloud => {
      const { GroupId, host } = await place(cloud);
      const { end, gone } = await host();
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until: [end, gone] };
    },
    'a function has interfaces with it, until Lambda has let go of them': async cloud => {
      const { GroupId, reporter } = await place(cloud);
      const { end } = await reporter();
      const until = [end, () => cloud.wait(2 * minute), () => cloud.wait(3 * minute)];
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until };
    },
    'an interface endpoint has it, until that is gone': async cloud => {
      const { GroupId, end, gone } = (await place(cloud)).guest();
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until: [end, gone] };
    },
    'a rule of another group lets it in': async cloud => {
      const { VpcId, GroupId } = await place(cloud);
      const other = { GroupId: await cloud.group(VpcId, 'Database'), IpPermissions: [tcp(3306, { GroupId })] };
      await cloud.call('ec2:AuthorizeSecurityGroupIngress', other);
      const until = [() => cloud.call('ec2:RevokeSecurityGroupIngress', other)];
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until };
    },
    'a rule of another group lets out to it': async cloud => {
      const { VpcId, GroupId } = await place(cloud);
      const other = { GroupId: await cloud.group(VpcId, 'Database'), IpPermissions: [tcp(3306, { GroupId })] };
      await cloud.call('ec2:AuthorizeSecurityGroupEgress', other);
      const until = [() => cloud.call('ec2:RevokeSecurityGroupEgress', other)];
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until };
    },
    'a rule of the default group names it': async cloud => {
      const { GroupId } = await place(cloud);
      const { id } = cloud.world.ec2.groups.existing().find(({ name }) => name === 'default')!;
      const other = { GroupId: id, IpPermissions: [tcp(22, { GroupId })] };
      await cloud.call('ec2:AuthorizeSecurityGroupIngress', other);
      const until = [() => cloud.call('ec2:RevokeSecurityGroupIngress', other)];
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until };
    },
    'it is the default group': async cloud => {
      await cloud.vpc();
      const GroupId = cloud.world.ec2.groups.existing()[0]!.id;
      const refusal = `CannotDelete: the specified group: "${GroupId}" name: "default" cannot be deleted by a user`;
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal };
    },
  },

  'ec2:DeleteSubnet': {
    'an instance stands in it, until that is terminated': async cloud => {
      const { SubnetId, host } = await place(cloud);
      const { end, gone } = await host();
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until: [end, gone] };
    },
    'a NAT gateway stands in it, until that is deleted': async cloud => {
      const { SubnetId, natGateway } = await place(cloud);
      const { end, gone } = await natGateway();
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until: [end, gone] };
    },
    'a function has an interface in it, until Lambda has let go of that': async cloud => {
      const { SubnetId, reporter } = await place(cloud);
      const { end } = await reporter();
      const until = [end, () => cloud.wait(2 * minute), () => cloud.wait(3 * minute)];
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until };
    },
    'Lambda has left an interface in it, until somebody deletes that': async cloud => {
      const { SubnetId, GroupId, interfaceOf } = await place(cloud);
      const { ec2 } = cloud.world;
      ec2.attachLambdaInterfaces(FunctionName, [SubnetId], [GroupId], cloud.clock.now());
      ec2.releaseLambdaInterfaces(FunctionName, cloud.clock.now(), cloud.clock.now() + minute, { reclaim: false });
      const NetworkInterfaceId = interfaceOf('lambda');
      const until = [() => cloud.wait(2 * minute), () => cloud.call('ec2:DeleteNetworkInterface', { NetworkInterfaceId })];
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until };
    },
    'an interface endpoint stands in it, until that is gone': async cloud => {
      const { SubnetId, guest } = await place(cloud);
      const { end, gone } = guest();
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until: [end, gone] };
    },
  },

  'ec2:DetachInternetGateway': {
    'an instance has a public address, until it is terminated': async cloud => {
      const { VpcId, SubnetId } = await place(cloud);
      const InternetGatewayId = await cloud.gateway(VpcId);
      const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId, AssociatePublicIpAddress: true }];
      const InstanceIds = [(await cloud.run(undefined, { NetworkInterfaces })).InstanceId!];
      const until = [() => cloud.call('ec2:TerminateInstances', { InstanceIds }), () => cloud.wait(minute)];
      return { remove: ask('ec2:DetachInternetGateway', { InternetGatewayId, VpcId }), refusal: mapped(VpcId), until };
    },
    'a NAT gateway has an address, until it is deleted': async cloud => {
      const { VpcId, natGateway } = await place(cloud);
      const { InternetGatewayId, end, gone } = await natGateway();
      return {
        remove: ask('ec2:DetachInternetGateway', { InternetGatewayId, VpcId }),
        refusal: mapped(VpcId),
        until: [end, gone],
      };
    },
    'it is not attached': async cloud => {
      const VpcId = await cloud.vpc();
      const InternetGatewayId = (await cloud.call('ec2:CreateInternetGateway', {})).InternetGateway!.InternetGatewayId!;
      const until = [() => cloud.call('ec2:AttachInternetGateway', { InternetGatewayId, VpcId })];
      const refusal = `Gateway.NotAttached: resource ${InternetGatewayId} is not attached to network ${VpcId}`;
      return { remove: ask('ec2:DetachInternetGateway', { InternetGatewayId, VpcId }), refusal, until };
    },
  },

  'ec2:DeleteInternetGateway': {
    'it is attached': async cloud => {
      const VpcId = await cloud.vpc();
      const InternetGatewayId = await cloud.gateway(VpcId);
      const until = [() => cloud.call('ec2:DetachInternetGateway', { InternetGatewayId, VpcId })];
      const refusal = held('internetGateway', InternetGatewayId);
      return { remove: ask('ec2:DeleteInternetGateway', { InternetGatewayId }), refusal, until };
    },
  },

  'ec2:ReleaseAddress': {
    'a NAT gateway has it, and for some seconds after that reads deleted': async cloud => {
      const { natGateway } = await place(cloud);
      const { AllocationId, NatGatewayId, end } = await natGateway();
      const { ec2 } = cloud.world;
      const isDeleted = async () => {
        const { heldUntil } = ec2.addresses.get(AllocationId);
        await cloud.wait(heldUntil - cloud.clock.now() - second);
        expect((await cloud.natState(NatGatewayId)).State).toBe('deleted');
        expect((await cloud.call('ec2:DescribeAddresses', {})).Addresses![0]!.AssociationId).toBeUndefined();
      };
      const refusal = 'AuthFailure: You do not have permission to access the specified resource.';
      const until = [end, isDeleted, () => cloud.wait(second)];
      return { remove: ask('ec2:ReleaseAddress', { AllocationId }), refusal, until };
    },
    'an instance has it': async cloud => {
      const { host, interfaceOf } = await place(cloud);
      await host();
      const AllocationId = await cloud.address();
      const eni = cloud.world.ec2.interfaces.get(interfaceOf('interface'));
      eni.elastic = { allocationId: AllocationId, associationId: 'eipassoc-1' };
      const { publicIp } = cloud.world.ec2.addresses.get(AllocationId);
      const until = [async () => delete eni.elastic];
      const refusal = `InvalidIPAddress.InUse: Address ${publicIp} is in use.`;
      return { remove: ask('ec2:ReleaseAddress', { AllocationId }), refusal, until };
    },
  },

  'ec2:DeleteRouteTable': {
    'a subnet is associated with it': async cloud => {
      const { VpcId, SubnetId } = await place(cloud);
      const RouteTableId = await cloud.table(VpcId);
      const { AssociationId } = await cloud.call('ec2:AssociateRouteTable', { RouteTableId, SubnetId });
      const until = [() => cloud.call('ec2:DisassociateRouteTable', { AssociationId })];
      return { remove: ask('ec2:DeleteRouteTable', { RouteTableId }), refusal: held('routeTable', RouteTableId), until };
    },
    'it is the main one': async cloud => {
      await cloud.vpc();
      const RouteTableId = cloud.world.ec2.routeTables.existing()[0]!.id;
      return { remove: ask('ec2:DeleteRouteTable', { RouteTableId }), refusal: held('routeTable', RouteTableId) };
    },
  },

  'ec2:DisassociateRouteTable': {
    'it is the association of the main one': async cloud => {
      await cloud.vpc();
      const AssociationId = cloud.world.ec2.routeTables.existing()[0]!.associations[0]!.id;
      const refusal = `InvalidParameterValue: cannot disassociate the main route table association ${AssociationId}`;
      return { remove: ask('ec2:DisassociateRouteTable', { AssociationId }), refusal };
    },
  },

  'ec2:DeleteRoute': {
    'it leads to the VPC itself': async cloud => {
      const RouteTableId = await cloud.table(await cloud.vpc());
      const refusal = `InvalidParameterValue: cannot remove local route 10.0.0.0/16 in route table ${RouteTableId}`;
      return { remove: ask('ec2:DeleteRoute', { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' }), refusal };
    },
    'it is that of a gateway endpoint': async cloud => {
      const VpcId = await cloud.vpc();
      const RouteTableId = await cloud.table(VpcId);
      const ServiceName = 'com.amazonaws.eu-west-1.s3';
      await cloud.call('ec2:CreateVpcEndpoint', { VpcId, ServiceName, RouteTableIds: [RouteTableId] });
      const DestinationPrefixListId = 'pl-6da54004';
      const refusal = `InvalidParameterValue: cannot remove VPC endpoint route ${DestinationPrefixListId} in route table ${RouteTableId}`;
      return { remove: ask('ec2:DeleteRoute', { RouteTableId, DestinationPrefixListId }), refusal };
    },
  },

  'ec2:DeleteVpc': {
    'a subnet is in it': async cloud => {
      const VpcId = await cloud.vpc();
      const SubnetId = await cloud.subnet(VpcId);
      const until = [() => cloud.call('ec2:DeleteSubnet', { SubnetId })];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'a group that is not its own is in it': async cloud => {
      const VpcId = await cloud.vpc();
      const GroupId = await cloud.group(VpcId);
      const until = [() => cloud.call('ec2:DeleteSecurityGroup', { GroupId })];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'a route table that is not its own is in it': async cloud => {
      const VpcId = await cloud.vpc();
      const RouteTableId = await cloud.table(VpcId);
      const until = [() => cloud.call('ec2:DeleteRouteTable', { RouteTableId })];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'an internet gateway is attached to it': async cloud => {
      const VpcId = await cloud.vpc();
      const InternetGatewayId = await cloud.gateway(VpcId);
      const until = [() => cloud.call('ec2:DetachInternetGateway', { InternetGatewayId, VpcId })];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'an endpoint is in it, until that is gone': async cloud => {
      const VpcId = await cloud.vpc();
      const { VpcEndpoint } = await cloud.call('ec2:CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3' });
      const VpcEndpointIds = [VpcEndpoint!.VpcEndpointId!];
      const until = [() => cloud.call('ec2:DeleteVpcEndpoints', { VpcEndpointIds }), () => cloud.wait(minute)];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'an interface is in it, though its own group is all that it carries': async cloud => {
      const VpcId = await cloud.vpc();
      const SubnetId = await cloud.subnet(VpcId);
      const { GroupId } = (await cloud.call('ec2:DescribeSecurityGroups', {})).SecurityGroups![0]!;
      await cloud.run(SubnetId, { SecurityGroupIds: [GroupId!] });
      const InstanceIds = cloud.world.ec2.instances.existing().map(({ id }) => id);
      const until = [
        () => cloud.call('ec2:TerminateInstances', { InstanceIds }),
        () => cloud.wait(minute),
        () => cloud.call('ec2:DeleteSubnet', { SubnetId }),
      ];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
  },

  'ec2:DeleteNetworkInterface': {
    'an instance has it': async cloud => {
      const { host, interfaceOf } = await place(cloud);
      await host();
      const NetworkInterfaceId = interfaceOf('interface');
      return { remove: ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId }), refusal: inUse(NetworkInterfaceId) };
    },
    'a NAT gateway has it': async cloud => {
      const { natGateway, interfaceOf } = await place(cloud);
      await natGateway();
      const NetworkInterfaceId = interfaceOf('nat_gateway');
      return { remove: ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId }), refusal: inUse(NetworkInterfaceId) };
    },
    'an endpoint has it': async cloud => {
      const { guest, interfaceOf } = await place(cloud);
      guest();
      const NetworkInterfaceId = interfaceOf('vpc_endpoint');
      return { remove: ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId }), refusal: inUse(NetworkInterfaceId) };
    },
    'Lambda holds it, until it is available': async cloud => {
      const { SubnetId, GroupId, interfaceOf } = await place(cloud);
      const { ec2 } = cloud.world;
      ec2.attachLambdaInterfaces(FunctionName, [SubnetId], [GroupId], cloud.clock.now());
      const NetworkInterfaceId = interfaceOf('lambda');
      const release = async () =>
        ec2.releaseLambdaInterfaces(FunctionName, cloud.clock.now(), cloud.clock.now() + minute, { reclaim: false });
      const until = [release, () => cloud.wait(minute)];
      return { remove: ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId }), refusal: inUse(NetworkInterfaceId), until };
    },
  },

  'ec2:TerminateInstances': {
    'one of them is protected': async cloud => {
      const { SubnetId } = await place(cloud);
      const free = (await cloud.run(SubnetId)).InstanceId!;
      const InstanceId = (await cloud.run(SubnetId, { DisableApiTermination: true })).InstanceId!;
      const open = { InstanceId, DisableApiTermination: { Value: false } };
      const until = [() => cloud.call('ec2:ModifyInstanceAttribute', open)];
      const refusal = `OperationNotPermitted: The instance '${InstanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
      return { remove: ask('ec2:TerminateInstances', { InstanceIds: [free, InstanceId] }), refusal, until };
    },
    'one of them is not there': async cloud => {
      const { SubnetId } = await place(cloud);
      const free = (await cloud.run(SubnetId)).InstanceId!;
      const refusal = "InvalidInstanceID.NotFound: The instance ID 'i-0123' does not exist";
      return { remove: ask('ec2:TerminateInstances', { InstanceIds: [free, 'i-0123'] }), refusal };
    },
  },

  'iam:DeleteRole': {
    'it has an inline policy': async cloud => {
      await roleOf(cloud);
      await cloud.call('iam:PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: allowing('sns:Publish') });
      const until = [() => cloud.call('iam:DeleteRolePolicy', { RoleName, PolicyName: 'p' })];
      return { remove: ask('iam:DeleteRole', { RoleName }), refusal: conflict('delete policies'), until };
    },
    'a managed policy is attached to it': async cloud => {
      await roleOf(cloud);
      const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
      cloud.world.iam.role(RoleName)!.attached.set(PolicyArn, 'ReadOnlyAccess');
      const until = [() => cloud.call('iam:DetachRolePolicy', { RoleName, PolicyArn })];
      return { remove: ask('iam:DeleteRole', { RoleName }), refusal: conflict('detach all policies'), until };
    },
    'it is in an instance profile': async cloud => {
      await roleOf(cloud, 'Host');
      const until = [() => cloud.call('iam:RemoveRoleFromInstanceProfile', { InstanceProfileName: 'Host', RoleName })];
      return { remove: ask('iam:DeleteRole', { RoleName }), refusal: conflict('remove roles from instance profile'), until };
    },
  },

  'iam:DeleteInstanceProfile': {
    'a role is in it': async cloud => {
      const InstanceProfileName = 'Host';
      await roleOf(cloud, InstanceProfileName);
      const until = [() => cloud.call('iam:RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName })];
      const refusal = conflict('remove roles from instance profile');
      return { remove: ask('iam:DeleteInstanceProfile', { InstanceProfileName }), refusal, until };
    },
  },

  'events:DeleteRule': {
    'it has a target': async cloud => {
      await rule(cloud);
      await cloud.call('events:PutTargets', { Rule, Targets: [target, { ...target, Id: 'other' }] });
      const remove = (id: string) => () => cloud.call('events:RemoveTargets', { Rule, Ids: [id] });
      return {
        remove: ask('events:DeleteRule', { Name: Rule }),
        refusal: hasTargets,
        until: [remove('report'), remove('other')],
      };
    },
    'a target was not removed, though the answer is well': async cloud => {
      await rule(cloud);
      await cloud.call('events:PutTargets', { Rule, Targets: [target] });
      const { failingTargets } = cloud.world.events;
      failingTargets.add('report');
      const remove = () => cloud.call('events:RemoveTargets', { Rule, Ids: ['report'] });
      const fails = async () => expect(await remove()).toMatchObject({ FailedEntryCount: 1 });
      const works = async () => {
        failingTargets.clear();
        await remove();
      };
      return { remove: ask('events:DeleteRule', { Name: Rule }), refusal: hasTargets, until: [fails, works] };
    },
  },

  's3:DeleteBucket': {
    'an object is in it': async cloud => {
      const { remove } = await shelf(cloud);
      const bucket = cloud.world.s3.buckets.get(Bucket)!;
      bucket.versions.push(version('null'));
      return { remove: ask('s3:DeleteBucket', { Bucket }), refusal: notEmpty, until: [() => remove('null')] };
    },
    'an older version is in it, and then the mark of its deletion': async cloud => {
      const { remove } = await shelf(cloud, 'Enabled');
      const bucket = cloud.world.s3.buckets.get(Bucket)!;
      bucket.versions.push(version('v1'));
      const marker = () => bucket.versions.find(({ isDeleteMarker }) => isDeleteMarker)!.versionId;
      const until = [() => remove(), () => remove('v1'), () => remove(marker())];
      return { remove: ask('s3:DeleteBucket', { Bucket }), refusal: notEmpty, until };
    },
    'another account is expected to own it': async cloud => {
      await shelf(cloud);
      const ExpectedBucketOwner = '999999999999';
      return { remove: ask('s3:DeleteBucket', { Bucket, ExpectedBucketOwner }), refusal: 'AccessDenied: Access Denied' };
    },
  },

  'scheduler:DeleteScheduleGroup': {
    'it is the default one': async () => ({
      remove: ask('scheduler:DeleteScheduleGroup', { Name: 'default' }),
      refusal: 'ValidationException: The default schedule group cannot be deleted.',
    }),
  },
};

const version = (versionId: string) => ({
  key: 'a',
  versionId,
  etag: '"e"',
  body: new Uint8Array(),
  contentType: '',
  at: 0,
  isDeleteMarker: false,
});

/** Refused as the reason says, for as long as it stands, and not any more when it does not. */
async function play(cloud: Cloud, reason: Reason): Promise<void> {
  const { remove, refusal, until = [] } = await reason(cloud);
  const isRefused = async () => expect(await cloud.refusal(remove.operation, remove.input as never)).toBe(refusal);
  await isRefused();
  for (const [nth, step] of until.entries()) {
    await step();
    if (nth < until.length - 1) await isRefused();
  }
  if (until.length > 0) await send(cloud, remove);
}

describe.each(Object.entries(reasons))('%s is refused where', (_operation, each) => {
  it.each(Object.entries(each))('%s', async (_reason, reason) => play(await openCloud(), reason));
});

describe('what was taken away is counted for a while yet,', () => {
  const late = 5 * second;
  it.each([
    ['iam:DeleteRole', 'it has an inline policy'],
    ['iam:DeleteRole', 'a managed policy is attached to it'],
    ['iam:DeleteRole', 'it is in an instance profile'],
    ['iam:DeleteInstanceProfile', 'a role is in it'],
    ['events:DeleteRule', 'it has a target'],
  ] as const)('%s: %s', async (operation, name) => {
    await play(await openCloud({ lag: late }), async cloud => {
      // Whoever makes a rule or bucket waits until it is seen.
      const call = cloud.call;
      cloud.call = async (asked, input) => {
        const answer = await call(asked, input);
        if (/:(Put|Create|Add)/.test(asked)) await cloud.wait(late);
        return answer;
      };
      const { until = [], ...stage } = await (reasons[operation] as Record<string, Reason>)[name]!(cloud);
      return { ...stage, until: [...until, () => cloud.wait(late)] };
    });
  });
});

describe('groups of a function', () => {
  it('are held for 35 minutes where AWS is slow', async () => {
    const cloud = await openCloud({ profile: 'slow' });
    const { GroupId, reporter } = await place(cloud);
    const { end } = await reporter();
    await end();
    await cloud.wait(34 * minute);
    expect(await cloud.refusal('ec2:DeleteSecurityGroup', { GroupId })).toBe(groupHeld(GroupId));
    await cloud.wait(minute);
    await cloud.call('ec2:DeleteSecurityGroup', { GroupId });
  });

  it('go when they name but themselves', async () => {
    const { call, vpc, group } = await openCloud();
    const GroupId = await group(await vpc());
    await call('ec2:AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(22, { GroupId })] });
    await call('ec2:DeleteSecurityGroup', { GroupId });
  });
});

/** What AWS answers to a deletion of what is not there; `undefined`: it is content. */
const absent: [Ask, string | undefined][] = [
  [ask('ec2:DeleteInternetGateway', { InternetGatewayId: 'igw-0' }), 'InvalidInternetGatewayID.NotFound'],
  [ask('ec2:DeleteNatGateway', { NatGatewayId: 'nat-0' }), 'NatGatewayNotFound'],
  [ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId: 'eni-0' }), 'InvalidNetworkInterfaceID.NotFound'],
  [ask('ec2:DeleteRoute', { RouteTableId: 'rtb-0', DestinationCidrBlock: '0.0.0.0/0' }), 'InvalidRouteTableID.NotFound'],
  [ask('ec2:DeleteRouteTable', { RouteTableId: 'rtb-0' }), 'InvalidRouteTableID.NotFound'],
  [ask('ec2:DeleteSecurityGroup', { GroupId: 'sg-0' }), 'InvalidGroup.NotFound'],
  [ask('ec2:DeleteSubnet', { SubnetId: 'subnet-0' }), 'InvalidSubnetID.NotFound'],
  [ask('ec2:DeleteVpc', { VpcId: 'vpc-0' }), 'InvalidVpcID.NotFound'],
  [ask('ec2:DeleteVpcEndpoints', { VpcEndpointIds: ['vpce-0'] }), undefined],
  [ask('ec2:DetachInternetGateway', { InternetGatewayId: 'igw-0', VpcId: 'vpc-0' }), 'InvalidInternetGatewayID.NotFound'],
  [ask('ec2:DisassociateRouteTable', { AssociationId: 'rtbassoc-0' }), 'InvalidAssociationID.NotFound'],
  [ask('ec2:ReleaseAddress', { AllocationId: 'eipalloc-0' }), 'InvalidAllocationID.NotFound'],
  [ask('ec2:RevokeSecurityGroupEgress', { GroupId: 'sg-0' }), 'InvalidGroup.NotFound'],
  [ask('ec2:RevokeSecurityGroupIngress', { GroupId: 'sg-0' }), 'InvalidGroup.NotFound'],
  [ask('ec2:TerminateInstances', { InstanceIds: ['i-0'] }), 'InvalidInstanceID.NotFound'],
  [ask('events:DeleteRule', { Name: 'x' }), undefined],
  [ask('events:RemoveTargets', { Rule: 'x', Ids: ['x'] }), 'ResourceNotFoundException'],
  [ask('iam:DeleteInstanceProfile', { InstanceProfileName: 'x' }), 'NoSuchEntityException'],
  [ask('iam:DeleteRole', { RoleName: 'x' }), 'NoSuchEntityException'],
  [ask('iam:DeleteRolePermissionsBoundary', { RoleName: 'x' }), 'NoSuchEntityException'],
  [ask('iam:DeleteRolePolicy', { RoleName: 'x', PolicyName: 'x' }), 'NoSuchEntityException'],
  [ask('iam:DetachRolePolicy', { RoleName: 'x', PolicyArn: 'x' }), 'NoSuchEntityException'],
  [ask('iam:RemoveRoleFromInstanceProfile', { InstanceProfileName: 'x', RoleName: 'x' }), 'NoSuchEntityException'],
  [ask('lambda:DeleteFunction', { FunctionName: 'x' }), 'ResourceNotFoundException'],
  [ask('lambda:DeleteFunctionConcurrency', { FunctionName: 'x' }), 'ResourceNotFoundException'],
  [ask('lambda:DeleteLayerVersion', { LayerName: 'x', VersionNumber: 1 }), undefined],
  [ask('lambda:RemovePermission', { FunctionName: 'x', StatementId: 'x' }), 'ResourceNotFoundException'],
  [ask('logs:DeleteLogGroup', { logGroupName: 'x' }), 'ResourceNotFoundException'],
  [ask('s3:DeleteBucket', { Bucket: 'xyz' }), 'NoSuchBucket'],
  [ask('s3:DeleteObjects', { Bucket: 'xyz', Delete: { Objects: [{ Key: 'x' }] } }), 'NoSuchBucket'],
  [ask('scheduler:DeleteSchedule', { GroupName: 'x', Name: 'x' }), 'ResourceNotFoundException'],
  [ask('scheduler:DeleteScheduleGroup', { Name: 'x' }), 'ResourceNotFoundException'],
  [ask('sns:DeleteTopic', { TopicArn: 'arn:aws:sns:eu-west-1:123456789012:x' }), undefined],
  [ask('ssm:DeleteParameter', { Name: '/x' }), 'ParameterNotFound'],
];

describe('of what is not there', () => {
  it.each(absent.map(([asked, name]) => [asked.operation, name ?? 'content', asked] as const))(
    '%s is answered with %s',
    async (_operation, name, asked) => {
      const account = await openAccount();
      const outcome = await send(account, asked).then(
        () => 'content',
        (error: Error) => error.name,
      );
      expect(outcome).toBe(name);
    },
  );

  test('every operation that takes something away is asked about', () => {
    const all = Object.entries(services).flatMap(([service, operations]) =>
      Object.keys(operations)
        .filter(name => /^(Delete|Detach|Disassociate|Release|Remove|Revoke|Terminate)/.test(name))
        .map(name => `${service as ServiceName}:${name}`),
    );
    expect([...new Set(absent.map(([{ operation }]) => operation))].sort()).toEqual(all.sort());
  });
});

describe('a deletion leaves', () => {
  it('with a VPC nothing: its own group and table go with it', async () => {
    const { call, clock, vpc, world } = await openCloud();
    await call('ec2:DeleteVpc', { VpcId: await vpc() });
    expect(world.ec2.inventory(clock.now())).toEqual([]);
  });

  it('of a NAT gateway a blackhole in the routes, and an endpoint its own', async () => {
    const cloud = await openCloud();
    const { VpcId, natGateway } = await place(cloud);
    const { NatGatewayId, end, gone } = await natGateway();
    const RouteTableId = await cloud.table(VpcId);
    await cloud.call('ec2:CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId });
    const ServiceName = 'com.amazonaws.eu-west-1.s3';
    await cloud.call('ec2:CreateVpcEndpoint', { VpcId, ServiceName, RouteTableIds: [RouteTableId] });
    await end();
    await gone();
    expect(await routesOf(cloud, RouteTableId)).toEqual(['active local', `blackhole ${NatGatewayId}`, 'active vpce']);
  });

  it('of an internet gateway that was detached a blackhole too', async () => {
    const cloud = await openCloud();
    const VpcId = await cloud.vpc();
    const InternetGatewayId = await cloud.gateway(VpcId);
    const RouteTableId = await cloud.table(VpcId);
    await cloud.call('ec2:CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId });
    await cloud.call('ec2:DetachInternetGateway', { InternetGatewayId, VpcId });
    expect(await routesOf(cloud, RouteTableId)).toEqual(['active local', 'blackhole igw']);
  });

  it('endpoints that it did not find in an answer that is well', async () => {
    const { call, vpc } = await openCloud();
    const VpcId = await vpc();
    const { VpcEndpoint } = await call('ec2:CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3' });
    const VpcEndpointIds = ['vpce-0123', VpcEndpoint!.VpcEndpointId!];
    const { Unsuccessful } = await call('ec2:DeleteVpcEndpoints', { VpcEndpointIds });
    expect(Unsuccessful?.map(one => [one.ResourceId, one.Error?.Code])).toEqual([['vpce-0123', 'InvalidVpcEndpoint.NotFound']]);
    expect((await call('ec2:DescribeVpcEndpoints', {})).VpcEndpoints?.map(({ State }) => State)).toEqual(['deleting']);
  });

  it('no free instance behind where all together were refused', async () => {
    const cloud = await openCloud();
    const { SubnetId } = await place(cloud);
    const free = (await cloud.run(SubnetId)).InstanceId!;
    await cloud.refusal('ec2:TerminateInstances', { InstanceIds: [free, 'i-0123'] });
    expect((await cloud.instance(free)).State?.Name).toBe('pending');
  });

  it('a layer version to the function that has it, and to no other', async () => {
    const cloud = await openCloud();
    const { call, refusal, wait } = cloud;
    await reporter(cloud);
    const Content = { ZipFile: zipOf({ 'nodejs/node_modules/driver/index.js': '' }) };
    const { LayerVersionArn } = await call('lambda:PublishLayerVersion', { LayerName: 'driver', Content });
    const withLayer = { FunctionName, Layers: [LayerVersionArn!] };
    await call('lambda:UpdateFunctionConfiguration', withLayer);
    await call('lambda:DeleteLayerVersion', { LayerName: 'driver', VersionNumber: 1 });
    await wait(minute);
    expect((await call('lambda:Invoke', { FunctionName })).FunctionError).toBeUndefined();
    await call('lambda:UpdateFunctionConfiguration', { FunctionName, MemorySize: 512 });
    await wait(minute);
    expect(await refusal('lambda:UpdateFunctionConfiguration', withLayer)).toContain('does not exist');
  });

  it('a schedule group DELETING for some seconds, with its schedules, and its name taken', async () => {
    const { call, refusal, wait } = await openCloud();
    const Name = 'reports';
    await call('scheduler:CreateScheduleGroup', { Name });
    await call('scheduler:DeleteScheduleGroup', { Name });
    expect((await call('scheduler:GetScheduleGroup', { Name })).State).toBe('DELETING');
    expect(await refusal('scheduler:CreateScheduleGroup', { Name })).toBe(
      'ConflictException: Schedule group reports already exists.',
    );
    await wait(minute);
    expect(await refusal('scheduler:GetScheduleGroup', { Name })).toBe(
      'ResourceNotFoundException: Schedule group reports does not exist.',
    );
    await call('scheduler:CreateScheduleGroup', { Name });
  });

  it('the name of a bucket taken for a while', async () => {
    const cloud = await openCloud();
    await shelf(cloud);
    await cloud.call('s3:DeleteBucket', { Bucket });
    expect(await cloud.refusal('s3:HeadBucket', { Bucket })).toBe('NotFound: UnknownError');
    const again = { Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } };
    expect(await cloud.refusal('s3:CreateBucket', again)).toMatch(/^OperationAborted: /);
    await cloud.wait(2 * minute);
    await cloud.call('s3:CreateBucket', again);
  });

  it.each([
    ['again, kept for ever, where its role may make it', ['logs:CreateLogGroup', 'logs:PutLogEvents'], [logGroupName]],
    ['no more, where it may not', ['logs:PutLogEvents'], []],
  ])('a log group, to a function that writes late, %s', async (_how, actions, left) => {
    const cloud = await openCloud();
    const { call } = cloud;
    await call('logs:CreateLogGroup', { logGroupName });
    await call('logs:PutRetentionPolicy', { logGroupName, retentionInDays: 90 });
    await reporter(cloud, undefined, actions);
    await call('logs:DeleteLogGroup', { logGroupName });
    await call('lambda:Invoke', { FunctionName });
    const { logGroups } = await call('logs:DescribeLogGroups', {});
    expect(logGroups!.map(({ logGroupName: name }) => name)).toEqual(left);
    expect(logGroups!.map(({ retentionInDays }) => retentionInDays)).toEqual(left.map(() => undefined));
  });

  describe('the interfaces of a function', () => {
    const opened = async () => {
      const cloud = await openCloud();
      const { SubnetId, GroupId } = await place(cloud);
      return { cloud, SubnetId, ...(await reporterIn(cloud, { SubnetIds: [SubnetId], SecurityGroupIds: [GroupId] })) };
    };
    const dropPolicy = ({ call }: Cloud) => call('iam:DeleteRolePolicy', { RoleName, PolicyName: 'may' });
    const dropRole = async (cloud: Cloud) => {
      await dropPolicy(cloud);
      await cloud.call('iam:DeleteRole', { RoleName });
    };

    it.each(['release', 'end'] as const)('for minutes: %s', async how => {
      const one = await opened();
      await one[how]();
      await one.cloud.wait(2 * minute);
      expect(await one.interfaces()).toEqual(['in-use']);
      await one.cloud.wait(4 * minute);
      expect(await one.interfaces()).toEqual([]);
    });

    it.each([
      [
        'its role went before it',
        async (one: Awaited<ReturnType<typeof opened>>) => [await dropRole(one.cloud), await one.end()],
      ],
      ['its role went while Lambda had yet to free them', async one => [await one.end(), await dropRole(one.cloud)]],
      ['its role lost the permission meanwhile', async one => [await one.end(), await dropPolicy(one.cloud)]],
    ] satisfies [string, (one: Awaited<ReturnType<typeof opened>>) => Promise<unknown>][])(
      'for ever, where %s',
      async (_how, go) => {
        const one = await opened();
        await go(one);
        await one.cloud.wait(24 * 60 * minute);
        expect(await one.interfaces()).toEqual(['in-use']);
        expect(await one.cloud.refusal('ec2:DeleteSubnet', { SubnetId: one.SubnetId })).toBe(held('subnet', one.SubnetId));
      },
    );

    it('to Lambda, which has freed them when the role goes last', async () => {
      const one = await opened();
      await one.end();
      await one.cloud.wait(10 * minute);
      await dropRole(one.cloud);
      expect(await one.interfaces()).toEqual([]);
    });
  });
});

/** Each route's state and where it leads. */
async function routesOf({ call }: Cloud, id: string): Promise<string[]> {
  const [{ Routes = [] } = {}] = (await call('ec2:DescribeRouteTables', { RouteTableIds: [id] })).RouteTables!;
  return Routes.map(({ State, GatewayId = '', NatGatewayId }) => `${State} ${NatGatewayId ?? GatewayId.split('-')[0]}`);
}
