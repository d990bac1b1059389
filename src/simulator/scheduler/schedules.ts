import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import { isZone, parseSchedule } from '../../schedule/schedule.ts';
import { verifyMembers } from '../ec2/refusals.ts';
import { isAssumable } from '../iam/policy.ts';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';
import { conflict, existingGroup, invalid, notFound, sourceOf, verifyName } from './groups.ts';

const members = [
  'Name',
  'GroupName',
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'State',
  'FlexibleTimeWindow',
  'EndDate',
  'Target',
] as const;

export const schedules: Pick<
  SimulatedService<'scheduler'>,
  'CreateSchedule' | 'UpdateSchedule' | 'GetSchedule' | 'DeleteSchedule'
> = {
  CreateSchedule: {
    takes: members,
    run(input, world) {
      const group = existingGroup(world, input.GroupName);
      if (group.goneAt !== undefined) throw conflict(`Schedule group ${group.name} is being deleted.`);
      verifySchedule(input, world);
      if (group.schedules.has(input.Name!)) throw conflict(`Schedule ${input.Name} already exists.`);
      group.schedules.set(input.Name!, { ...input, createdAt: world.now(), modifiedAt: world.now() });
      return { ScheduleArn: arnOf(world, input) };
    },
  },
  UpdateSchedule: {
    takes: members,
    run(input, world) {
      const { createdAt } = existingSchedule(world, input);
      verifySchedule(input, world);
      // What is left out is not kept: it becomes the default again.
      existingGroup(world, input.GroupName).schedules.set(input.Name!, {
        ...input,
        createdAt,
        modifiedAt: world.now(),
      });
      return { ScheduleArn: arnOf(world, input) };
    },
  },
  GetSchedule: {
    takes: ['Name', 'GroupName'],
    run(input, world) {
      const { createdAt, modifiedAt, ...asked } = existingSchedule(world, input);
      return {
        ...asked,
        Target: {
          ...asked.Target!,
          RetryPolicy: asked.Target?.RetryPolicy ?? { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
        ScheduleExpressionTimezone: asked.ScheduleExpressionTimezone ?? 'UTC',
        State: asked.State ?? 'ENABLED',
        ActionAfterCompletion: 'NONE',
        Arn: arnOf(world, input),
        CreationDate: new Date(createdAt),
        LastModificationDate: new Date(modifiedAt),
      };
    },
  },
  DeleteSchedule: {
    takes: ['Name', 'GroupName'],
    run(input, world) {
      existingGroup(world, input.GroupName).schedules.delete(existingSchedule(world, input).Name!);
      return {};
    },
  },
};

const arnOf = ({ partition, region, account }: World, { GroupName, Name }: { GroupName?: string; Name?: string }) =>
  `arn:${partition}:scheduler:${region}:${account}:schedule/${GroupName}/${Name}`;

function existingSchedule(world: World, { GroupName, Name = '' }: { GroupName?: string; Name?: string }) {
  const schedule = existingGroup(world, GroupName).schedules.get(Name);
  if (!schedule || !world.isVisible(schedule.createdAt)) throw notFound(`Schedule ${Name}`);
  return schedule;
}

function verifySchedule(input: CreateScheduleCommandInput, world: World): void {
  const { Name = '', ScheduleExpression = '', ScheduleExpressionTimezone = 'UTC', FlexibleTimeWindow, Target } = input;
  verifyName(Name);
  try {
    parseSchedule(ScheduleExpression);
  } catch {
    throw invalid(`Invalid Schedule Expression ${ScheduleExpression}.`);
  }
  if (!isZone(ScheduleExpressionTimezone))
    throw invalid(`Invalid request provided: ScheduleExpressionTimezone ${ScheduleExpressionTimezone} is not valid.`);
  if (!FlexibleTimeWindow?.Mode)
    throw invalid(
      "1 validation error detected: Value null at 'flexibleTimeWindow' failed to satisfy constraint: Member must not be null",
    );
  verifyMembers(Target, ['Arn', 'RoleArn', 'Input', 'RetryPolicy'], 'Target');
  if (!new RegExp(`^arn:${world.partition}:[a-z]+:[\\w-]+:\\d{12}:.+$`).test(Target?.Arn ?? ''))
    throw invalid('Provided Arn is not in correct format.');
  verifyJson(Target?.Input);
  const role = world.iam.roleByArn(Target?.RoleArn ?? '');
  if (!role || !isAssumable(world, role, 'scheduler.amazonaws.com', sourceOf(world, input.GroupName)))
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
}

/** A function is started with JSON, though the Scheduler's own words in angle brackets may stand in it. */
function verifyJson(input: string | undefined): void {
  try {
    JSON.parse(input ?? '{}');
  } catch {
    throw invalid('The Input of the target is not valid JSON.');
  }
}
