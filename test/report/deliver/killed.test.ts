import { describe, expect, test, vi } from 'vitest';
import { Life } from './process.ts';

// Charts take most of the time, and have no part in this.
vi.mock('../../../src/report/render/html.ts', () => ({ htmlOf: () => '<!doctype html>\n' }));

/** The evening before was reported, so that this evening's run has a past. */
async function aLife(): Promise<Life> {
  const life = new Life('2026-11-23T15:00:00Z');
  await life.fire('2026-11-23T16:00:00Z');
  life.mails.length = 0;
  life.now = Date.parse('2026-11-24T15:50:00Z');
  return life;
}

const time = '2026-11-24T16:00:00Z';

/** The calls of a run that nobody kills. */
async function callsOfARun(): Promise<string[]> {
  const life = await aLife();
  await life.fire(time);
  return life.calls;
}

const calls = await callsOfARun();
const deaths = calls.flatMap((_call, index) => [
  { nth: index + 1, when: 'before' as const },
  { nth: index + 1, when: 'after' as const },
]);

async function verify(life: Life, what: string): Promise<void> {
  const { reports, entries, unmarked } = life;
  expect(reports.length, what).toBeGreaterThanOrEqual(1);
  expect(reports.length, what).toBeLessThanOrEqual(1 + unmarked);
  for (const [index, mail] of reports.entries())
    if (index > 0) expect(mail.text, what).toMatch(/may have got this report already/i);
  const last = entries.at(-1)!;
  expect(last, what).toMatchObject({
    state: 'sent',
    from: '2026-11-23T16:00:00.000Z',
    to: '2026-11-24T16:00:00.000Z',
  });
  expect([...life.s3.objects.keys()].filter(key => key.startsWith(last.folder!)).sort()).toEqual(
    ['csv', 'html', 'json', 'txt'].map(ending => `${last.folder}report.${ending}`),
  );
}

// Hundreds of lives each: a busy machine takes its time.
describe('a run that is killed at any call, before or after its effect', { timeout: 120_000 }, () => {
  test('has calls to all that is outside', () => {
    expect(calls.filter(call => call === 'publish')).toHaveLength(1);
    expect(new Set(calls.map(call => call.split(' ')[0]))).toEqual(
      new Set(['ssm', 'ListObjectsV2', 'GetObject', 'read', 'PutObject', 'publish']),
    );
  });

  test("is finished by Lambda's next try", async () => {
    for (const death of deaths) {
      const life = await aLife();
      await life.fire(time, [death]);
      await verify(life, JSON.stringify(death));
    }
  });

  test('twice, the second time around the publishing, is finished by the third try', async () => {
    const publish = calls.indexOf('publish') + 1;
    const around = deaths.filter(({ nth }) => nth >= publish - 1 && nth <= publish + 1);
    for (const first of deaths)
      for (const second of around) {
        const life = await aLife();
        await life.fire(time, [first, second]);
        await verify(life, JSON.stringify([first, second]));
      }
  });

  test('with all its tries is finished by the watch', async () => {
    for (const death of deaths) {
      const life = await aLife();
      await life.fire(time, [death, death, death]);
      await life.watchUntil('2026-11-24T18:00:00Z');
      await verify(life, JSON.stringify(death));
    }
  });

  test('before anything was begun is finished by the watch, which may be killed too', async () => {
    for (let nth = 1; nth <= calls.length + 8; nth++)
      for (const when of ['before', 'after'] as const) {
        const life = await aLife();
        const death = { nth, when };
        await life.watchUntil('2026-11-24T20:00:00Z', [undefined, death]);
        await verify(life, JSON.stringify(death));
      }
  });
});
