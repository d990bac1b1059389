import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import cafe from '../../database/cafe.sql';
import type { Emulator } from './helpers/emulator.ts';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { startMinistack } from './helpers/ministack.ts';
import { runProgram } from './helpers/salesreport.ts';
import { makeShop, shopLogin } from './helpers/shop.ts';

const region = 'eu-west-1';
const shop = 'cafe';
let mariadb: Mariadb;
let aws: Emulator;
let sqs: SQSClient;
let queueUrl: string;
let folder: string;

beforeAll(async () => {
  [mariadb, aws] = await Promise.all([startMariadb(), startMinistack()]);
  await makeShop(mariadb, shop);
  await mariadb.query(cafe, { database: shop });
  folder = await mkdtemp(join(tmpdir(), 'salesreport-function-'));
  sqs = new SQSClient(client());
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'reader' }))).QueueUrl!;
});

afterAll(async () => {
  await Promise.all([mariadb?.stop(), aws?.stop()]);
  await rm(folder, { recursive: true });
});

const client = () => ({ region, endpoint: aws.url, credentials: { accessKeyId: 'wire', secretAccessKey: 'wire' } });

/** Types a command line against the emulator, with a schedule of one's own. */
async function type(line: string, schedule = 'cron(0 16 ? * MON-SAT *)') {
  const settings = join(folder, 'salesreport.yaml');
  const { user } = shopLogin;
  await writeFile(
    settings,
    `region: ${region}\nschedule: ${schedule}\ncurrency: EUR\ndatabase:\n  host: 127.0.0.1\n  port: ${mariadb.port}\n  name: ${shop}\n  user: ${user}\n`,
  );
  const args = [...line.split(' '), '--settings', settings];
  return runProgram(aws.url, args, { SALESREPORT_DATABASE_PASSWORD: shopLogin.password });
}

/** A message as SNS wraps it for a queue. */
interface Sent {
  Subject: string;
  Message: string;
  MessageId: string;
}

/** The next message of the queue, as SNS wrapped it. Waits for it up to `seconds`. */
async function nextMessage(seconds: number): Promise<Sent> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 5 }));
    const [message] = Messages;
    if (!message) continue;
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
    return JSON.parse(message.Body!);
  }
  throw new Error(`No message came within ${seconds} s.`);
}

test('the function on Node 24 reads the real database and publishes what a laptop computes, when asked and when the rule fires', async () => {
  const built = await type('provision --yes --json');
  expect(built.exit, built.stderr).toBe(0);
  const { hops } = JSON.parse(built.stdout);
  expect(hops.map(({ hop, ok }: { hop: string; ok: boolean }) => `${hop} ${ok}`)).toEqual([
    'secret true',
    'name true',
    'tcp true',
    'login true',
    'select product_group true',
    'select product true',
    'select order true',
    'select order_item true',
    'topic true',
    'operators topic true',
    'archive true',
  ]);

  const verified = await type('verify --json');
  // The emulator makes no network interfaces for functions.
  const broken = JSON.parse(verified.stdout).hops.filter(({ state }: { state: string }) => state === 'broken');
  expect(
    broken.map(({ hop }: { hop: string }) => hop),
    verified.stdout,
  ).toEqual(['interfaces']);
  expect(await keys()).toEqual(['settings/deployed.json']);

  const topic = `arn:aws:sns:${region}:000000000000:salesAnalysisReportTopic`;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  await new SNSClient(client()).send(
    new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: Attributes!.QueueArn }),
  );

  const run = await type('run --json');
  expect(run.exit, run.stderr).toBe(0);
  const published = JSON.parse(run.stdout);
  const message = await nextMessage(20);
  expect(message).toMatchObject({ Subject: published.subject, MessageId: published.messageId });
  expect(published.report.orders).toBeGreaterThan(0);
  const { from, to } = published.report.window;
  expect(timeless(message.Message)).toBe(timeless(await computedHere(from, to)));

  const again = await type('run --json');
  expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'already sent', messageId: published.messageId });
  const racing = await Promise.all([1, 2, 3].map(() => type('run --json --from 2026-11-01 --to 2026-11-02')));
  expect(racing.map(({ stdout }) => JSON.parse(stdout).outcome).filter(outcome => outcome === 'sent')).toHaveLength(1);
  expect((await nextMessage(20)).MessageId).toBe(
    JSON.parse(racing.find(({ stdout }) => stdout.includes('"sent"'))!.stdout).messageId,
  );
  const revised = await type('run --json --resend --reason refund');
  expect(JSON.parse(revised.stdout)).toMatchObject({ outcome: 'sent', report: { revision: 1, reason: 'refund' } });
  expect(await nextMessage(20)).toMatchObject({ MessageId: JSON.parse(revised.stdout).messageId });

  const everyMinute = await type('provision --yes --json', 'cron(* * * * ? *)');
  expect(everyMinute.exit, everyMinute.stderr).toBe(0);
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  await sellAt([-2, -1, 0, 1, 2, 3].map(minute => now + minute * 60_000));
  // The first is of the time since the report before, the second of a minute.
  const fired = [await nextMessage(150), await nextMessage(150)];
  const entries = await Promise.all(fired.map(sentAs));
  expect(entries[0]!.from).toBe(to);
  expect(Date.parse(entries[1]!.to) - Date.parse(entries[1]!.from)).toBe(60_000);
  expect(entries[1]!.from).toBe(entries[0]!.to);
  expect(fired[1]!.Message).toContain('\nOrders: 1, ');
  for (const [index, entry] of entries.entries()) {
    expect(timeless(fired[index]!.Message)).toBe(timeless(await computedHere(entry.from, entry.to)));
    expect(await kept(`${entry.folder}report.txt`)).toBe(fired[index]!.Message);
    expect(await kept(`${entry.folder}report.html`)).toContain('<svg');
    expect(JSON.parse(await kept(`${entry.folder}report.json`))).toMatchObject({
      window: { from: entry.from, to: entry.to },
    });
  }

  const down = await type('teardown --delete-archive --confirm salesreport --json');
  expect(down.exit, down.stderr).toBe(0);
  for (const { stdout, stderr } of [built, run, everyMinute, down])
    expect(stdout + stderr).not.toContain(shopLogin.password);
});

