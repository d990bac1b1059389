import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { errorMessage, errorName, unlessNotFound } from '../aws/errors.ts';
import { inTurns } from '../aws/in-turns.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found } from '../engine/resource.ts';
import { currentStep } from '../engine/step.ts';
import { tagKeys } from '../names.ts';
import { isOwnFilter, takes } from '../readers/filter-policy.ts';
import {
  ask,
  atOnce,
  distinct,
  filterOf,
  findSubscribers,
  isSameAddress,
  noFilter,
  quotaProblem,
  type Subscriber,
  sendsNoticesElsewhere,
  topicOf,
} from '../readers/subscribers.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import type { FunctionFound } from './lambda-function.ts';

export interface ReadersFound extends Found {
  /** Confirmed ones with a filter that a version before the operators' topic gave them. */
  filtered: Subscriber[];
  /** Addresses of those among them who asked for notices, and are not subscribed to the operators' topic. */
  operators: string[];
  /** Subscriptions of other kinds than mail that take notices: they are their owners' to move. */
  others: string[];
  /** How many have not confirmed: SNS shows and changes no filter of theirs. */
  pending: number;
  /** The tag that says how far the move is. */
  mark: string | undefined;
}

/** The mark of a topic whose readers have no filters. */
export const noFilters = 'none';

/** The mark of one with readers who were pending when the filters were taken off. */
const until = 'until ';

/**
 * SNS forgets who does not confirm within 48 hours (SNS developer guide, "Deleting a subscription and topic"); ms, with
 * an hour for clocks.
 */
const pendingLife = 49 * 3_600_000;

/** A note of what begins is younger than this, ms, whenever somebody is subscribed. */
const noteLife = 10_000;

/** So many are named in a sentence. */
const mostNamed = 5;

interface ReadersNeeds {
  [name: string]: AwsResource;
  function: AwsResource<FunctionFound>;
  topic: AwsResource;
  operators: AwsResource;
}

/**
 * The readers of a stack whose function mailed reports and notices by one topic, and gave each reader a filter. Once
 * the notices go to a topic of their own, who asked for them is subscribed to that, and the filters are taken off: SNS
 * allows 200 a topic. In this order no notice reaches a reader, and a run that dies is followed by one that goes on:
 * who is there is not asked again. A tag of the topic says that it is done, so that nobody is asked for a filter then.
 */
