import { parseSchedule } from '../../schedule/schedule.ts';
import { AwsError } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import { listOf, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import type { Rule } from './state.ts';

function existing(world: World, name: string | undefined): Rule {
  const rule = world.events.rules.get(name ?? '');
  if (!rule) throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
  return rule;
}

const invalid = (message: string) => new AwsError('ValidationException', message);

function verifySchedule(expression: string): void {
  try {
    parseSchedule(expression);
  } catch {
    throw invalid('Parameter ScheduleExpression is not valid.');
  }
}

export const events: SimulatedService<'events'> = {
  PutRule: {
    takes: ['Name', 'ScheduleExpression', 'State', 'Description', 'Tags'],
    run({ Name: name = '', ScheduleExpression: schedule = '', State, Description: description, Tags }, world) {
      if (!/^[\w.-]{1,64}$/.test(name)) throw invalid(`1 validation error detected: Value '${name}' at 'name'`);
      verifySchedule(schedule);
      const before = world.events.rules.get(name);
      const rule: Rule = {
        name,
        arn: `arn:aws:events:${world.region}:${world.account}:rule/${name}`,
        schedule,
        // What is left out is not kept: it becomes the default again.
        enabled: State !== 'DISABLED',
        description,
        // Tags given for a rule that is there already are ignored.
        tags: before?.tags ?? tagsOf(Tags, 'ValidationException'),
        targets: before?.targets ?? new Map(),
      };
      world.events.rules.set(name, rule);
      return { RuleArn: rule.arn };
    },
  },
  DescribeRule: {
    takes: ['Name'],
    run({ Name }, world) {
      const { name, arn, schedule, enabled, description } = existing(world, Name);
      return {
        Name: name,
        Arn: arn,
        ScheduleExpression: schedule,
        State: enabled ? 'ENABLED' : 'DISABLED',
        EventBusName: 'default',
        ...(description ? { Description: description } : {}),
      };
    },
  },
  DisableRule: {
    takes: ['Name'],
    run({ Name }, world) {
      existing(world, Name).enabled = false;
      return {};
    },
  },
  PutTargets: {
    takes: ['Rule', 'Targets'],
    run({ Rule: name, Targets = [] }, world) {
      const rule = existing(world, name);
      for (const { Id = '', Arn = '', ...rest } of Targets) {
        if (Object.keys(rest).length > 0)
          throw invalid(`The simulator does not know the target members ${Object.keys(rest).join(', ')}.`);
        if (!/^arn:aws:[a-z]+:/.test(Arn))
          throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
        rule.targets.set(Id, Arn);
      }
      if (rule.targets.size > 5)
        throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
  },
  ListTargetsByRule: {
    takes: ['Rule'],
    run: ({ Rule: name }, world) => ({ Targets: [...existing(world, name).targets].map(([Id, Arn]) => ({ Id, Arn })) }),
  },
  RemoveTargets: {
    takes: ['Rule', 'Ids'],
    run({ Rule: name, Ids = [] }, world) {
      const { targets } = existing(world, name);
      const failed = Ids.filter(id => !targets.delete(id));
      return {
        FailedEntryCount: failed.length,
        FailedEntries: failed.map(TargetId => ({
          TargetId,
          ErrorCode: 'ResourceNotFoundException',
          ErrorMessage: 'Target does not exist.',
        })),
      };
    },
  },
  ListTagsForResource: {
    takes: ['ResourceARN'],
    run({ ResourceARN: arn }, world) {
      const rule = [...world.events.rules.values()].find(one => one.arn === arn);
      return { Tags: listOf(existing(world, rule?.name).tags) };
    },
  },
  DeleteRule: {
    takes: ['Name'],
    run({ Name = '' }, world) {
      if ((world.events.rules.get(Name)?.targets.size ?? 0) > 0) throw invalid("Rule can't be deleted since it has targets.");
      // Deleting a rule that is not there succeeds.
      world.events.rules.delete(Name);
      return {};
    },
  },
};
