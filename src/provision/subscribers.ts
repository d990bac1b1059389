import { Problem } from '../problem.ts';
import { as, salesreport } from '../suggest.ts';
import { isLostAnswer, isNotFound, unlessNotFound } from './aws/errors.ts';
import { Look } from './aws/look.ts';
import type { Output } from './aws/operation.ts';
import { type Filter, takes } from './filter-policy.ts';
import { arn, type Stack } from './stack.ts';

export interface Subscriber {
  protocol: string;
  endpoint: string;
  state: 'pending' | 'confirmed';
  /** True when this call added it, and AWS mailed it the question whether it wants the report. */
  added?: boolean;
  /** Whether the reader also hears of reports that were blocked, held or failed, where that was asked for. */
  notices?: boolean;
  /** SNS's id of the subscription; absent while it is pending. */
  arn?: string;
}

/** Readers get what is published as a report, and nothing else that the topic carries; who looks after the shop's systems gets notices too. */
const filterOf = (notices: boolean): string => JSON.stringify({ kind: notices ? ['report', 'notice'] : ['report'] });

export interface FirstSubscribers {
  subscribers: Subscriber[];
  /** How many readers there are besides. */
  more: number;
  /** Addresses that were unsubscribed a short while ago, and were not added again. */
  left: string[];
}

/** So many readers as one answer holds. Since when one is pending no answer of SNS says. */
export async function firstSubscribers(stack: Stack, look: Look): Promise<FirstSubscribers> {
  const TopicArn = arn(stack, 'sns', stack.names.topic);
  const [page, topic] = await Promise.all([
    look.find('sns:ListSubscriptionsByTopic', { TopicArn }),
    look.find('sns:GetTopicAttributes', { TopicArn }),
  ]);
  const subscribers = subscribersIn(page?.Subscriptions);
  const { SubscriptionsConfirmed = 0, SubscriptionsPending = 0 } = topic?.Attributes ?? {};
  const more = page?.NextToken ? Number(SubscriptionsConfirmed) + Number(SubscriptionsPending) - subscribers.length : 0;
  const isBack = (address: string) => subscribers.some(({ endpoint }) => endpoint === address);
  return { subscribers, more: Math.max(0, more), left: leftIn(page?.Subscriptions).filter(address => !isBack(address)) };
}

