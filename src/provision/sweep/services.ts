import type { Aws } from '../aws/aws.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { recordOf } from '../aws/owner.ts';
import { Snapshot } from '../aws/snapshot.ts';
import { namePrefix } from '../names.ts';
import { rulesIn } from '../resources/rule.ts';
import { type Leftover, named, stackCalled } from './leftover.ts';

interface Place {
  account: string;
  region: string;
  partition: string;
}

/** Name of the last part of an ARN. */
const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** What the tool makes in one region besides EC2's, each from the list of its own service. */
export const serviceLooks = (aws: Aws, place: Place): (() => Promise<Leftover[]>)[] => {
  const { account, region, partition } = place;
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  const snapshot = new Snapshot(aws);
  return [
    async () => {
      const pages = await snapshot.pages('lambda:ListFunctions', {}, ({ NextMarker }) =>
        NextMarker ? { Marker: NextMarker } : undefined,
      );
      const functions = pages.flatMap(({ Functions = [] }) => Functions);
      return each(functions, async ({ FunctionName = '', LastModified }) => {
        const stack = stackCalled('functionName', FunctionName);
        if (!stack) return [];
        const answer = await unlessNotFound(aws.call('lambda:GetFunction', { FunctionName }));
        return answer
          ? [named({ type: 'function', awsId: FunctionName, region, since: LastModified }, stack, answer.Tags ?? {})]
          : [];
      });
    },
    async () => {
      const pages = await snapshot.pages('lambda:ListLayers', {}, ({ NextMarker }) =>
        NextMarker ? { Marker: NextMarker } : undefined,
      );
      return each(
        pages.flatMap(({ Layers = [] }) => Layers),
        async ({ LayerName = '' }) => {
          const stack = stackCalled('layer', LayerName);
          if (!stack) return [];
          const versions = await snapshot.pages('lambda:ListLayerVersions', { LayerName }, ({ NextMarker }) =>
            NextMarker ? { Marker: NextMarker } : undefined,
          );
          return versions
            .flatMap(({ LayerVersions = [] }) => LayerVersions)
            .map(({ LayerVersionArn = '', Description = '', CreatedDate }): Leftover => {
              const seen = { type: 'layer', awsId: LayerVersionArn, region, since: CreatedDate };
              // A version carries no tags: its owner stands in its description.
              const isOurs = Description.startsWith(`salesreport stack=${stack} region=${region} `);
              return isOurs
                ? { ...named(seen, stack, {}), stranger: undefined, resource: 'layer' }
                : named(seen, stack, {});
            });
        },
      );
    },
    async () => {
      const pages = await snapshot.pages(
        'logs:DescribeLogGroups',
        { logGroupNamePrefix: '/aws/lambda/salesAnalysisReportDataExtractor' },
        ({ nextToken }) => (nextToken ? { nextToken } : undefined),
      );
      return each(
        pages.flatMap(({ logGroups = [] }) => logGroups),
        async ({ logGroupName = '', creationTime }) => {
          const stack = stackCalled('logGroup', logGroupName);
          if (!stack) return [];
          const resourceArn = arn('logs', `log-group:${logGroupName}`);
          const answer = await unlessNotFound(aws.call('logs:ListTagsForResource', { resourceArn }));
          return [
            named({ type: 'log group', awsId: logGroupName, region, since: creationTime }, stack, answer?.tags ?? {}),
          ];
        },
      );
    },
    async () => {
      const pages = await snapshot.pages('sns:ListTopics', {}, ({ NextToken }) =>
        NextToken ? { NextToken } : undefined,
      );
      return each(
        pages.flatMap(({ Topics = [] }) => Topics),
        async ({ TopicArn = '' }) => {
          const stack = stackCalled('topic', nameOf(TopicArn)) ?? stackCalled('operatorsTopic', nameOf(TopicArn));
          if (!stack) return [];
          const answer = await unlessNotFound(aws.call('sns:ListTagsForResource', { ResourceArn: TopicArn }));
          return [named({ type: 'topic', awsId: TopicArn, region }, stack, recordOf(answer?.Tags))];
        },
      );
    },
    async () => {
      return each(await rulesIn(snapshot), async ({ Name = '', Arn = '' }) => {
        const stack = stackCalled('rule', Name) ?? stackCalled('watchRule', Name);
        if (!stack) return [];
        const answer = await unlessNotFound(aws.call('events:ListTagsForResource', { ResourceARN: Arn }));
        return [named({ type: 'rule', awsId: Name, region }, stack, recordOf(answer?.Tags))];
      });
    },
    async () => {
      const pages = await snapshot.pages('scheduler:ListScheduleGroups', { NamePrefix: namePrefix }, ({ NextToken }) =>
        NextToken ? { NextToken } : undefined,
      );
      return each(
        pages.flatMap(({ ScheduleGroups = [] }) => ScheduleGroups),
        async ({ Name = '', Arn = '', CreationDate }) => {
          const stack = stackCalled('scheduleGroup', Name);
          if (!stack) return [];
          const answer = await unlessNotFound(aws.call('scheduler:ListTagsForResource', { ResourceArn: Arn }));
          return [
            named({ type: 'schedule group', awsId: Name, region, since: CreationDate }, stack, recordOf(answer?.Tags)),
          ];
        },
      );
    },
    async () => {
      const pages = await snapshot.pages(
        'ssm:GetParametersByPath',
        { Path: '/salesreport', Recursive: true },
        ({ NextToken }) => (NextToken ? { NextToken } : undefined),
      );
      return each(
        pages.flatMap(({ Parameters = [] }) => Parameters),
        async ({ Name = '', LastModifiedDate }) => {
          const [, stack, kind] = /^\/salesreport\/([a-z0-9-]+)\/(lock\/\d+|database\/password)$/.exec(Name) ?? [];
          if (!stack) return [];
          const type = kind!.startsWith('lock') ? 'lock' : 'parameter';
          const answer = await unlessNotFound(
            aws.call('ssm:ListTagsForResource', { ResourceType: 'Parameter', ResourceId: Name }),
          );
          return [named({ type, awsId: Name, region, since: LastModifiedDate }, stack, recordOf(answer?.TagList))];
        },
      );
    },
    async () => {
      const pages = await snapshot.pages(
        's3:ListBuckets',
        { Prefix: 'salesreport-', BucketRegion: region },
        ({ ContinuationToken }) => (ContinuationToken ? { ContinuationToken } : undefined),
      );
      return each(
        pages.flatMap(({ Buckets = [] }) => Buckets),
        async ({ Name = '', CreationDate }) => {
          const end = `-${account}-${region}`;
          if (!Name.endsWith(end)) return [];
          const answer = await unlessNotFound(
            aws.call('s3:GetBucketTagging', { Bucket: Name, ExpectedBucketOwner: account }),
          );
          const stack = Name.slice('salesreport-'.length, -end.length);
          return [
            named({ type: 'archive', awsId: Name, region, since: CreationDate }, stack, recordOf(answer?.TagSet)),
          ];
        },
      );
    },
  ];
};

