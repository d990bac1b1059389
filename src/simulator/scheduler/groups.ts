import { AwsError, NotSimulated } from '../aws-error.ts';
import type { Context } from '../iam/policy.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import { addTags, listOf, removeTags, seenTags, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import type { ScheduleGroup } from './state.ts';

const pageSize = 100;

export const invalid = (message: string) => new AwsError('ValidationException', message);
export const notFound = (what: string) => new AwsError('ResourceNotFoundException', `${what} does not exist.`, 404);
export const conflict = (message: string) => new AwsError('ConflictException', message, 409);

const groupArn = ({ partition, region, account }: World, name: string | undefined): string =>
  `arn:${partition}:scheduler:${region}:${account}:schedule-group/${name ?? 'default'}`;

/**
 * For what the Scheduler says that it assumes a role: the schedule's group (Scheduler user guide, "Confused deputy
 * prevention").
 */
export const sourceOf = (world: World, group: string | undefined): Context => ({
  'aws:SourceAccount': world.account,
  'aws:SourceArn': groupArn(world, group),
});

export function verifyName(name: string): void {
  if (!/^[\w.-]{1,64}$/.test(name))
    throw invalid(`1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint`);
}

/** The group of this name, seen or not. */
function findGroup(world: World, name: string): ScheduleGroup | undefined {
  const group = world.scheduler.groups.get(name);
  return group && world.now() < (group.goneAt ?? Number.POSITIVE_INFINITY) ? group : undefined;
}

/** The group of this name, as a caller of AWS finds it. Throws AWS's not-found error. */
export function existingGroup(world: World, name: string | undefined): ScheduleGroup {
  if (name === undefined || name === 'default') throw new NotSimulated('the default schedule group');
  const group = findGroup(world, name);
  if (!group || !world.isVisible(group.createdAt)) throw notFound(`Schedule group ${name}`);
  return group;
}

export const groups: Pick<
  SimulatedService<'scheduler'>,
  | 'CreateScheduleGroup'
  | 'GetScheduleGroup'
  | 'DeleteScheduleGroup'
  | 'ListTagsForResource'
  | 'TagResource'
  | 'UntagResource'
  | 'ListScheduleGroups'
> = {
  CreateScheduleGroup: {
    takes: ['Name', 'Tags'],
    run({ Name: name = '', Tags }, world) {
      verifyName(name);
      if (findGroup(world, name) || name === 'default') throw conflict(`Schedule group ${name} already exists.`);
      const arn = groupArn(world, name);
      const tags = tagsOf(Tags, 'scheduler');
      world.scheduler.groups.set(name, { name, arn, createdAt: world.now(), tags, schedules: new Map() });
      return { ScheduleGroupArn: arn };
    },
  },
  ListScheduleGroups: {
    takes: ['NamePrefix', 'NextToken'],
    run({ NamePrefix = '', NextToken }, world) {
      const visible = [...world.scheduler.groups.values()].filter(
        ({ name, createdAt, goneAt = Number.POSITIVE_INFINITY }) =>
          name.startsWith(NamePrefix) && world.now() < goneAt && world.isVisible(createdAt),
      );
      const { items, next } = pageOf(visible, pageSize, NextToken);
      const ScheduleGroups = items.map(({ name, arn, createdAt }) => ({
        Name: name,
        Arn: arn,
        CreationDate: new Date(createdAt),
      }));
      return { ScheduleGroups, ...(next ? { NextToken: next } : {}) };
    },
  },
  GetScheduleGroup: {
    takes: ['Name'],
    run({ Name }, world) {
      const { name, arn, goneAt, createdAt } = existingGroup(world, Name);
      return {
        Name: name,
        Arn: arn,
        State: goneAt === undefined ? 'ACTIVE' : 'DELETING',
        CreationDate: new Date(createdAt),
        LastModificationDate: new Date(createdAt),
      };
    },
  },
  DeleteScheduleGroup: {
    takes: ['Name'],
    run({ Name }, world) {
      if (Name === 'default') throw invalid('The default schedule group cannot be deleted.');
      const group = existingGroup(world, Name);
      group.goneAt ??= world.now() + world.takes('scheduleGroup.deleted', group.name);
      return {};
    },
  },
  TagResource: {
    takes: ['ResourceArn', 'Tags'],
    run({ ResourceArn: arn = '', Tags }, world) {
      const group = existingGroup(world, arn.slice(arn.lastIndexOf('/') + 1));
      addTags(world, group, tagsOf(Tags, 'scheduler'));
      return {};
    },
  },
  UntagResource: {
    takes: ['ResourceArn', 'TagKeys'],
    run({ ResourceArn: arn = '', TagKeys }, world) {
      removeTags(world, existingGroup(world, arn.slice(arn.lastIndexOf('/') + 1)), TagKeys, 'scheduler');
      return {};
    },
  },
  ListTagsForResource: {
    takes: ['ResourceArn'],
    run({ ResourceArn: arn = '' }, world) {
      const name = arn.slice(arn.lastIndexOf('/') + 1);
      const group = findGroup(world, name);
      if (group?.arn !== arn || !world.isVisible(group.createdAt)) throw notFound(`Schedule group ${name}`);
      return { Tags: listOf(seenTags(world, group)) };
    },
  },
};