/** Everybody who subscribed to the topic and has not left it; empty without a topic. */
export async function findSubscribers(stack: Stack): Promise<Subscriber[]> {
  try {
    const pages = await new Look(stack.aws).pages(
      'sns:ListSubscriptionsByTopic',
      { TopicArn: arn(stack, 'sns', stack.names.topic) },
      ({ NextToken }) => (NextToken ? { NextToken } : undefined),
    );
    return pages.flatMap(({ Subscriptions }) => subscribersIn(Subscriptions));
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

function subscribersIn(list: Output<'sns:ListSubscriptionsByTopic'>['Subscriptions'] = []): Subscriber[] {
  return list.flatMap(({ Protocol: protocol = '', Endpoint: endpoint = '', SubscriptionArn = '' }): Subscriber[] => {
    if (SubscriptionArn.startsWith('arn:')) return [{ protocol, endpoint, state: 'confirmed', arn: SubscriptionArn }];
    return /^pending ?confirmation$/i.test(SubscriptionArn) ? [{ protocol, endpoint, state: 'pending' }] : [];
  });
}

/** Who unsubscribed is listed for a while as `Deleted` (ansible/ansible#20086). */
const leftIn = (list: Output<'sns:ListSubscriptionsByTopic'>['Subscriptions'] = []): string[] => [
  ...new Set(list.flatMap(({ SubscriptionArn, Endpoint = '' }) => (SubscriptionArn === 'Deleted' ? [Endpoint] : []))),
];

export const leftWords = (address: string): string =>
  `${address} was unsubscribed, by hand or by whatever followed the link in a mail: ${salesreport`subscribe email ${as.address(address)}`} asks again, and confirmed by ${salesreport`subscribe confirm LINK`} they stay.`;

/**
 * Adds readers, with `notices` also of what went wrong. A confirmed one who is there already gets what a filter keeps from it, and is left alone else; a
 * pending one too, since asking it again would mail it again. Throws Problem `not-provisioned` without a topic, and `pending-reader`.
 */
export async function subscribe(
  stack: Stack,
  protocol: 'email',
  addresses: readonly string[],
  { notices = false }: { notices?: boolean } = {},
): Promise<Subscriber[]> {
  const TopicArn = arn(stack, 'sns', stack.names.topic);
  const there = await findSubscribers(stack);
  const results: Subscriber[] = [];
  for (const endpoint of addresses) {
    const known = there.find(one => one.protocol === protocol && one.endpoint.toLowerCase() === endpoint.toLowerCase());
    if (known) {
      results.push(await mendFilter(stack, known, notices));
      continue;
    }
    try {
      await stack.aws.call('sns:Subscribe', {
        TopicArn,
        Protocol: protocol,
        Endpoint: endpoint,
        Attributes: { FilterPolicy: filterOf(notices) },
        ReturnSubscriptionArn: true,
      });
    } catch (error) {
      if (isNotFound(error)) throw noTopic(stack, error);
      const made = isLostAnswer(error) && (await findSubscribers(stack)).some(one => one.endpoint === endpoint);
      if (!made) throw error;
    }
    results.push({ protocol, endpoint, state: 'pending', added: true, ...(notices ? { notices } : {}) });
  }
  return results;
}

export const noTopic = ({ settings, region }: Stack, cause: unknown): Problem =>
  new Problem('not-provisioned', `Stack ${settings.stack} has no topic in ${region}: run ${salesreport`provision`} first.`, {
    cause,
  });

/** Lets a reader who is there have what was asked for. SNS gives no way to change one that is pending. */
async function mendFilter(stack: Stack, reader: Subscriber, notices: boolean): Promise<Subscriber> {
  const { arn: SubscriptionArn, endpoint } = reader;
  if (SubscriptionArn === undefined) {
    if (!notices) return reader;
    throw new Problem(
      'pending-reader',
      `${endpoint} has not confirmed yet: run the same command again after the click on the link in AWS's mail.`,
    );
  }
  const filter = await filterOfOne(stack, reader);
  const lacks = (kind: string) => takes(filter, kind) === false;
  const set = (AttributeName: string, AttributeValue: string) =>
    stack.aws.call('sns:SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
  if (lacks('report') || (notices && lacks('notice'))) {
    if (filter.FilterPolicyScope === 'MessageBody') await set('FilterPolicyScope', 'MessageAttributes');
    await set('FilterPolicy', filterOf(notices || takes(filter, 'notice') === true));
  }
  return { ...reader, ...(notices ? { notices } : {}) };
}

/** So many readers are asked for their filters, each by a question of its own. */
const mostAsked = 100;

/** Confirmed readers who get no reports, since somebody changed their filters; and how many confirmed ones were not asked. */
export async function unreached(
  stack: Stack,
  readers: readonly Subscriber[],
): Promise<{ without: Subscriber[]; unasked: number }> {
  const confirmed = readers.filter(({ state }) => state === 'confirmed');
  const asked = await Promise.all(
    confirmed.slice(0, mostAsked).map(async reader => ({ reader, gets: takes(await filterOfOne(stack, reader), 'report') })),
  );
  return {
    without: asked.flatMap(({ reader, gets }) => (gets === false ? [reader] : [])),
    unasked: Math.max(0, confirmed.length - mostAsked),
  };
}

/** The filter of a confirmed reader; of one who has left meanwhile none. */
async function filterOfOne({ aws }: Stack, { arn: SubscriptionArn }: Subscriber): Promise<Filter> {
  return (await unlessNotFound(aws.call('sns:GetSubscriptionAttributes', { SubscriptionArn })))?.Attributes ?? {};
}

/** Whether something published as another kind than `report` would reach nobody: then the topic can be tried without mailing anyone. */
export async function isSilentForOthers(stack: Stack): Promise<boolean> {
  const confirmed = (await findSubscribers(stack)).filter(({ state }) => state === 'confirmed');
  // More attributes than this are not worth asking for.
  if (confirmed.length > 20) return false;
  const filters = await Promise.all(confirmed.map(reader => filterOfOne(stack, reader)));
  return filters.every(filter => takes(filter, 'probe') === false);
}
