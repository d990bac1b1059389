import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { FunctionEnvironment, FunctionEvent, ProbeAnswer } from '../../src/function-contract.ts';
import type { Reading, Source } from '../../src/report/facts.ts';
import { createHandler } from '../../src/report/handler.ts';
import { smsOf } from '../../src/report/render/sms.ts';
import type { Report } from '../../src/report/report.ts';
import { Secret } from '../../src/report/secret.ts';
import { sampleSource } from '../../src/report/sources/sample.ts';
import { runs } from '../helpers/sampled.ts';
import { MemoryS3 } from './deliver/memory-s3.ts';
import { settings } from './reported.ts';

const password = 'hunter2 of the shop';
const environment: FunctionEnvironment = {
  DB_PASSWORD_PARAMETER: '/salesreport/password',
  TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportTopic',
  STACK: 'salesreport',
  SCHEDULE: 'cron(0 16 ? * MON-SAT *)',
  TIME_ZONE: 'UTC',
  LOCALE: 'en-GB',
  ARCHIVE_BUCKET: 'salesreport-salesreport-123456789012-eu-west-1',
  ACCOUNT: '123456789012',
  REPORT: JSON.stringify(settings.report),
};
const clock = { now: () => Date.UTC(2026, 10, 24, 17), elapsed: () => 0, sleep: async () => {} };

interface World {
  ssm?: () => Promise<unknown>;
  sns?: () => Promise<unknown>;
  source?: Partial<Source>;
  environment?: FunctionEnvironment;
  s3?: MemoryS3['client'];
}

type Send = (command: { input: object }) => Promise<unknown>;

/** The handler, and what it sent. */
function withMeans(world: World = {}) {
  const ssm = vi.fn<Send>(world.ssm ?? (async () => ({ Parameter: { Value: password } })));
  const sns = vi.fn<Send>(world.sns ?? (async () => ({ MessageId: 'm-1' })));
  const close = vi.fn(async () => {});
  const s3 = new MemoryS3();
  const given: (Secret | undefined)[] = [];
  const handle = createHandler({
    clients: { ssm: { send: ssm as never }, sns: { send: sns as never }, s3: world.s3 ?? s3.client },
    source: (_environment, secret) => {
      given.push(secret);
      return { ...sampleSource, kind: 'database', close, ...world.source };
    },
    clock,
    environment: world.environment ?? environment,
  });
  const published = () => sns.mock.calls.map(([command]) => command.input);
  return { handle, published, ssm, close, given, s3 };
}

test('a scheduled event publishes the report of its window, once, for readers of reports', async () => {
  const { handle, published, close, given } = withMeans();
  const answer = await handle({ time: '2026-11-24T16:00:20Z', id: 'e-1' });
  expect(answer).toMatchObject({
    messageId: 'm-1',
    report: { window: { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' } },
  });
  const { subject, text } = answer as { subject: string; text: string };
  expect(published()).toEqual([
    {
      TopicArn: environment.TOPIC_ARN,
      Subject: subject,
      Message: JSON.stringify({ default: text, sms: smsOf((answer as { report: Report }).report) }),
      MessageStructure: 'json',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'report' } },
    },
  ]);
  expect(close).toHaveBeenCalledOnce();
  expect(given[0]!.reveal()).toBe(password);
});

