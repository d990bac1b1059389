import type { Operation } from '../aws/operation.ts';
import { ec2Principal } from '../aws/partition.ts';
import { archiveName, tagKeys } from '../names.ts';
import type { IamAction } from '../operations.ts';
import { archivePrefixes } from '../resources/archive-settings.ts';
import { passwordParameter } from '../resources/role-policies.ts';
import { recordKey } from '../resources/settings-record.ts';
import { arnsOf, type Equals, type IamScope, type OperationUse, type PolicyContext } from './iam-scope.ts';

/** Where a use of an action is needed; nowhere where these settings never need it. */
type Scope = (ground: PolicyContext, use: OperationUse) => IamScope[];

/** EC2 shows what it has to who may ask, whosever it is: its lists take no resource. */
const listed: Scope = ({ region }) => [{ resources: ['*'], equals: { 'aws:RequestedRegion': region } }];

const ours = ({ settings }: PolicyContext): Equals => ({ [`aws:ResourceTag/${tagKeys.stack}`]: settings.stack });
const made = ({ settings }: PolicyContext): Equals => ({ [`aws:RequestTag/${tagKeys.stack}`]: settings.stack });

/** Snapshots and images are of no account in their ARNs. */
const kindsOf = (ground: PolicyContext, kinds: readonly string[]) => {
  const { ec2, ec2OfNobody } = arnsOf(ground);
  return kinds.map(kind => (kind === 'snapshot' || kind === 'image' ? ec2OfNobody : ec2)(`${kind}/*`));
};

/** What is there already, by its tag. */
const onOurs =
  (...kinds: string[]): Scope =>
  ground => [{ resources: kindsOf(ground, kinds), equals: ours(ground) }];

/** What is made with its tag, in or of what is ours. */
const making =
  (kinds: readonly string[], ...within: string[]): Scope =>
  ground => [
    { resources: kindsOf(ground, kinds), equals: made(ground) },
    ...(within.length > 0 ? [{ resources: kindsOf(ground, within), equals: ours(ground) }] : []),
  ];

/** What AWS makes by itself carries no tag of ours: only the kind narrows it. */
const onAny =
  (kind: string): Scope =>
  ground => [{ resources: kindsOf(ground, [kind]) }];

const both =
  (one: Scope, other: Scope): Scope =>
  (ground, use) => [...one(ground, use), ...other(ground, use)];

const onVpc = onOurs('vpc');
const onGroup = onOurs('security-group');
const onTable = onOurs('route-table');
const onInstance = onOurs('instance');
const onGateway = onOurs('internet-gateway');

const roles: Scope = ground => {
  const { names } = ground;
  const { role } = arnsOf(ground);
  return [
    {
      resources: [names.functionRole, names.databaseHostRole, names.cliHostRole, names.schedulerRole].map(name =>
        role(name),
      ),
    },
  ];
};
const profiles: Scope = ground => [{ resources: arnsOf(ground).hostRoles.map(name => arnsOf(ground).profile(name)) }];

/** IAM knows what is not there by its name only: the path stands in the ARN of what is. */
const alsoWithoutPath =
  (scope: Scope): Scope =>
  (ground, use) => {
    const { settings } = ground;
    const bare = { ...ground, settings: { ...settings, iam: { ...settings.iam, path: '/' } } };
    const [place] = scope(ground, use) as [IamScope];
    return settings.iam.path === '/'
      ? [place]
      : [{ resources: [...place.resources, ...scope(bare, use)[0]!.resources] }];
  };

/** Roles are made, bounded and given rights only within the boundary, where the settings have one. */
const boundedRoles: Scope = (ground, use) => {
  const { permissionsBoundary } = ground.settings.iam;
  const [place] = roles(ground, use) as [IamScope];
  return [permissionsBoundary ? { ...place, equals: { 'iam:PermissionsBoundary': permissionsBoundary } } : place];
};
const onlyBounded =
  (scope: Scope): Scope =>
  (ground, use) =>
    ground.settings.iam.permissionsBoundary ? scope(ground, use) : [];
const onlyUnbounded =
  (scope: Scope): Scope =>
  (ground, use) =>
    ground.settings.iam.permissionsBoundary ? [] : scope(ground, use);

