import { expect, test } from 'vitest';
import { openShop } from './shop.ts';

/** A shop whose function has a reader, built and waiting. */
async function openRead() {
  const shop = await openShop();
  await shop.type('provision --yes');
  await shop.type('subscribe email ann@example.com');
  shop.aws().world.sns.confirm('ann@example.com');
  const reports = () => shop.aws().world.sns.mailbox.filter(({ subject }) => subject.includes(': sales '));
  return { ...shop, reports };
}

test.each(['answer lost', 'error after', 'hangs after'] as const)(
  'a report that went out is told as sent, where the answer of the function is lost (%s)',
  async fault => {
    const { type, json, aws, reports } = await openRead();
    aws().fault = ({ operation }) => (operation === 'Invoke' ? fault : undefined);
    const { code, stdout, stderr } = await type('run');
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /The function's answer was lost; the ledger shows that the report was sent at Tue 24 Nov 2026 \d\d:\d\d\.\n+Published as "Mon 23 Nov/,
      ),
    });
    expect(stdout).toContain('320.90');
    expect(reports()).toHaveLength(1);
    const again = await json('run');
    expect(again).toMatchObject({ code: 0, document: { ok: true, outcome: 'already sent' } });
    const revised = await json('run --resend --reason refund');
    expect(revised).toMatchObject({ code: 0, document: { outcome: 'sent', report: { revision: 1 } } });
    expect(reports()).toHaveLength(2);
  },
  60_000,
);

test('a run of which the ledger shows nothing is not told as failed, and the next sends the report once', async () => {
  const { json, aws, reports } = await openRead();
  aws().fault = ({ operation }) => (operation === 'Invoke' ? 'hangs' : undefined);
  const { code, document } = await json('run');
  expect({ code, document }).toMatchObject({
    code: 1,
    document: {
      ok: false,
      error: { code: 'no-answer', message: expect.stringContaining('the ledger shows no report of this run') },
    },
  });
  expect(reports()).toEqual([]);
  aws().fault = () => undefined;
  expect(await json('run')).toMatchObject({ code: 0, document: { outcome: 'sent' } });
  expect(reports()).toHaveLength(1);
}, 60_000);

test('a run that has not ended when its answer is lost is told as still running, or by how it ends meanwhile', async () => {
  const { json, aws, reports } = await openRead();
  expect(await json('run')).toMatchObject({ document: { outcome: 'sent' } });
  const { s3 } = aws().world;
  const bucket = [...s3.buckets.values()][0]!;
  const key = bucket.versions.map(one => one.key).find(one => one.startsWith('ledger/scheduled/'))!;
  const sent = JSON.parse(Buffer.from(s3.current(bucket, key)!.body).toString());
  const write = (entry: object): void => {
    const versionId = `by-hand-${bucket.versions.length}`;
    const body = Buffer.from(JSON.stringify({ ...sent, ...entry }));
    const at = aws().world.now();
    bucket.versions.push({
      key,
      versionId,
      etag: `"${versionId}"`,
      body,
      contentType: 'application/json',
      at,
      isDeleteMarker: false,
    });
  };
  const until = new Date(aws().world.now() + 3_600_000).toISOString();
  let onClaim = (_id: string): void => {};
  aws().fault = ({ operation, input }) => {
    if (operation !== 'Invoke') return undefined;
    const { id } = JSON.parse(Buffer.from((input as { Payload: Uint8Array }).Payload).toString()).run;
    write({ state: 'claimed', run: id, owner: id, until, sent: [] });
    onClaim(id);
    return 'error before';
  };
  const running = await json('run');
  expect(running).toMatchObject({ code: 1, document: { error: { code: 'still-running' } } });
  expect(running.document.error.message).toContain('the run is still running, and has until Tue 24 Nov 2026 10:');

  onClaim = id =>
    void aws()
      .world.clock.sleep(20_000)
      .then(() => write({ run: id, sent: [{ ...sent.sent[0], run: id }] }));
  const meanwhile = await json('run');
  expect(meanwhile).toMatchObject({
    code: 0,
    document: { ok: true, outcome: 'sent', messageId: sent.sent[0].messageId },
  });
  expect(meanwhile.document.report.sales).toBe('320.90');
  expect(reports()).toHaveLength(1);
}, 60_000);