/** IAM's, which is one for all regions. */
export const iamLooks = (aws: Aws, region: string): (() => Promise<Leftover[]>)[] => {
  const snapshot = new Snapshot(aws);
  const roleKinds = ['functionRole', 'databaseHostRole', 'cliHostRole', 'schedulerRole'] as const;
  const stackOf = (name: string) => roleKinds.map(kind => stackCalled(kind, name)).find(Boolean);
  return [
    async () => {
      const pages = await snapshot.pages('iam:ListRoles', {}, ({ Marker }) => (Marker ? { Marker } : undefined));
      return each(
        pages.flatMap(({ Roles = [] }) => Roles),
        async ({ RoleName = '', CreateDate }) => {
          const stack = stackOf(RoleName);
          if (!stack) return [];
          // The list is without tags (API reference, ListRoles).
          const answer = await unlessNotFound(aws.call('iam:GetRole', { RoleName }));
          return answer
            ? [named({ type: 'role', awsId: RoleName, region, since: CreateDate }, stack, recordOf(answer.Role?.Tags))]
            : [];
        },
      );
    },
    async () => {
      const pages = await snapshot.pages('iam:ListInstanceProfiles', {}, ({ Marker }) =>
        Marker ? { Marker } : undefined,
      );
      return each(
        pages.flatMap(({ InstanceProfiles = [] }) => InstanceProfiles),
        async ({ InstanceProfileName = '', CreateDate }) => {
          const stack = stackOf(InstanceProfileName);
          if (!stack) return [];
          const answer = await unlessNotFound(aws.call('iam:GetInstanceProfile', { InstanceProfileName }));
          const seen = { type: 'instance profile', awsId: InstanceProfileName, region, since: CreateDate };
          return answer ? [named(seen, stack, recordOf(answer.InstanceProfile?.Tags))] : [];
        },
      );
    },
  ];
};

const each = async <T>(things: readonly T[], leftoversOf: (thing: T) => Promise<Leftover[]>): Promise<Leftover[]> =>
  (await Promise.all(things.map(leftoversOf))).flat();