/** Each role to the one service that works with it. A role comes into an instance profile as one for EC2. */
const passing: Scope = (ground, { operation }) => {
  const { names, partition } = ground;
  const { role, hostRoles } = arnsOf(ground);
  const to = (service: string, ...passed: string[]): IamScope[] => [
    { resources: passed.map(name => role(name)), equals: { 'iam:PassedToService': service } },
  ];
  if (operation.startsWith('lambda:')) return to('lambda.amazonaws.com', names.functionRole);
  if (operation.startsWith('scheduler:')) return to('scheduler.amazonaws.com', names.schedulerRole);
  return to(ec2Principal(partition), ...hostRoles);
};

const theFunction: Scope = ground => [{ resources: [arnsOf(ground).lambda(`function:${ground.names.functionName}`)] }];
const layerVersions: Scope = ground => [{ resources: [arnsOf(ground).lambda(`layer:${ground.names.layer}:*`)] }];

/** With `:*` for all but tags (CloudWatch Logs user guide, "Identity-based policies"). */
const logGroup: Scope = ground => [{ resources: [arnsOf(ground).logs(`log-group:${ground.names.logGroup}:*`)] }];
const logGroupTags: Scope = ground => [{ resources: [arnsOf(ground).logs(`log-group:${ground.names.logGroup}`)] }];

const bucketArn = (ground: PolicyContext): string => `arn:${ground.partition}:s3:::${archiveName(ground)}`;
const bucket: Scope = ground => [{ resources: [bucketArn(ground)] }];
const record: Scope = ground => [{ resources: [`${bucketArn(ground)}/${recordKey}`] }];
const objects: Scope = (ground, use) =>
  use.resource === 'settings'
    ? record(ground, use)
    : [{ resources: archivePrefixes.map(prefix => `${bucketArn(ground)}/${prefix}*`) }];
const allObjects: Scope = ground => [{ resources: [`${bucketArn(ground)}/*`] }];

const rules: Scope = ground => [
  { resources: [ground.names.rule, ground.names.watchRule].map(name => arnsOf(ground).events(`rule/${name}`)) },
];
const scheduleGroup: Scope = ground => [
  { resources: [arnsOf(ground).scheduler(`schedule-group/${ground.names.scheduleGroup}`)] },
];
const schedule: Scope = ground => [
  { resources: [arnsOf(ground).scheduler(`schedule/${ground.names.scheduleGroup}/${ground.names.schedule}`)] },
];

const topics: Scope = ground => [
  { resources: [ground.names.topic, ground.names.operatorsTopic].map(name => arnsOf(ground).sns(name)) },
];

const lock = (ground: PolicyContext) => arnsOf(ground).parameter(`${ground.names.lockPath}/*`);
const password = (ground: PolicyContext) => arnsOf(ground).parameter(ground.names.password);

/** The lock for everybody who changes something, the password for who makes or removes it. */
const writtenParameter: Scope = (ground, { resource }) => [
  { resources: [resource === 'lock' ? lock(ground) : password(ground)] },
];

/**
 * The images of AWS, and the password: only its being there, but where it goes into the function's environment. SSM
 * knows no permission for less.
 */
const readParameter: Scope = ground => [
  {
    resources: [
      arnsOf(ground).publicParameter('/aws/service/ami-amazon-linux-latest/*'),
      password(ground),
      ...(ground.settings.database.secret === 'env' && ground.settings.database.passwordParameter
        ? [arnsOf(ground).parameter(passwordParameter(ground))]
        : []),
    ],
  },
];

/** What each call makes that can carry tags. */
const madeBy: Partial<Record<Operation, readonly string[]>> = {
  'ec2:AllocateAddress': ['elastic-ip'],
  'ec2:CreateInternetGateway': ['internet-gateway'],
  'ec2:CreateNatGateway': ['natgateway'],
  'ec2:CreateRouteTable': ['route-table'],
  'ec2:CreateSecurityGroup': ['security-group'],
  'ec2:CreateSnapshot': ['snapshot'],
  'ec2:CreateSubnet': ['subnet'],
  'ec2:CreateVpc': ['vpc'],
  'ec2:CreateVpcEndpoint': ['vpc-endpoint'],
  'ec2:RunInstances': ['instance', 'network-interface', 'volume'],
};

