import { AwsError } from '../aws-error.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import { addTags, removeTags, seenTags, verifyTags } from '../tag-list.ts';
import type { World } from '../world.ts';
import type { LogGroup } from './state.ts';

const pageSize = 50;

/** PutRetentionPolicy in the API reference. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const arnOf = (world: World, name: string): string =>
  `arn:${world.partition}:logs:${world.region}:${world.account}:log-group:${name}`;

function existing(world: World, name: string | undefined): LogGroup {
  const group = world.logs.groups.get(name ?? '');
  if (!group || !world.isVisible(group.createdAt))
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}

export const logs: SimulatedService<'logs'> = {
  CreateLogGroup: {
    takes: ['logGroupName', 'tags'],
    run({ logGroupName: name = '', tags = {} }, world) {
      if (!/^[\w./#-]{1,512}$/.test(name) || name.startsWith('aws/'))
        throw new AwsError('InvalidParameterException', `The log group name ${name} is invalid.`);
      verifyTags(tags, 'logs');
      if (world.logs.groups.has(name))
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      world.logs.groups.set(name, { name, createdAt: world.now(), tags: { ...tags }, lines: [] });
      return {};
    },
  },
  PutRetentionPolicy: {
    takes: ['logGroupName', 'retentionInDays'],
    run({ logGroupName, retentionInDays = 0 }, world) {
      if (!retentions.includes(retentionInDays))
        throw new AwsError(
          'InvalidParameterException',
          `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays'`,
        );
      existing(world, logGroupName).retentionDays = retentionInDays;
      return {};
    },
  },
  DescribeLogGroups: {
    takes: ['logGroupNamePrefix', 'nextToken'],
    run({ logGroupNamePrefix: prefix = '', nextToken }, world) {
      const found = [...world.logs.groups.values()]
        .filter(group => group.name.startsWith(prefix) && world.isVisible(group.createdAt))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, next } = pageOf(found, pageSize, nextToken);
      return {
        logGroups: items.map(({ name, createdAt, retentionDays, lines }) => ({
          logGroupName: name,
          creationTime: createdAt,
          ...(retentionDays ? { retentionInDays: retentionDays } : {}),
          metricFilterCount: 0,
          arn: `${arnOf(world, name)}:*`,
          logGroupArn: arnOf(world, name),
          storedBytes: lines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
          logGroupClass: 'STANDARD' as const,
        })),
        ...(next ? { nextToken: next } : {}),
      };
    },
  },
  ListTagsForResource: {
    takes: ['resourceArn'],
    run({ resourceArn = '' }, world) {
      // The ARN ends with the group's name: `:*` is refused here, though DescribeLogGroups shows it.
      const name = [...world.logs.groups.keys()].find(group => arnOf(world, group) === resourceArn);
      return { tags: { ...seenTags(world, existing(world, name)) } };
    },
  },
  TagResource: {
    takes: ['resourceArn', 'tags'],
    run({ resourceArn = '', tags = {} }, world) {
      const name = [...world.logs.groups.keys()].find(group => arnOf(world, group) === resourceArn);
      const group = existing(world, name);
      verifyTags(tags, 'logs');
      addTags(world, group, tags);
      return {};
    },
  },
  UntagResource: {
    takes: ['resourceArn', 'tagKeys'],
    run({ resourceArn = '', tagKeys }, world) {
      const name = [...world.logs.groups.keys()].find(group => arnOf(world, group) === resourceArn);
      removeTags(world, existing(world, name), tagKeys, 'logs');
      return {};
    },
  },
  DeleteLogGroup: {
    takes: ['logGroupName'],
    run({ logGroupName }, world) {
      world.logs.groups.delete(existing(world, logGroupName).name);
      return {};
    },
  },
};
