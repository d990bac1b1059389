import { AwsError } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import { listOf, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import { publish } from './publish.ts';
import type { Subscription, Topic } from './state.ts';

const invalid = (message: string) => new AwsError('InvalidParameterException', `Invalid parameter: ${message}`);

export function existingTopic(world: World, arn: string | undefined): Topic {
  const topic = world.sns.topics.get(arn ?? '');
  if (!topic) throw new AwsError('NotFoundException', 'Topic does not exist', 404);
  return topic;
}

/** AWS forgets who does not answer within 48 hours (SNS developer guide, "Deleting a subscription and topic"). */
const pendingLife = 48 * 3_600_000;

const living = (world: World, topic: Topic): Subscription[] =>
  topic.subscriptions.filter(({ confirmed, createdAt }) => confirmed || world.now() < createdAt + pendingLife);

export const sns: SimulatedService<'sns'> & { Publish: typeof publish } = {
  Publish: publish,
  CreateTopic: {
    takes: ['Name', 'Tags'],
    run({ Name: name = '', Tags }, world) {
      if (!/^[\w-]{1,256}$/.test(name)) throw invalid('Topic Name');
      const arn = `arn:aws:sns:${world.region}:${world.account}:${name}`;
      const tags = tagsOf(Tags, 'InvalidParameterException');
      const before = world.sns.topics.get(arn);
      if (before && Object.entries(tags).some(([key, value]) => before.tags[key] !== value))
        throw invalid('Tags Reason: Topic already exists with different tags');
      if (!before) world.sns.topics.set(arn, { name, arn, tags, subscriptions: [] });
      return { TopicArn: arn };
    },
  },
  GetTopicAttributes: {
    takes: ['TopicArn'],
    run({ TopicArn }, world) {
      const topic = existingTopic(world, TopicArn);
      const count = (confirmed: boolean) => String(living(world, topic).filter(one => one.confirmed === confirmed).length);
      return {
        Attributes: {
          TopicArn: topic.arn,
          Owner: world.account,
          SubscriptionsConfirmed: count(true),
          SubscriptionsPending: count(false),
          SubscriptionsDeleted: '0',
        },
      };
    },
  },
  ListTagsForResource: {
    takes: ['ResourceArn'],
    run({ ResourceArn }, world) {
      const topic = world.sns.topics.get(ResourceArn ?? '');
      if (!topic) throw new AwsError('ResourceNotFoundException', 'Resource does not exist', 404);
      return { Tags: listOf(topic.tags) };
    },
  },
  DeleteTopic: {
    takes: ['TopicArn'],
    run({ TopicArn }, world) {
      world.sns.topics.delete(TopicArn ?? '');
      return {};
    },
  },
  Subscribe: {
    takes: ['TopicArn', 'Protocol', 'Endpoint', 'Attributes', 'ReturnSubscriptionArn'],
    run(
      { TopicArn, Protocol: protocol, Endpoint: endpoint = '', Attributes = {}, ReturnSubscriptionArn: showArn = false },
      world,
    ) {
      const topic = existingTopic(world, TopicArn);
      if (protocol !== 'email') throw invalid(`the simulator mails only, not ${protocol}`);
      if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(endpoint)) throw invalid('Email address');
      const filterPolicy = Attributes.FilterPolicy;
      if (filterPolicy !== undefined) parseFilter(filterPolicy);
      const before = living(world, topic).find(one => one.protocol === protocol && one.endpoint === endpoint);
      if (before && before.filterPolicy !== filterPolicy)
        throw invalid('Attributes Reason: Subscription already exists with different attributes');
      const arn = before?.arn ?? `${topic.arn}:${world.newId('sub')}`;
      if (!before) topic.subscriptions.push({ arn, protocol, endpoint, createdAt: world.now(), confirmed: false, filterPolicy });
      if (!before?.confirmed) askToConfirm(world, topic, endpoint);
      return { SubscriptionArn: before?.confirmed || showArn ? arn : 'pending confirmation' };
    },
  },
  ListSubscriptionsByTopic: {
    takes: ['TopicArn', 'NextToken'],
    run({ TopicArn, NextToken = '0' }, world) {
      const topic = existingTopic(world, TopicArn);
      const from = Number(NextToken);
      const all = living(world, topic);
      return {
        Subscriptions: all.slice(from, from + 100).map(({ arn, protocol, endpoint, confirmed }) => ({
          SubscriptionArn: confirmed ? arn : 'PendingConfirmation',
          Owner: world.account,
          Protocol: protocol,
          Endpoint: endpoint,
          TopicArn: topic.arn,
        })),
        ...(all.length > from + 100 ? { NextToken: String(from + 100) } : {}),
      };
    },
  },
  GetSubscriptionAttributes: {
    takes: ['SubscriptionArn'],
    run({ SubscriptionArn: arn }, world) {
      const found = [...world.sns.topics.values()].flatMap(topic => living(world, topic)).find(one => one.arn === arn);
      if (!found) throw new AwsError('NotFoundException', 'Subscription does not exist', 404);
      const { protocol, endpoint, confirmed, filterPolicy } = found;
      return {
        Attributes: {
          SubscriptionArn: found.arn,
          Protocol: protocol,
          Endpoint: endpoint,
          PendingConfirmation: String(!confirmed),
          ...(filterPolicy ? { FilterPolicy: filterPolicy } : {}),
        },
      };
    },
  },
};

function parseFilter(policy: string): void {
  try {
    const parsed: unknown = JSON.parse(policy);
    if (Object.values(parsed as object).every(Array.isArray)) return;
  } catch {
    // Falls through to the refusal.
  }
  throw invalid('FilterPolicy: not a JSON object of lists');
}

function askToConfirm(world: World, { arn }: Topic, to: string): void {
  world.sns.mailbox.push({
    to,
    at: world.now(),
    subject: 'AWS Notification - Subscription Confirmation',
    body: `You have chosen to subscribe to the topic:\n${arn}\n\nTo confirm this subscription, click or visit the link below (If this was in error no action is necessary):\nConfirm subscription\n`,
  });
}
