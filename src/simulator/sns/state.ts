import type { Tags } from '../tag-list.ts';

export interface Subscription {
  arn: string;
  protocol: string;
  endpoint: string;
  createdAt: number;
  confirmed: boolean;
  /** JSON, or absent: then everything is delivered. */
  filterPolicy?: string;
}

export interface Topic {
  name: string;
  arn: string;
  tags: Tags;
  subscriptions: Subscription[];
}

/** A mail as its reader gets it. */
export interface Mail {
  to: string;
  at: number;
  subject: string;
  body: string;
}

/** SNS of one region, and the mailboxes of the people who read what it mails. */
export class SnsWorld {
  readonly topics = new Map<string, Topic>();
  readonly mailbox: Mail[] = [];
  /** Everything that was published, also what no subscription wanted. */
  readonly published: {
    topic: string;
    subject?: string;
    message: string;
    attributes: Record<string, string>;
    messageId: string;
  }[] = [];

  /** The reader follows the link in AWS's mail. Throws where that address has no mail to answer. */
  confirm(address: string): void {
    const pending = [...this.topics.values()]
      .flatMap(topic => topic.subscriptions)
      .filter(one => one.endpoint === address && !one.confirmed);
    if (pending.length === 0) throw new Error(`${address} has no subscription to confirm.`);
    for (const subscription of pending) subscription.confirmed = true;
  }
}
