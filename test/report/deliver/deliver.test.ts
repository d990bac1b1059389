import { describe, expect, test, vi } from 'vitest';
import type { RunAnswer, WatchAnswer } from '../../../src/function-contract.ts';
import { Problem } from '../../../src/problem.ts';
import type { ShopRows } from '../../../src/report/sources/aggregate.ts';
import { Life } from './process.ts';

vi.mock('../../../src/report/render/html.ts', () => ({ htmlOf: () => '<!doctype html>\n' }));

const at = Date.parse;

/** A shop that sells the same each hour of October and November. */
function steadyShop(): ShopRows {
  const count = 61 * 24;
  const orders = Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    at: at('2026-10-01T00:30Z') + index * 3_600_000,
    amount: '2.50',
  }));
  return {
    groups: [{ number: 1, name: 'Drinks' }],
    products: [{ id: 1, name: 'Coffee', group: 1 }],
    orders,
    items: orders.map(({ number }) => ({ order: number, product: 1, quantity: 1, amount: '2.50' })),
  };
}

const run = (life: Life, request: object = {}, id?: string) => life.handle({ run: request }, id) as Promise<RunAnswer>;
const states = (life: Life) => life.entries.map(({ to, state }) => `${to.slice(0, 16)} ${state}`);

describe('once', () => {
  test('an event that comes twice publishes once, and a run by hand says which message it was', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    await life.fire('2026-11-24T16:00:00Z');
    await life.fire('2026-11-24T16:00:00Z');
    expect(await run(life)).toEqual({
      outcome: 'already sent',
      window: { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' },
      messageId: 'm-1',
      subject: life.reports[0]!.subject,
    });
    expect(life.reports).toHaveLength(1);
  });

  test('what is sent again on purpose is a revision with its reason, and each is kept', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    await life.fire('2026-11-24T16:00:00Z');
    expect(await run(life, { resend: 'a refund was missing' })).toMatchObject({ outcome: 'sent', messageId: 'm-2' });
    const [entry] = life.entries;
    expect(entry).toMatchObject({
      state: 'sent',
      revision: 1,
      reason: 'a refund was missing',
      sent: [{ revision: 0 }, { revision: 1 }],
    });
    expect(life.kept(entry!)).toMatchObject({ revision: 1, reason: 'a refund was missing' });
    expect([...life.s3.objects.keys()].filter(key => key.endsWith('.json') && key.startsWith('reports/'))).toEqual([
      'reports/2026/11/24/20261124T1600Z/report.json',
      'reports/2026/11/24/20261124T1600Z-revised-1/report.json',
    ]);
  });

  test('a window that somebody asks for by its bounds is sent once too', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    const november = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z' };
    expect(await run(life, november)).toMatchObject({ outcome: 'sent' });
    expect(await run(life, november)).toMatchObject({ outcome: 'already sent', messageId: 'm-1' });
    expect(life.entries).toEqual([]);
  });

  test('an event that is delivered twice at once is not taken for its own retry', async () => {
    const life = new Life('2026-11-24T16:00:02Z', steadyShop());
    const event = { time: '2026-11-24T16:00:00Z', id: 'first' };
    await life.handle(event, 'first', { call: 'publish', when: 'before' });
    await expect(life.handle(event, 'first')).rejects.toThrow(/Another run is sending the report/);
    life.now = at('2026-11-24T16:01:05Z');
    expect(await life.handle(event, 'first')).toMatchObject({ outcome: 'sent' });
  });

  test('while a run has a window, another fails and is tried again', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    life.now = at('2026-11-24T16:00:02Z');
    const event = { time: '2026-11-24T16:00:00Z', id: 'first' };
    await life.handle(event, 'first', { call: 'PutObject ledger/scheduled/', when: 'after' });
    expect(states(life)).toEqual(['2026-11-24T16:00 claimed']);
    await expect(run(life)).rejects.toThrow(/Another run is sending the report .* try again after/);
    life.now = at('2026-11-24T16:03:00Z');
    expect(await run(life)).toMatchObject({ outcome: 'sent', report: { repeat: true } });
  });
});

