import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../src/provision/aws/aws.ts';
import { isMutating } from '../../src/provision/operations.ts';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { newNetworkAcl, putBefore } from '../../src/simulator/ec2/network/network-acls.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { sampled } from '../helpers/sampled.ts';
import { builtAws, pipelineOn, type StackOptions, secretPassword, silent } from '../helpers/simulated-stack.ts';

const Bucket = 'salesreport-salesreport-123456789012-eu-west-1';
const RoleName = 'salesAnalysisReportRole';
const FunctionName = 'salesAnalysisReportDataExtractor';
const functionArn = `arn:aws:lambda:eu-west-1:123456789012:function:${FunctionName}`;
const Rule = 'salesAnalysisReportSchedule';
const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportTopic';
const tags = { shop: 'Corner' };

type Edit = (aws: Simulator) => Promise<unknown>;

const built = async (options: StackOptions = { settings: { tags } }) => {
  const aws = await builtAws(options);
  const calls: CallRecord[] = [];
  const pipeline = await pipelineOn(aws, { ...options, onCall: call => calls.push(call) });
  return { aws, pipeline, calls };
};

const idOf = (aws: Simulator, resource: string) =>
  inventory(aws.world).find(
    row =>
      row.tags['salesreport:resource'] === resource &&
      !isEnded(row) &&
      row.type !== 'volume' &&
      row.type !== 'network-interface',
  )!.id;

/** The tags of a thing outside EC2, to change them as somebody in the console does. */
function tagsOf({ world }: Simulator, name: string): Record<string, string> {
  const found: Record<string, { tags: Record<string, string> }> = {
    role: world.iam.role(RoleName)!,
    profile: world.iam.instanceProfile('salesAnalysisReportCliHostRole')!,
    topic: world.sns.topics.get(TopicArn)!,
    function: world.lambda.functions.get(FunctionName)!,
    bucket: world.s3.buckets.get(Bucket)!,
    rule: world.events.rules.get(Rule)!,
    log: world.logs.groups.get(`/aws/lambda/${FunctionName}`)!,
    parameter: world.ssm.parameters.get('/salesreport/salesreport/database/password')!,
  };
  return found[name]!.tags;
}

const withoutIds = (text: string): string => text.replace(/\b([a-z]+)-0[0-9a-f]{16}\b/g, '$1');

const rowsOf = async (pipeline: Pipeline): Promise<string[]> =>
  (await pipeline.plan()).changes.flatMap(({ id, action, differences }) =>
    action === 'create'
      ? [`${id}: created`]
      : differences.map(({ what, is, wanted }) => withoutIds(`${id}: ${what}: ${is} -> ${wanted}`)),
  );

