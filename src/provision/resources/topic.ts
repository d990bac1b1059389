import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import type { Found } from '../engine/resource.ts';
import { arn, awsResource, type Stack } from '../stack.ts';

/** The topic that mails the report. */
export function topic(stack: Stack) {
  const { aws, names, owner } = stack;
  const id = 'topic';
  const TopicArn = arn(stack, 'sns', names.topic);
  return awsResource<Found, Record<never, never>>({
    id,
    title: `Topic ${names.topic}`,
    wanted: true,
    needs: {},
    operations: { create: ['sns:CreateTopic'], update: [], remove: ['sns:DeleteTopic'] },

    async find(look) {
      const there = await look.find('sns:GetTopicAttributes', { TopicArn });
      if (!there) return [];
      const tags = await look.find('sns:ListTagsForResource', { ResourceArn: TopicArn });
      return [{ awsId: TopicArn, ...owner.of(recordOf(tags?.Tags)) }];
    },

    async create() {
      await aws.call('sns:CreateTopic', { Name: names.topic, Tags: listOf(owner.tags(id)) });
      return { awsId: TopicArn, ours: true };
    },

    async remove() {
      await unlessNotFound(aws.call('sns:DeleteTopic', { TopicArn }));
    },

    ask: () => ask(aws, 'sns:GetTopicAttributes', { TopicArn }, TopicArn, ({ Attributes }) => (Attributes ? 'there' : undefined)),
  });
}
