import { expect, test } from 'vitest';
import { chainKey } from '../../../src/report/deliver/entry.ts';
import { parseEntry } from '../../../src/report/deliver/parse-entry.ts';

/** As version 1 wrote it into the ledger, on 24 November 2026. */
const stored = (state: string, more: object = {}) =>
  JSON.stringify({
    version: 1,
    from: '2026-11-23T16:00:00.000Z',
    to: '2026-11-24T16:00:00.000Z',
    state,
    at: '2026-11-24T16:00:07.214Z',
    schedule: 'cron(0 16 ? * MON-SAT *) UTC',
    revision: 0,
    run: 'f0e4f5a2-2d1c-4f5e-9d0b-0a6d1f0c7b11',
    sent: [
      {
        messageId: '6f3c9d2e',
        subject: 'Sales 1,234.50',
        revision: 0,
        at: '2026-11-24T16:00:04.000Z',
        run: 'f0e4f5a2',
      },
    ],
    folder: 'reports/2026/11/24/20261124T1600Z/',
    totals: { sales: '1234.50', orders: 145 },
    ...more,
  });

const key = chainKey({ from: '2026-11-23T16:00:00.000Z' });
const read = (json: string) => parseEntry(key, json, from => from + 86_400_000);

test.each([
  ['archived', 'sent'],
  ['unsent', 'archived'],
  ['published', 'published'],
  ['held', 'held'],
  ['blocked', 'blocked'],
])('an entry of version 1 that is %s is read as %s, with all else that it holds', (former, state) => {
  const json = stored(former, former === 'unsent' ? { sent: [] } : {});
  expect(read(json)).toEqual({ entry: { ...JSON.parse(json), version: 2, state }, isDamaged: false });
});

test('an entry of version 2 is taken at its word', () => {
  const json = stored('archived', { version: 2, sent: [] });
  expect(read(json)).toEqual({ entry: JSON.parse(json), isDamaged: false });
});

test.each([
  ['unsent', 2],
  ['sent', 3],
  ['sent', undefined],
])('an entry that is %s by version %s is no entry', (state, version) => {
  expect(read(stored(state, { version }))).toMatchObject({ entry: { state: 'unreadable' }, isDamaged: true });
});