describe('what may have been sent', () => {
  /** A run that died after it had published and before it could say so. */
  async function unsure(): Promise<Life> {
    const life = new Life('2026-11-24T16:00:02Z', steadyShop());
    await life.handle({ time: '2026-11-24T16:00:00Z', id: 'first' }, 'first', { call: 'publish', when: 'after' });
    life.now = at('2026-11-24T16:05:00Z');
    return life;
  }

  test('is called a possible repeat, whatever failed in between', async () => {
    const life = await unsure();
    const { read } = life;
    life.read = () => {
      throw new Error('connect ETIMEDOUT');
    };
    await expect(run(life)).rejects.toThrow('connect ETIMEDOUT');
    life.read = read;
    life.refuses = ['publish'];
    await expect(run(life)).rejects.toThrow(/cannot publish/);
    life.refuses = [];
    expect(await run(life)).toMatchObject({ outcome: 'sent', report: { repeat: true } });
    expect(life.entries[0]).not.toHaveProperty('uncertain');
    expect(await run(life, { resend: 'a refund was missing' })).toMatchObject({ report: { repeat: false } });
  });

  test('is called so too when it was archived unsent and is wanted after all', async () => {
    const life = await unsure();
    life.now = at('2026-11-25T13:00:00Z');
    await life.watchUntil('2026-11-25T13:20:00Z');
    expect(states(life)).toEqual(['2026-11-24T16:00 archived']);
    expect(await run(life)).toMatchObject({ outcome: 'sent', report: { repeat: true } });
  });
});

describe('a revision that does not come through', () => {
  test('because SNS refuses it leaves the report sent as it was', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    await life.fire('2026-11-24T16:00:00Z');
    const [before] = life.entries;
    life.refuses = ['publish'];
    await expect(run(life, { resend: 'a refund was missing' })).rejects.toThrow(/cannot publish/);
    expect(life.entries).toEqual([before]);
  });

  test('because its run died is not called unsent a day later', async () => {
    const life = new Life('2026-11-23T15:00Z', steadyShop());
    await life.fire('2026-11-23T16:00:00Z');
    life.now = at('2026-11-24T15:00Z');
    await life.handle({ run: { resend: 'a refund was missing' } }, 'by hand', { call: 'publish', when: 'before' });
    await life.watchUntil('2026-11-24T15:40:00Z');
    expect(states(life)).toEqual(['2026-11-23T16:00 sent']);
    expect(await run(life)).toMatchObject({ outcome: 'already sent', messageId: 'm-1' });
  });

  test('there is none of a report that was not sent yet, which is sent without the reason of a revision', async () => {
    const life = new Life('2026-11-24T16:05Z', steadyShop());
    expect(await run(life, { resend: 'a refund was missing' })).toMatchObject({
      report: { revision: 0, reason: null },
    });
  });
});

describe('what is refused', () => {
  test('by SNS is tried again without a word of a repeat', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    life.refuses = ['publish'];
    expect(await life.fire('2026-11-24T16:00:00Z')).toBeUndefined();
    expect(life.entries).toMatchObject([{ state: 'failed', attempts: 3 }]);
    life.refuses = [];
    await life.watchUntil('2026-11-24T16:30:00Z');
    expect(life.reports).toHaveLength(1);
    expect(life.kept(life.entries[0]!)).toMatchObject({ repeat: false });
  });

  test('by the database is tried again, and who keeps the shop is told after the third time', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    const { read } = life;
    life.read = () => {
      throw new Error('connect ETIMEDOUT');
    };
    expect(await life.fire('2026-11-24T16:00:00Z')).toBeUndefined();
    expect(life.entries).toMatchObject([{ state: 'failed', why: 'connect ETIMEDOUT', attempts: 3 }]);
    expect(life.mails).toMatchObject([{ kind: 'notice', subject: 'Tue 24 Nov 2026 16:00: the report failed' }]);
    life.read = read;
    await life.watchUntil('2026-11-24T16:30:00Z');
    expect(life.reports).toHaveLength(1);
    expect(life.kept(life.entries[0]!)).toMatchObject({ repeat: false, orders: 24 });
  });
});

