import type { TransientErrorName } from './aws/consistency.ts';
import type { Operation } from './aws/operation.ts';

/**
 * - read: changes nothing.
 * - put: may be repeated; the second time changes nothing.
 * - token: a create that AWS makes once per ClientToken.
 * - create: a create that would make a second one if repeated. It is sent once, and looked up when its answer is lost.
 */
type OperationKind = 'read' | 'put' | 'token' | 'create';

export interface OperationFacts {
  kind: OperationKind;
  /** IAM actions that it needs. */
  actions: readonly IamAction[];
  /** Refusals that pass by themselves. */
  delays: readonly TransientErrorName[];
}

type Row = [kind: OperationKind, delays?: readonly TransientErrorName[], actions?: readonly string[]];

const newId = ['newId'] as const;
const inUse = ['stillInUse'] as const;
const bucket = ['newBucket', 'bucketChanging'] as const;
const lambdaWrite = ['role', 'newNetwork', 'functionUpdate', 'throttledByEc2'] as const;
const tagging = ['ec2:CreateTags'] as const;
/**
 * Whoever puts a function into a VPC must see it (Lambda developer guide, "Giving Lambda functions access to resources
 * in an Amazon VPC").
 */
const seeingVpc = [
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ec2:GetSecurityGroupsForVpc',
] as const;

