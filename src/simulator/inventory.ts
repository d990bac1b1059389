import type { Tags } from './tag-list.ts';
import type { World } from './world.ts';

export interface InventoryRow {
  service: string;
  type: string;
  id: string;
  name?: string;
  state?: string;
  tags: Tags;
}

/** Everything that exists in the account, asked of the simulator itself: what tests hold the tool's word against. */
export function inventory(world: World): InventoryRow[] {
  const { ec2, events, iam, lambda, logs, s3, scheduler, sns, ssm } = world;
  const row = (service: string, type: string, id: string, tags: Tags, state?: string): InventoryRow => ({
    service,
    type,
    id,
    tags,
    ...(state ? { state } : {}),
  });
  const now = world.now();
  return [
    ...ec2.inventory(now).map(one => ({ service: 'ec2', ...one })),
    ...[...iam.roles.values()].map(({ name, tags }) => row('iam', 'role', name, tags)),
    ...[...iam.profiles.values()].map(({ name, tags }) => row('iam', 'instance-profile', name, tags)),
    ...[...lambda.functions.values()]
      .filter(({ goneAt = Infinity }) => now < goneAt)
      .map(({ name, tags }) => row('lambda', 'function', name, tags)),
    ...lambda.layers.map(({ arn, description }) => row('lambda', 'layer', arn, { description })),
    ...[...logs.groups.values()].map(({ name, tags }) => row('logs', 'log-group', name, tags)),
    ...[...s3.buckets.values()].map(({ name, tags }) => row('s3', 'bucket', name, tags)),
    ...[...ssm.parameters.values()].map(({ name, tags }) => row('ssm', 'parameter', name, tags)),
    ...[...sns.topics.values()].flatMap(topic => [
      row('sns', 'topic', topic.arn, topic.tags),
      ...sns
        .subscriptionsOf(topic)
        .map(({ endpoint, confirmed }) =>
          row('sns', 'subscription', endpoint, {}, confirmed ? 'confirmed' : 'pending'),
        ),
    ]),
    ...[...events.rules.values()].map(({ name, tags, enabled }) =>
      row('events', 'rule', name, tags, enabled ? 'enabled' : 'disabled'),
    ),
    ...[...scheduler.groups.values()]
      .filter(({ goneAt = Infinity }) => now < goneAt)
      .flatMap(({ name, tags, schedules }) => [
        row('scheduler', 'schedule-group', name, tags),
        ...[...schedules.keys()].map(schedule => row('scheduler', 'schedule', `${name}/${schedule}`, {})),
      ]),
  ];
}

/** What AWS still lists for an hour after it ended. */
export const isEnded = ({ state }: InventoryRow): boolean => ['terminated', 'deleted', 'failed'].includes(state ?? '');