describe('the watch', () => {
  test('ends at once where nothing is open', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    await life.fire('2026-11-24T16:00:00Z');
    const before = new Map(life.s3.objects);
    await life.watchUntil('2026-11-24T17:00:00Z');
    expect(life.s3.objects).toEqual(before);
    expect(life.calls.filter(call => call === 'read')).toEqual([]);
  });

  test('leaves alone what was due before the pipeline was there', async () => {
    const life = new Life('2026-11-24T17:00Z', steadyShop());
    await life.watchUntil('2026-11-25T15:00:00Z');
    expect(life.mails).toEqual([]);
    expect(life.entries).toEqual([]);
  });

  test('sends what nobody began, the very first too', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    await life.watchUntil('2026-11-24T17:00:00Z');
    expect(states(life)).toEqual(['2026-11-24T16:00 sent']);
    expect(life.reports).toHaveLength(1);
  });

  test('after an outage sends the newest, archives the older ones, and the next report says so', async () => {
    const life = new Life('2026-11-18T15:00Z', steadyShop());
    await life.fire('2026-11-18T16:00:00Z');
    life.now = at('2026-11-21T16:07:00Z');
    await life.watchUntil('2026-11-21T17:00:00Z');
    expect(states(life)).toEqual([
      '2026-11-18T16:00 sent',
      '2026-11-19T16:00 archived',
      '2026-11-20T16:00 archived',
      '2026-11-21T16:00 sent',
    ]);
    expect(life.reports).toHaveLength(2);
    expect(life.kept(life.entries[3]!).unsent).toEqual([
      { from: '2026-11-18T16:00:00.000Z', to: '2026-11-19T16:00:00.000Z' },
      { from: '2026-11-19T16:00:00.000Z', to: '2026-11-20T16:00:00.000Z' },
    ]);
    expect(life.kept(life.entries[1]!)).toMatchObject({ orders: 24 });
  });

  test('archives what is older than 20 hours, even the newest', async () => {
    const life = new Life('2026-11-20T15:00Z', steadyShop());
    await life.fire('2026-11-20T16:00:00Z');
    life.now = at('2026-11-22T13:00:00Z');
    await life.watchUntil('2026-11-22T14:00:00Z');
    expect(states(life)).toEqual(['2026-11-20T16:00 sent', '2026-11-21T16:00 archived']);
    expect(life.reports).toHaveLength(1);
  });

  test('does one window each time when the function has little time', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    life.timeout = 10_000;
    await life.watchUntil('2026-11-24T17:00:00Z');
    expect(states(life)).toEqual(['2026-11-24T16:00 sent']);
  });

  test('goes past a window that fails each time', async () => {
    const life = new Life('2026-11-18T15:00Z', steadyShop());
    await life.fire('2026-11-18T16:00:00Z');
    const { read } = life;
    life.read = windows => {
      if (windows.at(-1)!.to === '2026-11-19T16:00:00.000Z') throw new Error('Out of sort memory');
      return read(windows);
    };
    life.now = at('2026-11-21T16:07:00Z');
    await life.watchUntil('2026-11-21T16:20:00Z');
    expect(states(life).slice(1)).toEqual([
      '2026-11-19T16:00 missed',
      '2026-11-20T16:00 archived',
      '2026-11-21T16:00 sent',
    ]);
  });

  test('archives what is older than 20 hours also when another schedule fires rarely', async () => {
    const life = new Life('2026-11-20T15:00Z', steadyShop());
    await life.fire('2026-11-20T16:00:00Z');
    life.refuses = ['publish'];
    await life.fire('2026-11-21T16:00:00Z');
    life.refuses = [];
    life.schedule = 'cron(0 16 1 * ? *)';
    life.now = at('2026-11-23T13:00:00Z');
    await life.watchUntil('2026-11-23T13:20:00Z');
    expect(states(life)).toEqual(['2026-11-20T16:00 sent', '2026-11-21T16:00 archived']);
  });

  test('finds what died even when a report is due each minute', async () => {
    const life = new Life('2026-11-24T15:30Z', steadyShop());
    life.schedule = 'rate(1 minute)';
    const minuteAfter = (minutes: number) => new Date(at('2026-11-24T15:31Z') + minutes * 60_000).toISOString();
    for (let minutes = 0; minutes < 13; minutes++) {
      life.now = at(minuteAfter(minutes)) + 2_000;
      const death = minutes === 1 ? ({ call: 'publish', when: 'before' } as const) : undefined;
      await life.handle({ time: minuteAfter(minutes) }, `event ${minutes}`, death);
    }
    await life.watchUntil('2026-11-24T15:45Z');
    expect(life.entries.filter(({ state }) => state !== 'sent')).toEqual([]);
  });

  test('comes to an end with many, a few each time', async () => {
    const life = new Life('2026-10-01T00:00Z', steadyShop());
    life.schedule = 'rate(1 hour)';
    await life.fire('2026-11-20T16:00:00Z');
    life.now = at('2026-11-21T16:07:00Z');
    const slow = life.read;
    life.read = windows => {
      life.now += 9_000;
      return slow(windows);
    };
    await life.watchUntil('2026-11-21T18:55:00Z');
    expect(life.entries.filter(({ state }) => state === 'archived')).toHaveLength(23);
    expect(life.entries.filter(({ state }) => !['sent', 'archived'].includes(state))).toEqual([]);
  });
});