/** Every AWS operation that the tool calls. A call that has no row here does not compile. */
const rows = {
  'ec2:AllocateAddress': ['create', [], ['ec2:AllocateAddress', ...tagging]],
  'ec2:AssociateIamInstanceProfile': ['put', ['profile', 'newId'], ['ec2:AssociateIamInstanceProfile', 'iam:PassRole']],
  'ec2:AssociateRouteTable': ['put', newId],
  'ec2:AttachInternetGateway': ['put', newId],
  'ec2:AuthorizeSecurityGroupEgress': ['put', newId],
  'ec2:AuthorizeSecurityGroupIngress': ['put', newId],
  'ec2:CreateInternetGateway': ['create', [], ['ec2:CreateInternetGateway', ...tagging]],
  'ec2:CreateNatGateway': ['token', newId, ['ec2:CreateNatGateway', ...tagging]],
  'ec2:CreateNetworkAclEntry': ['put', newId],
  'ec2:CreateRoute': ['put', ['newId', 'gatewayAttaching']],
  'ec2:CreateRouteTable': ['token', newId, ['ec2:CreateRouteTable', ...tagging]],
  'ec2:CreateSecurityGroup': ['create', newId, ['ec2:CreateSecurityGroup', ...tagging]],
  'ec2:CreateSnapshot': ['create', newId, ['ec2:CreateSnapshot', ...tagging]],
  'ec2:CreateSubnet': ['create', newId, ['ec2:CreateSubnet', ...tagging]],
  'ec2:CreateTags': ['put', newId],
  'ec2:CreateVpc': ['create', [], ['ec2:CreateVpc', ...tagging]],
  'ec2:CreateVpcEndpoint': ['token', newId, ['ec2:CreateVpcEndpoint', ...tagging]],
  'ec2:DeleteInternetGateway': ['put', inUse],
  'ec2:DeleteNatGateway': ['put'],
  'ec2:DeleteNetworkAclEntry': ['put'],
  'ec2:DeleteNetworkInterface': ['put'],
  'ec2:DeleteRoute': ['put', newId],
  'ec2:DeleteRouteTable': ['put', inUse],
  'ec2:DeleteSecurityGroup': ['put', inUse],
  'ec2:DeleteSubnet': ['put', inUse],
  'ec2:DeleteTags': ['put', newId],
  'ec2:DeleteVpc': ['put', inUse],
  'ec2:DeleteVpcEndpoints': ['put'],
  'ec2:DescribeAddresses': ['read'],
  'ec2:DescribeAvailabilityZones': ['read'],
  'ec2:DescribeEgressOnlyInternetGateways': ['read'],
  'ec2:DescribeIamInstanceProfileAssociations': ['read'],
  'ec2:DescribeInstanceAttribute': ['read', newId],
  'ec2:DescribeInstances': ['read'],
  'ec2:DescribeInstanceTypeOfferings': ['read'],
  'ec2:DescribeInstanceTypes': ['read'],
  'ec2:DescribeInternetGateways': ['read'],
  'ec2:DescribeNatGateways': ['read'],
  'ec2:DescribeNetworkAcls': ['read'],
  'ec2:DescribeNetworkInterfaces': ['read'],
  'ec2:DescribeRegions': ['read'],
  'ec2:DescribeRouteTables': ['read'],
  'ec2:DescribeSecurityGroups': ['read'],
  'ec2:DescribeSnapshots': ['read'],
  'ec2:DescribeSubnets': ['read'],
  'ec2:DescribeVolumes': ['read'],
  'ec2:DescribeVpcAttribute': ['read', newId],
  'ec2:DescribeVpcBlockPublicAccessOptions': ['read'],
  'ec2:DescribeVpcEndpoints': ['read'],
  'ec2:DescribeVpcPeeringConnections': ['read'],
  'ec2:DescribeVpcs': ['read'],
  'ec2:DescribeVpnGateways': ['read'],
  'ec2:DetachInternetGateway': ['put', inUse],
  'ec2:DisassociateRouteTable': ['put'],
  'ec2:GetConsoleOutput': ['read'],
  'ec2:ModifyInstanceAttribute': ['put', newId],
  'ec2:ModifyInstanceMetadataOptions': ['put', newId],
  'ec2:ModifySubnetAttribute': ['put', newId],
  'ec2:ModifyVpcAttribute': ['put', newId],
  'ec2:ModifyVpcEndpoint': ['put', newId],
  'ec2:ReleaseAddress': ['put', ['addressInUse']],
  'ec2:ReplaceIamInstanceProfileAssociation': [
    'put',
    ['profile', 'newId'],
    ['ec2:ReplaceIamInstanceProfileAssociation', 'iam:PassRole'],
  ],
  'ec2:ReplaceNetworkAclAssociation': ['put', newId],
  'ec2:ReplaceNetworkAclEntry': ['put', newId],
  'ec2:ReplaceRoute': ['put', ['newId', 'gatewayAttaching']],
  'ec2:ReplaceRouteTableAssociation': ['put', newId],
  'ec2:RevokeSecurityGroupEgress': ['put', newId],
  'ec2:RevokeSecurityGroupIngress': ['put', newId],
  'ec2:RunInstances': ['token', ['profile', 'newId'], ['ec2:RunInstances', 'iam:PassRole', ...tagging]],
  'ec2:TerminateInstances': ['put'],
  'events:DeleteRule': ['put', ['targets', 'concurrentChange']],
  'events:DescribeRule': ['read'],
  'events:DisableRule': ['put'],
  'events:ListRules': ['read'],
  'events:ListTagsForResource': ['read'],
  'events:ListTargetsByRule': ['read'],
  'events:PutRule': ['put', ['concurrentChange'], ['events:PutRule', 'events:TagResource']],
  'events:PutTargets': ['put', ['newId', 'concurrentChange']],
  'events:RemoveTargets': ['put', ['concurrentChange']],
  'events:TagResource': ['put', ['newId', 'concurrentChange']],
  'events:UntagResource': ['put', ['newId', 'concurrentChange']],
  'iam:AddRoleToInstanceProfile': ['put', ['roleInProfile'], ['iam:AddRoleToInstanceProfile', 'iam:PassRole']],
  'iam:CreateInstanceProfile': ['create', [], ['iam:CreateInstanceProfile', 'iam:TagInstanceProfile']],
  'iam:CreateRole': ['create', [], ['iam:CreateRole', 'iam:TagRole']],
  'iam:DeleteInstanceProfile': ['put', inUse],
  'iam:DeleteRole': ['put', inUse],
  'iam:DeleteRolePermissionsBoundary': ['put', ['concurrentChange']],
  'iam:DeleteRolePolicy': ['put', ['concurrentChange']],
  'iam:DetachRolePolicy': ['put', ['concurrentChange']],
  'iam:GetInstanceProfile': ['read'],
  'iam:GetRole': ['read'],
  'iam:GetRolePolicy': ['read'],
  'iam:ListAttachedRolePolicies': ['read'],
  'iam:ListInstanceProfiles': ['read'],
  'iam:ListRolePolicies': ['read'],
  'iam:ListRoles': ['read'],
  'iam:PutRolePermissionsBoundary': ['put', ['concurrentChange']],
  'iam:PutRolePolicy': ['put', ['roleInProfile', 'concurrentChange']],
  'iam:RemoveRoleFromInstanceProfile': ['put', ['concurrentChange']],
  'iam:SimulatePrincipalPolicy': ['read'],
  'iam:TagInstanceProfile': ['put', ['concurrentChange']],
  'iam:TagRole': ['put', ['concurrentChange']],
  'iam:UntagInstanceProfile': ['put', ['concurrentChange']],
  'iam:UntagRole': ['put', ['concurrentChange']],
  'iam:UpdateAssumeRolePolicy': ['put', ['concurrentChange']],
  'lambda:AddPermission': ['put', ['functionUpdate', 'newId']],
  'lambda:CreateFunction': [
    'create',
    lambdaWrite,
    ['lambda:CreateFunction', 'lambda:TagResource', 'lambda:GetLayerVersion', 'iam:PassRole', ...seeingVpc],
  ],
  'lambda:DeleteFunction': ['put', ['functionUpdate']],
  'lambda:DeleteFunctionConcurrency': ['put', ['functionUpdate']],
  'lambda:DeleteLayerVersion': ['put'],
  // Without ListTags it answers without tags.
  'lambda:GetFunction': ['read', [], ['lambda:GetFunction', 'lambda:ListTags']],
  'lambda:GetPolicy': ['read'],
  // Asked again by hand, never by a retry: a second one would publish a second report.
  'lambda:Invoke': ['create', ['functionWaking'], ['lambda:InvokeFunction']],
  'lambda:ListFunctions': ['read'],
  'lambda:ListLayerVersions': ['read'],
  'lambda:ListLayers': ['read'],
  'lambda:PublishLayerVersion': ['create'],
  'lambda:RemovePermission': ['put', ['functionUpdate']],
  'lambda:TagResource': ['put', ['functionUpdate']],
  'lambda:UntagResource': ['put', ['functionUpdate']],
  'lambda:UpdateFunctionCode': ['put', lambdaWrite],
  'lambda:UpdateFunctionConfiguration': [
    'put',
    lambdaWrite,
    ['lambda:UpdateFunctionConfiguration', 'lambda:GetLayerVersion', 'iam:PassRole', ...seeingVpc],
  ],
  'logs:CreateLogGroup': ['create', ['concurrentChange'], ['logs:CreateLogGroup', 'logs:TagResource']],
  'logs:DeleteLogGroup': ['put', ['concurrentChange']],
  'logs:DescribeLogGroups': ['read'],
  'logs:ListTagsForResource': ['read'],
  'logs:PutRetentionPolicy': ['put', ['newId', 'concurrentChange']],
  'logs:TagResource': ['put', ['newId', 'concurrentChange']],
  'logs:UntagResource': ['put', ['newId', 'concurrentChange']],
  's3:CreateBucket': [
    'create',
    ['bucketChanging'],
    ['s3:CreateBucket', 's3:TagResource', 's3:PutBucketOwnershipControls'],
  ],
  's3:DeleteBucket': ['put', ['bucketChanging']],
  's3:DeleteObjects': ['put', [], ['s3:DeleteObject', 's3:DeleteObjectVersion']],
  's3:GetBucketEncryption': ['read', [], ['s3:GetEncryptionConfiguration']],
  's3:GetBucketLifecycleConfiguration': ['read', [], ['s3:GetLifecycleConfiguration']],
  's3:GetBucketOwnershipControls': ['read'],
  's3:GetBucketPolicy': ['read'],
  's3:GetBucketTagging': ['read'],
  's3:GetBucketVersioning': ['read'],
  // Who may not list is not told that a key is not there, but refused (API reference, GetObject).
  's3:GetObject': ['read', [], ['s3:GetObject', 's3:ListBucket']],
  's3:GetPublicAccessBlock': ['read', [], ['s3:GetBucketPublicAccessBlock']],
  's3:HeadBucket': ['read', [], ['s3:ListBucket']],
  's3:ListBuckets': ['read', [], ['s3:ListAllMyBuckets']],
  's3:ListObjectsV2': ['read', [], ['s3:ListBucket']],
  's3:ListObjectVersions': ['read', [], ['s3:ListBucketVersions']],
  's3:PutBucketEncryption': ['put', bucket, ['s3:PutEncryptionConfiguration']],
  's3:PutBucketLifecycleConfiguration': ['put', bucket, ['s3:PutLifecycleConfiguration']],
  's3:PutBucketOwnershipControls': ['put', bucket],
  's3:PutBucketPolicy': ['put', bucket],
  's3:PutBucketTagging': ['put', bucket],
  's3:PutBucketVersioning': ['put', bucket],
  's3:PutObject': ['put', bucket],
  's3:PutPublicAccessBlock': ['put', bucket, ['s3:PutBucketPublicAccessBlock']],
  'scheduler:CreateSchedule': ['put', ['role', 'newId'], ['scheduler:CreateSchedule', 'iam:PassRole']],
  'scheduler:CreateScheduleGroup': ['create', [], ['scheduler:CreateScheduleGroup', 'scheduler:TagResource']],
  'scheduler:DeleteSchedule': ['put'],
  'scheduler:DeleteScheduleGroup': ['put', ['concurrentChange']],
  'scheduler:GetSchedule': ['read'],
  'scheduler:GetScheduleGroup': ['read'],
  'scheduler:ListScheduleGroups': ['read'],
  'scheduler:ListTagsForResource': ['read'],
  'scheduler:TagResource': ['put', ['newId', 'concurrentChange']],
  'scheduler:UntagResource': ['put', ['newId', 'concurrentChange']],
  'scheduler:UpdateSchedule': ['put', ['role'], ['scheduler:UpdateSchedule', 'iam:PassRole']],
  'servicequotas:GetServiceQuota': ['read'],
  'sns:ConfirmSubscription': ['put'],
  'sns:CreateTopic': ['put', ['concurrentChange'], ['sns:CreateTopic', 'sns:TagResource']],
  'sns:DeleteTopic': ['put', ['concurrentChange']],
  'sns:GetSubscriptionAttributes': ['read'],
  'sns:GetTopicAttributes': ['read'],
  'sns:ListSubscriptionsByTopic': ['read'],
  'sns:ListTagsForResource': ['read'],
  'sns:ListTopics': ['read'],
  'sns:SetSubscriptionAttributes': ['put'],
  'sns:SetTopicAttributes': ['put'],
  'sns:Subscribe': ['create'],
  'sns:TagResource': ['put', ['concurrentChange']],
  'sns:UntagResource': ['put', ['concurrentChange']],
  'ssm:AddTagsToResource': ['put'],
  'ssm:DeleteParameter': ['put'],
  'ssm:GetParameter': ['read'],
  'ssm:GetParametersByPath': ['read'],
  'ssm:ListTagsForResource': ['read'],
  'ssm:PutParameter': ['create', [], ['ssm:PutParameter', 'ssm:AddTagsToResource']],
  'ssm:RemoveTagsFromResource': ['put'],
  // It needs no permission (API reference, GetCallerIdentity).
  'sts:GetCallerIdentity': ['read', [], []],
} as const satisfies Record<Operation, Row>;

type ActionsOf<O extends Operation> = (typeof rows)[O] extends readonly [
  OperationKind,
  readonly TransientErrorName[],
  infer A extends readonly string[],
]
  ? A[number]
  : O;

/** Every IAM action that some operation needs. */
export type IamAction = { [O in Operation]: ActionsOf<O> }[Operation];

/** What is known of an operation: its kind, the IAM actions that it needs, and the refusals that pass by themselves. */
export function factsOf(operation: Operation): OperationFacts {
  const [kind, delays = [], actions = [operation]]: Row = rows[operation];
  return { kind, actions: actions as readonly IamAction[], delays };
}

export const isMutating = (operation: Operation): boolean => factsOf(operation).kind !== 'read';

export const allOperations = Object.keys(rows) as Operation[];
