import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';

export const Client = SNSClient;

export const commands = {
  ConfirmSubscription: ConfirmSubscriptionCommand,
  CreateTopic: CreateTopicCommand,
  DeleteTopic: DeleteTopicCommand,
  GetSubscriptionAttributes: GetSubscriptionAttributesCommand,
  GetTopicAttributes: GetTopicAttributesCommand,
  ListSubscriptionsByTopic: ListSubscriptionsByTopicCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  ListTopics: ListTopicsCommand,
  SetSubscriptionAttributes: SetSubscriptionAttributesCommand,
  SetTopicAttributes: SetTopicAttributesCommand,
  Subscribe: SubscribeCommand,
  TagResource: TagResourceCommand,
  UntagResource: UntagResourceCommand,
};
