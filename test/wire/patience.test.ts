import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { publish, topicClient } from '../../src/report/deliver/sns.ts';
import { parameterClient, readPassword, Secret } from '../../src/report/secret.ts';
import { mysqlSource } from '../../src/report/sources/mysql.ts';

/** Takes every connection, and never says a word. */
const silent = createServer(socket => socket.on('error', () => {}));
let port: number;

beforeAll(async () => {
  await new Promise<void>(done => silent.listen(0, '127.0.0.1', done));
  port = (silent.address() as { port: number }).port;
  process.env.AWS_REGION = 'eu-west-1';
  process.env.AWS_ACCESS_KEY_ID = 'wire';
  process.env.AWS_SECRET_ACCESS_KEY = 'wire';
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`;
});

afterAll(() => silent.close());

/** Seconds until the work fails, and with what. */
async function failureOf(work: Promise<unknown>): Promise<{ seconds: number; message: string }> {
  const start = performance.now();
  const message = await work.then(
    () => expect.unreachable('nobody answered'),
    (error: Error) => error.message,
  );
  return { seconds: (performance.now() - start) / 1000, message };
}

test.concurrent('the topic is given up after 5 s, and not tried again', async () => {
  const sent = publish(topicClient(), 'arn:aws:sns:eu-west-1:1:t', 'report', { subject: 's', text: 't' });
  const { seconds, message } = await failureOf(sent);
  expect(message).toContain('cannot publish to arn:aws:sns:eu-west-1:1:t (TimeoutError');
  expect(seconds).toBeGreaterThan(4.5);
  expect(seconds).toBeLessThan(6);
});

test.concurrent('the parameter is given up after two tries of 5 s', async () => {
  const { seconds, message } = await failureOf(readPassword({ DB_PASSWORD_PARAMETER: '/p' }, parameterClient()));
  expect(message).toContain('cannot read the password parameter /p (TimeoutError');
  expect(seconds).toBeLessThan(12);
});

test.concurrent('a database that takes the connection and says nothing is given up after 2 s', async () => {
  const options = { host: '127.0.0.1', port, name: 'shop', user: 'reader', password: new Secret('secret'), tls: false };
  const shop = mysqlSource({ ...options, connectMs: 2_000, answerMs: 5_000, clock: systemClock });
  const hops = await shop.probe();
  await shop.close();
  expect(hops.slice(0, 3)).toMatchObject([
    { hop: 'name', ok: true },
    { hop: 'tcp', ok: true },
    { hop: 'login', ok: false },
  ]);
  expect(hops[2]!.detail).toMatch(/^No answer from 127\.0\.0\.1:\d+/);
  expect(hops[2]!.ms).toBeGreaterThan(1_900);
  expect(hops[2]!.ms).toBeLessThan(3_000);
  expect(hops.slice(3).every(({ skipped }) => skipped)).toBe(true);
});
