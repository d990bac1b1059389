import type { MessageAttributeValue, PublishCommandInput, PublishCommandOutput } from '@aws-sdk/client-sns';
import { NotSimulated } from '../aws-error.ts';
import type { Simulated } from '../service.ts';
import { newUuid } from '../uuid.ts';
import type { World } from '../world.ts';
import { parseFilterPolicy, passes } from './filter-policy.ts';
import { takesMail } from './quotas.ts';
import { existingTopic, invalid } from './topics.ts';

/** Bytes of message and attributes. */
const largest = 262_144;

/**
 * Printable ASCII, no line break, below 100 characters: what every reading of AWS's rule allows (API reference,
 * Publish).
 */
const subjectRule = /^[\x21-\x7e][\x20-\x7e]{0,98}$/;

/** Called by the report, deployed or on a laptop; not by the operator's side. */
export const publish: Simulated<PublishCommandInput, Omit<PublishCommandOutput, '$metadata'>> = {
  takes: ['TopicArn', 'Message', 'MessageStructure', 'Subject', 'MessageAttributes'],
  run({ TopicArn, Message: sent = '', MessageStructure: structure, Subject: subject, MessageAttributes = {} }, world) {
    const topic = existingTopic(world, TopicArn);
    if (sent === '') throw invalid('Empty message');
    const message = structure === 'json' ? defaultOf(sent) : sent;
    if (subject !== undefined && !subjectRule.test(subject)) throw invalid('Subject');
    const attributes = Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, value]) => [name, attributeText(name, value)]),
    );
    if (sizeOf(sent, MessageAttributes) > largest) throw invalid('Message too long');
    const messageId = newUuid(world, 'message');
    world.sns.published.push({ topic: topic.arn, subject, message, attributes, messageId });
    for (const subscription of world.sns.subscriptionsOf(topic)) {
      const { endpoint, confirmed, filterPolicy, filtersBody, arn } = subscription;
      // The body of what is published here is a text, in which such a filter finds nothing.
      const isLeftOut =
        filterPolicy !== undefined && (filtersBody || !passes(parseFilterPolicy(filterPolicy), attributes));
      if (!confirmed || isLeftOut || !takesMail(world, subscription)) continue;
      world.sns.mailbox.push({
        to: endpoint,
        at: world.now(),
        subject: subject ?? 'AWS Notification Message',
        body: `${message}\n${footer(world, arn, endpoint)}`,
      });
    }
    return { MessageId: messageId };
  },
};

/**
 * What those get for whom a message of several forms has none of their own: everybody here, since only mail is
 * simulated.
 */
function defaultOf(forms: string): string {
  const { default: text } = JSON.parse(forms) as { default?: string };
  if (text === undefined) throw invalid('Message Structure - No default entry in JSON message body');
  return text;
}

function attributeText(name: string, { DataType, StringValue }: MessageAttributeValue): string {
  if (!DataType) throw invalid(`The message attribute '${name}' must contain non-empty message attribute type.`);
  if (DataType !== 'String') throw new NotSimulated(`message attributes of type ${DataType}`);
  if (!StringValue)
    throw invalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type 'String'.`,
    );
  return StringValue;
}

const sizeOf = (message: string, attributes: Record<string, MessageAttributeValue>): number =>
  [
    message,
    ...Object.entries(attributes).flatMap(([name, { DataType = '', StringValue = '' }]) => [
      name,
      DataType,
      StringValue,
    ]),
  ]
    .map(text => Buffer.byteLength(text))
    .reduce((sum, bytes) => sum + bytes, 0);

/** AWS puts it under every mail; it cannot be changed. */
const footer = ({ region, dnsSuffix }: World, arn: string, endpoint: string): string => `
--
If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:
https://sns.${region}.${dnsSuffix}/unsubscribe.html?SubscriptionArn=${arn}&Endpoint=${endpoint}

Please do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at https://aws.amazon.com/support
`;
