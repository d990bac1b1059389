import type { Rule } from '@aws-sdk/client-eventbridge';
import { Problem } from '../../problem.ts';
import { ask } from '../aws/ask.ts';
import { errorMessage, hasName, unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import { canonicalJson } from '../aws/policy-document.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import type { Difference } from '../engine/outcome.ts';
import { currentStep } from '../engine/step.ts';
import { waitFor } from '../engine/wait.ts';
import { namePrefix } from '../names.ts';
import { type AwsResource, arn, awsResource, type Stack } from '../stack.ts';
import type { FunctionFound, PolicyStatement } from './lambda-function.ts';
import { type Tagged, tagged } from './tagged.ts';

/** What a target gets in place of the event: values out of it, put into a text of JSON. */
interface Transformer {
  InputPathsMap: Record<string, string>;
  InputTemplate: string;
}

export interface RuleFound extends Tagged {
  schedule: string;
  description: string;
  /** JSON of events that start it too. */
  pattern?: string;
  enabled: boolean;
  /**
   * By target id: the ARN that it starts, as canonical JSON what it gets in place of the event, and whatever else is
   * set of it.
   */
  targets: Record<string, { arn: string; input: string; others: string }>;
}

/** The rules of every stack: one question for all of ours. */
export async function rulesIn(snapshot: Snapshot): Promise<Rule[]> {
  const pages = await snapshot.pages('events:ListRules', { NamePrefix: namePrefix }, ({ NextToken }) =>
    NextToken ? { NextToken } : undefined,
  );
  return pages.flatMap(({ Rules = [] }) => Rules);
}

type Needs = { function: AwsResource<FunctionFound> };

/** The EventBridge rule that starts the report; rules know UTC only, other zones take the Scheduler. */
export const startRule = (stack: Stack, needs: Needs) =>
  rule(stack, needs, {
    id: 'schedule.rule',
    title: 'Schedule',
    name: stack.names.rule,
    wanted: stack.settings.timezone === 'UTC',
    schedule: stack.settings.schedule,
    description: `Starts the sales report of stack ${stack.settings.stack}`,
  });

/** The rule that lets the function look for reports that are due, held, or died on their way. */
export const watchRule = (stack: Stack, needs: Needs) =>
  rule(stack, needs, {
    id: 'schedule.watch',
    title: 'Watch',
    name: stack.names.watchRule,
    wanted: true,
    schedule: 'rate(15 minutes)',
    description: `Looks after the sales reports of stack ${stack.settings.stack}`,
    transformer: {
      InputPathsMap: { time: '$.time', id: '$.id' },
      // EventBridge puts the quotes round a text by itself (EventBridge user guide, "Input transformation").
      InputTemplate: '{"watch":true,"time":<time>,"id":<id>}',
    },
  });

function rule(
  stack: Stack,
  needs: Needs,
  options: {
    id: string;
    title: string;
    name: string;
    wanted: boolean;
    schedule: string;
    description: string;
    transformer?: Transformer;
  },
) {
  const { aws, names, owner } = stack;
  const { id, title, name: Name, wanted, schedule, description, transformer } = options;
  const ruleArn = arn(stack, 'events', `rule/${Name}`);
  const functionArn = arn(stack, 'lambda', `function:${names.functionName}`);
  const put = { Name, ScheduleExpression: schedule, State: 'ENABLED' as const, Description: description };
  const input = inputOf({ InputTransformer: transformer });

  const resource = awsResource<RuleFound, Needs>({
    id,
    title: `${title} ${Name}`,
    wanted,
    needs,
    operations: {
      create: ['events:PutRule', 'events:PutTargets', 'lambda:AddPermission'],
      update: [
        'events:PutRule',
        'events:PutTargets',
        'events:RemoveTargets',
        'lambda:RemovePermission',
        'lambda:AddPermission',
      ],
      remove: ['events:DisableRule', 'events:RemoveTargets', 'events:DeleteRule', 'lambda:RemovePermission'],
    },

    async find(snapshot) {
      const there = (await rulesIn(snapshot)).find(one => one.Name === Name);
      if (!there) return [];
      const [answer, targets] = await Promise.all([
        snapshot.find('events:ListTagsForResource', { ResourceARN: ruleArn }),
        snapshot.find('events:ListTargetsByRule', { Rule: Name }),
      ]);
      if (!answer || !targets) return [];
      const found = (targets.Targets ?? []).map(
        one => [one.Id ?? '', { arn: one.Arn ?? '', input: inputOf(one), others: othersOf(one) }] as const,
      );
      const tags = recordOf(answer.Tags);
      return [
        {
          awsId: Name,
          ...owner.of(tags),
          tags,
          schedule: there.ScheduleExpression ?? '',
          description: there.Description ?? '',
          ...(there.EventPattern ? { pattern: there.EventPattern } : {}),
          enabled: there.State === 'ENABLED',
          targets: Object.fromEntries(found),
        },
      ];
    },

    async create() {
      await aws.call('events:PutRule', { ...put, Tags: listOf(owner.tags(id)) });
      return { awsId: Name, ours: true, schedule, description, enabled: true, targets: {} };
    },

    differences(found, needs) {
      const differences: Difference[] = [];
      const ours = found.targets[names.target];
      if (found.schedule !== schedule)
        differences.push({
          what: 'schedule',
          is: found.schedule,
          wanted: schedule,
          how: 'update',
          operations: ['events:PutRule'],
        });
      if (found.description !== description)
        differences.push({
          what: 'description',
          is: found.description || 'none',
          wanted: description,
          how: 'update',
          operations: ['events:PutRule'],
        });
      if (found.pattern)
        differences.push({
          what: 'event pattern',
          is: found.pattern,
          wanted: 'none',
          words: `events start it too: ${found.pattern}`,
          how: 'update',
          operations: ['events:PutRule'],
        });
      if (!found.enabled)
        differences.push({
          what: 'state',
          is: 'disabled',
          wanted: 'enabled',
          words: 'it is disabled: nothing starts',
          how: 'update',
          operations: ['events:PutRule'],
        });
      if (ours?.arn !== functionArn)
        differences.push({
          what: 'target',
          is: ours?.arn ?? 'none',
          wanted: functionArn,
          how: 'update',
          operations: ['events:PutTargets'],
        });
      else if (ours.input !== input)
        differences.push({
          what: 'input of the target',
          is: ours.input,
          wanted: input,
          how: 'update',
          operations: ['events:PutTargets'],
        });
      else if (ours.others !== 'none')
        differences.push({
          what: 'other settings of the target',
          is: ours.others,
          wanted: 'none',
          how: 'update',
          operations: ['events:PutTargets'],
        });
      for (const other of Object.keys(found.targets).filter(target => target !== names.target))
        differences.push({
          what: `target ${other}`,
          is: found.targets[other]!.arn,
          wanted: 'none',
          words: `it also starts ${found.targets[other]!.arn}`,
          how: 'update',
          operations: ['events:RemoveTargets'],
        });
      // A function that is made anew lets nobody.
      const permission = permissionOf(Name, ruleArn, needs.function?.statements);
      if (permission !== 'this rule')
        differences.push({
          what: 'permission to start the function',
          is: permission,
          wanted: 'this rule',
          words:
            permission === 'none'
              ? 'it may not start the function'
              : 'who may start the function in its name was changed',
          how: 'update',
          operations: [...(permission === 'none' ? [] : ['lambda:RemovePermission' as const]), 'lambda:AddPermission'],
        });
      return differences;
    },

    async update(found, needs, differences) {
      const differs = (...what: string[]) => differences.some(difference => what.includes(difference.what));
      if (differs('permission to start the function'))
        await permit(permissionOf(Name, ruleArn, needs.function.statements) !== 'none');
      const others = Object.keys(found.targets).filter(target => target !== names.target);
      if (others.length > 0)
        await untilAllDone(stack, () => aws.call('events:RemoveTargets', { Rule: Name, Ids: others }));
      if (differs('target', 'input of the target', 'other settings of the target')) {
        const target = {
          Id: names.target,
          Arn: functionArn,
          ...(transformer ? { InputTransformer: transformer } : {}),
        };
        await untilAllDone(stack, () => aws.call('events:PutTargets', { Rule: Name, Targets: [target] }));
      }
      if (differs('schedule', 'description', 'event pattern', 'state')) await aws.call('events:PutRule', put);
    },

    async remove({ targets }) {
      const there = await unlessNotFound(aws.call('events:DisableRule', { Name }));
      const Ids = Object.keys(targets);
      if (there && Ids.length > 0)
        await untilAllDone(stack, () => unlessNotFound(aws.call('events:RemoveTargets', { Rule: Name, Ids })));
      await unlessNotFound(aws.call('events:DeleteRule', { Name }));
      await unlessNotFound(
        aws.call('lambda:RemovePermission', { FunctionName: names.functionName, StatementId: Name }),
      );
    },

    ask: () => ask(aws, 'events:DescribeRule', { Name }, Name, ({ State }) => State),
  });
  return tagged(
    stack,
    {
      operation: 'events:TagResource',
      put: (_found, tags) => aws.call('events:TagResource', { ResourceARN: ruleArn, Tags: listOf(tags) }),
      untag: {
        operation: 'events:UntagResource',
        take: (_found, keys) => aws.call('events:UntagResource', { ResourceARN: ruleArn, TagKeys: keys }),
      },
    },
    resource,
  );

  /** Lets the rule start the function. A statement cannot be changed: one that says something else goes first. */
  async function permit(isThere: boolean): Promise<void> {
    if (isThere)
      await unlessNotFound(
        aws.call('lambda:RemovePermission', { FunctionName: names.functionName, StatementId: Name }),
      );
    try {
      await aws.call('lambda:AddPermission', {
        FunctionName: names.functionName,
        StatementId: Name,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: ruleArn,
      });
    } catch (error) {
      // Given by a call whose answer was lost.
      if (!hasName(error, 'ResourceConflictException') || !/already exists|statement id/i.test(errorMessage(error)))
        throw error;
    }
  }
}

/** Whom the statement that is called as the rule lets start the function: this rule, nobody, or others. */
export function permissionOf(
  rule: string,
  ruleArn: string,
  statements: readonly PolicyStatement[] = [],
): 'this rule' | 'none' | 'changed' {
  const statement = statements.find(({ Sid }) => Sid === rule);
  if (!statement) return 'none';
  const { Effect, Action, Principal, Condition = {} } = statement;
  const principal = typeof Principal === 'object' ? Principal.Service : Principal;
  const conditions = Object.values(Condition).flatMap(keys => Object.entries(keys));
  const isOurs =
    Effect === 'Allow' &&
    Action === 'lambda:InvokeFunction' &&
    principal === 'events.amazonaws.com' &&
    conditions.some(([key, value]) => /^aws:SourceArn$/i.test(key) && value === ruleArn);
  return isOurs ? 'this rule' : 'changed';
}

/** What a target gets: `the event`, or the text that takes its place. */
function inputOf(target: { Input?: string; InputPath?: string; InputTransformer?: Partial<Transformer> }): string {
  const { Input, InputPath, InputTransformer } = target;
  if (InputTransformer) return canonicalJson(InputTransformer);
  return Input ?? InputPath ?? 'the event';
}

/** What is set of a target besides the function and its input: retries, a queue for what failed, a role. */
function othersOf(target: object): string {
  const { Id, Arn, Input, InputPath, InputTransformer, ...others } = target as Record<string, unknown>;
  const set = Object.entries(others).filter(([, value]) => value !== undefined && value !== null);
  return set.length === 0 ? 'none' : canonicalJson(Object.fromEntries(set));
}

/** Names that EventBridge gives single entries when it could do no more at that moment. */
const passing = /^(ConcurrentModification|Internal|Throttling)/;

/** Repeats a call until every entry is done, for a minute: EventBridge answers 200 also when single entries failed. */
async function untilAllDone({ aws }: Stack, call: () => Promise<Entries | undefined>): Promise<void> {
  await waitFor<void>({
    clock: aws.clock,
    jitter: aws.jitter,
    every: [1_000, 2_000],
    what: 'The change of the targets',
    deadline: 60_000,
    onWait: reason => currentStep()?.waiting(reason),
    poll: async () => {
      const answer = (await call()) ?? {};
      const entry = answer.FailedEntries?.find(({ ErrorCode = '' }) => passing.test(ErrorCode));
      if (entry) return { waiting: `EventBridge could not change a target yet (${entry.ErrorCode})` };
      verifyAllDone(answer);
      return { result: undefined };
    },
  });
}

interface Entries {
  FailedEntries?: { ErrorCode?: string; ErrorMessage?: string }[];
}

/** A target that is not there any more was removed by a call whose answer was lost. */
function verifyAllDone({ FailedEntries = [] }: Entries): void {
  const failed = FailedEntries.find(({ ErrorCode }) => ErrorCode !== 'ResourceNotFoundException');
  if (failed)
    throw new Problem(
      'targets-failed',
      `EventBridge refused a target of the rule (${failed.ErrorCode}): ${failed.ErrorMessage ?? 'it gives no reason'}`,
    );
}
