import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
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
  SetSubscriptionAttributes: SetSubscriptionAttributesCommand,
  Subscribe: SubscribeCommand,
};