test('a dry run publishes nothing', async () => {
  const { handle, published } = withMeans();
  const window = { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' };
  expect(await handle({ run: { ...window, dryRun: true } })).toMatchObject({ report: { window } });
  expect(published()).toEqual([]);
});

test('a run by hand is of the last window that has ended', async () => {
  const { handle } = withMeans();
  expect(await handle({ run: {} })).toMatchObject({ report: { window: { to: '2026-11-24T16:00:00.000Z' } } });
});

test('sample data is never published', async () => {
  const { handle, published } = withMeans({ source: { kind: 'sample' } });
  await expect(handle({ run: {} })).rejects.toThrow('Sample data is never published');
  expect(published()).toEqual([]);
});

test('a source that fails is closed, and nothing is published', async () => {
  const read = async (): Promise<Reading> => {
    throw new Error('no such table');
  };
  const { handle, published, close } = withMeans({ source: { read } });
  await expect(handle({ run: {} })).rejects.toThrow('no such table');
  expect(close).toHaveBeenCalledOnce();
  expect(published()).toEqual([]);
});

test('an event of another kind is refused', async () => {
  await expect(withMeans().handle({ hello: 1 } as unknown as FunctionEvent)).rejects.toThrow(
    'none that the function knows',
  );
});

test('with database.secret: env no parameter is read', async () => {
  const { handle, ssm, given } = withMeans({ environment: { ...environment, DB_PASSWORD: 'from env' } });
  await handle({ run: { dryRun: true } });
  expect(ssm).not.toHaveBeenCalled();
  expect(given[0]!.reveal()).toBe('from env');
});

test('the probe names each hop, and publishes for no reader', async () => {
  const { handle, published } = withMeans();
  const answer = await handle({ probe: true });
  expect(answer).toMatchObject({ ok: true });
  expect((answer as { hops: { hop: string }[] }).hops.map(({ hop }) => hop)).toEqual([
    'secret',
    'name',
    'tcp',
    'login',
    'select product_group',
    'select product',
    'select order',
    'select order_item',
    'topic',
    'archive',
  ]);
  expect(published()).toMatchObject([{ MessageAttributes: { kind: { StringValue: 'probe' } } }]);
  expect(JSON.stringify(answer)).not.toContain(password);
});

test('the probe sends no message where readers would be mailed, and says that SNS answers', async () => {
  const empty = Object.assign(new Error('Invalid parameter: Empty message'), {
    name: 'InvalidParameterException',
    $metadata: { httpStatusCode: 400 },
  });
  const { handle, published } = withMeans({ sns: () => Promise.reject(empty) });
  const answer = await handle({ probe: true, topic: 'skip' });
  expect(answer).toMatchObject({ ok: true });
  expect(answer).toHaveProperty('hops.8.detail', 'SNS answers; no message was sent, which somebody would be mailed');
  expect(answer).toHaveProperty('hops.8.unproved', expect.stringMatching(/^That the topic takes /));
  expect(published()).toMatchObject([{ Message: '' }]);
});

test('the probe says of each topic by itself what SNS refuses, with a message or without', async () => {
  const OPERATORS_TOPIC_ARN = 'arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportOperators';
  const denied = Object.assign(new Error('not authorized'), {
    name: 'AuthorizationError',
    $metadata: { httpStatusCode: 403 },
  });
  const { handle, published } = withMeans({
    sns: () => Promise.reject(denied),
    environment: { ...environment, OPERATORS_TOPIC_ARN },
  });
  const { ok, hops } = (await handle({ probe: true, topic: 'skip', operators: 'publish' })) as ProbeAnswer;
  expect(ok).toBe(false);
  expect(hops.filter(one => !one.ok).map(({ hop }) => hop)).toEqual(['topic', 'operators topic']);
  expect(published()).toMatchObject([{ TopicArn: environment.TOPIC_ARN }, { TopicArn: OPERATORS_TOPIC_ARN }]);
});

test('the probe of the archive leaves nothing there, and names what it is not allowed', async () => {
  const { handle, s3 } = withMeans();
  const before = [...s3.objects.keys()];
  expect(await handle({ probe: true })).toHaveProperty('hops.9', expect.objectContaining({ hop: 'archive', ok: true }));
  expect([...s3.objects.keys()]).toEqual(before);
  for (const refused of ['GetObjectCommand', 'PutObjectCommand', 'ListObjectsV2Command']) {
    const denied = Object.assign(new Error(`no ${refused}`), {
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    const send = s3.client.send.bind(s3.client) as (command: object) => Promise<unknown>;
    const client = {
      send: (command: object) => (command.constructor.name === refused ? Promise.reject(denied) : send(command)),
    };
    expect(await withMeans({ s3: client as never }).handle({ probe: true })).toHaveProperty(
      'hops.9',
      expect.objectContaining({ ok: false, detail: expect.stringContaining(`AccessDenied: no ${refused}`) }),
    );
  }
});

test('an archive that takes a write over a version that is not there is refused: two runs could send the same report', async () => {
  const s3 = new MemoryS3();
  const send = s3.client.send.bind(s3.client) as (command: object) => Promise<unknown>;
  const client = {
    send: (command: { input: object }) => {
      Object.assign(command.input, { IfMatch: undefined });
      return send(command);
    },
  };
  expect(await withMeans({ s3: client as never }).handle({ probe: true })).toHaveProperty(
    'hops.9.detail',
    expect.stringContaining('took a write over a version that is not there'),
  );
});

test('the probe names what is broken, and goes on', async () => {
  const denied = () => Promise.reject(Object.assign(new Error('not you'), { name: 'AccessDeniedException' }));
  const { handle, given } = withMeans({ ssm: denied, sns: denied });
  const answer = await handle({ probe: true });
  expect(answer).toMatchObject({ ok: false });
  expect(answer).toHaveProperty(
    'hops.0.detail',
    expect.stringContaining('cannot read the password parameter /salesreport/password'),
  );
  expect(answer).toHaveProperty('hops.8.detail', expect.stringContaining('cannot publish to arn:aws:sns'));
  expect(given).toEqual([undefined]);
});

test('a secret shows itself nowhere', () => {
  const secret = new Secret(password);
  for (const shown of [`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { depth: 9, showHidden: true })])
    expect(shown).not.toContain(password);
});

const odd: unknown[] = [
  null,
  undefined,
  5,
  'time',
  true,
  [],
  [{ probe: true }],
  {},
  { time: 5 },
  { time: 'soon' },
  { time: null },
  { watch: 'yes', time: '2026-11-24T16:00:00Z' },
  { probe: 'yes' },
  { probe: true, run: {} },
  { beyondSeed: 'everything' },
  { run: null },
  { run: 'now' },
  { run: { from: 'a', to: 'b' } },
  { run: { from: '2026-11-24T16:00:00Z' } },
  { run: { from: '2026-11-24T16:00:00Z', to: '2026-11-23T16:00:00Z' } },
  { run: { due: {} } },
  { run: { dryRun: 'false' } },
  { run: { force: true } },
  { run: { id: 'x'.repeat(100_000) } },
  { run: { resend: 'x'.repeat(5_000_000) } },
  { backfill: true },
  { backfill: { from: '2026-11-24' } },
  JSON.parse('{"__proto__":{"run":{}}}'),
];

test.each(odd.map(event => [JSON.stringify(event)?.slice(0, 60), event]))(
  'the odd event %s is one sentence',
  async (_title, event) => {
    const { handle, published } = withMeans();
    await expect(handle(event as FunctionEvent)).rejects.toMatchObject({
      code: 'event',
      message: expect.stringMatching(/^The event is none that the function knows: [^\n]{1,120}\.$/),
    });
    expect(published()).toEqual([]);
  },
);

test('whatever the event is, the answer or the failure is one of the function itself', async () => {
  const value = fc.anything({ withNullPrototype: true, maxDepth: 2 });
  const event = fc.oneof(
    value,
    fc.record({ time: value, watch: value, run: value, probe: value, backfill: value }, { requiredKeys: [] }),
    fc.record({
      run: fc.record({ from: value, to: value, dryRun: value, force: value, id: value }, { requiredKeys: [] }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(event, async given => {
      const { handle } = withMeans();
      const failure = await handle(given as FunctionEvent).then(
        () => undefined,
        error => error,
      );
      if (failure) expect(failure).toMatchObject({ name: 'Problem', code: expect.any(String) });
    }),
    runs(200),
  );
});

test('EventBridge adds fields of its own, and the same event sends one report', async () => {
  const { handle, published } = withMeans();
  const event = {
    time: '2026-11-24T16:00:20Z',
    id: 'e-1',
    'detail-type': 'Scheduled Event',
    detail: {},
    resources: ['arn'],
  };
  await handle(event);
  await handle(event);
  expect(published()).toHaveLength(1);
});