export function readersMove<N extends ReadersNeeds>(stack: Stack, needs: N): AwsResource<ReadersFound, N> {
  const { aws, owner, intents, names } = stack;
  const id = 'readers';
  const TopicArn = topicOf(stack, 'readers');

  /** Subscribes each to the operators' topic who is not there yet, also where an interrupted run has begun to. */
  const subscribeOperators = async (addresses: readonly string[]): Promise<void> => {
    if (addresses.length === 0) return;
    const within = intents.lookWithin(id);
    if (within !== undefined && within > 0) {
      currentStep()?.waiting('AWS is making known whom an interrupted run has subscribed');
      await aws.clock.sleep(within);
    }
    const there = await findSubscribers(stack, 'operators');
    const missing = addresses.filter(address => !there.some(({ endpoint }) => isSameAddress(endpoint, address)));
    let done = 0;
    let noted = Number.NEGATIVE_INFINITY;
    try {
      for (const address of missing) {
        // The note holds for a while only.
        if (aws.clock.elapsed() > noted + noteLife) {
          await intents.note(id);
          noted = aws.clock.elapsed();
        }
        await ask(stack, 'email', address, 'operators');
        done++;
      }
    } catch (error) {
      throw partly(error, `${done} of ${missing.length} operators are subscribed to the topic ${names.operatorsTopic}`);
    }
  };

  /**
   * Waits until no run of the former function is under way any more, which would mail its notice to readers without a
   * filter.
   */
  const untilFormerRunsEnd = async (timeout: string | undefined): Promise<void> => {
    const { Configuration: now = {} } = await aws.call('lambda:GetFunction', { FunctionName: names.functionName });
    if (!sendsNoticesElsewhere(now))
      throw new Problem(
        'function-changed',
        `The function ${names.functionName} was changed meanwhile: run the same command again.`,
      );
    const longest = Math.max(Number.parseInt(timeout ?? '0', 10), now.Timeout ?? 0) * 1_000;
    const left = Date.parse(now.LastModified ?? '') + longest - aws.clock.now();
    if (!(left > 0)) return;
    currentStep()?.waiting('runs of the former function come to their end');
    await aws.clock.sleep(Math.min(left, longest));
  };

  const removeFilters = async (filtered: readonly Subscriber[]): Promise<void> => {
    let done = 0;
    try {
      await inTurns(filtered, atOnce, async ({ arn: SubscriptionArn }) => {
        const asked = { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: noFilter };
        // Who has left meanwhile has none.
        await unlessNotFound(aws.call('sns:SetSubscriptionAttributes', asked));
        done++;
      });
    } catch (error) {
      throw partly(error, `The filters of ${done} of ${filtered.length} readers are removed`);
    }
  };

  const isOver = (mark: string | undefined): boolean =>
    mark?.startsWith(until) === true && !(aws.clock.now() < Date.parse(mark.slice(until.length)));

  return awsResource<ReadersFound, N>({
    id,
    title: 'Readers of the report',
    wanted: true,
    updateOnly: true,
    needs,
    operations: {
      create: [],
      update: ['sns:Subscribe', 'sns:SetSubscriptionAttributes', 'sns:TagResource'],
      remove: [],
    },

    async find(snapshot) {
      const answer = await snapshot.find('sns:ListTagsForResource', { ResourceArn: TopicArn });
      if (!answer) return [];
      const tags = recordOf(answer.Tags);
      const mark = tags[tagKeys.filters];
      // Of a topic that belongs to nobody too: a run that adopts it moves its readers.
      const { ours, nobodys } = owner.of(tags);
      if (!(ours || nobodys) || mark === noFilters) return [];
      const [readers, operators] = await Promise.all([
        findSubscribers(stack, 'readers', snapshot),
        findSubscribers(stack, 'operators', snapshot),
      ]);
      const confirmed = readers.filter(({ state }) => state === 'confirmed');
      const filters = await inTurns(confirmed, atOnce, reader => filterOf(stack, reader, snapshot));
      const filtered = confirmed.filter((_reader, index) => isOwnFilter(filters[index]!));
      const wantNotices = confirmed.filter(
        (_reader, index) => filters[index]!.FilterPolicy && takes(filters[index]!, 'notice'),
      );
      const isOperator = ({ endpoint }: Subscriber) => operators.some(one => isSameAddress(one.endpoint, endpoint));
      const isMail = ({ protocol }: Subscriber) => protocol === 'email';
      return [
        {
          awsId: TopicArn,
          ours: true,
          filtered,
          operators: distinct(wantNotices.filter(one => isMail(one) && !isOperator(one))).map(
            ({ endpoint }) => endpoint,
          ),
          others: wantNotices.filter(one => !isMail(one)).map(({ endpoint }) => endpoint),
          pending: readers.length - confirmed.length,
          mark,
        },
      ];
    },

    create: () => Promise.reject(new Error('Readers are made by nobody but themselves.')),

    differences({ filtered, operators, mark }) {
      const one = (count: number, singular: string, plural: string) => (count === 1 ? singular : plural);
      const differences: (Difference | false)[] = [
        operators.length > 0 && {
          what: 'operators',
          is: 'on the topic of the reports',
          wanted: `on ${names.operatorsTopic}`,
          words: `${named(operators)} ${one(operators.length, 'gets', 'get')} notices by ${names.operatorsTopic}, once confirmed by the link in a new mail of AWS`,
          how: 'update',
          operations: ['sns:Subscribe'],
        },
        filtered.length > 0 && {
          what: 'filters',
          is: `${filtered.length} ${one(filtered.length, 'reader has', 'readers have')} one`,
          wanted: 'none',
          how: 'update',
          operations: ['sns:SetSubscriptionAttributes'],
        },
        (mark === undefined || isOver(mark)) && {
          what: `tag ${tagKeys.filters}`,
          is: mark ?? 'not set',
          wanted: noFilters,
          words: 'the topic carries nothing but reports from now on, so that its readers need no filters',
          how: 'update',
          operations: ['sns:TagResource'],
        },
      ];
      return differences.filter(difference => difference !== false);
    },

    async update({ filtered, operators, pending, mark }, made) {
      await subscribeOperators(operators);
      if (filtered.length > 0) {
        await untilFormerRunsEnd((made.function as FunctionFound).configuration.timeout);
        await removeFilters(filtered);
      }
      const settled =
        pending === 0 || isOver(mark)
          ? noFilters
          : (mark ?? `${until}${new Date(aws.clock.now() + pendingLife).toISOString()}`);
      if (settled === mark) return;
      const tags = listOf({ [tagKeys.filters]: settled });
      await aws.call('sns:TagResource', { ResourceArn: TopicArn, Tags: tags });
    },

    notes({ others, pending, mark }) {
      return [
        ...(others.length > 0
          ? [
              `${named(others)} took notices by a filter of its own, which the topic of the reports carries no more: subscribe it to ${topicOf(stack, 'operators')} too.`,
            ]
          : []),
        ...(pending > 0 && !isOver(mark)
          ? [
              `Readers who have not confirmed yet may have asked for notices, which SNS shows only once they have: run ${salesreport`provision`} again then, which subscribes them to the topic of operators.`,
            ]
          : []),
      ];
    },

    // With the topic.
    remove: async () => {},
    ask: async () => ({ asked: id, answer: 'they go with the topic', gone: true }),
  });
}

/** What is done already where AWS refuses the rest; Problems say for themselves what to do. */
function partly(error: unknown, done: string): unknown {
  if (error instanceof Problem) return error;
  const why = quotaProblem(error)?.message ?? `${errorName(error)}: ${errorMessage(error)}`;
  return new Problem('readers-left', `${done}, and the rest as soon as the same command is run again (${why}).`, {
    cause: error,
  });
}

/** `ann@example.com, bob@example.com and 3 more`. */
const named = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join(', ')
    : `${names.slice(0, mostNamed - 1).join(', ')} and ${names.length - mostNamed + 1} more`;
