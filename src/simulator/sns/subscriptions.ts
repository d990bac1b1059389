import { AwsError, NotSimulated } from '../aws-error.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import { newUuid } from '../uuid.ts';
import type { World } from '../world.ts';
import { keptFilterPolicy } from './filter-policy.ts';
import { verifyRoomForFilter, verifyRoomForPending } from './quotas.ts';
import type { Subscription, Topic } from './state.ts';
import { existingTopic, invalid } from './topics.ts';

const pageSize = 100;

export const subscriptions: Pick<
  SimulatedService<'sns'>,
  | 'Subscribe'
  | 'ConfirmSubscription'
  | 'ListSubscriptionsByTopic'
  | 'GetSubscriptionAttributes'
  | 'SetSubscriptionAttributes'
> = {
  Subscribe: {
    takes: ['TopicArn', 'Protocol', 'Endpoint', 'Attributes', 'ReturnSubscriptionArn'],
    run(input, world) {
      const {
        Protocol: protocol,
        Endpoint: endpoint = '',
        Attributes = {},
        ReturnSubscriptionArn: showsArn = false,
      } = input;
      const topic = existingTopic(world, input.TopicArn);
      if (protocol !== 'email') throw new NotSimulated(`subscriptions by ${protocol}`);
      if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(endpoint)) throw invalid('Email address');
      const { FilterPolicy: policy, ...others } = Attributes;
      for (const name of Object.keys(others)) throw invalid(`Attributes Reason: Unknown attribute ${name}`);
      const filterPolicy = policy === undefined ? undefined : keptFilterPolicy(policy);
      const before = world.sns.subscriptionsOf(topic).find(one => one.endpoint === endpoint);
      if (before && before.filterPolicy !== filterPolicy)
        throw invalid('Attributes Reason: Subscription already exists with different attributes');
      if (!before) verifyRoomForPending(world);
      if (!before && filterPolicy) verifyRoomForFilter(world, topic);
      const arn = before?.arn ?? `${topic.arn}:${newUuid(world, 'subscription')}`;
      const token = before?.token ?? newToken(world);
      if (!before)
        topic.subscriptions.push({
          arn,
          protocol,
          endpoint,
          createdAt: world.now(),
          token,
          confirmed: false,
          filterPolicy,
        });
      if (!before?.confirmed) askToConfirm(world, topic, endpoint, token);
      return { SubscriptionArn: before?.confirmed || showsArn ? arn : 'pending confirmation' };
    },
  },
  ConfirmSubscription: {
    takes: ['TopicArn', 'Token', 'AuthenticateOnUnsubscribe'],
    run({ TopicArn = '', Token = '', AuthenticateOnUnsubscribe: authenticates = 'false' }, world) {
      if (!['true', 'false'].includes(authenticates)) throw invalid('AuthenticateOnUnsubscribe');
      // Any topic of the region does: the token alone says which subscription it is.
      if (!TopicArn.startsWith(`arn:${world.partition}:sns:${world.region}:`)) throw invalid('Topic');
      existingTopic(world, TopicArn);
      const asked = world.sns.askedBy(Token);
      if (!asked) throw invalid('Token');
      // Who is confirmed already stays as they are: a click on the link is not made up for.
      if (!asked.confirmed) Object.assign(asked, { confirmed: true, authenticated: authenticates === 'true' });
      return { SubscriptionArn: asked.arn };
    },
  },
  ListSubscriptionsByTopic: {
    takes: ['TopicArn', 'NextToken'],
    run({ TopicArn, NextToken }, world) {
      const topic = existingTopic(world, TopicArn);
      const found = world.sns.listedOf(topic).filter(({ createdAt }) => world.isVisible(createdAt));
      const { items, next } = pageOf(found, pageSize, NextToken);
      return {
        Subscriptions: items.map(({ arn, protocol, endpoint, confirmed, deletedAt }) => ({
          SubscriptionArn: deletedAt !== undefined ? 'Deleted' : confirmed ? arn : 'PendingConfirmation',
          Owner: world.account,
          Protocol: protocol,
          Endpoint: endpoint,
          TopicArn: topic.arn,
        })),
        ...(next ? { NextToken: next } : {}),
      };
    },
  },
  GetSubscriptionAttributes: {
    takes: ['SubscriptionArn'],
    run({ SubscriptionArn }, world) {
      const { topic, subscription } = existing(world, SubscriptionArn);
      const { arn, protocol, endpoint, confirmed, authenticated = false, filterPolicy, filtersBody } = subscription;
      return {
        Attributes: {
          SubscriptionArn: arn,
          TopicArn: topic.arn,
          Owner: world.account,
          Protocol: protocol,
          Endpoint: endpoint,
          PendingConfirmation: String(!confirmed),
          ConfirmationWasAuthenticated: String(authenticated),
          RawMessageDelivery: 'false',
          ...(filterPolicy
            ? { FilterPolicy: filterPolicy, FilterPolicyScope: filtersBody ? 'MessageBody' : 'MessageAttributes' }
            : {}),
        },
      };
    },
  },
  SetSubscriptionAttributes: {
    takes: ['SubscriptionArn', 'AttributeName', 'AttributeValue'],
    run({ SubscriptionArn, AttributeName: name, AttributeValue: value = '' }, world) {
      const { topic, subscription } = existing(world, SubscriptionArn);
      if (name === 'FilterPolicyScope') {
        if (!['MessageAttributes', 'MessageBody'].includes(value))
          throw invalid(`FilterPolicyScope: Invalid value [${value}].`);
        subscription.filtersBody = value === 'MessageBody';
        return {};
      }
      if (name !== 'FilterPolicy') throw new NotSimulated(`a change of ${name}`);
      const filterPolicy = keptFilterPolicy(value);
      if (filterPolicy && !subscription.filterPolicy) verifyRoomForFilter(world, topic);
      subscription.filterPolicy = filterPolicy;
      return {};
    },
  },
};

function existing(world: World, arn = ''): { topic: Topic; subscription: Subscription } {
  // `PendingConfirmation`, which ListSubscriptionsByTopic shows, is no ARN.
  if (!arn.startsWith('arn:')) throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not 1`);
  const topic = [...world.sns.topics.values()].find(one => arn.startsWith(`${one.arn}:`));
  const subscription = topic && world.sns.subscriptionsOf(topic).find(one => one.arn === arn);
  if (!subscription) throw new AwsError('NotFoundException', 'Subscription does not exist', 404);
  return { topic, subscription };
}

/** 288 hexadecimal digits, as AWS's have (localstack, sns/provider.py). */
const newToken = (world: World): string =>
  Array.from({ length: 9 }, () => newUuid(world, 'token').replaceAll('-', '')).join('');

function askToConfirm({ sns, region, dnsSuffix, clock }: World, { arn }: Topic, to: string, token: string): void {
  const link = `https://sns.${region}.${dnsSuffix}/confirmation.html?TopicArn=${arn}&Token=${token}&Endpoint=${to}`;
  sns.mailbox.push({
    to,
    at: clock.now(),
    subject: 'AWS Notification - Subscription Confirmation',
    body: `You have chosen to subscribe to the topic:\n${arn}\n\nTo confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n${link}\n`,
  });
}
