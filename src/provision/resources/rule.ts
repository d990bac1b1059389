import { Problem } from '../../problem.ts';
import { ask } from '../aws/ask.ts';
import { errorMessage, hasName, unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found } from '../engine/resource.ts';
import { type AwsResource, arn, awsResource, type Stack } from '../stack.ts';
import type { FunctionFound } from './lambda-function.ts';

export interface RuleFound extends Found {
  schedule: string;
  enabled: boolean;
  /** Target ids and the ARNs they start. */
  targets: Record<string, string>;
}

/** The EventBridge rule that starts the function; rules know UTC only, other zones take the Scheduler. */
export function rule(stack: Stack, needs: { function: AwsResource<FunctionFound> }) {
  const { aws, names, owner, settings } = stack;
  const id = 'schedule.rule';
  const Name = names.rule;
  const ruleArn = arn(stack, 'events', `rule/${Name}`);
  const functionArn = arn(stack, 'lambda', `function:${names.functionName}`);
  const put = {
    Name,
    ScheduleExpression: settings.schedule,
    State: 'ENABLED' as const,
    Description: `Starts the sales report of stack ${settings.stack}`,
  };

  /** Whether the function lets this rule start it; one that is made anew lets nobody. */
  const isPermitted = (statements: FunctionFound['statements'] = []): boolean =>
    statements.some(({ Sid, Condition }) => Sid === names.permission && JSON.stringify(Condition ?? {}).includes(`"${ruleArn}"`));

  return awsResource<RuleFound, typeof needs>({
    id,
    title: `Schedule ${Name}`,
    wanted: settings.timezone === 'UTC',
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
      return [
        {
          awsId: Name,
          ...owner.of(recordOf(tags?.Tags)),
          schedule: there.ScheduleExpression ?? '',
          enabled: there.State === 'ENABLED',
          targets: Object.fromEntries((targets?.Targets ?? []).map(({ Id = '', Arn = '' }) => [Id, Arn])),
        },
      ];
    },

    async create() {
      await aws.call('events:PutRule', { ...put, Tags: listOf(owner.tags(id)) });
      return { awsId: Name, ours: true, schedule: put.ScheduleExpression, enabled: true, targets: {} };
    },

    differences(found, needs) {
      const differences: Difference[] = [];
      if (found.schedule !== put.ScheduleExpression)
        differences.push({ what: 'schedule', is: found.schedule, wanted: put.ScheduleExpression, how: 'update' });
      if (!found.enabled) differences.push({ what: 'state', is: 'disabled', wanted: 'enabled', how: 'update' });
      if (found.targets[names.target] !== functionArn)
        differences.push({ what: 'target', is: found.targets[names.target] ?? 'none', wanted: functionArn, how: 'update' });
      for (const other of Object.keys(found.targets).filter(target => target !== names.target))
        differences.push({ what: `target ${other}`, is: found.targets[other]!, wanted: 'none', how: 'update' });
      if (!isPermitted(needs.function?.statements))
        differences.push({ what: 'permission to start the function', is: 'none', wanted: 'this rule', how: 'update' });
      return differences;
    },

    async update(found, _needs, differences) {
      const differs = (what: string) => differences.some(difference => difference.what === what);
      if (differs('permission to start the function')) await permit();
      const others = Object.keys(found.targets).filter(target => target !== names.target);
      if (others.length > 0) verifyAllDone(await aws.call('events:RemoveTargets', { Rule: Name, Ids: others }));
      if (differs('target'))
        verifyAllDone(await aws.call('events:PutTargets', { Rule: Name, Targets: [{ Id: names.target, Arn: functionArn }] }));
      if (differs('schedule') || differs('state')) await aws.call('events:PutRule', put);
    },

    async remove({ targets }) {
      const there = await unlessNotFound(aws.call('events:DisableRule', { Name }));
      const Ids = Object.keys(targets);
      if (there && Ids.length > 0) {
        const answer = await unlessNotFound(aws.call('events:RemoveTargets', { Rule: Name, Ids }));
        if (answer) verifyAllDone(answer);
      }
      await unlessNotFound(aws.call('events:DeleteRule', { Name }));
      await unlessNotFound(
        aws.call('lambda:RemovePermission', { FunctionName: names.functionName, StatementId: names.permission }),
      );
    },

    ask: () => ask(aws, 'events:DescribeRule', { Name }, Name, ({ State }) => State),
  });

  async function permit(): Promise<void> {
    try {
      await aws.call('lambda:AddPermission', {
        FunctionName: names.functionName,
        StatementId: names.permission,
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

/** EventBridge answers 200 also when single entries failed. A target that is not there any more was removed by a call whose answer was lost. */
function verifyAllDone({ FailedEntries = [] }: { FailedEntries?: { ErrorCode?: string; ErrorMessage?: string }[] }): void {
  const failed = FailedEntries.find(({ ErrorCode }) => ErrorCode !== 'ResourceNotFoundException');
  if (failed)
    throw new Problem(
      'targets-failed',
      `EventBridge refused a target of the rule (${failed.ErrorCode}): ${failed.ErrorMessage ?? 'it gives no reason'}`,
    );
}
