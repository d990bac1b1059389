import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { Aws } from '../../../src/provision/aws/aws.ts';
import { isLostAnswer } from '../../../src/provision/aws/errors.ts';

let server: Server;
let asked: number;
let answer: ((nth: number) => { status: number; headers?: Record<string, string>; body: string }) | undefined;

beforeEach(async () => {
  asked = 0;
  answer = undefined;
  server = createServer((_request, response) => {
    asked++;
    const given = answer?.(asked);
    if (given) response.writeHead(given.status, { 'x-amzn-requestid': 'of-a-test', ...given.headers }).end(given.body);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise(done => server.close(done));
});

const awsHere = () =>
  new Aws({
    clock: { ...systemClock, elapsed: () => performance.now() * 100, sleep: ms => systemClock.sleep(ms / 100) },
    jitter: () => 0,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'of-a-test', secretAccessKey: 'of-a-test' },
  });

it('an answer that never comes is a lost one, and what may not be repeated is asked once', async () => {
  const aws = awsHere();
  const error = await aws.call('lambda:Invoke', { FunctionName: 'f' }, 300).catch(error => error);
  aws.destroy();
  expect(error).toMatchObject({ code: 'no-answer', cause: { name: 'TimeoutError' } });
  expect(isLostAnswer(error)).toBe(true);
  expect(asked).toBe(1);
});

it('a create that was refused for the time in its signature is sent again with the right one', async () => {
  const skewed = {
    __type: 'InvalidSignatureException',
    message: 'Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z',
  };
  answer = nth =>
    nth === 1
      ? {
          status: 403,
          headers: { date: new Date(Date.now() + 3_600_000).toUTCString(), 'x-amzn-errortype': skewed.__type },
          body: JSON.stringify(skewed),
        }
      : { status: 200, body: JSON.stringify({ Version: 1 }) };
  const aws = awsHere();
  expect(await aws.call('ssm:PutParameter', { Name: '/a', Value: 'b', Type: 'String' })).toMatchObject({ Version: 1 });
  aws.destroy();
  expect(asked).toBe(2);
});

it('a quota that is reached is no throttling: it is said at once', async () => {
  const full = { __type: 'LimitExceededException', message: 'full' };
  answer = () => ({ status: 400, headers: { 'x-amzn-errortype': full.__type }, body: JSON.stringify(full) });
  const aws = awsHere();
  await expect(aws.call('events:PutRule', { Name: 'a', ScheduleExpression: 'rate(1 day)' })).rejects.toMatchObject({
    name: full.__type,
  });
  aws.destroy();
  expect(asked).toBe(1);
});
