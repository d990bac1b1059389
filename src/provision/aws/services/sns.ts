import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';

export const Client = SNSClient;

export const commands = {
  CreateTopic: CreateTopicCommand,
  DeleteTopic: DeleteTopicCommand,
  GetSubscriptionAttributes: GetSubscriptionAttributesCommand,
  GetTopicAttributes: GetTopicAttributesCommand,
  ListSubscriptionsByTopic: ListSubscriptionsByTopicCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  ListTopics: ListTopicsCommand,
  SetSubscriptionAttributes: SetSubscriptionAttributesCommand,
  Subscribe: SubscribeCommand,
};
