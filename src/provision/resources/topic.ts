import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf, type TagRecord } from '../aws/owner.ts';
import type { Difference } from '../engine/outcome.ts';
import { arn, awsResource, type Stack } from '../stack.ts';
import { type Tagged, tagged } from './tagged.ts';
import { defaultTopicPolicy, isDefaultTopicPolicy } from './topic-policy.ts';

export interface TopicFound extends Tagged {
  /**
   * Whether who may use it is what AWS gives every topic: those in the account whose own policies allow it (Security
   * Hub SNS.4).
   */
  isOfAccount: boolean;
  /** The KMS key that it is encrypted with: the function may not use it, so nothing could be published. */
  key?: string;
}

/**
 * A topic of the stack: that of the reports, or that of the notices to who keeps the pipeline. `marks` are tags that a
 * new one has beside the owner's.
 */
export function topic(stack: Stack, { id, name, marks = {} }: { id: string; name: string; marks?: TagRecord }) {
  const { aws, account, owner } = stack;
  const TopicArn = arn(stack, 'sns', name);
  const set = (AttributeName: string, AttributeValue: string) =>
    aws.call('sns:SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
  const resource = awsResource<TopicFound, Record<never, never>>({
    id,
    title: `Topic ${name}`,
    wanted: true,
    needs: {},
    operations: { create: ['sns:CreateTopic'], update: ['sns:SetTopicAttributes'], remove: ['sns:DeleteTopic'] },

    async find(snapshot) {
      const [there, answer] = await Promise.all([
        snapshot.find('sns:GetTopicAttributes', { TopicArn }),
        snapshot.find('sns:ListTagsForResource', { ResourceArn: TopicArn }),
      ]);
      if (!there || !answer) return [];
      const tags = recordOf(answer.Tags);
      const { Policy, KmsMasterKeyId } = there.Attributes ?? {};
      return [
        {
          awsId: TopicArn,
          ...owner.of(tags),
          tags,
          isOfAccount: Policy === undefined || isDefaultTopicPolicy(Policy, account),
          ...(KmsMasterKeyId ? { key: KmsMasterKeyId } : {}),
        },
      ];
    },

    async create() {
      await aws.call('sns:CreateTopic', { Name: name, Tags: listOf({ ...owner.tags(id), ...marks }) });
      return { awsId: TopicArn, ours: true, isOfAccount: true };
    },

    differences({ isOfAccount, key }) {
      const differences: (Difference | false)[] = [
        !isOfAccount && {
          what: 'policy',
          is: 'changed',
          wanted: 'this account only',
          words: 'its policy says something else than that this account may use it',
          how: 'update',
        },
        key !== undefined && {
          what: 'encryption key',
          is: key,
          wanted: 'none',
          words: `it is encrypted with ${key}, which the function may not use`,
          how: 'update',
        },
      ];
      return differences.filter(difference => difference !== false);
    },

    async update({ isOfAccount, key }) {
      if (!isOfAccount) await set('Policy', defaultTopicPolicy(TopicArn, account));
      if (key !== undefined) await set('KmsMasterKeyId', '');
    },

    async remove() {
      await unlessNotFound(aws.call('sns:DeleteTopic', { TopicArn }));
    },

    ask: () =>
      ask(aws, 'sns:GetTopicAttributes', { TopicArn }, TopicArn, ({ Attributes }) =>
        Attributes ? 'there' : undefined,
      ),
  });
  return tagged(
    stack,
    {
      operation: 'sns:TagResource',
      put: (_found, tags) => aws.call('sns:TagResource', { ResourceArn: TopicArn, Tags: listOf(tags) }),
      untag: {
        operation: 'sns:UntagResource',
        take: (_found, keys) => aws.call('sns:UntagResource', { ResourceArn: TopicArn, TagKeys: keys }),
      },
    },
    resource,
  );
}
