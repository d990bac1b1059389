import type { Operation } from '../aws/operation.ts';
import { allOperations, isMutating } from '../operations.ts';
import type { AwsResource } from '../stack.ts';
import type { Use } from './place.ts';

/** What a reader of reports reads. */
const archive: Operation[] = ['s3:GetObject', 's3:ListObjectsV2'];
const readers: Operation[] = ['sns:ListSubscriptionsByTopic'];
const filters: Operation[] = ['sns:GetSubscriptionAttributes'];
const choices: Operation[] = ['ec2:DescribeAvailabilityZones', 'ec2:DescribeInstanceTypeOfferings'];
const contents: Operation[] = ['iam:ListAttachedRolePolicies', 's3:ListObjectVersions'];
const start: Operation[] = ['lambda:Invoke'];
const console: Operation[] = ['ec2:GetConsoleOutput'];
const permissions: Operation[] = ['iam:SimulatePrincipalPolicy'];

/** What a look at the whole stack asks: every question that is not asked for something else. */
const looks = allOperations.filter(
  operation =>
    !isMutating(operation) &&
    ![archive, readers, filters, choices, contents, console, permissions].some(others => others.includes(operation)),
);

const lock: Use[] = (['ssm:GetParametersByPath', 'ssm:PutParameter', 'ssm:DeleteParameter'] as const).map(operation => ({
  operation,
  resource: 'lock',
}));

type Work = 'create' | 'update' | 'remove';

const worksOf = (resources: readonly AwsResource[], ...works: Work[]): Use[] =>
  resources.flatMap(({ id, operations }) =>
    works.flatMap(work => operations[work].map(operation => ({ operation, resource: id }))),
  );

/** What any settings want and AWS keeps only once: a provision mends it and never takes it away. */
const standing = /^(archive|topic|log-group|network-interfaces|subnet\..+|group\..+)$/;

const uses = (...operations: Operation[][]): Use[] => operations.flat().map(operation => ({ operation }));

/** What each verb calls, and for what: the work of the resources as the catalogue announces it, and the verb's own questions. */
const usesByVerb = {
  provision: (resources: readonly AwsResource[]) => [
    ...uses(looks, choices, contents, permissions, start, readers, filters, console),
    ...lock,
    ...worksOf(resources, 'create', 'update'),
    ...worksOf(
      resources.filter(({ id }) => !standing.test(id)),
      'remove',
    ),
  ],
  'provision --dry-run': () => uses(looks),
  run: () => uses(start),
  check: () => uses(start),
  subscribe: () => uses(readers, filters, ['sns:Subscribe', 'sns:SetSubscriptionAttributes']),
  status: () => uses(looks, readers, archive),
  history: () => uses(archive),
  backfill: () => uses(start, archive),
  teardown: (resources: readonly AwsResource[]) => [
    ...uses(looks, contents, readers),
    ...lock,
    ...worksOf(resources, 'remove'),
  ],
  unlock: () => lock.filter(({ operation }) => operation !== 'ssm:PutParameter'),
} satisfies Record<string, (resources: readonly AwsResource[]) => Use[]>;

export type Verb = keyof typeof usesByVerb;

export const verbs = Object.keys(usesByVerb) as Verb[];

/** Every call that a verb may make, whatever it finds. Without a verb: that any may make. */
export const usesOf = (verb: Verb | undefined, resources: readonly AwsResource[]): Use[] =>
  (verb ? [verb] : verbs).flatMap(one => usesByVerb[one](resources));
