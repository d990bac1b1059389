import type { Modelled } from '../coverage.ts';

export const snsModelled: readonly Modelled[] = [
  {
    operations: [
      'CreateTopic',
      'GetTopicAttributes',
      'SetTopicAttributes',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
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
    what: 'By e-mail, pending until its reader follows the link in the mail or somebody sends its token, for 48 hours. Only who was confirmed so that it takes a signature to unsubscribe cannot be unsubscribed by a link; a confirmation cannot be changed to that. Who unsubscribed is listed as `Deleted` for a while. Filter policies by equality, on attributes or the body, 200 a topic and 10,000 an account; an empty one is none. 5,000 readers of an account may be pending.',
    source:
      'API reference, ConfirmSubscription, Subscribe; CLI reference, set-subscription-attributes; SNS developer guide, "Email notifications" and "Filter policy constraints"; General Reference, "Amazon SNS endpoints and quotas"; localstack, sns/provider.py',
  },
  {
    operations: ['Publish'],
    what: 'Subjects and sizes that AWS takes; a mailbox for each reader, with the footer that AWS adds. More than 10 mails a second switch a subscription off: it is pending then.',
    source:
      'API reference, Publish; AWS re:Post, "Why did I get an email from AWS that states that my Amazon SNS subscription was manually deactivated?"',
  },
];