/** The steady shop, whose data of the last two days have not come until `come`. */
function lateShop(come: string): Life {
  const shop = steadyShop();
  const early = shop.orders.filter(order => (order.at ?? 0) < at('2026-11-22T12:00Z'));
  const life = new Life('2026-11-24T15:00Z', shop);
  const whole = life.read;
  const part = new Life('2026-11-24T15:00Z', { ...shop, orders: early });
  life.read = windows => {
    part.now = life.now;
    return life.now < at(come) ? part.read(windows) : whole(windows);
  };
  return life;
}

describe('a report whose data are late', () => {
  test('is held, and sent when they have come', async () => {
    const life = lateShop('2026-11-24T17:20Z');
    expect(await life.fire('2026-11-24T16:00:00Z')).toMatchObject({
      outcome: 'held',
      why: expect.stringMatching(/^It waits until Tue 24 Nov 2026 19:00 UTC for data/),
    });
    await life.watchUntil('2026-11-24T17:15:00Z');
    expect(states(life)).toEqual(['2026-11-24T16:00 held']);
    expect(life.mails).toEqual([]);
    await life.watchUntil('2026-11-24T18:00:00Z');
    expect(states(life)).toEqual(['2026-11-24T16:00 sent']);
    expect(life.kept(life.entries[0]!)).toMatchObject({ incomplete: false, orders: 24 });
    expect(life.reports).toHaveLength(1);
  });

  test('is sent at the deadline without them, and says so', async () => {
    const life = lateShop('2026-12-01T00:00Z');
    await life.fire('2026-11-24T16:00:00Z');
    await life.watchUntil('2026-11-24T18:55:00Z');
    expect(life.reports).toEqual([]);
    await life.watchUntil('2026-11-24T19:20:00Z');
    expect(life.reports).toMatchObject([{ subject: expect.stringMatching(/INCOMPLETE/) }]);
    expect(life.kept(life.entries[0]!)).toMatchObject({ incomplete: true, orders: 0 });
  });

  test('is sent at that deadline also when a run failed meanwhile', async () => {
    const life = lateShop('2026-12-01T00:00Z');
    await life.fire('2026-11-24T16:00:00Z');
    const { read } = life;
    life.read = () => {
      throw new Error('connect ETIMEDOUT');
    };
    await life.watchUntil('2026-11-24T18:45:00Z');
    life.read = read;
    await life.watchUntil('2026-11-24T19:15:00Z');
    expect(life.reports).toMatchObject([{ subject: expect.stringMatching(/INCOMPLETE/) }]);
  });

  test('is not held for who asks for a revision of it', async () => {
    const life = lateShop('2026-12-01T00:00Z');
    life.options = { holdHours: 0 };
    await life.fire('2026-11-24T16:00:00Z');
    life.options = {};
    expect(await run(life, { resend: 'a typing error' })).toMatchObject({
      outcome: 'sent',
      report: { incomplete: true },
    });
  });

  test('and that somebody asked for by its bounds is promised to nobody', async () => {
    const life = lateShop('2026-12-01T00:00Z');
    const window = { from: '2026-11-23T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z' };
    life.now = at('2026-11-24T15:00Z');
    expect(await run(life, window)).toMatchObject({
      outcome: 'held',
      why: expect.stringMatching(/^It was not sent, because its data are late: /),
    });
    life.read = () => {
      throw new Error('connect ETIMEDOUT');
    };
    for (let times = 3; times > 0; times--) await expect(run(life, window)).rejects.toThrow('connect ETIMEDOUT');
    expect(life.mails).toEqual([]);
  });

  test('is sent at once by who forces it', async () => {
    const life = lateShop('2026-12-01T00:00Z');
    await life.fire('2026-11-24T16:00:00Z');
    expect(await run(life, { force: 'the till is broken' })).toMatchObject({
      outcome: 'sent',
      report: { incomplete: true, reason: 'the till is broken' },
    });
  });
});

