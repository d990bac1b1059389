import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { answeredByAws } from '../../exchange.ts';
import type { FunctionEnvironment } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { patience } from '../patience.ts';

/**
 * Each message says what it is, for who filters by it: a report to its readers, a notice to who keeps the pipeline;
 * nobody is mailed a `probe`.
 */
export type MessageKind = 'report' | 'notice' | 'probe';

export type TopicClient = Pick<SNSClient, 'send'>;

/**
 * The function's client for its topic. Each message is sent once: SNS knows no token, and a retry after a lost answer
 * would mail everybody twice. So no connection is kept either: one that died while Lambda slept would cost the message
 * (aws-sdk-js-v3#1196).
 */
export const topicClient = (): TopicClient =>
  answeredByAws(
    new SNSClient({
      maxAttempts: 1,
      requestHandler: { ...patience, httpAgent: { keepAlive: false }, httpsAgent: { keepAlive: false } },
    }),
  );

/**
 * The topic of the reports carries nothing else. Between its update to this code and that of its environment the
 * function knows no other: then the readers still have filters.
 */
export const topicFor = (kind: MessageKind, { TOPIC_ARN = '', OPERATORS_TOPIC_ARN }: FunctionEnvironment): string =>
  kind === 'notice' ? (OPERATORS_TOPIC_ARN ?? TOPIC_ARN) : TOPIC_ARN;

/** A message, and what telephones get in its place. */
export interface Message {
  subject: string;
  text: string;
  sms?: string;
}

/**
 * Publishes to the topic and gives SNS's message id. Throws Problem `publish` where SNS refuses, `publish-unknown`
 * where its answer was lost or a fault.
 */
export async function publish(
  client: TopicClient,
  topicArn: string,
  kind: MessageKind,
  { subject, text, sms }: Message,
): Promise<string> {
  try {
    const { MessageId } = await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        ...(sms === undefined
          ? { Message: text }
          : { Message: JSON.stringify({ default: text, sms }), MessageStructure: 'json' }),
        MessageAttributes: { kind: { DataType: 'String', StringValue: kind } },
      }),
    );
    return MessageId!;
  } catch (cause) {
    const { name, message, $metadata } = cause as Error & { $metadata?: { httpStatusCode?: number } };
    const isRefused = ($metadata?.httpStatusCode ?? 500) < 500;
    throw new Problem(
      isRefused ? 'publish' : 'publish-unknown',
      `The function cannot publish to ${topicArn} (${name}: ${message}): run ${salesreport`provision`}, which repairs the topic and the role.`,
      { cause },
    );
  }
}

/**
 * Asks SNS for a topic without a message, which it refuses ("Invalid parameter: Empty message"): nobody is mailed, and
 * it has answered. Throws Problem `publish` for any other refusal.
 */
export async function reach(client: TopicClient, topicArn: string): Promise<void> {
  const isEmpty = ({ cause }: Problem) => /empty message/i.test((cause as Error | undefined)?.message ?? '');
  await publish(client, topicArn, 'probe', { subject: 'Probe', text: '' }).catch(error => {
    if (!(error instanceof Problem && isEmpty(error))) throw error;
  });
}
