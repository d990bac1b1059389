import { Problem } from '../../problem.ts';
import { as, awsCli, salesreport } from '../../suggest.ts';
import { hasName, isNotFound } from '../aws/errors.ts';
import type { Stack } from '../stack.ts';
import { noTopic, type Subscriber, subscribing, topicOf } from './subscribers.ts';

/** What a link of AWS's mail asks with. */
export interface Confirmation {
  token: string;
  /** The topic that the link names; a bare token names none. */
  topicArn?: string;
}

/**
 * Reads the link of a confirmation mail, also as a scanner of mail has wrapped it, or its bare token: a long
 * hexadecimal number (SNS code examples, sns_confirmsubscription.js). Throws Problem `confirmation-link`, which never
 * holds the token.
 */
export function confirmationIn(text: string): Confirmation {
  const link = unwrapped(text.trim());
  const topicArn = /[?&]TopicArn=(arn:[^&\s]+)/.exec(link)?.[1];
  const token = /[?&]Token=([0-9a-f]+)/i.exec(link)?.[1] ?? link;
  if (/^[0-9a-f]{64,2000}$/i.test(token)) return { token, ...(topicArn ? { topicArn } : {}) };
  const wrong = topicArn
    ? 'The link ends before its token: put it between single quotes, because a shell ends it at its first &.'
    : "That is no confirmation link: copy the address behind 'Confirm subscription' in AWS's mail, without a click on it.";
  throw new Problem('confirmation-link', wrong, { exit: 'usage' });
}

/** A link that was put into another as a parameter is found once what is escaped there is plain. */
function unwrapped(text: string): string {
  try {
    const plain = decodeURIComponent(text);
    return plain === text ? text : unwrapped(plain);
  } catch {
    return text;
  }
}

/**
 * Confirms a reader in the account's name, so that only the account can unsubscribe them: a link in a mail, which its
 * scanners follow too, cannot (API reference, ConfirmSubscription, AuthenticateOnUnsubscribe). May be repeated. Throws
 * Problem `other-topic`, `not-provisioned`, `confirmation-refused` for a token that SNS does not take, and
 * `confirmed-by-link` where somebody was faster, which SNS does not change.
 */
export async function confirmReader(stack: Stack, { token, topicArn }: Confirmation): Promise<Subscriber> {
  const { aws, settings, region } = stack;
  const audiences = ['readers', 'operators'] as const;
  const asked = audiences.find(audience => topicArn === undefined || topicArn === topicOf(stack, audience));
  if (asked === undefined)
    throw new Problem(
      'other-topic',
      `The link is of the topic ${topicArn}, which is none of stack ${settings.stack} in ${region}: name its stack with --stack and its region with --region.`,
      { exit: 'usage' },
    );
  const SubscriptionArn = await confirmed(stack, topicOf(stack, asked), token);
  // SNS takes the token with any topic of the region (localstack, sns/provider.py).
  const audience = audiences.find(one => SubscriptionArn.startsWith(`${topicOf(stack, one)}:`));
  if (audience === undefined)
    throw new Problem(
      'other-topic',
      `The token was of another topic, where it has confirmed ${SubscriptionArn}: stack ${settings.stack} has no reader by it.`,
    );
  const { Attributes = {} } = await aws.call('sns:GetSubscriptionAttributes', { SubscriptionArn });
  const {
    Protocol: protocol = '',
    Endpoint: endpoint = '',
    PendingConfirmation,
    ConfirmationWasAuthenticated,
  } = Attributes;
  // Who was still pending then became confirmed by this call.
  const isOpen = PendingConfirmation !== 'true' && ConfirmationWasAuthenticated === 'false';
  if (isOpen)
    throw new Problem(
      'confirmed-by-link',
      `${endpoint} gets ${audience === 'readers' ? 'the report' : 'notices'}, but was confirmed by a click on the link already, so that a link in each mail can still end it.`,
      {
        next: `To close that: ${unsubscribing(region, SubscriptionArn)}, then ${subscribing([endpoint], audience)}, and confirm the new link without a click on it.`,
      },
    );
  return {
    protocol,
    endpoint,
    state: 'confirmed',
    ...(audience === 'operators' ? { notices: true } : {}),
    arn: SubscriptionArn,
  };
}

/** How the account ends a subscription, which alone can where a reader was confirmed so. */
export const unsubscribing = (region: string, subscriptionArn: string): string =>
  awsCli`sns unsubscribe --region ${as.region(region)} --subscription-arn ${as.arn(subscriptionArn)}`;

/** The ARN of the subscription that SNS has confirmed. */
async function confirmed(stack: Stack, TopicArn: string, Token: string): Promise<string> {
  try {
    const asked = { TopicArn, Token, AuthenticateOnUnsubscribe: 'true' };
    return (await stack.aws.call('sns:ConfirmSubscription', asked)).SubscriptionArn ?? '';
  } catch (error) {
    if (isNotFound(error)) throw noTopic(stack, error);
    if (!hasName(error, 'InvalidParameterException', 'InvalidParameter')) throw error;
    throw new Problem(
      'confirmation-refused',
      `SNS does not know this link: copy it whole or, because it holds for 48 hours only, have a new one mailed by ${salesreport`subscribe email NAME@HOST`}.`,
      { cause: error },
    );
  }
}
