import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/report/deliver/entry.ts';
import { Ledger } from '../../../src/report/deliver/ledger.ts';
import { type ArchiveClient, s3Store } from '../../../src/report/deliver/s3-store.ts';
import { MemoryS3 } from './memory-s3.ts';

const entryOf = (day: number): Entry => ({
  version: 2,
  from: `2026-11-${day}T16:00:00.000Z`,
  to: `2026-11-${day + 1}T16:00:00.000Z`,
  state: 'archived',
  at: '2026-11-24T16:00:00.000Z',
  schedule: 'cron(0 16 * * ? *) UTC',
  revision: 0,
  sent: [],
});

/** A ledger on a bucket that answers some commands with an error of S3 in place of what it does. */
function ledgerOn(
  s3: MemoryS3,
  errorOf: (command: { constructor: { name: string } }) => string | undefined = () => undefined,
) {
  const send = async (command: object) => {
    const name = errorOf(command);
    if (name) throw Object.assign(new Error(name), { name });
    return s3.client.send(command as never);
  };
  return new Ledger(s3Store({ send } as ArchiveClient, 'bucket', '123456789012'), from => from + 60_000);
}

const minute = 60_000;
const november = (day: number) => Date.parse(`2026-11-${day}T16:00Z`);

describe('the ledger', () => {
  test('finds the windows that have a part in a span', async () => {
    const ledger = ledgerOn(new MemoryS3());
    for (const day of [10, 11, 12, 13]) await ledger.write(entryOf(day));
    const days = async (from: number, to: number) =>
      (await ledger.overlapping(from, to)).map(({ entry }) => Number(entry.from.slice(8, 10)));
    expect(await days(november(11), november(13))).toEqual([11, 12]);
    expect(await days(november(11) - minute, november(13) + minute)).toEqual([10, 11, 12, 13]);
    expect(await days(november(20), november(21))).toEqual([]);
  });

  test('takes no window for free whose entry S3 lists and does not give', async () => {
    const s3 = new MemoryS3();
    await ledgerOn(s3).write(entryOf(10));
    const blind = ledgerOn(s3, ({ constructor: { name } }) => (name === 'GetObjectCommand' ? 'NoSuchKey' : undefined));
    await expect(blind.before(november(12), 1)).rejects.toThrow(
      /lists ledger\/scheduled\/20261110T1600Z.json .* try again/,
    );
  });

  test('writes again where S3 was at another write that came to nothing', async () => {
    const s3 = new MemoryS3();
    let puts = 0;
    const busy = ledgerOn(s3, ({ constructor: { name } }) =>
      name === 'PutObjectCommand' && ++puts % 2 === 1 ? 'ConditionalRequestConflict' : undefined,
    );
    const first = await busy.write(entryOf(10));
    expect(await busy.write({ ...entryOf(10), revision: 1 }, first)).toMatchObject({ entry: { revision: 1 } });
    expect(puts).toBe(4);
  });

  test('gives way to who wrote meanwhile, and to a bucket that is always busy', async () => {
    const s3 = new MemoryS3();
    const first = await ledgerOn(s3).write(entryOf(10));
    await ledgerOn(s3).write({ ...entryOf(10), revision: 1 }, first);
    expect(await ledgerOn(s3).write({ ...entryOf(10), revision: 2 }, first)).toBeUndefined();
    const busy = ledgerOn(s3, ({ constructor: { name } }) =>
      name === 'PutObjectCommand' ? 'ConditionalRequestConflict' : undefined,
    );
    expect(await busy.write(entryOf(11))).toBeUndefined();
  });
});
