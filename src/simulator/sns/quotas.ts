import { AwsError } from '../aws-error.ts';
import type { World } from '../world.ts';
import type { Subscription, Topic } from './state.ts';

/** What AWS lets an account have of SNS by default (AWS General Reference, "Amazon SNS endpoints and quotas"). */
const quotas = { filtersOfTopic: 200, filtersOfAccount: 10_000, pending: 5_000 } as const;

/** E-mails a second to one subscription (SNS developer guide, "Email notifications"). */
const mailsPerSecond = 10;

const allOf = ({ sns }: World): Subscription[] => [...sns.topics.values()].flatMap(topic => sns.subscriptionsOf(topic));
const filtersIn = (subscriptions: readonly Subscription[]) =>
  subscriptions.filter(({ filterPolicy }) => filterPolicy).length;

/**
 * Throws AWS's error where one filter more than `before` would be too many (SNS developer guide, "Filter policy
 * constraints").
 */
export function verifyRoomForFilter(world: World, topic: Topic): void {
  const isFull =
    filtersIn(world.sns.subscriptionsOf(topic)) >= quotas.filtersOfTopic ||
    filtersIn(allOf(world)) >= quotas.filtersOfAccount;
  if (isFull) throw new AwsError('FilterPolicyLimitExceededException', 'Filter policy limit exceeded', 403);
}

/** Throws AWS's error where the account waits for the answers of as many as it may (API reference, Subscribe). */
export function verifyRoomForPending(world: World): void {
  const pending = allOf(world).filter(({ confirmed }) => !confirmed).length;
  if (pending >= quotas.pending)
    throw new AwsError('SubscriptionLimitExceededException', 'Subscription limit exceeded', 403);
}

/**
 * Whether a subscription still takes mail: one that is sent more than AWS mails in a second is switched off, and is
 * pending then (AWS re:Post, "Why did I get an email from AWS that states that my Amazon SNS subscription was manually
 * deactivated?").
 */
export function takesMail(world: World, subscription: Subscription): boolean {
  const now = world.now();
  const mails = world.sns.mailbox
    .slice(-20 * mailsPerSecond)
    .filter(({ at, body }) => at > now - 1_000 && body.includes(`SubscriptionArn=${subscription.arn}`)).length;
  if (mails < mailsPerSecond) return true;
  Object.assign(subscription, { confirmed: false, createdAt: now });
  return false;
}
