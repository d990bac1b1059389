import { AwsError, NotSimulated } from '../aws-error.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import { addTags, listOf, removeTags, seenTags, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import type { Topic } from './state.ts';

const pageSize = 100;

export const invalid = (message: string) => new AwsError('InvalidParameterException', `Invalid parameter: ${message}`);

/** The topic with this ARN, as a caller of AWS finds it. Throws AWS's not-found error. */
export function existingTopic(world: World, arn: string | undefined): Topic {
  const topic = world.sns.topics.get(arn ?? '');
  if (!topic || !world.isVisible(topic.createdAt)) throw new AwsError('NotFoundException', 'Topic does not exist', 404);
  return topic;
}

/**
 * What a topic is made with: everybody in the account may do with it what their own policies allow (SNS developer
 * guide, "Example cases for Amazon SNS access control").
 */
const defaultPolicyOf = ({ arn }: Topic, account: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  });

function verifyPolicy(policy: string): void {
  try {
    if ([JSON.parse(policy).Statement ?? []].flat().length > 0) return;
  } catch {}
  throw invalid('Policy Error: null');
}

export const topics: Pick<
  SimulatedService<'sns'>,
  | 'CreateTopic'
  | 'GetTopicAttributes'
  | 'SetTopicAttributes'
  | 'ListTagsForResource'
  | 'TagResource'
  | 'UntagResource'
  | 'DeleteTopic'
  | 'ListTopics'
> = {
  CreateTopic: {
    takes: ['Name', 'Tags'],
    run({ Name: name = '', Tags }, world) {
      if (!/^[\w-]{1,256}$/.test(name)) throw invalid('Topic Name');
      const arn = `arn:${world.partition}:sns:${world.region}:${world.account}:${name}`;
      const tags = tagsOf(Tags, 'sns');
      const before = world.sns.topics.get(arn);
      if (before && Object.entries(tags).some(([key, value]) => before.tags[key] !== value))
        throw invalid('Tags Reason: Topic already exists with different tags');
      if (!before) world.sns.topics.set(arn, { name, arn, createdAt: world.now(), tags, subscriptions: [] });
      return { TopicArn: arn };
    },
  },
  ListTopics: {
    takes: ['NextToken'],
    run({ NextToken }, world) {
      const visible = [...world.sns.topics.values()].filter(({ createdAt }) => world.isVisible(createdAt));
      const { items, next } = pageOf(visible, pageSize, NextToken);
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...(next ? { NextToken: next } : {}) };
    },
  },
  GetTopicAttributes: {
    takes: ['TopicArn'],
    run({ TopicArn }, world) {
      const topic = existingTopic(world, TopicArn);
      const confirmed = world.sns.subscriptionsOf(topic).filter(one => one.confirmed).length;
      return {
        Attributes: {
          TopicArn: topic.arn,
          Owner: world.account,
          DisplayName: '',
          Policy: topic.policy ?? defaultPolicyOf(topic, world.account),
          ...(topic.key ? { KmsMasterKeyId: topic.key } : {}),
          SubscriptionsConfirmed: String(confirmed),
          SubscriptionsPending: String(world.sns.subscriptionsOf(topic).length - confirmed),
          SubscriptionsDeleted: String(world.sns.listedOf(topic).length - world.sns.subscriptionsOf(topic).length),
        },
      };
    },
  },
  SetTopicAttributes: {
    takes: ['TopicArn', 'AttributeName', 'AttributeValue'],
    run({ TopicArn, AttributeName: name, AttributeValue: value = '' }, world) {
      const topic = existingTopic(world, TopicArn);
      if (name === 'Policy') {
        verifyPolicy(value);
        topic.policy = value;
      } else if (name === 'KmsMasterKeyId') topic.key = value || undefined;
      else throw new NotSimulated(`a change of ${name} of a topic`);
      return {};
    },
  },
  TagResource: {
    takes: ['ResourceArn', 'Tags'],
    run({ ResourceArn, Tags }, world) {
      const topic = world.sns.topics.get(ResourceArn ?? '');
      if (!topic || !world.isVisible(topic.createdAt))
        throw new AwsError('ResourceNotFoundException', 'Resource does not exist', 404);
      addTags(world, topic, tagsOf(Tags, 'sns'));
      return {};
    },
  },
  UntagResource: {
    takes: ['ResourceArn', 'TagKeys'],
    run({ ResourceArn, TagKeys }, world) {
      const topic = world.sns.topics.get(ResourceArn ?? '');
      if (!topic || !world.isVisible(topic.createdAt))
        throw new AwsError('ResourceNotFoundException', 'Resource does not exist', 404);
      removeTags(world, topic, TagKeys, 'sns');
      return {};
    },
  },
  ListTagsForResource: {
    takes: ['ResourceArn'],
    run({ ResourceArn }, world) {
      const topic = world.sns.topics.get(ResourceArn ?? '');
      if (!topic || !world.isVisible(topic.createdAt))
        throw new AwsError('ResourceNotFoundException', 'Resource does not exist', 404);
      return { Tags: listOf(seenTags(world, topic)) };
    },
  },
  DeleteTopic: {
    takes: ['TopicArn'],
    run({ TopicArn }, world) {
      world.sns.topics.delete(TopicArn ?? '');
      return {};
    },
  },
};
