import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
} from '@aws-sdk/client-sns';

export const Client = SNSClient;

export const commands = {
  CreateTopic: CreateTopicCommand,
  DeleteTopic: DeleteTopicCommand,
  GetSubscriptionAttributes: GetSubscriptionAttributesCommand,
  GetTopicAttributes: GetTopicAttributesCommand,
  ListSubscriptionsByTopic: ListSubscriptionsByTopicCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  Publish: PublishCommand,
  Subscribe: SubscribeCommand,
  TagResource: TagResourceCommand,
};
