import { Problem } from '../../problem.ts';
import { as, awsCli, salesreport } from '../../suggest.ts';
import { errorMessage, errorName, hasName, isLostAnswer, isNotFound, unlessNotFound } from '../aws/errors.ts';
import { inTurns } from '../aws/in-turns.ts';
import type { Output } from '../aws/operation.ts';
import { Snapshot } from '../aws/snapshot.ts';
import { arn, type Stack } from '../stack.ts';
import { type Filter, takes } from './filter-policy.ts';

export interface Subscriber {
  protocol: string;
  endpoint: string;
  state: 'pending' | 'confirmed';
  /** True when this call added it, and AWS mailed it the question whether it wants to be mailed. */
  added?: boolean;
  /** True of a subscriber to the operators' topic: it gets notices, and no reports. */
  notices?: boolean;
  /** SNS's id of the subscription; absent while it is pending. */
  arn?: string;
}

/** The two topics of a stack: reports go to one, notices of reports that were blocked, held or failed to the other. */
export type Audience = 'readers' | 'operators';

export const topicOf = (stack: Stack, audience: Audience): string =>
  arn(stack, 'sns', audience === 'readers' ? stack.names.topic : stack.names.operatorsTopic);

/** The value that removes the filter of a subscription (AWS CLI reference, set-subscription-attributes). */
export const noFilter = '{}';

/**
 * How many questions and changes go to SNS at once: it allows tens a second (General Reference, "Amazon SNS endpoints
 * and quotas").
 */
export const atOnce = 8;

/**
 * Mail servers keep no two mailboxes apart by case (RFC 5321, section 2.3.11 leaves that to them), and domains have
 * none. SNS does.
 */
const addressKey = (address: string): string => address.toLowerCase();

export const isSameAddress = (one: string, other: string): boolean => addressKey(one) === addressKey(other);

export interface FirstSubscribers {
  subscribers: Subscriber[];
  /** How many there are besides. */
  more: number;
  /** Addresses that were unsubscribed a short while ago, and were not added again. */
  left: string[];
  /** Subscriptions of addresses that have one already, spelled in another case: each mail comes twice. */
  doubled: Subscriber[];
}

/** So many as one answer holds. Since when one is pending no answer of SNS says. */
export async function firstSubscribers(
  stack: Stack,
  snapshot: Snapshot,
  audience: Audience,
): Promise<FirstSubscribers> {
  const TopicArn = topicOf(stack, audience);
  const topic = await snapshot.find('sns:GetTopicAttributes', { TopicArn });
  // Nobody has to be an operator: where there is none, nobody is asked for.
  const { SubscriptionsConfirmed = 0, SubscriptionsPending = 0, SubscriptionsDeleted = 0 } = topic?.Attributes ?? {};
  const isEmpty =
    topic !== undefined &&
    [SubscriptionsConfirmed, SubscriptionsPending, SubscriptionsDeleted].every(count => Number(count) === 0);
  const page = isEmpty ? undefined : await snapshot.find('sns:ListSubscriptionsByTopic', { TopicArn });
  const listed = subscribersIn(page?.Subscriptions, audience);
  const subscribers = distinct(listed);
  const more = page?.NextToken ? Number(SubscriptionsConfirmed) + Number(SubscriptionsPending) - listed.length : 0;
  const isBack = (address: string) => subscribers.some(({ endpoint }) => isSameAddress(endpoint, address));
  return {
    subscribers,
    more: Math.max(0, more),
    left: leftIn(page?.Subscriptions).filter(address => !isBack(address)),
    doubled: listed.filter(one => one.state === 'confirmed' && !subscribers.includes(one)),
  };
}

/** Everybody who subscribed to a topic and has not left it, as SNS lists them; empty without the topic. */
export async function findSubscribers(
  stack: Stack,
  audience: Audience,
  snapshot = new Snapshot(stack.aws),
): Promise<Subscriber[]> {
  const pages = await unlessNotFound(
    snapshot.pages('sns:ListSubscriptionsByTopic', { TopicArn: topicOf(stack, audience) }, ({ NextToken }) =>
      NextToken ? { NextToken } : undefined,
    ),
  );
  return (pages ?? []).flatMap(({ Subscriptions }) => subscribersIn(Subscriptions, audience));
}

function subscribersIn(
  list: Output<'sns:ListSubscriptionsByTopic'>['Subscriptions'] = [],
  audience: Audience,
): Subscriber[] {
  const notices = audience === 'operators' ? { notices: true } : {};
  return list.flatMap(({ Protocol: protocol = '', Endpoint: endpoint = '', SubscriptionArn = '' }): Subscriber[] => {
    if (SubscriptionArn.startsWith('arn:'))
      return [{ protocol, endpoint, state: 'confirmed', ...notices, arn: SubscriptionArn }];
    return /^pending ?confirmation$/i.test(SubscriptionArn)
      ? [{ protocol, endpoint, state: 'pending', ...notices }]
      : [];
  });
}