/** What the tool mends the tags of. */
const retagged = [
  'elastic-ip',
  'instance',
  'internet-gateway',
  'natgateway',
  'network-interface',
  'route-table',
  'security-group',
  'subnet',
  'volume',
  'vpc',
  'vpc-endpoint',
];

/** What is tagged in the call that makes it, and afterwards what has the stack's tag already. */
const tagging: Scope = (ground, use) =>
  use.operation === 'ec2:CreateTags'
    ? onOurs(...retagged)(ground, use)
    : [
        {
          resources: kindsOf(ground, madeBy[use.operation] ?? []),
          equals: { 'ec2:CreateAction': use.operation.slice('ec2:'.length), ...made(ground) },
        },
      ];

/** An instance is started from AWS's own images, in our subnet and groups. */
const launching: Scope = ground => [
  ...making(
    ['instance', 'network-interface', 'volume'],
    'security-group',
    'subnet',
  )(ground, { operation: 'ec2:RunInstances' }),
  { resources: kindsOf(ground, ['image']), equals: { 'ec2:Owner': 'amazon' } },
];

/** Who asks is a user or a role of the account. */
const principals: Scope = ({ partition, account }) => [
  { resources: ['role', 'user'].map(kind => `arn:${partition}:iam::${account}:${kind}/*`) },
];

/**
 * Where each action is needed, as narrowly as AWS can tell: by name, by tag, by region (Service Authorization
 * Reference, whose table of each service says what its actions take). An action that has no row here does not compile.
 */
