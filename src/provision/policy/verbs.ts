import type { Operation } from '../aws/operation.ts';
import { lockOperations } from '../lock/lock-store.ts';
import { allOperations, isMutating } from '../operations.ts';
import type { AwsResource } from '../stack.ts';
import type { OperationUse } from './iam-scope.ts';

/** Questions that are asked for one thing only; all others belong to a look at the whole stack. */
const asked = {
  archive: ['s3:GetObject', 's3:ListObjectsV2'],
  readers: ['sns:ListSubscriptionsByTopic'],
  filters: ['sns:GetSubscriptionAttributes'],
  /** Where subnets are put. */
  zones: ['ec2:DescribeAvailabilityZones', 'ec2:DescribeInstanceTypeOfferings'],
  /** What AWS lets an account have. */
  limits: ['ec2:DescribeInstanceTypes', 'ec2:DescribeVpcBlockPublicAccessOptions', 'servicequotas:GetServiceQuota'],
  /** Of the host's profile, while it is mended. */
  associations: ['ec2:DescribeIamInstanceProfileAssociations'],
  /** Of what was told to go. */
  going: ['events:DescribeRule', 's3:HeadBucket', 'scheduler:GetScheduleGroup'],
  versions: ['s3:ListObjectVersions'],
  permissions: ['iam:SimulatePrincipalPolicy'],
  snapshots: ['ec2:DescribeSnapshots'],
  disks: ['ec2:DescribeVolumes'],
  /** What keeps things from going, once AWS has refused. */
  holders: [
    'ec2:DescribeEgressOnlyInternetGateways',
    'ec2:DescribeVpcPeeringConnections',
    'ec2:DescribeVpnGateways',
    'lambda:ListFunctions',
  ],
  everywhere: [
    'ec2:DescribeRegions',
    'iam:ListInstanceProfiles',
    'iam:ListRoles',
    'lambda:ListFunctions',
    'lambda:ListLayers',
    's3:ListBuckets',
    'scheduler:ListScheduleGroups',
    'sns:ListTopics',
  ],
} as const satisfies Record<string, readonly Operation[]>;

const apart = new Set<Operation>(Object.values(asked).flat());
const looks = allOperations.filter(operation => !isMutating(operation) && !apart.has(operation));

/** What a sweep reads of each thing that is called like one of ours, whatever its stack. */
const ofEach: Operation[] = [
  'ec2:DescribeAddresses',
  'ec2:DescribeInstances',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeNatGateways',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSnapshots',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeVpcs',
  'events:ListRules',
  'events:ListTagsForResource',
  'iam:GetInstanceProfile',
  'iam:GetRole',
  'lambda:GetFunction',
  'lambda:ListLayerVersions',
  'logs:DescribeLogGroups',
  'logs:ListTagsForResource',
  's3:GetBucketTagging',
  'scheduler:ListTagsForResource',
  'sns:ListTagsForResource',
  'ssm:GetParametersByPath',
  'ssm:ListTagsForResource',
];

const lock: OperationUse[] = ['ssm:GetParametersByPath' as const, ...lockOperations].map(operation => ({
  operation,
  resource: 'lock',
}));

type Work = 'create' | 'update' | 'remove';

const worksOf = (resources: readonly AwsResource[], ...works: Work[]): OperationUse[] =>
  resources.flatMap(({ id, operations }) =>
    works.flatMap(work => operations[work].map(operation => ({ operation, resource: id }))),
  );

/** Where no settings file is named, those of the last provision are read first. */
const record: OperationUse[] = [{ operation: 's3:GetObject', resource: 'settings' }];

const uses = (...operations: (readonly Operation[])[]): OperationUse[] =>
  operations.flat().map(operation => ({ operation }));
const start: Operation[] = ['lambda:Invoke'];

/** What is asked to take things down, whatever is there. */
const looksOfTeardown = uses(
  looks,
  asked.going,
  asked.holders,
  asked.versions,
  asked.readers,
  asked.snapshots,
  asked.disks,
  asked.permissions,
);
const snapshot: OperationUse = { operation: 'ec2:CreateSnapshot', resource: 'snapshot.database' };

/** What is called to take these things down, with a snapshot of the database before where one is wanted. */
export const usesOfRemoval = (
  going: readonly AwsResource[],
  { keepsSnapshot }: { keepsSnapshot: boolean },
): OperationUse[] => [...looksOfTeardown, ...lock, ...worksOf(going, 'remove'), ...(keepsSnapshot ? [snapshot] : [])];

/**
 * What each verb calls, and for what: the work of the resources as the catalogue announces it, and the verb's own
 * questions.
 */
const usesByVerb = {
  provision: resources => [
    ...uses(
      looks,
      asked.zones,
      asked.limits,
      asked.associations,
      asked.disks,
      asked.going,
      asked.holders,
      asked.permissions,
    ),
    ...uses(start, asked.readers, asked.filters),
    ...lock,
    ...worksOf(resources, 'create', 'update'),
    // What is not wanted any more or is replaced; the archive goes with a teardown only.
    ...worksOf(
      resources.filter(({ id }) => id !== 'archive'),
      'remove',
    ),
    ...record,
  ],
  'provision --dry-run': () => [...uses(looks, asked.zones, asked.limits, asked.readers, asked.filters), ...record],
  // A lost answer of the function is looked up in the ledger.
  run: () => [...uses(start, asked.archive), ...record],
  check: () => [...uses(start), ...record],
  subscribe: () => [
    ...record,
    ...uses(asked.readers, asked.filters, [
      'lambda:GetFunction',
      'sns:ConfirmSubscription',
      'sns:Subscribe',
      'sns:SetSubscriptionAttributes',
    ]),
  ],
  status: () => [...uses(looks, asked.readers, asked.filters, asked.archive), ...record],
  history: () => [...uses(asked.archive), ...record],
  backfill: () => [...uses(start), ...record],
  teardown: resources => [...uses(start), ...usesOfRemoval(resources, { keepsSnapshot: true }), ...record],
  verify: () => [...uses(looks, asked.readers, asked.filters, start, asked.archive), ...record],
  settings: () => record,
  // The function's configuration only with the password in its environment.
  password: () => [
    ...record,
    ...lock,
    ...uses(start, ['lambda:GetFunction', 'lambda:UpdateFunctionConfiguration']),
    ...(['ssm:GetParameter', 'ssm:PutParameter'] as const).map(operation => ({
      operation,
      resource: 'parameter.password',
    })),
  ],
  unlock: () => [...lock, ...record],
  sweep: () => uses(asked.everywhere, asked.disks, ofEach).map(use => ({ ...use, resource: 'any' })),
} satisfies Record<string, (resources: readonly AwsResource[]) => OperationUse[]>;

export type Verb = keyof typeof usesByVerb;

export const verbs = Object.keys(usesByVerb) as Verb[];

/** Every call that a verb may make, whatever it finds. Without a verb: that any may make. */
export const usesOf = (verb: Verb | undefined, resources: readonly AwsResource[]): OperationUse[] =>
  (verb ? [verb] : verbs).flatMap(one => usesByVerb[one](resources));
