import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import { isZone, parseSchedule } from '../../schedule/schedule.ts';
import { AwsError } from '../aws-error.ts';
import { isAssumable } from '../iam/policy.ts';
import type { SimulatedService } from '../service.ts';
import { listOf, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';

const notFound = (what: string) => new AwsError('ResourceNotFoundException', `${what} does not exist.`, 404);
const invalid = (message: string) => new AwsError('ValidationException', message);

function groupOf(world: World, name = 'default') {
  const group = world.scheduler.groups.get(name);
  if (!group) throw notFound(`Schedule group ${name}`);
  return group;
}

function scheduleOf(world: World, group: string | undefined, name = ''): CreateScheduleCommandInput {
  const schedule = groupOf(world, group).schedules.get(name);
  if (!schedule) throw notFound(`Schedule ${name}`);
  return schedule;
}

function verifySchedule(input: CreateScheduleCommandInput, world: World): void {
  const { ScheduleExpression = '', ScheduleExpressionTimezone = 'UTC', FlexibleTimeWindow, Target } = input;
  try {
    parseSchedule(ScheduleExpression);
  } catch {
    throw invalid(`Invalid Schedule Expression ${ScheduleExpression}.`);
  }
  if (!isZone(ScheduleExpressionTimezone)) throw invalid('Provided ScheduleExpressionTimezone is invalid.');
  if (!FlexibleTimeWindow?.Mode)
    throw invalid("Value null at 'flexibleTimeWindow' failed to satisfy constraint: Member must not be null");
  const role = world.iam.roleByArn(Target?.RoleArn ?? '');
  if (!role || !isAssumable(world, role, 'scheduler.amazonaws.com'))
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
}

const arnOf = (world: World, group: string | undefined, name: string | undefined) =>
  `arn:aws:scheduler:${world.region}:${world.account}:schedule/${group ?? 'default'}/${name}`;

const members = [
  'Name',
  'GroupName',
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'State',
  'FlexibleTimeWindow',
  'Target',
] as const;

export const scheduler: SimulatedService<'scheduler'> = {
  CreateScheduleGroup: {
    takes: ['Name', 'Tags'],
    run({ Name: name = '', Tags }, world) {
      if (world.scheduler.groups.has(name))
        throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
      const arn = `arn:aws:scheduler:${world.region}:${world.account}:schedule-group/${name}`;
      world.scheduler.groups.set(name, { name, arn, tags: tagsOf(Tags, 'ValidationException'), schedules: new Map() });
      return { ScheduleGroupArn: arn };
    },
  },
  GetScheduleGroup: {
    takes: ['Name'],
    run({ Name }, world) {
      const { name, arn } = groupOf(world, Name);
      return { Name: name, Arn: arn, State: 'ACTIVE' };
    },
  },
  DeleteScheduleGroup: {
    takes: ['Name'],
    run({ Name = '' }, world) {
      world.scheduler.groups.delete(groupOf(world, Name).name);
      return {};
    },
  },
  ListTagsForResource: {
    takes: ['ResourceArn'],
    run({ ResourceArn: arn }, world) {
      const group = [...world.scheduler.groups.values()].find(one => one.arn === arn);
      if (!group) throw notFound(`Resource ${arn}`);
      return { Tags: listOf(group.tags) };
    },
  },
  CreateSchedule: {
    takes: members,
    run(input, world) {
      const { schedules } = groupOf(world, input.GroupName);
      verifySchedule(input, world);
      if (schedules.has(input.Name!)) throw new AwsError('ConflictException', `Schedule ${input.Name} already exists.`, 409);
      schedules.set(input.Name!, input);
      return { ScheduleArn: arnOf(world, input.GroupName, input.Name) };
    },
  },
  UpdateSchedule: {
    takes: members,
    run(input, world) {
      scheduleOf(world, input.GroupName, input.Name);
      verifySchedule(input, world);
      groupOf(world, input.GroupName).schedules.set(input.Name!, input);
      return { ScheduleArn: arnOf(world, input.GroupName, input.Name) };
    },
  },
  GetSchedule: {
    takes: ['Name', 'GroupName'],
    run: ({ Name, GroupName }, world) => ({ ...scheduleOf(world, GroupName, Name), Arn: arnOf(world, GroupName, Name) }),
  },
  DeleteSchedule: {
    takes: ['Name', 'GroupName'],
    run({ Name, GroupName }, world) {
      groupOf(world, GroupName).schedules.delete(scheduleOf(world, GroupName, Name).Name!);
      return {};
    },
  },
};