export const scopes: Record<IamAction, Scope> = {
  'ec2:AllocateAddress': making(['elastic-ip']),
  'ec2:AssociateIamInstanceProfile': onInstance,
  'ec2:AssociateRouteTable': onOurs('route-table', 'subnet'),
  'ec2:AttachInternetGateway': onOurs('internet-gateway', 'vpc'),
  'ec2:AuthorizeSecurityGroupEgress': onGroup,
  'ec2:AuthorizeSecurityGroupIngress': onGroup,
  'ec2:CreateInternetGateway': making(['internet-gateway']),
  'ec2:CreateNatGateway': making(['natgateway'], 'elastic-ip', 'subnet'),
  'ec2:CreateNetworkAclEntry': onAny('network-acl'),
  'ec2:CreateRoute': onTable,
  'ec2:CreateRouteTable': making(['route-table'], 'vpc'),
  'ec2:CreateSecurityGroup': making(['security-group'], 'vpc'),
  'ec2:CreateSnapshot': making(['snapshot'], 'volume'),
  'ec2:CreateSubnet': making(['subnet'], 'vpc'),
  'ec2:CreateTags': tagging,
  'ec2:CreateVpc': making(['vpc']),
  'ec2:CreateVpcEndpoint': making(['vpc-endpoint'], 'route-table', 'vpc'),
  'ec2:DeleteInternetGateway': onGateway,
  'ec2:DeleteNatGateway': onOurs('natgateway'),
  'ec2:DeleteNetworkAclEntry': onAny('network-acl'),
  // Lambda's own, which it left lying.
  'ec2:DeleteNetworkInterface': onAny('network-interface'),
  'ec2:DeleteRoute': onTable,
  'ec2:DeleteRouteTable': onTable,
  'ec2:DeleteSecurityGroup': onGroup,
  'ec2:DeleteSubnet': onOurs('subnet'),
  'ec2:DeleteTags': onOurs(...retagged),
  'ec2:DeleteVpc': onVpc,
  'ec2:DeleteVpcEndpoints': onOurs('vpc-endpoint'),
  'ec2:DescribeAddresses': listed,
  'ec2:DescribeAvailabilityZones': listed,
  'ec2:DescribeEgressOnlyInternetGateways': listed,
  'ec2:DescribeIamInstanceProfileAssociations': listed,
  'ec2:DescribeInstanceAttribute': onInstance,
  'ec2:DescribeInstances': listed,
  'ec2:DescribeInstanceTypeOfferings': listed,
  'ec2:DescribeInstanceTypes': listed,
  'ec2:DescribeInternetGateways': listed,
  'ec2:DescribeNatGateways': listed,
  'ec2:DescribeNetworkAcls': listed,
  'ec2:DescribeNetworkInterfaces': listed,
  'ec2:DescribeRegions': listed,
  'ec2:DescribeRouteTables': listed,
  'ec2:DescribeSecurityGroups': listed,
  'ec2:DescribeSnapshots': listed,
  'ec2:DescribeSubnets': listed,
  'ec2:DescribeVolumes': listed,
  'ec2:DescribeVpcAttribute': onVpc,
  'ec2:DescribeVpcBlockPublicAccessOptions': listed,
  'ec2:DescribeVpcEndpoints': listed,
  'ec2:DescribeVpcPeeringConnections': listed,
  'ec2:DescribeVpcs': listed,
  'ec2:DescribeVpnGateways': listed,
  'ec2:DetachInternetGateway': onOurs('internet-gateway', 'vpc'),
  'ec2:DisassociateRouteTable': onOurs('route-table', 'subnet'),
  'ec2:GetConsoleOutput': onInstance,
  'ec2:GetSecurityGroupsForVpc': onVpc,
  'ec2:ModifyInstanceAttribute': onInstance,
  'ec2:ModifyInstanceMetadataOptions': onInstance,
  'ec2:ModifySubnetAttribute': onOurs('subnet'),
  'ec2:ModifyVpcAttribute': onVpc,
  'ec2:ModifyVpcEndpoint': onOurs('route-table', 'vpc-endpoint'),
  'ec2:ReleaseAddress': onOurs('elastic-ip'),
  'ec2:ReplaceIamInstanceProfileAssociation': onInstance,
  // The network ACL and the route table that a VPC comes with are AWS's.
  'ec2:ReplaceNetworkAclAssociation': both(onAny('network-acl'), onOurs('subnet')),
  'ec2:ReplaceNetworkAclEntry': onAny('network-acl'),
  'ec2:ReplaceRoute': onTable,
  'ec2:ReplaceRouteTableAssociation': both(onAny('route-table'), onOurs('subnet')),
  // The default group of the VPC is AWS's.
  'ec2:RevokeSecurityGroupEgress': onAny('security-group'),
  'ec2:RevokeSecurityGroupIngress': onAny('security-group'),
  'ec2:RunInstances': launching,
  'ec2:TerminateInstances': onInstance,
  'events:DeleteRule': rules,
  'events:DescribeRule': rules,
  'events:DisableRule': rules,
  'events:ListRules': listed,
  'events:ListTagsForResource': rules,
  'events:ListTargetsByRule': rules,
  'events:PutRule': rules,
  'events:PutTargets': rules,
  'events:RemoveTargets': rules,
  'events:TagResource': rules,
  'events:UntagResource': rules,
  'iam:AddRoleToInstanceProfile': profiles,
  'iam:CreateInstanceProfile': profiles,
  'iam:CreateRole': boundedRoles,
  'iam:DeleteInstanceProfile': profiles,
  'iam:DeleteRole': roles,
  'iam:DeleteRolePermissionsBoundary': onlyUnbounded(roles),
  'iam:DeleteRolePolicy': roles,
  'iam:DetachRolePolicy': roles,
  'iam:GetInstanceProfile': alsoWithoutPath(profiles),
  'iam:GetRole': alsoWithoutPath(roles),
  'iam:GetRolePolicy': alsoWithoutPath(roles),
  'iam:ListAttachedRolePolicies': alsoWithoutPath(roles),
  'iam:ListInstanceProfiles': listed,
  'iam:ListRolePolicies': alsoWithoutPath(roles),
  'iam:ListRoles': listed,
  'iam:PassRole': passing,
  'iam:PutRolePermissionsBoundary': onlyBounded(boundedRoles),
  'iam:PutRolePolicy': boundedRoles,
  'iam:RemoveRoleFromInstanceProfile': profiles,
  'iam:SimulatePrincipalPolicy': principals,
  'iam:TagInstanceProfile': profiles,
  'iam:TagRole': roles,
  'iam:UntagInstanceProfile': profiles,
  'iam:UntagRole': roles,
  'iam:UpdateAssumeRolePolicy': roles,
  'lambda:AddPermission': (ground, use) => [
    { ...theFunction(ground, use)[0]!, equals: { 'lambda:Principal': 'events.amazonaws.com' } },
  ],
  'lambda:CreateFunction': theFunction,
  'lambda:DeleteFunction': theFunction,
  'lambda:DeleteFunctionConcurrency': theFunction,
  'lambda:DeleteLayerVersion': layerVersions,
  'lambda:GetFunction': theFunction,
  'lambda:GetLayerVersion': layerVersions,
  'lambda:GetPolicy': theFunction,
  'lambda:InvokeFunction': theFunction,
  'lambda:ListFunctions': listed,
  'lambda:ListLayers': listed,
  'lambda:ListLayerVersions': listed,
  'lambda:ListTags': theFunction,
  'lambda:PublishLayerVersion': ground => [{ resources: [arnsOf(ground).lambda(`layer:${ground.names.layer}`)] }],
  'lambda:RemovePermission': theFunction,
  'lambda:TagResource': theFunction,
  'lambda:UntagResource': theFunction,
  'lambda:UpdateFunctionCode': theFunction,
  'lambda:UpdateFunctionConfiguration': theFunction,
  'logs:CreateLogGroup': logGroup,
  'logs:DeleteLogGroup': logGroup,
  'logs:DescribeLogGroups': listed,
  'logs:ListTagsForResource': logGroupTags,
  'logs:PutRetentionPolicy': logGroup,
  'logs:TagResource': logGroupTags,
  'logs:UntagResource': logGroupTags,
  's3:CreateBucket': bucket,
  's3:DeleteBucket': bucket,
  's3:DeleteObject': allObjects,
  's3:DeleteObjectVersion': allObjects,
  's3:GetBucketOwnershipControls': bucket,
  's3:GetBucketPolicy': bucket,
  's3:GetBucketPublicAccessBlock': bucket,
  's3:GetBucketTagging': bucket,
  's3:GetBucketVersioning': bucket,
  's3:GetEncryptionConfiguration': bucket,
  's3:GetLifecycleConfiguration': bucket,
  's3:GetObject': objects,
  's3:ListAllMyBuckets': listed,
  's3:ListBucket': bucket,
  's3:ListBucketVersions': bucket,
  's3:PutBucketOwnershipControls': bucket,
  's3:PutBucketPolicy': bucket,
  's3:PutBucketPublicAccessBlock': bucket,
  's3:PutBucketTagging': bucket,
  's3:PutBucketVersioning': bucket,
  's3:PutEncryptionConfiguration': bucket,
  's3:PutLifecycleConfiguration': bucket,
  's3:PutObject': record,
  's3:TagResource': bucket,
  'scheduler:CreateSchedule': schedule,
  'scheduler:CreateScheduleGroup': scheduleGroup,
  'scheduler:DeleteSchedule': schedule,
  'scheduler:DeleteScheduleGroup': scheduleGroup,
  'scheduler:GetSchedule': schedule,
  'scheduler:GetScheduleGroup': scheduleGroup,
  'scheduler:ListScheduleGroups': listed,
  'scheduler:ListTagsForResource': scheduleGroup,
  'scheduler:TagResource': scheduleGroup,
  'scheduler:UntagResource': scheduleGroup,
  'scheduler:UpdateSchedule': schedule,
  'servicequotas:GetServiceQuota': listed,
  'sns:ConfirmSubscription': topics,
  'sns:CreateTopic': topics,
  'sns:DeleteTopic': topics,
  // A subscription has no ARN that a policy can name (SNS developer guide, "Using identity-based policies").
  'sns:GetSubscriptionAttributes': listed,
  'sns:GetTopicAttributes': topics,
  'sns:ListSubscriptionsByTopic': topics,
  'sns:ListTagsForResource': topics,
  'sns:ListTopics': listed,
  'sns:SetSubscriptionAttributes': listed,
  'sns:SetTopicAttributes': topics,
  'sns:Subscribe': (ground, use) => [{ ...topics(ground, use)[0]!, equals: { 'sns:Protocol': 'email' } }],
  'sns:TagResource': topics,
  'sns:UntagResource': topics,
  'ssm:AddTagsToResource': writtenParameter,
  'ssm:DeleteParameter': writtenParameter,
  'ssm:GetParameter': readParameter,
  // The path itself and what is below it.
  'ssm:GetParametersByPath': ({ names, ...ground }) => [
    { resources: ['', '/*'].map(below => arnsOf({ names, ...ground }).parameter(names.parameters + below)) },
  ],
  'ssm:ListTagsForResource': ground => [{ resources: [password(ground)] }],
  'ssm:PutParameter': writtenParameter,
  'ssm:RemoveTagsFromResource': writtenParameter,
};
