import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { archiveClient, s3Store } from '../../../src/report/deliver/s3-store.ts';
import { publish, topicClient } from '../../../src/report/deliver/sns.ts';
import { parameterClient, readPassword } from '../../../src/report/secret.ts';

type Answer = (response: ServerResponse) => void;

const plain =
  (body: string, headers: Record<string, string> = {}): Answer =>
  response => {
    response.writeHead(200, {
      'content-type': 'text/xml',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    });
    response.end(body);
  };

/** What comes in place of AWS's answer. */
const falseAnswers: Record<string, Answer> = {
  'an HTML page': plain('<html><body>Sign in to the hotel</body></html>', { 'content-type': 'text/html' }),
  'well-formed XHTML': plain('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'),
  'an empty answer': plain(''),
  'an answer that breaks off': response => {
    response.writeHead(200, { 'content-type': 'text/xml', 'content-length': '500', 'x-amz-request-id': 'r-1' });
    response.write('<ListBucketResult><Key');
    setTimeout(() => response.destroy(), 20);
  },
};

const id = { 'x-amz-request-id': 'r-1', 'x-amzn-requestid': 'r-1' };
const good = {
  list: plain(
    '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>ledger/a</Key></Contents></ListBucketResult>',
    id,
  ),
  get: plain('{"kept":true}', { ...id, etag: '"1"', 'content-type': 'application/json' }),
  put: plain('', { ...id, etag: '"2"' }),
  password: plain('{"Parameter":{"Value":"hunter2","Version":3}}', {
    ...id,
    'content-type': 'application/x-amz-json-1.1',
  }),
  publish: plain(
    '<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>',
  ),
};

let answers: Answer[] = [];
let asked = 0;
const server = createServer((request, response) => {
  asked++;
  request.resume().on('end', () => (answers.length > 1 ? answers.shift()! : answers[0]!)(response));
});

beforeEach(async () => {
  asked = 0;
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise(done => server.close(done));
});

const store = () => s3Store(archiveClient(), 'reports', '123456789012');
const password = () => readPassword({ DB_PASSWORD_PARAMETER: '/shop/password' }, parameterClient());
const mail = () =>
  publish(topicClient(), 'arn:aws:sns:eu-west-1:123456789012:reports', 'report', { subject: 's', text: 't' });

describe.each(Object.entries(falseAnswers))('%s', (_name, answer) => {
  it('is no list, no object and no password: it is asked for again', async () => {
    answers = [answer, good.list];
    expect(await store().list('ledger/')).toEqual(['ledger/a']);
    answers = [answer, good.password];
    expect((await password()).reveal()).toBe('hunter2');
    expect(asked).toBe(4);
  });

  it('that does not end is a failure, and neither an empty archive nor an empty password', async () => {
    answers = [answer];
    await expect(store().list('ledger/')).rejects.toMatchObject({ code: 'archive' });
    await expect(password()).rejects.toMatchObject({ code: 'secret' });
  });

  it('to a message is an answer that was lost: it is sent once, and may have gone out', async () => {
    answers = [answer, good.publish];
    await expect(mail()).rejects.toMatchObject({ code: 'publish-unknown' });
    expect(asked).toBe(1);
    expect(await mail()).toBe('m-1');
  });
});

it('an object without a request id is none of the archive, and a write without one did not happen for certain', async () => {
  answers = [falseAnswers['an HTML page']!, good.get];
  expect(await store().get('ledger/a')).toEqual({ text: '{"kept":true}', etag: '"1"' });
  answers = [falseAnswers['an empty answer']!, good.put];
  expect(await store().put('ledger/a', '{}', { type: 'application/json' })).toBe('"2"');
});
