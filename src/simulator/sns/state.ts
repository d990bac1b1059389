import type { Tagged } from '../tag-list.ts';
import type { World } from '../world.ts';

export interface Subscription {
  arn: string;
  protocol: string;
  endpoint: string;
  createdAt: number;
  /** What stands in the link of the mail that asks its reader. */
  token: string;
  confirmed: boolean;
  /** Confirmed by a signed call that asked for it: then a link in a mail cannot end it. */
  authenticated?: boolean;
  /** When its reader followed the link to unsubscribe, ms. */
  deletedAt?: number;
  /** JSON, or absent: then everything is delivered. */
  filterPolicy?: string | undefined;
  /** Whether it looks at the body, not at the attributes. */
  filtersBody?: boolean;
}

export interface Topic extends Tagged {
  name: string;
  arn: string;
  createdAt: number;
  /** JSON, where somebody has changed it. */
  policy?: string;
  /** The KMS key by which it is encrypted. */
  key?: string;
  subscriptions: Subscription[];
}

/** A mail as its reader gets it. */
export interface Mail {
  to: string;
  at: number;
  subject: string;
  body: string;
}

/** AWS forgets who does not answer within 48 hours (SNS developer guide, "Deleting a subscription and topic"). */
const pendingLife = 48 * 3_600_000;

/** How long who unsubscribed is listed as `Deleted`; AWS says only that it takes a while (ansible/ansible#20086). */
const deletedLife = 3_600_000;

/** SNS of one region, and the mailboxes of the people who read what it mails. */
export class SnsWorld {
  /** By ARN. */
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
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** A topic's subscriptions, without those that nobody confirmed in time and those that have ended. */
  subscriptionsOf(topic: Topic): Subscription[] {
    return this.listedOf(topic).filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** What a list shows: those that have ended too, for a while. */
  listedOf({ subscriptions }: Topic): Subscription[] {
    const now = this.world.now();
    return subscriptions.filter(({ confirmed, createdAt, deletedAt }) =>
      deletedAt === undefined ? confirmed || now < createdAt + pendingLife : now < deletedAt + deletedLife,
    );
  }

  /**
   * The subscription that this token confirms: for 48 hours, once and again (SNS developer guide; localstack,
   * sns/provider.py, held against AWS).
   */
  askedBy(token: string): Subscription | undefined {
    return [...this.topics.values()]
      .flatMap(topic => this.subscriptionsOf(topic))
      .find(one => one.token === token && this.world.now() < one.createdAt + pendingLife);
  }

  /**
   * The reader, or a scanner of mail, follows the link under each report. Throws where that address gets none, and
   * where its subscription wants the signature of the account (AWS re:Post, "How do I keep mailing list recipients from
   * unsubscribing everyone").
   */
  unsubscribe(address: string): void {
    const theirs = [...this.topics.values()]
      .flatMap(topic => this.subscriptionsOf(topic))
      .filter(one => one.endpoint === address && one.confirmed);
    if (theirs.length === 0) throw new Error(`${address} has no subscription to end.`);
    if (theirs.some(({ authenticated }) => authenticated)) throw new Error(`Subscription not removed: ${address}`);
    for (const subscription of theirs) subscription.deletedAt = this.world.now();
  }

  /** The link in the last mail that asked this address. Throws where it has no mail to answer. */
  linkFor(address: string): string {
    const links = this.mailbox
      .filter(({ to }) => to === address)
      .map(({ body }) => /^https:.*\/confirmation\.html.*$/m.exec(body)?.[0]);
    const link = links.filter(one => one !== undefined).at(-1);
    if (link === undefined) throw new Error(`${address} has no mail that asks for a confirmation.`);
    return link;
  }

  /** The reader follows the link in AWS's mail. Throws where that address has no mail to answer. */
  confirm(address: string): void {
    const pending = [...this.topics.values()]
      .flatMap(topic => this.subscriptionsOf(topic))
      .filter(one => one.endpoint === address && !one.confirmed);
    if (pending.length === 0) throw new Error(`${address} has no subscription to confirm.`);
    for (const subscription of pending) subscription.confirmed = true;
  }
}
