import { describe, expect, it, test } from 'vitest';
import type { ServiceName } from '../../src/provision/aws/operation.ts';
import { services } from '../../src/simulator/simulator.ts';
import { minute, openAccount, second, zipOf } from './account.ts';
import { ec2Reasons } from './deletions/ec2-reasons.ts';
import { otherReasons } from './deletions/other-reasons.ts';
import {
  type Ask,
  ask,
  Bucket,
  type Cloud,
  FunctionName,
  groupHeld,
  held,
  logGroupName,
  openCloud,
  place,
  type Reason,
  RoleName,
  reporter,
  reporterIn,
  send,
  shelf,
} from './deletions/stage.ts';
import { tcp } from './ec2/cloud.ts';

const reasons = { ...ec2Reasons, ...otherReasons };

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
  [
    ask('ec2:DeleteNetworkAclEntry', { NetworkAclId: 'acl-0', RuleNumber: 100, Egress: false }),
    'InvalidNetworkAclID.NotFound',
  ],
  [ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId: 'eni-0' }), 'InvalidNetworkInterfaceID.NotFound'],
  [
    ask('ec2:DeleteRoute', { RouteTableId: 'rtb-0', DestinationCidrBlock: '0.0.0.0/0' }),
    'InvalidRouteTableID.NotFound',
  ],
  [ask('ec2:DeleteRouteTable', { RouteTableId: 'rtb-0' }), 'InvalidRouteTableID.NotFound'],
  [ask('ec2:DeleteSecurityGroup', { GroupId: 'sg-0' }), 'InvalidGroup.NotFound'],
  [ask('ec2:DeleteSubnet', { SubnetId: 'subnet-0' }), 'InvalidSubnetID.NotFound'],
  [ask('ec2:DeleteTags', { Resources: ['vpc-0'], Tags: [{ Key: 'x' }] }), 'InvalidVpcID.NotFound'],
  [ask('ec2:DeleteVpc', { VpcId: 'vpc-0' }), 'InvalidVpcID.NotFound'],
  [ask('ec2:DeleteVpcEndpoints', { VpcEndpointIds: ['vpce-0'] }), undefined],
  [
    ask('ec2:DetachInternetGateway', { InternetGatewayId: 'igw-0', VpcId: 'vpc-0' }),
    'InvalidInternetGatewayID.NotFound',
  ],
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
  [
    ask('ssm:RemoveTagsFromResource', { ResourceType: 'Parameter', ResourceId: '/x', TagKeys: ['x'] }),
    'InvalidResourceId',
  ],
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
    await cloud.call('ec2:CreateRoute', {
      RouteTableId,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: InternetGatewayId,
    });
    await cloud.call('ec2:DetachInternetGateway', { InternetGatewayId, VpcId });
    expect(await routesOf(cloud, RouteTableId)).toEqual(['active local', 'blackhole igw']);
  });

  it('endpoints that it did not find in an answer that is well', async () => {
    const { call, vpc } = await openCloud();
    const VpcId = await vpc();
    const { VpcEndpoint } = await call('ec2:CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3' });
    const VpcEndpointIds = ['vpce-0123', VpcEndpoint!.VpcEndpointId!];
    const { Unsuccessful } = await call('ec2:DeleteVpcEndpoints', { VpcEndpointIds });
    expect(Unsuccessful?.map(one => [one.ResourceId, one.Error?.Code])).toEqual([
      ['vpce-0123', 'InvalidVpcEndpoint.NotFound'],
    ]);
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
    [
      'again, kept for ever, where its role may make it',
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      [logGroupName],
    ],
    ['no more, where it may not', ['logs:CreateLogStream', 'logs:PutLogEvents'], []],
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

    type Opened = Awaited<ReturnType<typeof opened>>;
    it.each([
      [
        'held for ever, where its role went before it',
        'in-use',
        async (one: Opened) => [await dropRole(one.cloud), await one.end()],
      ],
      [
        'held for ever, where its role went before Lambda had freed them',
        'in-use',
        async one => [await one.end(), await dropRole(one.cloud)],
      ],
      [
        'lying, where its role lost the permission meanwhile',
        'available',
        async one => [await one.end(), await dropPolicy(one.cloud)],
      ],
    ] satisfies [string, string, (one: Opened) => Promise<unknown>][])('%s', async (_how, state, go) => {
      const one = await opened();
      await go(one);
      await one.cloud.wait(24 * 60 * minute);
      expect(await one.interfaces()).toEqual([state]);
      expect(await one.cloud.refusal('ec2:DeleteSubnet', { SubnetId: one.SubnetId })).toBe(
        held('subnet', one.SubnetId),
      );
    });

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