/** Each address once, where it is confirmed by that. */
export function distinct(list: readonly Subscriber[]): Subscriber[] {
  const byAddress = new Map<string, Subscriber>();
  for (const one of list) {
    const key = `${one.protocol} ${addressKey(one.endpoint)}`;
    if (byAddress.get(key)?.state !== 'confirmed') byAddress.set(key, one);
  }
  return list.filter(one => byAddress.get(`${one.protocol} ${addressKey(one.endpoint)}`) === one);
}

/** Who unsubscribed is listed for a while as `Deleted` (ansible/ansible#20086). */
const leftIn = (list: Output<'sns:ListSubscriptionsByTopic'>['Subscriptions'] = []): string[] => [
  ...new Set(list.flatMap(({ SubscriptionArn, Endpoint = '' }) => (SubscriptionArn === 'Deleted' ? [Endpoint] : []))),
];

export const leftWords = (address: string, audience: Audience): string =>
  `${address} was unsubscribed, by hand or by whatever followed the link in a mail: ${subscribing([address], audience)} asks again, and confirmed by ${salesreport`subscribe confirm LINK`} they stay.`;

/** The command that subscribes addresses to a topic. */
export const subscribing = (addresses: readonly string[], audience: Audience): string =>
  audience === 'readers'
    ? salesreport`subscribe email ${addresses.map(address => as.address(address))}`
    : salesreport`subscribe email --operator ${addresses.map(address => as.address(address))}`;

export const doubledWords = ({ region }: Stack, { endpoint, arn: subscriptionArn = '' }: Subscriber): string =>
  `${endpoint} is subscribed under another spelling too and gets each mail twice: ${awsCli`sns unsubscribe --region ${as.region(region)} --subscription-arn ${as.arn(subscriptionArn)}`} ends this one.`;

/** SNS took some of several addresses and then no more. */
export class PartlySubscribed extends Problem {
  constructor(
    /** Those that are subscribed or were asked, in the order in which they were given. */
    readonly subscribers: readonly Subscriber[],
    /** The addresses that nothing was done for. */
    readonly left: readonly string[],
    why: Problem,
  ) {
    const count = `${subscribers.length} of ${subscribers.length + left.length} addresses are done, and the rest is not`;
    super(why.code, `${count}: ${why.message}`, { exit: why.exit, next: why.next, aws: why.aws, cause: why });
  }
}

/**
 * Adds readers of the reports, or with `operator` of the notices. Who is there already is left alone, also a pending
 * one, since asking again would mail again; a confirmed one gets back what somebody's filter keeps from it. Throws
 * Problem `not-provisioned` without a topic, or where the function still sends its notices to the readers' topic, and
 * PartlySubscribed where SNS refuses one of many.
 */
export async function subscribe(
  stack: Stack,
  protocol: 'email',
  addresses: readonly string[],
  { operator = false }: { operator?: boolean } = {},
): Promise<Subscriber[]> {
  const audience: Audience = operator ? 'operators' : 'readers';
  const [known] = await Promise.all([
    findSubscribers(stack, audience),
    operator ? undefined : verifyOnlyReports(stack),
  ]);
  const there = distinct(known);
  const subscribers: Subscriber[] = [];
  for (const [index, endpoint] of addresses.entries()) {
    const before = [...there, ...subscribers].find(
      one => one.protocol === protocol && isSameAddress(one.endpoint, endpoint),
    );
    if (before && subscribers.includes(before)) continue;
    try {
      subscribers.push(
        before ? await reached(stack, before, audience) : await ask(stack, protocol, endpoint, audience),
      );
    } catch (error) {
      const problem = refusal(stack, error);
      if (!problem || subscribers.length === 0) throw problem ?? error;
      throw new PartlySubscribed(subscribers, addresses.slice(index), problem);
    }
  }
  return subscribers;
}

/**
 * Has AWS ask an address whether it wants to be mailed. A lost answer is looked up, since a second call would mail a
 * second time.
 */
export async function ask(stack: Stack, protocol: 'email', endpoint: string, audience: Audience): Promise<Subscriber> {
  try {
    await stack.aws.call('sns:Subscribe', {
      TopicArn: topicOf(stack, audience),
      Protocol: protocol,
      Endpoint: endpoint,
      ReturnSubscriptionArn: true,
    });
  } catch (error) {
    const made = isLostAnswer(error) && (await findSubscribers(stack, audience)).some(one => one.endpoint === endpoint);
    if (!made) throw error;
  }
  return { protocol, endpoint, state: 'pending', added: true, ...(audience === 'operators' ? { notices: true } : {}) };
}