describe('a report that a check blocks', () => {
  const brokenShop = (): Life => {
    const shop = steadyShop();
    return new Life('2026-11-24T15:00Z', {
      ...shop,
      orders: shop.orders.map((order, index) => (index % 2 === 0 ? { ...order, amount: null } : order)),
    });
  };

  test('goes to nobody, is kept as blocked, and who keeps the shop is told once', async () => {
    const life = brokenShop();
    expect(await life.fire('2026-11-24T16:00:00Z')).toMatchObject({
      outcome: 'blocked',
      why: expect.stringMatching(/12 orders have no amount/),
    });
    expect(await run(life)).toMatchObject({ outcome: 'blocked' });
    await life.watchUntil('2026-11-24T18:00:00Z');
    expect(life.mails).toMatchObject([{ kind: 'notice', subject: 'Tue 24 Nov 2026 16:00: the report is blocked' }]);
    expect(life.mails[0]!.text).toMatch(/--send-anyway --reason/);
    expect(life.entries).toMatchObject([
      { state: 'blocked', folder: 'reports/2026/11/24/20261124T1600Z-blocked/', sent: [] },
    ]);
    expect(life.kept(life.entries[0]!)).toMatchObject({ orders: 24 });
  });

  test('is told to who keeps the shop also when the run died over it', async () => {
    const life = brokenShop();
    await life.fire('2026-11-24T16:00:00Z', [{ call: 'publish', when: 'before' }]);
    expect(life.mails).toMatchObject([{ kind: 'notice', subject: 'Tue 24 Nov 2026 16:00: the report is blocked' }]);
  });

  test('is sent by who forces it, with the reason and what failed', async () => {
    const life = brokenShop();
    await life.fire('2026-11-24T16:00:00Z');
    expect(await run(life, { force: 'half is better than nothing' })).toMatchObject({
      outcome: 'sent',
      report: { forced: true, reason: 'half is better than nothing' },
    });
    expect(life.reports).toMatchObject([{ text: expect.stringMatching(/half is better than nothing/) }]);
    expect(life.entries).toMatchObject([{ state: 'sent', forced: true }]);
    expect(await run(life)).toMatchObject({ outcome: 'already sent' });
  });

  test('is sent by a run after the data were put right', async () => {
    const life = brokenShop();
    await life.fire('2026-11-24T16:00:00Z');
    const whole = new Life('2026-11-24T15:00Z', steadyShop());
    life.read = windows => {
      whole.now = life.now;
      return whole.read(windows);
    };
    expect(await run(life)).toMatchObject({ outcome: 'sent', report: { forced: false } });
  });

  test('for want of a table has no numbers, and is blocked at once', async () => {
    const life = new Life('2026-11-24T15:00Z');
    life.read = () => {
      throw new Problem(
        'schema',
        'The database cafe lacks the table order_item: make it, name the shop’s database, or read other tables by report.query.',
      );
    };
    expect(await life.fire('2026-11-24T16:00:00Z')).toMatchObject({
      outcome: 'blocked',
      why: expect.stringMatching(/lacks the table order_item/),
    });
    expect(life.entries).toMatchObject([{ state: 'blocked', why: expect.stringMatching(/lacks the table/) }]);
  });
});

describe('what is late', () => {
  test('is named once, with what was told before', async () => {
    const shop = steadyShop();
    const orders = [...shop.orders];
    const life = new Life('2026-11-19T15:00Z', { ...shop, orders });
    await life.fire('2026-11-19T16:00:00Z');
    await life.fire('2026-11-20T16:00:00Z');
    orders.push({ number: 9999, at: at('2026-11-19T12:00Z'), amount: '10.00' });
    await life.fire('2026-11-21T16:00:00Z');
    await life.fire('2026-11-23T16:00:00Z');
    const late = life.entries.map(entry => life.kept(entry).late);
    expect(late).toEqual([
      [],
      [],
      [
        {
          from: '2026-11-18T16:00:00.000Z',
          to: '2026-11-19T16:00:00.000Z',
          sales: '70.00',
          orders: 25,
          salesBefore: '60.00',
          ordersBefore: 24,
        },
      ],
      [],
    ]);
  });
});

