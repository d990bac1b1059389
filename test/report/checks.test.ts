import { describe, expect, test } from 'vitest';
import { checkRules, firmChecks, type GivenLimits } from '../../src/check-limits.ts';
import { Problem } from '../../src/problem.ts';
import { blockingCheck, type CheckResult, checksOf, decisionOf, doubtsOf } from '../../src/report/checks.ts';
import { around } from '../../src/report/comparisons.ts';
import type { Findings, Window } from '../../src/report/facts.ts';
import type { RunContext } from '../../src/report/report.ts';
import { readRows, type ShopRows } from '../../src/report/sources/aggregate.ts';
import { timetableOf } from '../../src/report/timetable.ts';
import { afterwards, brokenShops, soundShop, tuesday } from './broken.ts';
import { checkedReport, settings } from './reported.ts';

interface Given {
  window?: Window;
  occasion?: Partial<RunContext>;
  closed?: string[];
  checks?: GivenLimits;
  timezone?: string;
}

const check = (
  rows: ShopRows,
  { window = tuesday, occasion, timezone = 'UTC', ...report }: Given = {},
): CheckResult[] =>
  checkedReport(rows, window, {
    timezone,
    occasion: { now: afterwards, ...occasion },
    report: { ...settings.report, ...report },
  }).checks;

const doubts = (...given: Parameters<typeof check>): CheckResult[] => doubtsOf(check(...given));

/** The checks of the sound shop where something else was found. */
function checkFound(change: (findings: Findings) => Partial<Findings>, checks: GivenLimits = {}): CheckResult[] {
  const { weeks } = around(tuesday, timetableOf(settings));
  const { facts, ...reading } = readRows(soundShop, [...weeks, tuesday], afterwards);
  const findings = { ...reading.findings, ...change(reading.findings) };
  return checksOf({
    reading: { ...reading, facts, findings },
    facts: facts.at(-1)!,
    weeks: facts.slice(0, -1),
    late: [],
    now: afterwards,
    settings: { ...settings, report: { ...settings.report, checks } },
  });
}

const brokenBy = (id: string): ShopRows => brokenShops.find(shop => shop.id === id)!.rows;

test('a sound shop passes every check, in the order of the documentation', () => {
  const checks = check(soundShop);
  expect(doubtsOf(checks)).toEqual([]);
  expect(checks.map(({ id }) => id)).toEqual([...Object.keys(firmChecks), ...Object.keys(checkRules)]);
  expect(decisionOf(checks)).toBe('send');
});

describe('a shop that is broken raises its check and no other', () => {
  test.each(brokenShops)('$id', ({ id, outcome, count, ids, rows, told = [] }) => {
    expect(doubts(rows, { occasion: { told } })).toMatchObject([{ id, outcome, count, ids }]);
  });

  test('order.unique, where an order number stands twice', () => {
    const { orders } = soundShop;
    const twice = orders.findLast(({ at }) => at! < Date.parse(tuesday.to))!;
    const checks = check({ ...soundShop, orders: [...orders, { ...twice, amount: twice.amount }] });
    expect(doubtsOf(checks)).toMatchObject([
      { id: 'order.unique', outcome: 'fail', count: 1, ids: [String(twice.number)] },
    ]);
    expect(decisionOf(checks)).toBe('block');
  });

  test('money.type', () => {
    const checks = checkFound(() => ({ inexact: { found: ['order.amount'], seconds: 0 } }));
    expect(doubtsOf(checks)).toMatchObject([{ id: 'money.type', outcome: 'warn', count: 1, ids: ['order.amount'] }]);
  });

  test.each([
    ['schema', 'schema.columns'],
    ['timeout', 'query.complete'],
  ])('%s, which a source throws, is %s and blocks', (code, id) => {
    const result = blockingCheck(new Problem(code, 'The database cafe lacks the table order.'))!;
    expect(result).toMatchObject({ id, outcome: 'fail', words: 'The database cafe lacks the table order.' });
    expect(decisionOf([result])).toBe('block');
  });

  test('a database that is not there is not a matter of its data', () => {
    expect(blockingCheck(new Problem('database', 'Nothing listens.'))).toBeUndefined();
    expect(blockingCheck(new Error('mistake'))).toBeUndefined();
  });
});