const port3306 = { IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

const edits: [name: string, edit: Edit, seen: string[]][] = [
  [
    'an opened port',
    aws =>
      aws.answer('ec2', 'AuthorizeSecurityGroupIngress', {
        GroupId: idOf(aws, 'group.database'),
        IpPermissions: [port3306],
      }),
    ['group.database: 3306 from 0.0.0.0/0: open -> closed'],
  ],
  [
    'a disabled rule',
    aws => aws.answer('events', 'DisableRule', { Name: 'salesAnalysisReportSchedule' }),
    ['schedule.rule: state: disabled -> enabled'],
  ],
  [
    'another target of the rule',
    aws =>
      aws.answer('events', 'PutTargets', {
        Rule,
        Targets: [{ Id: 'x', Arn: 'arn:aws:sqs:eu-west-1:1:q' }],
      }),
    ['schedule.rule: target x: arn:aws:sqs:eu-west-1:1:q -> none'],
  ],
  [
    'a lost permission',
    aws =>
      aws.answer('lambda', 'RemovePermission', {
        FunctionName: 'salesAnalysisReportDataExtractor',
        StatementId: 'salesAnalysisReportSchedule',
      }),
    ['schedule.rule: permission to start the function: none -> this rule'],
  ],
  [
    'another retention',
    aws =>
      aws.answer('logs', 'PutRetentionPolicy', {
        logGroupName: '/aws/lambda/salesAnalysisReportDataExtractor',
        retentionInDays: 7,
      }),
    ['log-group: retention: 7 days -> 90 days'],
  ],
  [
    'another trust and policy of a role',
    async aws => {
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      });
      await aws.answer('iam', 'UpdateAssumeRolePolicy', { RoleName: 'salesAnalysisReportRole', PolicyDocument });
      const wide = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sns:*', Resource: '*' }],
      });
      await aws.answer('iam', 'PutRolePolicy', {
        RoleName: 'salesAnalysisReportRole',
        PolicyName: 'wide',
        PolicyDocument: wide,
      });
    },
    ['role.function: who may assume it: changed -> lambda.amazonaws.com', 'role.function: policy wide: added -> none'],
  ],
  [
    'less memory',
    aws =>
      aws.answer('lambda', 'UpdateFunctionConfiguration', {
        FunctionName: 'salesAnalysisReportDataExtractor',
        MemorySize: 128,
      }),
    ['function: memory: 128 MB -> 256 MB'],
  ],
  [
    'a bucket that lets anybody in',
    async aws => {
      await aws.answer('s3', 'PutPublicAccessBlock', {
        Bucket,
        PublicAccessBlockConfiguration: { BlockPublicAcls: true },
      });
      const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [open] });
      await aws.answer('s3', 'PutBucketPolicy', { Bucket, Policy });
    },
    ['archive: public access: changed -> blocked', 'archive: policy: changed -> TLS only'],
  ],
  [
    'a bucket without versions, of which everything goes',
    async aws => {
      await aws.answer('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Suspended' } });
      const rule = { ID: 'all', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } };
      await aws.answer('s3', 'PutBucketLifecycleConfiguration', { Bucket, LifecycleConfiguration: { Rules: [rule] } });
    },
    ['archive: versions: not kept -> kept', 'archive: lifecycle: changed -> reports stay'],
  ],
  [
    'another input of the watch',
    aws =>
      aws.answer('events', 'PutTargets', {
        Rule: 'salesAnalysisReportWatch',
        Targets: [
          {
            Id: 'salesAnalysisReportDataExtractor',
            Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:salesAnalysisReportDataExtractor',
          },
        ],
      }),
    [
      `schedule.watch: input of the target: the event -> {"InputPathsMap":{"id":"$.id","time":"$.time"},"InputTemplate":"{\\"watch\\":true,\\"time\\":<time>,\\"id\\":<id>}"}`,
    ],
  ],
  [
    'a removed termination protection',
    aws =>
      aws.answer('ec2', 'ModifyInstanceAttribute', {
        InstanceId: idOf(aws, 'host.database'),
        DisableApiTermination: { Value: false },
      }),
    ['host.database: termination protection: off -> on'],
  ],
  [
    'a deleted NAT gateway',
    async aws => {
      await aws.answer('ec2', 'DeleteNatGateway', { NatGatewayId: idOf(aws, 'nat-gateway') });
      await aws.world.clock.sleep(120_000);
    },
    ['nat-gateway: created', 'route-table.private: route to 0.0.0.0/0: blackhole -> the new NAT gateway'],
  ],
  [
    'ways out of a group that were closed and opened',
    async aws => {
      const GroupId = idOf(aws, 'group.web');
      const everything = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
      await aws.answer('ec2', 'RevokeSecurityGroupEgress', { GroupId, IpPermissions: [everything] });
      await aws.answer('ec2', 'AuthorizeSecurityGroupEgress', { GroupId, IpPermissions: [port3306] });
    },
    ['group.web: everything to 0.0.0.0/0: closed -> open', 'group.web: 3306 to 0.0.0.0/0: open -> closed'],
  ],
  [
    'rules in the default group',
    async aws => {
      const [group] = aws.world.ec2.groups.existing().filter(({ name }) => name === 'default');
      const UserIdGroupPairs = [{ GroupId: idOf(aws, 'group.database') }];
      const IpPermissions = [{ IpProtocol: '-1', UserIdGroupPairs }];
      await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', { GroupId: group!.id, IpPermissions });
      await aws.answer('ec2', 'AuthorizeSecurityGroupEgress', { GroupId: group!.id, IpPermissions });
    },
    ['vpc: default security group: 2 rules -> no rules'],
  ],
  [
    'rules of the network ACL: one that closes, one that was closed, one that is gone',
    async aws => {
      const [acl] = aws.world.ec2.networkAcls.existing();
      const NetworkAclId = acl!.id;
      const deny = { NetworkAclId, RuleAction: 'deny' as const, Protocol: '6', CidrBlock: '0.0.0.0/0' };
      const PortRange = { From: 3306, To: 3306 };
      await aws.answer('ec2', 'CreateNetworkAclEntry', { ...deny, RuleNumber: 90, Egress: true, PortRange });
      await aws.answer('ec2', 'ReplaceNetworkAclEntry', {
        ...deny,
        RuleNumber: 100,
        Egress: false,
        PortRange: { From: 0, To: 65_535 },
      });
      await aws.answer('ec2', 'DeleteNetworkAclEntry', { NetworkAclId, RuleNumber: 100, Egress: true });
    },
    [
      'vpc: rule 100 into the default network ACL: deny tcp 0-65535 from 0.0.0.0/0 -> allow everything from 0.0.0.0/0',
      'vpc: rule 100 out of the default network ACL: none -> allow everything to 0.0.0.0/0',
      'vpc: rule 90 out of the default network ACL: deny tcp 3306 to 0.0.0.0/0 -> none',
    ],
  ],
  [
    'a network ACL of somebody else before a subnet',
    async aws => {
      const subnet = aws.world.ec2.subnets.find(idOf(aws, 'subnet.private-b'))!;
      putBefore(aws.world, newNetworkAcl(aws.world, aws.world.ec2.vpcs.existing()[0]!, false), subnet);
    },
    ['subnet.private-b: network ACL: acl -> acl'],
  ],
  [
    'a table of ours as the main one of the VPC',
    async aws => {
      const main = aws.world.ec2.routeTables.existing().find(one => one.main)!;
      const AssociationId = main.associations[0]!.id;
      await aws.answer('ec2', 'ReplaceRouteTableAssociation', {
        AssociationId,
        RouteTableId: idOf(aws, 'route-table.public'),
      });
    },
    ['route-table.public: main route table of the VPC: this one -> its own'],
  ],
  [
    'an added and a lost route',
    async aws => {
      const eni = aws.world.ec2.interfaces.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!;
      const RouteTableId = idOf(aws, 'route-table.public');
      const office = { DestinationCidrBlock: '192.168.0.0/16', NetworkInterfaceId: eni.id };
      await aws.answer('ec2', 'CreateRoute', { RouteTableId, ...office });
      const [table] = aws.world.ec2.routeTables.existing().filter(({ id }) => id === idOf(aws, 'route-table.private'));
      await aws.answer('ec2', 'DeleteRoute', { RouteTableId: table!.id, DestinationCidrBlock: '0.0.0.0/0' });
    },
    [
      'route-table.public: route to 192.168.0.0/16: eni -> none',
      'route-table.private: route to 0.0.0.0/0: none -> nat',
    ],
  ],
  [
    'a private subnet in the public table',
    async aws => {
      const table = aws.world.ec2.routeTables.find(idOf(aws, 'route-table.private'))!;
      const association = table.associations.find(({ subnetId }) => subnetId === idOf(aws, 'subnet.private-a'))!;
      const RouteTableId = idOf(aws, 'route-table.public');
      await aws.answer('ec2', 'ReplaceRouteTableAssociation', { AssociationId: association.id, RouteTableId });
    },
    [
      'route-table.public: subnet subnet: on this route table -> on another one',
      'route-table.private: subnet subnet: on another route table -> on this one',
    ],
  ],
  [
    'another policy of the endpoint, and a third table',
    async aws => {
      const VpcId = idOf(aws, 'vpc');
      const { RouteTable } = (await aws.answer('ec2', 'CreateRouteTable', { VpcId })) as {
        RouteTable: { RouteTableId: string };
      };
      const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
      await aws.answer('ec2', 'ModifyVpcEndpoint', {
        VpcEndpointId: idOf(aws, 'endpoint.s3'),
        AddRouteTableIds: [RouteTable.RouteTableId],
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      });
    },
    ['endpoint.s3: route table rtb: served -> not served', "endpoint.s3: policy: changed -> AWS's own"],
  ],
  [
    'public addresses for whatever starts in a subnet',
    aws =>
      aws.answer('ec2', 'ModifySubnetAttribute', {
        SubnetId: idOf(aws, 'subnet.private-b'),
        MapPublicIpOnLaunch: { Value: true },
      }),
    ['subnet.private-b: public addresses for all: on -> off'],
  ],
  [
    'other names of hosts in the VPC',
    aws => aws.answer('ec2', 'ModifyVpcAttribute', { VpcId: idOf(aws, 'vpc'), EnableDnsHostnames: { Value: false } }),
    ['vpc: DNS host names: off -> on'],
  ],
  [
    'another profile, other groups, old metadata and a relay on a host',
    async aws => {
      const InstanceId = idOf(aws, 'host.cli');
      const [group] = aws.world.ec2.groups.existing().filter(({ name }) => name === 'default');
      await aws.answer('ec2', 'ModifyInstanceAttribute', { InstanceId, Groups: [group!.id] });
      await aws.answer('ec2', 'ModifyInstanceAttribute', { InstanceId, SourceDestCheck: { Value: false } });
      await aws.answer('ec2', 'ModifyInstanceMetadataOptions', { InstanceId, HttpTokens: 'optional' });
      const AssociationId = aws.world.ec2.instances.find(InstanceId)!.profileAssociation;
      const IamInstanceProfile = { Name: 'salesAnalysisReportDatabaseHostRole' };
      await aws.answer('ec2', 'ReplaceIamInstanceProfileAssociation', { AssociationId, IamInstanceProfile });
    },
    [
      'host.cli: security groups: sg -> sg',
      'host.cli: instance profile: salesAnalysisReportDatabaseHostRole -> salesAnalysisReportCliHostRole',
      'host.cli: instance metadata: tokens optional, 1 hops -> tokens required, 1 hops',
      'host.cli: source and destination check: off -> on',
    ],
  ],
  [
    'a host without a profile',
    async aws => {
      const instance = aws.world.ec2.instances.find(idOf(aws, 'host.database'))!;
      delete instance.profileArn;
      delete instance.profileAssociation;
    },
    ['host.database: instance profile: none -> salesAnalysisReportDatabaseHostRole'],
  ],
  [
    'a managed policy on a role',
    async aws =>
      aws.world.iam.role(RoleName)!.attached.set('arn:aws:iam::aws:policy/AmazonSNSFullAccess', 'AmazonSNSFullAccess'),
    ['role.function: managed policy AmazonSNSFullAccess: attached -> none'],
  ],
  [
    'another role in a profile',
    async aws => {
      aws.world.iam.instanceProfile('salesAnalysisReportCliHostRole')!.roles = [RoleName];
    },
    ['profile.cli-host: role: salesAnalysisReportRole -> salesAnalysisReportCliHostRole'],
  ],
  [
    'an added variable, another description, tracing and log group of the function',
    async aws => {
      const one = aws.world.lambda.functions.get(FunctionName)!;
      one.environment = { ...one.environment, DEBUG: '1' };
      one.description = 'mine';
      one.tracing = 'Active';
      one.logGroup = '/mine';
    },
    [
      'function: description: mine -> Sales report of stack salesreport',
      'function: tracing: Active -> PassThrough',
      'function: log group: /mine -> /aws/lambda/salesAnalysisReportDataExtractor',
      'function: environment variable DEBUG: 1 -> not set',
    ],
  ],
  [
    'a function that may not run, and that others may start',
    async aws => {
      aws.world.lambda.functions.get(FunctionName)!.reserved = 0;
      await aws.answer('lambda', 'AddPermission', {
        FunctionName,
        StatementId: 'mine',
        Action: 'lambda:InvokeFunction',
        Principal: 'sns.amazonaws.com',
      });
    },
    ['function: reserved concurrency: 0 -> none', 'function: permission mine: sns.amazonaws.com -> none'],
  ],
  [
    'a permission of the same name for others',
    async aws => {
      await aws.answer('lambda', 'RemovePermission', { FunctionName, StatementId: Rule });
      await aws.answer('lambda', 'AddPermission', {
        FunctionName,
        StatementId: Rule,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
      });
    },
    ['schedule.rule: permission to start the function: changed -> this rule'],
  ],
  [
    'another description, an event pattern and another retry of the rule',
    async aws => {
      const { schedule: ScheduleExpression } = aws.world.events.rules.get(Rule)!;
      const EventPattern = '{"source":["aws.s3"]}';
      await aws.answer('events', 'PutRule', { Name: Rule, ScheduleExpression, EventPattern, Description: 'mine' });
      const target = { Id: FunctionName, Arn: functionArn };
      await aws.answer('events', 'PutTargets', {
        Rule,
        Targets: [{ ...target, RetryPolicy: { MaximumRetryAttempts: 0 } }],
      });
    },
    [
      'schedule.rule: description: mine -> Starts the sales report of stack salesreport',
      'schedule.rule: event pattern: {"source":["aws.s3"]} -> none',
      'schedule.rule: other settings of the target: {"RetryPolicy":{"MaximumRetryAttempts":0}} -> none',
    ],
  ],
  [
    'a topic that is open to the world, and encrypted',
    async aws => {
      const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'SNS:Publish', Resource: TopicArn }];
      await aws.answer('sns', 'SetTopicAttributes', {
        TopicArn,
        AttributeName: 'Policy',
        AttributeValue: JSON.stringify({ Version: '2012-10-17', Statement }),
      });
      await aws.answer('sns', 'SetTopicAttributes', {
        TopicArn,
        AttributeName: 'KmsMasterKeyId',
        AttributeValue: 'alias/mine',
      });
    },
    ['topic: policy: changed -> this account only', 'topic: encryption key: alias/mine -> none'],
  ],
  [
    'a password that anybody can read',
    aws =>
      aws.answer('ssm', 'PutParameter', {
        Name: '/salesreport/salesreport/database/password',
        Type: 'String',
        Value: secretPassword,
        Overwrite: true,
      }),
    ['parameter.password: type: String -> SecureString'],
  ],
  [
    "somebody else's name on the network, and lost tags",
    async aws => {
      const tags = aws.world.ec2.vpcs.find(idOf(aws, 'vpc'))!.tags;
      tags.change(aws.world.now(), 'Name', 'mine');
      tags.change(aws.world.now(), 'shop', undefined);
      for (const name of ['role', 'topic', 'function', 'bucket', 'rule', 'log', 'parameter', 'profile'])
        delete tagsOf(aws, name).shop;
    },
    [
      'role.function: tag shop: none -> Corner',
      'parameter.password: tag shop: none -> Corner',
      'topic: tag shop: none -> Corner',
      'archive: tag shop: none -> Corner',
      'log-group: tag shop: none -> Corner',
      'vpc: tag Name: mine -> Lab VPC',
      'vpc: tag shop: none -> Corner',
      'profile.cli-host: tag shop: none -> Corner',
      'function: tag shop: none -> Corner',
      'schedule.rule: tag shop: none -> Corner',
    ],
  ],
];

