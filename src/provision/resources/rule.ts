import { Problem } from '../../problem.ts';
import { ask } from '../aws/ask.ts';
import { errorMessage, hasName, unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import { canonicalJson } from '../aws/policy-document.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found } from '../engine/resource.ts';
import { type AwsResource, arn, awsResource, type Stack } from '../stack.ts';
import type { FunctionFound } from './lambda-function.ts';

/** What a target gets in place of the event: values out of it, put into a text of JSON. */
interface Transformer {
  InputPathsMap: Record<string, string>;
  InputTemplate: string;
}

export interface RuleFound extends Found {
  schedule: string;
  enabled: boolean;
  /** By target id: the ARN that it starts, and as canonical JSON what it gets in place of the event. */
  targets: Record<string, { arn: string; input: string }>;
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

  /** Whether the function lets this rule start it; one that is made anew lets nobody. */
  const isPermitted = (statements: FunctionFound['statements'] = []): boolean =>
    statements.some(({ Sid, Condition }) => Sid === Name && JSON.stringify(Condition ?? {}).includes(`"${ruleArn}"`));

  return awsResource<RuleFound, Needs>({
    id,
    title: `${title} ${Name}`,
    wanted,
    needs,
    operations: {
      create: ['events:PutRule', 'events:PutTargets', 'lambda:AddPermission'],
      update: ['events:PutRule', 'events:PutTargets', 'events:RemoveTargets', 'lambda:AddPermission'],
      remove: ['events:DisableRule', 'events:RemoveTargets', 'events:DeleteRule', 'lambda:RemovePermission'],
    },

    async find(look) {
      const there = await look.find('events:DescribeRule', { Name });
      if (!there?.Arn) return [];
      const [tags, targets] = await Promise.all([
        look.find('events:ListTagsForResource', { ResourceARN: there.Arn }),
        look.find('events:ListTargetsByRule', { Rule: Name }),
      ]);
      const found = (targets?.Targets ?? []).map(one => [one.Id ?? '', { arn: one.Arn ?? '', input: inputOf(one) }] as const);
      return [
        {
          awsId: Name,
          ...owner.of(recordOf(tags?.Tags)),
          schedule: there.ScheduleExpression ?? '',
          enabled: there.State === 'ENABLED',
          targets: Object.fromEntries(found),
        },
      ];
    },

    async create() {
      await aws.call('events:PutRule', { ...put, Tags: listOf(owner.tags(id)) });
      return { awsId: Name, ours: true, schedule, enabled: true, targets: {} };
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
      for (const other of Object.keys(found.targets).filter(target => target !== names.target))
        differences.push({
          what: `target ${other}`,
          is: found.targets[other]!.arn,
          wanted: 'none',
          words: `it also starts ${found.targets[other]!.arn}`,
          how: 'update',
          operations: ['events:RemoveTargets'],
        });
      if (!isPermitted(needs.function?.statements))
        differences.push({
          what: 'permission to start the function',
          is: 'none',
          wanted: 'this rule',
          words: 'it may not start the function',
          how: 'update',
          operations: ['lambda:AddPermission'],
        });
      return differences;
    },

    async update(found, _needs, differences) {
      const differs = (...what: string[]) => differences.some(difference => what.includes(difference.what));
      if (differs('permission to start the function')) await permit();
      const others = Object.keys(found.targets).filter(target => target !== names.target);
      if (others.length > 0) verifyAllDone(await aws.call('events:RemoveTargets', { Rule: Name, Ids: others }));
      if (differs('target', 'input of the target')) {
        const target = { Id: names.target, Arn: functionArn, ...(transformer ? { InputTransformer: transformer } : {}) };
        verifyAllDone(await aws.call('events:PutTargets', { Rule: Name, Targets: [target] }));
      }
      if (differs('schedule', 'state')) await aws.call('events:PutRule', put);
    },

    async remove({ targets }) {
      const there = await unlessNotFound(aws.call('events:DisableRule', { Name }));
      const Ids = Object.keys(targets);
      if (there && Ids.length > 0) {
        const answer = await unlessNotFound(aws.call('events:RemoveTargets', { Rule: Name, Ids }));
        if (answer) verifyAllDone(answer);
      }
      await unlessNotFound(aws.call('events:DeleteRule', { Name }));
      await unlessNotFound(aws.call('lambda:RemovePermission', { FunctionName: names.functionName, StatementId: Name }));
    },

    ask: () => ask(aws, 'events:DescribeRule', { Name }, Name, ({ State }) => State),
  });

  async function permit(): Promise<void> {
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
      if (!hasName(error, 'ResourceConflictException') || !/already exists|statement id/i.test(errorMessage(error))) throw error;
    }
  }
}

/** What a target gets: `the event`, or the text that takes its place. */
function inputOf(target: { Input?: string; InputPath?: string; InputTransformer?: Partial<Transformer> }): string {
  const { Input, InputPath, InputTransformer } = target;
  if (InputTransformer) return canonicalJson(InputTransformer);
  return Input ?? InputPath ?? 'the event';
}

/** EventBridge answers 200 also when single entries failed. A target that is not there any more was removed by a call whose answer was lost. */
function verifyAllDone({ FailedEntries = [] }: { FailedEntries?: { ErrorCode?: string; ErrorMessage?: string }[] }): void {
  const failed = FailedEntries.find(({ ErrorCode }) => ErrorCode !== 'ResourceNotFoundException');
  if (failed)
    throw new Problem(
      'targets-failed',
      `EventBridge refused a target of the rule (${failed.ErrorCode}): ${failed.ErrorMessage ?? 'it gives no reason'}`,
    );
}
