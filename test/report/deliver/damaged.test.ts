import { describe, expect, test } from 'vitest';
import type { RunAnswer } from '../../../src/function-contract.ts';
import { Life } from './process.ts';

const ledger = 'ledger/scheduled/';

/** What an object of the ledger may turn out to be. */
const damages: [what: string, damage: (text: string) => string][] = [
  ['empty', () => ''],
  ['not JSON', text => text.slice(0, -20)],
  ['null', () => 'null'],
  ['a list', () => '[]'],
  ['another object', () => '{"who":5}'],
  ['in a state that there is not', text => JSON.stringify({ ...JSON.parse(text), state: 'weird' })],
  ['of a date that there is not', text => JSON.stringify({ ...JSON.parse(text), to: '2026-13-45T99:00Z' })],
  ['of another window', text => JSON.stringify({ ...JSON.parse(text), from: '2020-01-01T16:00:00.000Z' })],
  ['sent without a message', text => JSON.stringify({ ...JSON.parse(text), sent: [] })],
  ['sent as something else', text => JSON.stringify({ ...JSON.parse(text), sent: 'yes' })],
];

/** The function's life up to Tuesday's report, whose entry is then damaged. */
async function lifeWith(damage: (text: string) => string): Promise<{ life: Life; key: string }> {
  const life = new Life('2026-11-23T15:00Z');
  await life.fire('2026-11-23T16:00:00Z');
  await life.fire('2026-11-24T16:00:00Z');
  expect(life.reports).toHaveLength(2);
  const key = [...life.s3.objects.keys()]
    .filter(one => one.startsWith(ledger))
    .sort()
    .at(-1)!;
  life.s3.objects.set(key, { text: damage(life.s3.objects.get(key)!.text), etag: '"damaged"' });
  return { life, key };
}

const notices = (life: Life) => life.mails.filter(({ kind }) => kind === 'notice');

describe.each(damages)('an entry of the ledger that is %s', (_what, damage) => {
  test('is sent a second time by nobody, is told of once, and keeps no later report back', async () => {
    const { life, key } = await lifeWith(damage);
    await life.fire('2026-11-24T16:00:00Z');
    await life.watchUntil('2026-11-25T15:30Z');
    expect(life.reports).toHaveLength(2);
    expect(notices(life)).toMatchObject([{ subject: 'Tue 24 Nov 2026 16:00: the report may not have been sent' }]);
    expect(notices(life)[0]!.text).toContain(`The ledger's object ${key} cannot be read`);

    await life.fire('2026-11-25T16:00:00Z');
    await life.watchUntil('2026-11-25T18:00Z');
    expect(life.reports).toHaveLength(3);
    expect(life.entries.map(({ from, to, state }) => `${from.slice(8, 16)} ${to.slice(8, 16)} ${state}`)).toEqual([
      '21T16:00 23T16:00 sent',
      '23T16:00 24T16:00 unreadable',
      '24T16:00 25T16:00 sent',
    ]);
    expect(notices(life)).toHaveLength(1);
  });
});

test('a person has the report of an unreadable entry sent, and it says that it may be a repeat', async () => {
  const { life } = await lifeWith(() => 'null');
  const plain = (await life.handle({ run: {} })) as RunAnswer;
  expect(plain).toMatchObject({ outcome: 'blocked', why: expect.stringContaining('cannot be read (it is no entry)') });
  expect(life.reports).toHaveLength(2);
  const forced = (await life.handle({ run: { force: 'Ann did not get it' } })) as RunAnswer;
  expect(forced).toMatchObject({ outcome: 'sent' });
  expect(life.reports.at(-1)!.text).toMatch(/repeat|second time/i);
  await life.watchUntil('2026-11-24T18:00Z');
  expect(life.reports).toHaveLength(3);
});

test('where nobody can be told, it is tried again', async () => {
  const { life } = await lifeWith(() => '');
  life.refuses = ['publish'];
  await life.watchUntil('2026-11-24T17:00Z');
  expect(notices(life)).toEqual([]);
  life.refuses = [];
  await life.watchUntil('2026-11-24T18:00Z');
  expect(notices(life)).toHaveLength(1);
});

test('objects that are no entries, a begin that cannot be read and a report that cannot be read hold nothing up', async () => {
  const life = new Life('2026-11-23T15:00Z');
  life.s3.objects.set('ledger/begin.json', { text: '{"at":"yesterday"}', etag: '"1"' });
  life.s3.objects.set('ledger/scheduled/README.txt', { text: 'hello', etag: '"2"' });
  life.s3.objects.set('ledger/scheduled/~', { text: 'hello', etag: '"3"' });
  await life.watchUntil('2026-11-23T15:45Z');
  await life.fire('2026-11-23T16:00:00Z', [
    { call: 'PutObject reports/2026/11/23/20261123T1600Z/report.txt', when: 'before' },
  ]);
  expect(life.reports).toHaveLength(1);
  const report = [...life.s3.objects.keys()].find(key => key.endsWith('report.json'))!;
  life.s3.objects.set(report, { text: '{"version":1', etag: '"4"' });
  await life.watchUntil('2026-11-23T17:00Z');
  const states = [...life.s3.objects].flatMap(([key, { text }]) =>
    /Z\.json$/.test(key) ? [JSON.parse(text).state] : [],
  );
  expect(states).toEqual(['sent']);
  expect(life.reports).toHaveLength(1);
});
