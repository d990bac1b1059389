import type { Modelled } from '../modelled.ts';

export const snsModelled: readonly Modelled[] = [
  {
    operations: [
      'CreateTopic',
      'GetTopicAttributes',
      'SetTopicAttributes',
      'ListTagsForResource',
      'TagResource',
      'DeleteTopic',
      'ListTopics',
    ],
    what: 'The same name gives the same topic, unless other tags are asked for. Its policy is kept, and lets nobody in or out here.',
    source: 'API reference, CreateTopic; SNS developer guide, "Example cases for Amazon SNS access control"',
  },
  {
    operations: [
      'Subscribe',
      'ConfirmSubscription',
      'ListSubscriptionsByTopic',
      'GetSubscriptionAttributes',
      'SetSubscriptionAttributes',
    ],
    what: 'By e-mail, pending until its reader follows the link in the mail or somebody sends its token, for 48 hours. Only who was confirmed so that it takes a signature to unsubscribe cannot be unsubscribed by a link; a confirmation cannot be changed to that. Who unsubscribed is listed as `Deleted` for a while. Filter policies by equality, on attributes or the body.',
    source:
      'API reference, ConfirmSubscription; SNS developer guide, "Email notifications" and "Subscription filter policies"; localstack, sns/provider.py',
  },
  {
    operations: ['Publish'],
    what: 'Subjects and sizes that AWS takes; a mailbox for each reader, with the footer that AWS adds.',
    source: 'API reference, Publish',
  },
];