describe('what somebody changed by hand is seen, named and repaired, and nothing else is touched:', () => {
  it.each(sampled(edits, 3))('%s', async (_name, edit, seen) => {
    const { aws, pipeline, calls } = await built();
    await edit(aws);
    const resources = new Set(seen.map(row => row.split(':')[0]!));
    const status = await pipeline.status();
    expect(status.healthy).toBe(false);
    const unwell = status.resources.filter(({ state }) => state !== 'ready').map(({ id }) => id);
    // A gateway that is to be made has no id to which a route could lead yet.
    expect(new Set(unwell)).toEqual(
      new Set(seen.filter(row => !row.includes('the new ')).map(row => row.split(':')[0]!)),
    );
    expect(await rowsOf(pipeline)).toEqual(seen);
    calls.length = 0;
    const { outcomes } = await pipeline.provision(silent);
    expect(outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
    const touched = calls.filter(({ operation, resource }) => isMutating(operation) && resource !== 'lock');
    expect(new Set(touched.map(({ resource }) => resource))).toEqual(resources);
    expect(
      outcomes
        .filter(({ outcome }) => outcome !== 'unchanged')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...resources].sort());
    expect(await rowsOf(pipeline)).toEqual([]);
    expect((await pipeline.status()).healthy).toBe(true);
  });

  it('a schedule in a time zone that was given another window, an end and other retries', async () => {
    const { aws, pipeline } = await built({ settings: { tags, timezone: 'Europe/Berlin' } });
    const schedule = aws.world.scheduler.groups.get('salesAnalysisReport')!.schedules.get(Rule)!;
    schedule.FlexibleTimeWindow = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 };
    schedule.EndDate = new Date(Date.UTC(2027, 0, 1));
    schedule.Target!.RetryPolicy = { MaximumRetryAttempts: 0 };
    delete aws.world.scheduler.groups.get('salesAnalysisReport')!.tags.shop;
    expect(await rowsOf(pipeline)).toEqual([
      'schedule.group: tag shop: none -> Corner',
      'schedule.scheduler: flexible window: FLEXIBLE -> OFF',
      'schedule.scheduler: first and last day: until 2027-01-01T00:00:00.000Z -> any',
      'schedule.scheduler: retries: 0 within 86400 s -> 185 within 86400 s',
    ]);
    await pipeline.provision(silent);
    expect(await rowsOf(pipeline)).toEqual([]);
  });

  it("not: other people's tags, which stay", async () => {
    const { aws, pipeline } = await built();
    tagsOf(aws, 'bucket').owner = 'Ann';
    tagsOf(aws, 'role').owner = 'Ann';
    expect(await rowsOf(pipeline)).toEqual([]);
    delete tagsOf(aws, 'bucket').shop;
    expect((await pipeline.provision(silent)).outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
    expect(tagsOf(aws, 'bucket')).toMatchObject({ owner: 'Ann', shop: 'Corner' });
  });

  it('changed tags in the settings are put on everything that carries tags', async () => {
    const { aws } = await built();
    const pipeline = await pipelineOn(aws, { settings: { tags: { shop: 'Market' } } });
    const { changes } = await pipeline.plan();
    expect(changes.every(({ action, differences }) => action === 'update' && differences.length === 1)).toBe(true);
    expect((await pipeline.provision(silent)).outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
    expect(await rowsOf(pipeline)).toEqual([]);
    const tagless = ['layer', 'subscription', 'volume', 'network-interface', 'schedule'];
    const ours = inventory(aws.world).filter(row => 'salesreport:stack' in row.tags && !tagless.includes(row.type));
    expect(ours.filter(row => row.tags.shop !== 'Market').map(({ id }) => id)).toEqual([]);
  });
});