/** What a person is told where SNS refuses to subscribe somebody; undefined where that is told elsewhere. */
function refusal(stack: Stack, error: unknown): Problem | undefined {
  if (error instanceof Problem) return error.exit === 'interrupted' ? undefined : error;
  if (isNotFound(error)) return noTopic(stack, error);
  const quota = quotaProblem(error);
  if (quota) return quota;
  return error instanceof Error
    ? new Problem('subscribe', `SNS refuses (${errorName(error)}: ${errorMessage(error)}).`, { cause: error })
    : undefined;
}

/** What AWS lets an account have of subscriptions, where that is used up. */
export function quotaProblem(cause: unknown): Problem | undefined {
  if (!hasName(cause, 'SubscriptionLimitExceededException', 'SubscriptionLimitExceeded')) return undefined;
  return new Problem(
    'subscription-limit',
    'AWS takes no more subscriptions of this account: it lets 5,000 be pending at a time. Wait until readers have confirmed or 48 hours are over, then run the same command again.',
    { cause },
  );
}

export const noTopic = ({ settings, region }: Stack, cause: unknown): Problem =>
  new Problem(
    'not-provisioned',
    `Stack ${settings.stack} has no topic in ${region}: run ${salesreport`provision`} first.`,
    {
      cause,
    },
  );

/**
 * Throws Problem `not-provisioned` where the function is of a version that sends its notices to the readers' topic: a
 * reader without a filter would get them.
 */
async function verifyOnlyReports({ aws, names, settings, region }: Stack): Promise<void> {
  const answer = await unlessNotFound(aws.call('lambda:GetFunction', { FunctionName: names.functionName }));
  if (!answer?.Configuration || sendsNoticesElsewhere(answer.Configuration)) return;
  throw new Problem(
    'not-provisioned',
    `The function of stack ${settings.stack} in ${region} is of an older version, which mails its notices to all readers: run ${salesreport`provision`} first, which updates it.`,
  );
}

/** Whether the deployed function has a topic for its notices. */
export const sendsNoticesElsewhere = ({
  Environment,
}: {
  Environment?: { Variables?: Record<string, string> | undefined } | undefined;
}): boolean => Environment?.Variables?.OPERATORS_TOPIC_ARN !== undefined;

/**
 * Takes off a filter that keeps from a subscriber what it is there for. SNS gives no way to see or change that of a
 * pending one.
 */
async function reached(stack: Stack, subscriber: Subscriber, audience: Audience): Promise<Subscriber> {
  const { arn: SubscriptionArn } = subscriber;
  if (SubscriptionArn === undefined) return subscriber;
  const filter = await filterOf(stack, subscriber);
  if (takes(filter, audience === 'readers' ? 'report' : 'notice') === false)
    await stack.aws.call('sns:SetSubscriptionAttributes', {
      SubscriptionArn,
      AttributeName: 'FilterPolicy',
      AttributeValue: noFilter,
    });
  return subscriber;
}

/** So many readers are asked for their filters, each by a question of its own. */
const mostAsked = 100;

/**
 * Confirmed readers who get no reports, since somebody gave them a filter; and how many confirmed ones were not asked.
 */
export async function unreached(
  stack: Stack,
  readers: readonly Subscriber[],
): Promise<{ without: Subscriber[]; unasked: number }> {
  const confirmed = readers.filter(({ state }) => state === 'confirmed');
  const asked = await inTurns(confirmed.slice(0, mostAsked), atOnce, async reader => ({
    reader,
    gets: takes(await filterOf(stack, reader), 'report'),
  }));
  return {
    without: asked.flatMap(({ reader, gets }) => (gets === false ? [reader] : [])),
    unasked: Math.max(0, confirmed.length - mostAsked),
  };
}

/** The filter of a confirmed subscriber; of one who has left meanwhile none. */
export async function filterOf(
  { aws }: Stack,
  { arn: SubscriptionArn }: Subscriber,
  snapshot = new Snapshot(aws),
): Promise<Filter> {
  return (await snapshot.find('sns:GetSubscriptionAttributes', { SubscriptionArn }))?.Attributes ?? {};
}

/**
 * Whether something published as another kind than a topic is for would reach nobody: then it can be tried without
 * mailing anyone.
 */
export async function isSilent(stack: Stack, audience: Audience): Promise<boolean> {
  const confirmed = (await findSubscribers(stack, audience)).filter(({ state }) => state === 'confirmed');
  // More attributes than this are not worth asking for.
  if (confirmed.length > 20) return false;
  const filters = await Promise.all(confirmed.map(subscriber => filterOf(stack, subscriber)));
  return filters.every(filter => takes(filter, 'probe') === false);
}