describe('what is only told', () => {
  test.each([
    ['order.amount.zero', '0.00', '0.00'],
    ['item.amount.matches', '2.00', '2.00'],
  ])('%s passes, with its count', (id, amount, item) => {
    const at = Date.parse('2026-11-24T12:00:30.000Z');
    const rows = {
      ...soundShop,
      orders: [...soundShop.orders, { number: 9_999_999, at, amount }],
      items: [
        ...soundShop.items,
        { order: 9_999_999, product: id === 'order.amount.zero' ? null : 5, quantity: 1, amount: item },
      ],
    };
    const quiet: GivenLimits = { 'item.orphan.product': { warn: 'never' } };
    expect(doubts(rows, { checks: quiet })).toEqual([]);
    expect(check(rows, { checks: quiet }).find(one => one.id === id)).toMatchObject({ count: 1, ids: ['9999999'] });
  });
});

describe('limits', () => {
  const outcomeOf = (id: keyof typeof checkRules, limits: object, rows = brokenBy(id)) =>
    check(rows, { checks: { [id]: limits } }).find(one => one.id === id)!;

  test.each([
    ['order.amount.null', { block: '50%' }, 'warn'],
    ['order.amount.null', { warn: 1, block: 'never' }, 'pass'],
    ['order.amount.null', { warn: 'never', block: 'never' }, 'pass'],
    ['order.amount.null', { block: 0 }, 'fail'],
    ['order.amount.null', { block: 1 }, 'warn'],
    ['order.amount.negative', { block: '0.1%' }, 'fail'],
    ['item.orphan.order', { block: '90%' }, 'warn'],
    ['order.without.items', { block: '0.1%' }, 'fail'],
    ['order.total.matches', { block: '0.01%' }, 'fail'],
    ['data.fresh', { hold: '3.5h' }, 'fail'],
    ['data.fresh', { warn: '5h' }, 'pass'],
    ['day.hours.gap', { warn: '4h' }, 'pass'],
    ['day.hours.gap', { block: '3h' }, 'fail'],
    ['day.zero', { warn: 'never' }, 'pass'],
    ['day.volume.anomaly', { warn: 2 }, 'pass'],
  ] as const)('%s with %j: %s', (id, limits, outcome) => {
    expect(outcomeOf(id, limits).outcome).toBe(outcome);
  });

  test('a failure says whether it blocks or holds; what never fails says neither', () => {
    expect(outcomeOf('order.amount.null', {}).policy).toBe('block');
    expect(outcomeOf('data.fresh', { hold: '3h' }).policy).toBe('hold');
    expect(outcomeOf('item.quantity', {})).not.toHaveProperty('policy');
  });

  test('orders that only look alike never fail', () => {
    expect(outcomeOf('order.unique', { block: 0 }).outcome).toBe('warn');
  });

  test('sales below zero block, also where nothing but a refund was sold', () => {
    const refund = { number: 1, at: Date.parse('2026-11-24T12:00:00.000Z'), amount: '-2.90' };
    const only = { ...soundShop, orders: [refund], items: [{ order: 1, product: 5, quantity: 1, amount: '-2.90' }] };
    expect(outcomeOf('order.amount.negative', {}, only).outcome).toBe('fail');
  });

  test('one order of the future blocks no report of a time without orders', () => {
    const only = { ...soundShop, orders: [{ number: 1, at: afterwards + 86_400_000, amount: '2.90' }], items: [] };
    expect(outcomeOf('order.future', {}, only).outcome).toBe('warn');
  });
});

describe('a check that could not run', () => {
  test('warns, and costs no other', () => {
    const checks = checkFound(({ rows }) => ({
      rows: { ...rows, 'item.quantity': { error: 'it did not finish in its time', seconds: 5 } },
      hours: { error: 'it did not finish in its time', seconds: 5 },
    }));
    expect(doubtsOf(checks).map(({ id, outcome }) => `${outcome} ${id}`)).toEqual([
      'error item.quantity',
      'error data.fresh',
      'error day.hours.gap',
    ]);
    expect(doubtsOf(checks)[0]).toMatchObject({
      words: 'This could not be checked: it did not finish in its time.',
      seconds: 5,
    });
    expect(decisionOf(checks)).toBe('send');
  });

  test('passes where the shop has no such column', () => {
    const checks = checkFound(({ rows }) => ({
      rows: { ...rows, 'item.amount.matches': { absent: true, seconds: 0 } },
    }));
    expect(doubtsOf(checks)).toEqual([]);
  });
});