/** Without the minute at which it was read. */
const timeless = (text: string): string => text.replace(/^As of .*? \d\d:\d\d: /m, 'As of then: ');

/** What the ledger has of the window of a message, once its report is archived. */
async function sentAs({ MessageId, Subject }: Sent): Promise<{ from: string; to: string; folder: string }> {
  return vi.waitFor(
    async () => {
      const { reports } = JSON.parse((await type('history --last 9 --json', 'cron(* * * * ? *)')).stdout);
      const entry = reports.find(({ sent }: { sent: { messageId: string }[] }) =>
        sent.some(one => one.messageId === MessageId),
      );
      expect(entry, `${Subject}\n${JSON.stringify(reports, null, 1)}`).toMatchObject({ state: 'sent' });
      return entry;
    },
    { timeout: 30_000, interval: 500 },
  );
}

/** What lies in the archive. */
async function keys(): Promise<(string | undefined)[]> {
  const s3 = new S3Client({ ...client(), forcePathStyle: true });
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: `salesreport-salesreport-000000000000-${region}` }),
  );
  return Contents.map(({ Key }) => Key);
}

async function kept(Key: string): Promise<string> {
  const s3 = new S3Client({ ...client(), forcePathStyle: true });
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: `salesreport-salesreport-000000000000-${region}`, Key }),
  );
  return Body!.transformToString('utf-8');
}

/** What `run --dry-run` prints for a window on this machine. */
async function computedHere(from: string, to: string): Promise<string> {
  const { exit, stdout, stderr } = await type(`run --dry-run --format text --from ${from} --to ${to}`);
  expect(exit, stderr).toBe(0);
  return stdout;
}

/** One order of one unit ten seconds into each of these minutes, ms since 1970. */
async function sellAt(minutes: number[]): Promise<void> {
  const orders = minutes.map(
    (at, index) => `(${900_000 + index}, '${new Date(at + 10_000).toISOString().slice(0, 19)}', '2.40')`,
  );
  const begin = new Date(minutes[0]!).toISOString().slice(0, 19);
  const items = minutes.map((_, index) => `(${900_000 + index}, 1, 1, 1, '2.40')`);
  await mariadb.query(
    `DELETE FROM order_item WHERE order_number IN (SELECT order_number FROM \`order\` WHERE order_date_time >= '${begin}');
     DELETE FROM \`order\` WHERE order_date_time >= '${begin}';
     INSERT INTO \`order\` (order_number, order_date_time, amount) VALUES ${orders};
     INSERT INTO order_item (order_number, order_item_number, product_id, quantity, amount) VALUES ${items}`,
    { database: shop },
  );
}
