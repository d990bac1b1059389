import type { PublishCommandInput, PublishCommandOutput } from '@aws-sdk/client-sns';
import { AwsError } from '../aws-error.ts';
import type { Simulated } from '../service.ts';
import { existingTopic } from './service.ts';

const largest = 262_144;

/** Printable ASCII, no line break, below 100 characters: what every reading of AWS's rule allows (API reference, Publish). */
const subjectRule = /^[\x21-\x7e][\x20-\x7e]{0,98}$/;

/** Called by the report, deployed or on a laptop; not by the operator's side. */
export const publish: Simulated<PublishCommandInput, Omit<PublishCommandOutput, '$metadata'>> = {
  takes: ['TopicArn', 'Message', 'Subject', 'MessageAttributes'],
  run({ TopicArn, Message: message = '', Subject: subject, MessageAttributes = {} }, world) {
    const topic = existingTopic(world, TopicArn);
    const invalid = (what: string) => new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
    if (message === '') throw invalid('Empty message');
    if (subject !== undefined && !subjectRule.test(subject)) throw invalid('Subject');
    const attributes = Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
    );
    const bytes =
      Buffer.byteLength(message) + Object.entries(attributes).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
    if (bytes > largest) throw invalid('Message too long');
    const messageId = world.newId('message');
    world.sns.published.push({ topic: topic.arn, subject, message, attributes, messageId });
    for (const { endpoint, confirmed, filterPolicy, arn } of topic.subscriptions) {
      if (!confirmed || !passes(filterPolicy, attributes)) continue;
      const footer = `\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\nhttps://sns.${world.region}.amazonaws.com/unsubscribe.html?SubscriptionArn=${arn}\n\nPlease do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at https://aws.amazon.com/support\n`;
      world.sns.mailbox.push({
        to: endpoint,
        at: world.now(),
        subject: subject ?? 'AWS Notification Message',
        body: `${message}\n${footer}`,
      });
    }
    return { MessageId: messageId };
  },
};

/** A filter policy names attributes and the values that it lets through. */
function passes(policy: string | undefined, attributes: Record<string, string>): boolean {
  if (policy === undefined) return true;
  return Object.entries(JSON.parse(policy) as Record<string, string[]>).every(([name, values]) =>
    values.includes(attributes[name] ?? ''),
  );
}