describe('time in which the shop is closed', () => {
  const none: ShopRows = { ...soundShop, orders: soundShop.orders.filter(({ at }) => at! < Date.parse(tuesday.from)) };
  const sunday = { from: '2026-11-22T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' };

  test('a day without orders is missed, and so are its data', () => {
    expect(doubts(none).map(({ id }) => id)).toEqual(['data.fresh', 'day.zero']);
  });

  test('a day on which the shop says that it is closed is not', () => {
    expect(doubts(none, { closed: ['2026-11-23', '2026-11-24'] })).toEqual([]);
    expect(doubts(none, { closed: ['monday', 'tuesday'] })).toEqual([]);
    expect(doubts(none, { closed: ['2026-11-23'] })).not.toEqual([]);
  });

  test('days are those on the clocks of the time zone', () => {
    const window = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T15:00:00.000Z' };
    // From Tuesday 1:00 to midnight in Tokyo, where clocks are 9 h ahead.
    expect(doubts(none, { window, closed: ['tuesday'], timezone: 'Asia/Tokyo' })).toEqual([]);
    expect(doubts(none, { window, closed: ['tuesday'] })).not.toEqual([]);
  });

  test('a day on which it never sells is not missed either', () => {
    expect(doubts(soundShop, { window: sunday })).toEqual([]);
  });

  test('an earlier week in which it was closed does not count against its habits', () => {
    const holiday = (at: number | null) => new Date(at!).toISOString().startsWith('2026-11-17');
    const rows = { ...brokenBy('data.fresh'), orders: brokenBy('data.fresh').orders.filter(({ at }) => !holiday(at)) };
    const fresh = (closed: string[]) => check(rows, { closed }).find(({ id }) => id === 'data.fresh')!.outcome;
    expect(fresh([])).toBe('pass');
    expect(fresh(['2026-11-17'])).toBe('warn');
  });

  test('a shop that is too young to have habits misses nothing, but a day without orders', () => {
    const young = {
      ...soundShop,
      orders: soundShop.orders.filter(
        ({ at }) => at! > Date.parse('2026-11-10') && at! < Date.parse('2026-11-24T08:00Z'),
      ),
    };
    expect(doubts(young)).toEqual([]);
    const empty = { groups: [], products: [], orders: [], items: [] };
    expect(doubts(empty).map(({ id }) => id)).toEqual(['day.zero']);
  });
});

describe('sales that are late', () => {
  const rows: ShopRows = {
    ...soundShop,
    orders: soundShop.orders.filter(({ at }) => at! < Date.parse('2026-11-21T12:00Z')),
  };

  test('for a day of open hours hold the report, and a day without orders is then held too', () => {
    const checks = check(rows);
    expect(doubtsOf(checks).map(({ id, outcome, policy }) => `${outcome} ${policy} ${id}`)).toEqual([
      'fail hold data.fresh',
      'fail hold day.zero',
    ]);
    expect(decisionOf(checks)).toBe('hold');
  });

  test('for less than that are sent with a notice', () => {
    expect(decisionOf(check(brokenBy('data.fresh')))).toBe('send');
  });

  test('block where another check does', () => {
    const checks = check(rows, { checks: { 'day.zero': { block: 0 } } });
    expect(decisionOf(checks)).toBe('block');
  });
});

test('amounts and times in the words are those of the report', () => {
  const words = checkedReport(brokenBy('order.amount.negative'), tuesday, {
    locale: 'de-DE',
    currency: 'EUR',
    occasion: { now: afterwards },
  }).checks.find(({ id }) => id === 'order.amount.negative')!.words;
  expect(words).toBe('1 order is below zero, -2,90 € together: refunds, perhaps.');
});
