import { strToU8, zipSync } from 'fflate';
import { describe, expect, it, test } from 'vitest';
import type { ServiceName } from '../../src/provision/aws/operation.ts';
import { seenAtOnce, seenLate } from '../../src/simulator/eventual-consistency.ts';
import { inventory } from '../../src/simulator/inventory.ts';
import { simulatedAws, smallArtifacts } from '../helpers/simulated-stack.ts';

type Ask = [service: ServiceName, operation: string, input: object];

const lag = 15_000;
const Tags = [{ Key: 'a', Value: 'b' }];
const trust = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] },
      Action: 'sts:AssumeRole',
    },
  ],
});
const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] });
const layer = zipSync({ 'nodejs/node_modules/x/package.json': strToU8('{}') });
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const roleArn = 'arn:aws:iam::123456789012:role/r';
const host = { ImageId: 'ami-0a1a2b3c4d5e6f701', InstanceType: 't4g.micro', MinCount: 1, MaxCount: 1 };
const egress = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '198.51.100.0/24' }] }];

const schedule = {
  Name: 'old',
  GroupName: 's',
  ScheduleExpression: 'rate(1 day)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: arn('lambda', 'function:old'), RoleArn: roleArn },
};

/** What of the answers is read here. */
interface Made {
  Vpc: { VpcId: string };
  Subnet: { SubnetId: string };
  RouteTable: { RouteTableId: string };
  InternetGateway: { InternetGatewayId: string };
  GroupId: string;
  AllocationId: string;
}