describe('a backfill', () => {
  const backfill = (life: Life, from: string, to: string) =>
    life.handle({ backfill: { from, to } }) as Promise<WatchAnswer>;

  test('archives the windows of a span, sends nothing, and runs into no other', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    await life.fire('2026-11-24T16:00:00Z');
    const { windows, done } = await backfill(life, '2026-11-19T00:00:00.000Z', '2026-11-24T20:00:00.000Z');
    expect(windows.map(({ to, outcome }) => `${to.slice(0, 16)} ${outcome}`)).toEqual([
      '2026-11-19T16:00 archived',
      '2026-11-20T16:00 archived',
      '2026-11-21T16:00 archived',
      '2026-11-23T16:00 archived',
    ]);
    expect(done).toBe('2026-11-24T20:00:00.000Z');
    expect(life.reports).toHaveLength(1);
    for (const [index, { from }] of life.entries.slice(1).entries()) expect(from).toBe(life.entries[index]!.to);
    expect((await backfill(life, '2026-11-19T00:00:00.000Z', '2026-11-24T20:00:00.000Z')).windows).toEqual([]);
  });

  test('runs into no shorter window within one of its own', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    life.schedule = 'rate(1 hour)';
    await backfill(life, '2026-11-22T08:00:00.000Z', '2026-11-22T10:00:00.000Z');
    life.schedule = 'cron(0 16 * * ? *)';
    const { windows } = await backfill(life, '2026-11-22T12:00:00.000Z', '2026-11-22T18:00:00.000Z');
    expect(windows.map(({ from, to }) => [from.slice(5, 16), to.slice(5, 16)])).toEqual([
      ['11-21T16:00', '11-22T08:00'],
      ['11-22T10:00', '11-22T16:00'],
    ]);
  });

  test('leaves to the watch what readers still wait for', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    life.refuses = ['publish'];
    await life.fire('2026-11-24T16:00:00Z');
    life.refuses = [];
    await backfill(life, '2026-11-24T00:00:00.000Z', '2026-11-25T00:00:00.000Z');
    await life.watchUntil('2026-11-24T16:30:00Z');
    expect(life.reports).toHaveLength(1);
  });

  test('fits between windows of another schedule', async () => {
    const life = new Life('2026-11-24T15:00Z', steadyShop());
    life.schedule = 'cron(30 12 * * ? *)';
    await life.fire('2026-11-24T12:30:00Z');
    life.schedule = 'cron(0 16 * * ? *)';
    const { windows } = await backfill(life, '2026-11-22T00:00:00.000Z', '2026-11-24T20:00:00.000Z');
    expect(windows.map(({ from, to }) => [from.slice(5, 16), to.slice(5, 16)])).toEqual([
      ['11-21T16:00', '11-22T16:00'],
      ['11-22T16:00', '11-23T12:30'],
    ]);
  });
});

test('a dry run writes nothing, and shows what the next run would send', async () => {
  const life = new Life('2026-11-23T15:00Z', steadyShop());
  await life.fire('2026-11-23T16:00:00Z');
  life.now = at('2026-11-24T16:30Z');
  const before = new Map(life.s3.objects);
  expect(await run(life, { dryRun: true })).toMatchObject({
    outcome: 'shown',
    window: { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' },
    report: { orders: 24 },
  });
  expect(life.s3.objects).toEqual(before);
});

test('after a change of the schedule the next report goes on where the last one ended', async () => {
  const life = new Life('2026-11-23T15:00Z', steadyShop());
  await life.fire('2026-11-23T16:00:00Z');
  life.schedule = 'cron(0 18 ? * MON-SAT *)';
  expect(await life.fire('2026-11-24T18:00:00Z')).toMatchObject({
    window: { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T18:00:00.000Z' },
    report: { orders: 26 },
  });
});
