import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { patience } from '../patience.ts';

/** Readers are subscribed with a filter on `report`, some on `notice` too; nobody is mailed a `probe`. */
export type MessageKind = 'report' | 'notice' | 'probe';

export type TopicClient = Pick<SNSClient, 'send'>;

/**
 * The function's client for its topic. Each message is sent once: SNS knows no token, and a retry after a lost answer would mail everybody twice. So no
 * connection is kept either: one that died while Lambda slept would cost the message (aws-sdk-js-v3#1196).
 */
export const topicClient = (): TopicClient =>
  new SNSClient({
    maxAttempts: 1,
    requestHandler: { ...patience, httpAgent: { keepAlive: false }, httpsAgent: { keepAlive: false } },
  });

/** A message, and what telephones get in its place. */
export interface Message {
  subject: string;
  text: string;
  sms?: string;
}

/** Publishes to the topic and gives SNS's message id. Throws Problem `publish` where SNS refuses, `publish-unknown` where its answer was lost or a fault. */
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