/** An account with an old thing of each kind that others stand on. `ids` are of EC2, by kind. */
async function account() {
  const aws = simulatedAws({ lag });
  const ask = (service: ServiceName, operation: string, input: object) =>
    aws.answer(service, operation, input) as Promise<Made>;
  const later = () => aws.world.clock.sleep(30_000);
  const { Vpc } = await ask('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
  await later();
  const VpcId = Vpc.VpcId;
  const { Subnet } = await ask('ec2', 'CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' });
  const { RouteTable } = await ask('ec2', 'CreateRouteTable', { VpcId });
  const { InternetGateway } = await ask('ec2', 'CreateInternetGateway', {});
  const { GroupId } = await ask('ec2', 'CreateSecurityGroup', { VpcId, GroupName: 'g', Description: 'd' });
  const { AllocationId } = await ask('ec2', 'AllocateAddress', {});
  await ask('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust });
  await ask('iam', 'CreateInstanceProfile', { InstanceProfileName: 'p' });
  await ask('sns', 'CreateTopic', { Name: 't' });
  await ask('scheduler', 'CreateScheduleGroup', { Name: 's' });
  await ask('events', 'PutRule', { Name: 'e', ScheduleExpression: 'rate(1 day)' });
  await ask('logs', 'CreateLogGroup', { logGroupName: 'l' });
  await ask('ssm', 'PutParameter', { Name: '/x/p', Type: 'String', Value: 'before' });
  await ask('s3', 'CreateBucket', { Bucket: 'b-1', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
  await later();
  await ask('ec2', 'RunInstances', { ...host, SubnetId: Subnet.SubnetId });
  const ids = {
    VpcId,
    SubnetId: Subnet.SubnetId,
    RouteTableId: RouteTable.RouteTableId,
    InternetGatewayId: InternetGateway.InternetGatewayId,
    GroupId,
    AllocationId,
    VolumeId: aws.world.ec2.volumes.existing()[0]!.id,
  };
  await ask('ec2', 'AttachInternetGateway', { InternetGatewayId: ids.InternetGatewayId, VpcId });
  await later();
  const zip = smallArtifacts.functionZip;
  await ask('lambda', 'CreateFunction', {
    FunctionName: 'old',
    Runtime: 'nodejs24.x',
    Role: roleArn,
    Handler: 'index.handler',
    Code: { ZipFile: zip },
  });
  await ask('scheduler', 'CreateSchedule', schedule);
  await later();
  return { aws, ask, later, ids };
}

type Ids = Awaited<ReturnType<typeof account>>['ids'];

/**
 * What is made, what the readers of AWS are asked, the sign of it in an answer, and what a second one meets where a
 * name or the like serves once.
 */
const makings: [
  what: (typeof seenLate)[number],
  make: (ids: Ids) => Ask,
  reads: (ids: Ids) => Ask[],
  sign: string,
  second?: string,
][] = [
  [
    'VPC',
    () => ['ec2', 'CreateVpc', { CidrBlock: '10.9.0.0/16' }],
    () => [
      ['ec2', 'DescribeVpcs', {}],
      ['ec2', 'DescribeRouteTables', {}],
    ],
    '10.9.0.0/16',
  ],
  [
    'subnet',
    ({ VpcId }) => ['ec2', 'CreateSubnet', { VpcId, CidrBlock: '10.0.9.0/24' }],
    () => [['ec2', 'DescribeSubnets', {}]],
    '10.0.9.0/24',
    'InvalidSubnet.Conflict',
  ],
  [
    'security group',
    ({ VpcId }) => ['ec2', 'CreateSecurityGroup', { VpcId, GroupName: 'new', Description: 'd' }],
    () => [['ec2', 'DescribeSecurityGroups', {}]],
    '"new"',
    'InvalidGroup.Duplicate',
  ],
  [
    'rule of a group',
    ({ GroupId }) => ['ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: egress }],
    () => [['ec2', 'DescribeSecurityGroups', {}]],
    '198.51.100.0/24',
    'InvalidPermission.Duplicate',
  ],
  [
    'internet gateway',
    () => ['ec2', 'CreateInternetGateway', { TagSpecifications: [{ ResourceType: 'internet-gateway', Tags }] }],
    () => [['ec2', 'DescribeInternetGateways', {}]],
    '"Key":"a"',
  ],
  [
    'NAT gateway',
    ({ SubnetId, AllocationId }) => ['ec2', 'CreateNatGateway', { SubnetId, AllocationId }],
    () => [['ec2', 'DescribeNatGateways', {}]],
    'nat-',
  ],
  [
    'address',
    () => ['ec2', 'AllocateAddress', { TagSpecifications: [{ ResourceType: 'elastic-ip', Tags }] }],
    () => [['ec2', 'DescribeAddresses', {}]],
    '"Key":"a"',
  ],
  [
    'route table',
    ({ VpcId }) => ['ec2', 'CreateRouteTable', { VpcId, TagSpecifications: [{ ResourceType: 'route-table', Tags }] }],
    () => [['ec2', 'DescribeRouteTables', {}]],
    '"Key":"a"',
  ],
  [
    'route',
    ({ RouteTableId, InternetGatewayId }) => [
      'ec2',
      'CreateRoute',
      { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId },
    ],
    () => [['ec2', 'DescribeRouteTables', {}]],
    '0.0.0.0/0',
    'RouteAlreadyExists',
  ],
  [
    'association',
    ({ RouteTableId, SubnetId }) => ['ec2', 'AssociateRouteTable', { RouteTableId, SubnetId }],
    () => [['ec2', 'DescribeRouteTables', {}]],
    'subnet-',
    'Resource.AlreadyAssociated',
  ],
  [
    'endpoint',
    ({ VpcId }) => ['ec2', 'CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3' }],
    () => [['ec2', 'DescribeVpcEndpoints', {}]],
    'vpce-',
  ],
  [
    'instance',
    ({ SubnetId }) => ['ec2', 'RunInstances', { ...host, SubnetId, ClientToken: 'new' }],
    () => [['ec2', 'DescribeInstances', {}]],
    '"ClientToken":"new"',
  ],
  [
    'snapshot',
    ({ VolumeId }) => ['ec2', 'CreateSnapshot', { VolumeId }],
    () => [['ec2', 'DescribeSnapshots', {}]],
    'snap-',
  ],
  [
    'role',
    () => ['iam', 'CreateRole', { RoleName: 'new', AssumeRolePolicyDocument: trust }],
    () => [
      ['iam', 'GetRole', { RoleName: 'new' }],
      ['iam', 'ListRoles', {}],
    ],
    '"new"',
    'EntityAlreadyExistsException',
  ],
  [
    'policy of a role',
    () => ['iam', 'PutRolePolicy', { RoleName: 'r', PolicyName: 'new', PolicyDocument: policy }],
    () => [
      ['iam', 'ListRolePolicies', { RoleName: 'r' }],
      ['iam', 'GetRolePolicy', { RoleName: 'r', PolicyName: 'new' }],
    ],
    '"new"',
  ],
  [
    'instance profile',
    () => ['iam', 'CreateInstanceProfile', { InstanceProfileName: 'new' }],
    () => [
      ['iam', 'GetInstanceProfile', { InstanceProfileName: 'new' }],
      ['iam', 'ListInstanceProfiles', {}],
    ],
    '"new"',
    'EntityAlreadyExistsException',
  ],
  [
    'role in a profile',
    () => ['iam', 'AddRoleToInstanceProfile', { InstanceProfileName: 'p', RoleName: 'r' }],
    () => [['iam', 'GetInstanceProfile', { InstanceProfileName: 'p' }]],
    '"RoleName":"r"',
    'LimitExceededException',
  ],
  [
    'layer version',
    () => ['lambda', 'PublishLayerVersion', { LayerName: 'new', Content: { ZipFile: layer } }],
    () => [
      ['lambda', 'ListLayerVersions', { LayerName: 'new' }],
      ['lambda', 'ListLayers', {}],
    ],
    ':layer:new',
  ],
  [
    'function',
    () => [
      'lambda',
      'CreateFunction',
      {
        FunctionName: 'new',
        Runtime: 'nodejs24.x',
        Role: roleArn,
        Handler: 'index.handler',
        Code: { ZipFile: smallArtifacts.functionZip },
      },
    ],
    () => [
      ['lambda', 'GetFunction', { FunctionName: 'new' }],
      ['lambda', 'ListFunctions', {}],
    ],
    '"new"',
    'ResourceConflictException',
  ],
  [
    'log group',
    () => ['logs', 'CreateLogGroup', { logGroupName: 'new', tags: { a: 'b' } }],
    () => [
      ['logs', 'DescribeLogGroups', {}],
      ['logs', 'ListTagsForResource', { resourceArn: arn('logs', 'log-group:new') }],
    ],
    /"new"|"a":"b"/.source,
    'ResourceAlreadyExistsException',
  ],
  [
    'parameter',
    () => ['ssm', 'PutParameter', { Name: '/x/new', Type: 'String', Value: 'v', Tags }],
    () => [
      ['ssm', 'GetParameter', { Name: '/x/new' }],
      ['ssm', 'GetParametersByPath', { Path: '/x' }],
      ['ssm', 'ListTagsForResource', { ResourceType: 'Parameter', ResourceId: '/x/new' }],
    ],
    '/x/new|"Key":"a"',
    'ParameterAlreadyExists',
  ],
  [
    'bucket',
    () => [
      's3',
      'CreateBucket',
      { Bucket: 'new', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1', Tags } },
    ],
    () => [
      ['s3', 'HeadBucket', { Bucket: 'new' }],
      ['s3', 'GetBucketTagging', { Bucket: 'new' }],
      ['s3', 'ListBuckets', {}],
    ],
    'AccessPointAlias|"Key":"a"|"new"',
    'BucketAlreadyOwnedByYou',
  ],
  [
    'topic',
    () => ['sns', 'CreateTopic', { Name: 'new', Tags }],
    () => [
      ['sns', 'GetTopicAttributes', { TopicArn: arn('sns', 'new') }],
      ['sns', 'ListTopics', {}],
      ['sns', 'ListTagsForResource', { ResourceArn: arn('sns', 'new') }],
    ],
    ':new"|"Key":"a"',
  ],
  [
    'subscription',
    () => ['sns', 'Subscribe', { TopicArn: arn('sns', 't'), Protocol: 'email', Endpoint: 'new@example.com' }],
    () => [['sns', 'ListSubscriptionsByTopic', { TopicArn: arn('sns', 't') }]],
    'new@example.com',
  ],
  [
    'rule',
    () => ['events', 'PutRule', { Name: 'new', ScheduleExpression: 'rate(1 day)', Tags }],
    () => [
      ['events', 'DescribeRule', { Name: 'new' }],
      ['events', 'ListRules', {}],
      ['events', 'ListTagsForResource', { ResourceARN: arn('events', 'rule/new') }],
    ],
    '"new"|"Key":"a"',
  ],
  [
    'schedule group',
    () => ['scheduler', 'CreateScheduleGroup', { Name: 'new', Tags }],
    () => [
      ['scheduler', 'GetScheduleGroup', { Name: 'new' }],
      ['scheduler', 'ListScheduleGroups', {}],
      ['scheduler', 'ListTagsForResource', { ResourceArn: arn('scheduler', 'schedule-group/new') }],
    ],
    '"new"|"Key":"a"',
    'ConflictException',
  ],
  [
    'schedule',
    () => ['scheduler', 'CreateSchedule', { ...schedule, Name: 'new' }],
    () => [['scheduler', 'GetSchedule', { Name: 'new', GroupName: 's' }]],
    '"new"',
    'ConflictException',
  ],
];

describe('what AWS shows late', () => {
  it.each(makings)(
    'what is new is there at once, and seen after the lag: %s',
    async (_what, make, reads, sign, second) => {
      const { ask, later, ids } = await account();
      /** Which readers show it; one that is not found shows nothing. */
      const seen = () =>
        Promise.all(
          reads(ids).map(async read => new RegExp(sign).test(JSON.stringify(await ask(...read).catch(() => ({}))))),
        );
      expect(await seen()).toEqual(reads(ids).map(() => false));
      await ask(...make(ids));
      expect(await seen()).toEqual(reads(ids).map(() => false));
      if (second) await expect(ask(...make(ids))).rejects.toMatchObject({ name: second });
      await later();
      expect(await seen()).toContain(true);
      expect(await seen()).not.toContain(false);
    },
  );

  const retaggings: [what: string, change: (ids: Ids) => Ask, read: (ids: Ids) => Ask][] = [
    ['VPC', ({ VpcId }) => ['ec2', 'CreateTags', { Resources: [VpcId], Tags }], () => ['ec2', 'DescribeVpcs', {}]],
    ['role', () => ['iam', 'TagRole', { RoleName: 'r', Tags }], () => ['iam', 'GetRole', { RoleName: 'r' }]],
    [
      'instance profile',
      () => ['iam', 'TagInstanceProfile', { InstanceProfileName: 'p', Tags }],
      () => ['iam', 'GetInstanceProfile', { InstanceProfileName: 'p' }],
    ],
    [
      'topic',
      () => ['sns', 'TagResource', { ResourceArn: arn('sns', 't'), Tags }],
      () => ['sns', 'ListTagsForResource', { ResourceArn: arn('sns', 't') }],
    ],
    [
      'schedule group',
      () => ['scheduler', 'TagResource', { ResourceArn: arn('scheduler', 'schedule-group/s'), Tags }],
      () => ['scheduler', 'ListTagsForResource', { ResourceArn: arn('scheduler', 'schedule-group/s') }],
    ],
    [
      'function',
      () => ['lambda', 'TagResource', { Resource: arn('lambda', 'function:old'), Tags: { Key: 'a' } }],
      () => ['lambda', 'GetFunction', { FunctionName: 'old' }],
    ],
  ];

  it.each(retaggings)('a later tag is there at once, and seen after the lag: %s', async (_what, change, read) => {
    const { aws, ask, later, ids } = await account();
    const isSeen = async () => JSON.stringify(await ask(...read(ids))).includes('"Key":"a"');
    await ask(...change(ids));
    expect(JSON.stringify(inventory(aws.world))).toMatch(/"a":"b"|"Key":"a"/);
    expect(await isSeen()).toBe(false);
    await later();
    expect(await isSeen()).toBe(true);
  });

  /** What is changed, and where that shows. */
  const changes: Record<
    (typeof seenAtOnce)[number],
    [change: (ids: Ids) => Ask, read: (ids: Ids) => Ask, sign: string]
  > = {
    'attachment of an internet gateway': [
      ({ InternetGatewayId, VpcId }) => ['ec2', 'DetachInternetGateway', { InternetGatewayId, VpcId }],
      () => ['ec2', 'DescribeInternetGateways', {}],
      '"Attachments":\\[\\]',
    ],
    'attribute of a VPC': [
      ({ VpcId }) => ['ec2', 'ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } }],
      ({ VpcId }) => ['ec2', 'DescribeVpcAttribute', { VpcId, Attribute: 'enableDnsHostnames' }],
      'true',
    ],
    'trust of a role': [
      () => ['iam', 'UpdateAssumeRolePolicy', { RoleName: 'r', PolicyDocument: trust.replace('lambda', 'ec2') }],
      () => ['iam', 'GetRole', { RoleName: 'r' }],
      'ec2.amazonaws.com',
    ],
    'boundary of a role': [
      () => ['iam', 'PutRolePermissionsBoundary', { RoleName: 'r', PermissionsBoundary: 'arn:aws:iam::aws:policy/b' }],
      () => ['iam', 'GetRole', { RoleName: 'r' }],
      'policy/b',
    ],
    'setting of a function': [
      () => ['lambda', 'UpdateFunctionConfiguration', { FunctionName: 'old', MemorySize: 512 }],
      () => ['lambda', 'GetFunction', { FunctionName: 'old' }],
      '"MemorySize":512',
    ],
    'permission of a function': [
      () => [
        'lambda',
        'AddPermission',
        { FunctionName: 'old', StatementId: 'x', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' },
      ],
      () => ['lambda', 'GetPolicy', { FunctionName: 'old' }],
      'events.amazonaws.com',
    ],
    'retention of a log group': [
      () => ['logs', 'PutRetentionPolicy', { logGroupName: 'l', retentionInDays: 7 }],
      () => ['logs', 'DescribeLogGroups', {}],
      '"retentionInDays":7',
    ],
    'value of a parameter': [
      () => ['ssm', 'PutParameter', { Name: '/x/p', Type: 'String', Value: 'after', Overwrite: true }],
      () => ['ssm', 'GetParameter', { Name: '/x/p' }],
      'after',
    ],
    'setting of a bucket': [
      () => ['s3', 'PutBucketVersioning', { Bucket: 'b-1', VersioningConfiguration: { Status: 'Enabled' } }],
      () => ['s3', 'GetBucketVersioning', { Bucket: 'b-1' }],
      'Enabled',
    ],
    object: [
      () => ['s3', 'PutObject', { Bucket: 'b-1', Key: 'k', Body: 'text' }],
      () => ['s3', 'ListObjectsV2', { Bucket: 'b-1' }],
      '"Key":"k"',
    ],
    'policy of a topic': [
      () => [
        'sns',
        'SetTopicAttributes',
        { TopicArn: arn('sns', 't'), AttributeName: 'Policy', AttributeValue: policy },
      ],
      () => ['sns', 'GetTopicAttributes', { TopicArn: arn('sns', 't') }],
      's3:GetObject',
    ],
    'state of a rule': [
      () => ['events', 'DisableRule', { Name: 'e' }],
      () => ['events', 'DescribeRule', { Name: 'e' }],
      'DISABLED',
    ],
    'target of a rule': [
      () => ['events', 'PutTargets', { Rule: 'e', Targets: [{ Id: 'x', Arn: arn('lambda', 'function:old') }] }],
      () => ['events', 'ListTargetsByRule', { Rule: 'e' }],
      'function:old',
    ],
    'setting of a schedule': [
      () => ['scheduler', 'UpdateSchedule', { ...schedule, State: 'DISABLED' }],
      () => ['scheduler', 'GetSchedule', { Name: 'old', GroupName: 's' }],
      'DISABLED',
    ],
  };

  it.each(Object.entries(changes))('and what at once: %s', async (_what, [change, read, sign]) => {
    const { ask, ids } = await account();
    const isSeen = async () => new RegExp(sign).test(JSON.stringify(await ask(...read(ids)).catch(() => ({}))));
    expect(await isSeen()).toBe(false);
    await ask(...change(ids));
    expect(await isSeen()).toBe(true);
  });

  test('nothing is said to be late that is not tried', () => {
    expect(makings.map(([what]) => what).sort()).toEqual([...seenLate].sort());
    expect(Object.keys(changes)).toEqual(seenAtOnce);
  });

  it('a deletion is seen at once', async () => {
    const { ask, ids } = await account();
    await ask('ec2', 'DeleteSecurityGroup', { GroupId: ids.GroupId });
    await expect(ask('ec2', 'DescribeSecurityGroups', { GroupIds: [ids.GroupId] })).rejects.toMatchObject({
      name: 'InvalidGroup.NotFound',
    });
    await ask('iam', 'DeleteInstanceProfile', { InstanceProfileName: 'p' });
    await expect(ask('iam', 'GetInstanceProfile', { InstanceProfileName: 'p' })).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });
});
