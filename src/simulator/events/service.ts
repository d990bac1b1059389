import { parseSchedule } from '../../schedule/schedule.ts';
import { AwsError } from '../aws-error.ts';
import { verifyMembers } from '../ec2/refusals.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import { addTags, listOf, removeTags, seenTags, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import { verifyTransformer } from './input.ts';
import type { Rule } from './state.ts';

function existing(world: World, name: string | undefined): Rule {
  const rule = world.events.rules.get(name ?? '');
  if (!rule || !world.isVisible(rule.createdAt))
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
  return rule;
}

const invalid = (message: string) => new AwsError('ValidationException', message);

const failedEntries = (ids: string[]) => ({
  FailedEntryCount: ids.length,
  FailedEntries: ids.map(TargetId => ({
    TargetId,
    ErrorCode: 'ConcurrentModificationException',
    ErrorMessage: 'The rule is being changed by another call.',
  })),
});

function verifySchedule(expression: string): void {
  try {
    parseSchedule(expression);
  } catch {
    throw invalid('Parameter ScheduleExpression is not valid.');
  }
}

const pageSize = 100;

/** What AWS tells of a rule, alone or in a list. */
const described = ({ name, arn, schedule, enabled, description, pattern }: Rule) => ({
  Name: name,
  Arn: arn,
  ScheduleExpression: schedule,
  State: enabled ? ('ENABLED' as const) : ('DISABLED' as const),
  EventBusName: 'default',
  ...(description ? { Description: description } : {}),
  ...(pattern ? { EventPattern: pattern } : {}),
});

export const events: SimulatedService<'events'> = {
  ListRules: {
    takes: ['NamePrefix', 'NextToken'],
    run({ NamePrefix = '', NextToken }, world) {
      const visible = [...world.events.rules.values()].filter(
        ({ name, createdAt }) => name.startsWith(NamePrefix) && world.isVisible(createdAt),
      );
      const { items, next } = pageOf(visible, pageSize, NextToken);
      return { Rules: items.map(described), ...(next ? { NextToken: next } : {}) };
    },
  },
  PutRule: {
    takes: ['Name', 'ScheduleExpression', 'EventPattern', 'State', 'Description', 'Tags'],
    run(
      {
        Name: name = '',
        ScheduleExpression: schedule = '',
        EventPattern: pattern,
        State,
        Description: description,
        Tags,
      },
      world,
    ) {
      if (!/^[\w.-]{1,64}$/.test(name)) throw invalid(`1 validation error detected: Value '${name}' at 'name'`);
      verifySchedule(schedule);
      const before = world.events.rules.get(name);
      const rule: Rule = {
        name,
        arn: `arn:${world.partition}:events:${world.region}:${world.account}:rule/${name}`,
        createdAt: before?.createdAt ?? world.now(),
        schedule,
        // What is left out is not kept: it becomes the default again.
        enabled: State !== 'DISABLED',
        description,
        pattern,
        // Tags given for a rule that is there already are ignored.
        tags: before?.tags ?? tagsOf(Tags, 'events'),
        earlierTags: before?.earlierTags,
        targets: before?.targets ?? new Map(),
        targetsTakenAt: before?.targetsTakenAt,
      };
      world.events.rules.set(name, rule);
      return { RuleArn: rule.arn };
    },
  },
  DescribeRule: {
    takes: ['Name'],
    run({ Name }, world) {
      return described(existing(world, Name));
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
      const targets = new Map(rule.targets);
      const failed: string[] = [];
      for (const target of Targets) {
        const { Id = '', Arn = '', InputTransformer: transformer, RetryPolicy: retry } = target;
        verifyMembers(target, ['Id', 'Arn', 'InputTransformer', 'RetryPolicy'], 'Targets');
        if (transformer) verifyTransformer(transformer);
        if (!/^[\w.-]{1,64}$/.test(Id))
          throw invalid(`1 validation error detected: Value '${Id}' at 'targets.1.member.id'`);
        if (!new RegExp(`^arn:${world.partition}:[a-z]+:[\\w-]*:\\d*:.+$`).test(Arn))
          throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
        if (world.events.failingTargets.has(Id)) failed.push(Id);
        else targets.set(Id, { arn: Arn, ...(transformer ? { transformer } : {}), ...(retry ? { retry } : {}) });
      }
      if (targets.size > 5)
        throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
      rule.targets = targets;
      return failedEntries(failed);
    },
  },
  ListTargetsByRule: {
    takes: ['Rule'],
    run: ({ Rule: name }, world) => ({
      Targets: [...existing(world, name).targets].map(([Id, { arn, transformer, retry }]) => ({
        Id,
        Arn: arn,
        ...(transformer ? { InputTransformer: transformer } : {}),
        ...(retry ? { RetryPolicy: retry } : {}),
      })),
    }),
  },
  RemoveTargets: {
    takes: ['Rule', 'Ids'],
    run({ Rule: name, Ids = [] }, world) {
      const rule = existing(world, name);
      const { targets } = rule;
      const failed = Ids.filter(id => world.events.failingTargets.has(id));
      for (const id of Ids) if (!failed.includes(id) && targets.delete(id)) rule.targetsTakenAt = world.now();
      return failedEntries(failed);
    },
  },
  ListTagsForResource: {
    takes: ['ResourceARN'],
    run({ ResourceARN: arn }, world) {
      const rule = [...world.events.rules.values()].find(one => one.arn === arn);
      return { Tags: listOf(seenTags(world, existing(world, rule?.name))) };
    },
  },
  TagResource: {
    takes: ['ResourceARN', 'Tags'],
    run({ ResourceARN: arn, Tags }, world) {
      const found = [...world.events.rules.values()].find(one => one.arn === arn);
      const rule = existing(world, found?.name);
      addTags(world, rule, tagsOf(Tags, 'events'));
      return {};
    },
  },
  UntagResource: {
    takes: ['ResourceARN', 'TagKeys'],
    run({ ResourceARN: arn, TagKeys }, world) {
      const found = [...world.events.rules.values()].find(one => one.arn === arn);
      removeTags(world, existing(world, found?.name), TagKeys, 'events');
      return {};
    },
  },
  DeleteRule: {
    takes: ['Name'],
    run({ Name = '' }, world) {
      const rule = world.events.rules.get(Name);
      // It goes on counting targets for a while that were removed (terraform-provider-aws, rule.go,
      // resourceRuleDelete).
      if (rule && (rule.targets.size > 0 || !world.isVisible(rule.targetsTakenAt ?? 0)))
        throw invalid("Rule can't be deleted since it has targets.");
      // Deleting a rule that is not there succeeds.
      world.events.rules.delete(Name);
      return {};
    },
  },
};
