import type { FunctionEvent, ReportOptions } from '../../../src/function-contract.ts';
import type { Entry } from '../../../src/report/deliver/entry.ts';
import type { Reading, Source, Window } from '../../../src/report/facts.ts';
import { createHandler } from '../../../src/report/handler.ts';
import type { Report } from '../../../src/report/report.ts';
import { readRows, type ShopRows } from '../../../src/report/sources/aggregate.ts';
import { reportOptionsOf } from '../../../src/settings/report-options.ts';
import { schema } from '../../../src/settings/schema.ts';
import { MemoryS3 } from './memory-s3.ts';

/**
 * Where a process dies: at its nth call to anything outside, or the first that begins so; before it took effect or
 * after.
 */
export type Death = ({ nth: number } | { call: string }) & { when: 'before' | 'after' };

export interface Mail {
  kind: string;
  subject: string;
  text: string;
  at: number;
}

const minute = 60_000;

/**
 * One pipeline's function, its archive and its topic over time. Each event is handled by a process of its own, which
 * may die.
 */
export class Life {
  readonly s3 = new MemoryS3();
  readonly mails: Mail[] = [];
  schedule = 'cron(0 16 ? * MON-SAT *)';
  zone = 'UTC';
  options: Partial<ReportOptions> = {};
  /** What the source reads; may throw. */
  read: (windows: readonly Window[]) => Reading | Promise<Reading>;
  /** Calls that are answered with a refusal: those that begin so. */
  refuses: string[] = [];
  /** How long the function may run, ms. */
  timeout = 60_000;
  /** ms since 1970 UTC. */
  now: number;
  /** Calls of the process that ran last. */
  calls: string[] = [];
  /** How many processes died after they had published and before the ledger said so. */
  unmarked = 0;

  constructor(now: string, rows: ShopRows = { groups: [], products: [], orders: [], items: [] }) {
    this.now = Date.parse(now);
    // What has not happened yet is in no database.
    this.read = windows =>
      readRows({ ...rows, orders: rows.orders.filter(({ at }) => at === null || at <= this.now) }, windows, this.now);
  }

  /** The ledger's entries by the schedule, the oldest first. */
  get entries(): Entry[] {
    return this.s3.texts('ledger/scheduled/').map(text => JSON.parse(text) as Entry);
  }

  get reports(): Mail[] {
    return this.mails.filter(({ kind }) => kind === 'report');
  }

  kept(entry: Entry): Report {
    return JSON.parse(this.s3.objects.get(`${entry.folder}report.json`)!.text) as Report;
  }

  /** Handles an event; `undefined` when the process died. `requestId` as Lambda gives it, the same for each try. */
  async handle(event: FunctionEvent, requestId = `request at ${this.now}`, death?: Death): Promise<unknown> {
    this.calls = [];
    const start = this.now;
    let isDead = false;
    let isUnmarked = false;
    const died = new Error('killed');
    const step = async <T>(name: string, effect: () => T | Promise<T>): Promise<T> => {
      if (isDead) throw died;
      this.calls.push(name);
      this.now += 50;
      if (this.refuses.some(refused => name.startsWith(refused)))
        throw Object.assign(new Error('refused'), { name: 'AuthorizationError', $metadata: { httpStatusCode: 403 } });
      const dies = death && ('nth' in death ? this.calls.length === death.nth : name.startsWith(death.call));
      if (!dies) return effect();
      isDead = true;
      if (death.when === 'after') await effect();
      throw died;
    };
    const source: Source = {
      kind: 'database',
      read: windows => step('read', () => this.read(windows)),
      probe: async () => [],
      beyondSeed: () => Promise.reject(new Error('not asked here')),
      close: async () => {},
    };
    const handle = createHandler({
      clients: {
        ssm: { send: (() => step('ssm', () => ({ Parameter: { Value: 'secret' } }))) as never },
        sns: {
          send: (({ input }: { input: Published }) =>
            step('publish', () => {
              isUnmarked = input.MessageAttributes.kind.StringValue === 'report';
              return this.#publish(input);
            })) as never,
        },
        s3: {
          send: ((command: { input: { Key?: string; Prefix?: string; Body?: string } }) => {
            const { Key = command.input.Prefix, Body = '' } = command.input;
            return step(`${command.constructor.name.replace('Command', '')} ${Key}`, () => {
              if (Key?.startsWith('ledger/') && Body.includes('"state": "published"')) isUnmarked = false;
              return this.s3.client.send(command as never);
            });
          }) as never,
        },
      },
      source: () => source,
      clock: { now: () => this.now, elapsed: () => this.now, sleep: async () => {} },
      environment: {
        DB_PASSWORD_PARAMETER: '/p',
        TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:t',
        STACK: 'salesreport',
        SCHEDULE: this.schedule,
        TIME_ZONE: this.zone,
        LOCALE: 'en-GB',
        ARCHIVE_BUCKET: 'salesreport-salesreport-123456789012-eu-west-1',
        ACCOUNT: '123456789012',
        REPORT: JSON.stringify({ ...reportOptionsOf(schema.parse({})), ...this.options }),
      },
    });
    try {
      return await handle(event, {
        awsRequestId: requestId,
        getRemainingTimeInMillis: () => start + this.timeout - this.now,
      });
    } catch (error) {
      if (isDead) return undefined;
      throw error;
    } finally {
      if (isDead && isUnmarked) this.unmarked++;
    }
  }

  /**
   * What EventBridge and Lambda do at a scheduled time: the event, and again 60 and 180 s later while it fails. Death
   * by the number of the try.
   */
  async fire(time: string, deaths: readonly (Death | undefined)[] = []): Promise<unknown> {
    const start = Date.parse(time);
    for (const [index, after] of [2_000, 62_000, 182_000].entries()) {
      this.now = Math.max(this.now, start + after);
      const answer = await this.handle({ time, id: `event of ${time}` }, `request of ${time}`, deaths[index]).catch(
        () => undefined,
      );
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** The watch rule, every 15 minutes until a time. */
  async watchUntil(time: string, deaths: readonly (Death | undefined)[] = []): Promise<void> {
    const end = Date.parse(time);
    for (let nth = 0; this.now < end; nth++) {
      this.now = Math.floor(this.now / (15 * minute) + 1) * 15 * minute;
      await this.handle(
        { watch: true, time: new Date(this.now).toISOString(), id: `watch ${this.now}` },
        undefined,
        deaths[nth],
      );
    }
  }

  #publish({ Subject, Message, MessageStructure, MessageAttributes }: Published): { MessageId: string } {
    const text = MessageStructure === 'json' ? (JSON.parse(Message) as { default: string }).default : Message;
    this.mails.push({ kind: MessageAttributes.kind.StringValue, subject: Subject, text, at: this.now });
    return { MessageId: `m-${this.mails.length}` };
  }
}

interface Published {
  Subject: string;
  Message: string;
  MessageStructure?: string;
  MessageAttributes: { kind: { StringValue: string } };
}
