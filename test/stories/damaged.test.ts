import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { openShop } from './shop.ts';

const path = '/salesreport/salesreport/lock/';
const lockName = `${path}1`;

const record = {
  who: 'arn:aws:sts::123456789012:assumed-role/ann',
  host: 'far-away',
  pid: 4711,
  run: 'run-x',
  verb: 'provision',
  since: '2026-11-24T09:00:00.000Z',
  intents: {},
  generations: {},
};

const locks = [
  ['of another shape', '{"who":5}'],
  ['null', 'null'],
  ['a word', '"lock"'],
  ['empty', ' '],
  ['not JSON', '{"who":'],
  ['of a bad date', JSON.stringify({ ...record, since: 'yesterday' })],
  ['of bad intents', JSON.stringify({ ...record, intents: { vpc: 'soon' } })],
  ['without generations', JSON.stringify({ ...record, generations: null })],
  ['of a process that cannot be', JSON.stringify({ ...record, pid: -1 })],
] as const;

function putParameter({ world }: Simulator, name: string, value: string): void {
  const now = world.now();
  world.ssm.parameters.set(name, {
    name,
    type: 'String',
    value,
    version: 1,
    history: new Map(),
    createdAt: now,
    modifiedAt: now,
    tags: {},
  });
}

const locksOf = ({ world }: Simulator) => [...world.ssm.parameters.keys()].filter(name => name.startsWith(path));

test('a lock that cannot be read is named, and ends no verb', async () => {
  const { type, json, aws } = await openShop();
  expect((await type('provision --yes')).code).toBe(0);
  putParameter(aws(), lockName, '{"who":5}');
  const status = await json('status');
  expect(status.code).toBe(0);
  expect(status.document.notes).toContainEqual(expect.stringContaining(`The lock ${lockName} cannot be read`));
  const plan = await json('provision --dry-run');
  expect(plan.code).toBe(0);
  expect(plan.document.unfinished).toContainEqual(expect.stringContaining(lockName));
  expect((await type('history')).code).toBe(0);
  expect((await type('verify')).code).toBe(0);
});

test.each(locks)('unlock removes a lock that is %s', async (_what, value) => {
  const { json, aws, clock } = await openShop();
  putParameter(aws(), lockName, value);
  expect((await json('status')).document.notes).toContainEqual(
    expect.stringContaining(`The lock ${lockName} cannot be read`),
  );
  const start = clock.now();
  const unlocked = await json('unlock --yes');
  expect(unlocked.document).toMatchObject({ ok: true, holder: { who: 'somebody', lock: lockName } });
  expect(clock.now() - start).toBeLessThan(90_000);
  expect(locksOf(aws())).toEqual([]);
});

test('a lock that cannot be read is taken over once it has not changed for its lease; what is called otherwise is no lock', async () => {
  const { type, aws, clock } = await openShop();
  putParameter(aws(), lockName, '{"who":5}');
  putParameter(aws(), `${path}mine`, 'a note');
  const start = clock.now();
  expect((await type('provision --yes')).code).toBe(0);
  expect(clock.now() - start).toBeGreaterThan(90_000);
  expect(locksOf(aws())).toEqual([`${path}mine`]);
});

test('an intent that lies in the future keeps nobody waiting longer than any other', async () => {
  const { json, aws, clock } = await openShop();
  const later = aws().world.now() + 3_600_000;
  putParameter(aws(), lockName, JSON.stringify({ ...record, intents: { vpc: later }, settlesAt: later }));
  const start = clock.now();
  expect((await json('unlock --yes')).code).toBe(0);
  expect(clock.now() - start).toBeLessThan(70_000);
});

describe('what the archive keeps and cannot be read', () => {
  const bucketOf = ({ world }: Simulator) => [...world.s3.buckets.values()][0]!;

  function putObject(aws: Simulator, key: string, text: string): void {
    bucketOf(aws).versions.push({
      key,
      versionId: `damaged-${bucketOf(aws).versions.length}`,
      etag: `"damaged-${bucketOf(aws).versions.length}"`,
      body: Buffer.from(text),
      contentType: 'application/json',
      at: aws.world.now(),
      isDeleteMarker: false,
    });
  }

  test('is named by its key, and no verb ends of it', async () => {
    const { type, json, aws } = await openShop();
    expect((await type('provision --yes')).code).toBe(0);
    expect((await type('run')).code).toBe(0);
    const keys = bucketOf(aws()).versions.map(({ key }) => key);
    const entry = keys.find(key => key.startsWith('ledger/scheduled/'))!;
    const report = keys.find(key => key.endsWith('/report.json'))!;
    const text = String(Buffer.from(aws().world.s3.current(bucketOf(aws()), entry)!.body));

    putObject(aws(), report, '{"version":1,"window":null}');
    const due = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z\/report/.exec(report)!;
    const show = `history show ${due[1]}-${due[2]}-${due[3]}T${due[4]}:${due[5]}`;
    const shown = await json(show);
    expect(shown.document).toMatchObject({
      ok: false,
      error: { code: 'unreadable', message: expect.stringContaining(report) },
    });

    putObject(aws(), entry, '{"state":"weird"}');
    const history = await json('history');
    expect(history.code).toBe(0);
    expect(history.document.reports).toMatchObject([{ state: 'unreadable', why: expect.stringContaining(entry) }]);
    const status = await json('status');
    expect(status.document.trouble).toContain(entry);
    expect(status.document.lastRuns).toMatchObject([{ state: 'unreadable' }]);
    const verified = await json('verify');
    expect(verified.document.hops).toContainEqual(expect.objectContaining({ hop: 'last report', state: 'broken' }));
    expect((await json('provision --dry-run')).code).toBe(0);
    expect((await json(show)).document.error).toMatchObject({ code: 'unreadable' });

    for (const damaged of ['null', '', text.replace(/"to": "[^"]*"/, '"to": "never"')]) {
      putObject(aws(), entry, damaged);
      expect((await type('history')).stdout).toContain(entry);
    }
  });
});
