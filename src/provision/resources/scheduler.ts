import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found } from '../engine/resource.ts';
import { type AwsResource, arn, awsResource, type Stack } from '../stack.ts';
import type { FunctionFound } from './lambda-function.ts';
import type { RoleFound } from './role.ts';
import { type Tagged, tagged } from './tagged.ts';

/** The group that holds the schedule and its owner: schedules themselves carry no tags. */
export function scheduleGroup(stack: Stack) {
  const { aws, names, owner, settings } = stack;
  const id = 'schedule.group';
  const Name = names.scheduleGroup;
  const ResourceArn = arn(stack, 'scheduler', `schedule-group/${Name}`);
  const resource = awsResource<Tagged, Record<never, never>>({
    id,
    title: `Schedule group ${Name}`,
    wanted: settings.timezone !== 'UTC',
    needs: {},
    operations: { create: ['scheduler:CreateScheduleGroup'], update: [], remove: ['scheduler:DeleteScheduleGroup'] },

    async find(snapshot) {
      const answer = await snapshot.find('scheduler:ListTagsForResource', { ResourceArn });
      if (!answer) return [];
      const tags = recordOf(answer.Tags);
      return [{ awsId: Name, ...owner.of(tags), tags }];
    },

    async create() {
      await aws.call('scheduler:CreateScheduleGroup', { Name, Tags: listOf(owner.tags(id)) });
      return { awsId: Name, ours: true };
    },

    async remove() {
      await unlessNotFound(aws.call('scheduler:DeleteScheduleGroup', { Name }));
    },

    ask: () => ask(aws, 'scheduler:GetScheduleGroup', { Name }, Name, ({ State }) => State),
  });
  return tagged(
    stack,
    {
      operation: 'scheduler:TagResource',
      put: (_found, tags) => aws.call('scheduler:TagResource', { ResourceArn, Tags: listOf(tags) }),
      untag: {
        operation: 'scheduler:UntagResource',
        take: (_found, keys) => aws.call('scheduler:UntagResource', { ResourceArn, TagKeys: keys }),
      },
    },
    resource,
  );
}

export interface ScheduleFound extends Found {
  settings: Record<string, string>;
}

/** In words, with what AWS does unless it is told otherwise (Scheduler user guide, "Configuring retry policies"). */
const retriesOf = ({
  MaximumRetryAttempts = 185,
  MaximumEventAgeInSeconds = 86_400,
}: {
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
} = {}): string => `${MaximumRetryAttempts} within ${MaximumEventAgeInSeconds} s`;

const usualRetries = retriesOf();

/** The schedule in the shop's own time zone, by EventBridge Scheduler. */
export function schedule(
  stack: Stack,
  needs: { group: AwsResource; role: AwsResource<RoleFound>; function: AwsResource<FunctionFound> },
) {
  const { aws, names, settings } = stack;
  const Name = names.schedule;
  const GroupName = names.scheduleGroup;
  const functionArn = arn(stack, 'lambda', `function:${names.functionName}`);
  // The time that the report is for, not the moment at which it happens to start.
  const Input = '{"time":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>"}';
  const wanted = (role?: RoleFound): Record<string, string | undefined> => ({
    schedule: settings.schedule,
    'time zone': settings.timezone,
    state: 'ENABLED',
    target: functionArn,
    input: Input,
    role: role?.arn,
    'flexible window': 'OFF',
    'first and last day': 'any',
    'after its end': 'NONE',
    retries: usualRetries,
    'dead-letter queue': 'none',
  });
  const request = (role: RoleFound) => ({
    Name,
    GroupName,
    ScheduleExpression: settings.schedule,
    ScheduleExpressionTimezone: settings.timezone,
    State: 'ENABLED' as const,
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    Target: { Arn: functionArn, RoleArn: role.arn, Input },
  });
  return awsResource<ScheduleFound, typeof needs>({
    id: 'schedule.scheduler',
    title: `Schedule ${Name} (${settings.timezone})`,
    wanted: settings.timezone !== 'UTC',
    needs,
    operations: {
      create: ['scheduler:CreateSchedule'],
      update: ['scheduler:UpdateSchedule'],
      remove: ['scheduler:DeleteSchedule'],
    },

    async find(snapshot) {
      // Ours when its group is: the group carries the tags for both.
      const ResourceArn = arn(stack, 'scheduler', `schedule-group/${GroupName}`);
      const tags = await snapshot.find('scheduler:ListTagsForResource', { ResourceArn });
      const there = tags && (await snapshot.find('scheduler:GetSchedule', { Name, GroupName }));
      if (!there) return [];
      const { ScheduleExpression = '', ScheduleExpressionTimezone = '', State = '', Target } = there;
      const { StartDate, EndDate, FlexibleTimeWindow, ActionAfterCompletion = 'NONE' } = there;
      const days = [StartDate && `from ${StartDate.toISOString()}`, EndDate && `until ${EndDate.toISOString()}`];
      return [
        {
          awsId: `${GroupName}/${Name}`,
          ...stack.owner.of(recordOf(tags?.Tags)),
          settings: {
            schedule: ScheduleExpression,
            'time zone': ScheduleExpressionTimezone,
            state: State,
            target: Target?.Arn ?? '',
            input: Target?.Input ?? '',
            role: Target?.RoleArn ?? '',
            'flexible window': FlexibleTimeWindow?.Mode ?? 'OFF',
            'first and last day': days.filter(Boolean).join(' ') || 'any',
            'after its end': ActionAfterCompletion,
            retries: retriesOf(Target?.RetryPolicy),
            'dead-letter queue': Target?.DeadLetterConfig?.Arn ?? 'none',
          },
        },
      ];
    },

    async create({ role }) {
      await aws.call('scheduler:CreateSchedule', request(role));
      return { awsId: `${GroupName}/${Name}`, ours: true, settings: wanted(role) as Record<string, string> };
    },

    differences: (found, { role }): Difference[] =>
      Object.entries(wanted(role)).flatMap(([what, value]) =>
        value !== undefined && found.settings[what] !== value
          ? [{ what, is: found.settings[what] || 'none', wanted: value, how: 'update' as const }]
          : [],
      ),

    async update(_found, { role }) {
      await aws.call('scheduler:UpdateSchedule', request(role));
    },

    async remove() {
      await unlessNotFound(aws.call('scheduler:DeleteSchedule', { Name, GroupName }));
    },

    // It has no tags: with its group it is ours.
    async adopt() {},

    ask: ({ awsId }) => ask(aws, 'scheduler:GetSchedule', { Name, GroupName }, awsId, ({ State }) => State),
  });
}
