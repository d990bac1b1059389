import type { GivenLimits } from '../../check-limits.ts';
import type { CheckResult } from '../checks.ts';
import { sum } from '../decimal.ts';
import type { Facts, Found, Lacking, Looked, ProductFacts, Reading, RowCheck } from '../facts.ts';
import { isWithoutTimes } from '../hours.ts';
import { judgedLook, type Measured } from './judge.ts';
import { counted, type Words } from './words.ts';

/** What the checks of rows are told from. */
export interface Rows {
  facts: Facts;
  reading: Reading;
  /** IANA zone of the times in the database. */
  storedTimes: string;
  limits: GivenLimits;
  words: Words;
}

/** The checks of single rows: orders, items, products, and the columns of their amounts. */
export function rowResults(given: Rows): CheckResult[] {
  const { facts, limits, words } = given;
  const { findings } = given.reading;
  const { totals, products } = facts;
  const { number, money } = words;
  const ofOrders = ({ count }: Found) => ({ is: String(count), of: String(totals.orders) });
  /** Of rows that are not the window's: without orders in it they are no part of them. */
  const ofOrdersIfAny = (found: Found) => (totals.orders === 0 ? undefined : ofOrders(found));
  const ofSales = ({ value }: Found) => ({ is: value, of: totals.sales });
  /** `none` is told where there are none. */
  const check = (
    id: Exclude<RowCheck, 'order.alike'>,
    partOf: (found: Found) => Measured['part'],
    none: string,
    some: (found: Found) => string,
  ) =>
    judgedLook(id, findings.rows[id], limits, found => ({
      count: found.count,
      ids: found.ids,
      words: found.count === 0 ? none : some(found),
      part: partOf(found),
    }));
  const orders = ({ count }: Found) => counted(number, count, 'order');
  const items = ({ count }: Found) => counted(number, count, 'item');
  const have = ({ count }: Found) => (count === 1 ? 'has' : 'have');
  const are = ({ count }: Found) => (count === 1 ? 'is' : 'are');
  return [
    check(
      'order.amount.null',
      ofOrders,
      'Each order has an amount.',
      found => `${orders(found)} ${have(found)} no amount: in Orders, and not in Sales.`,
    ),
    uniqueResult(given),
    check(
      'order.amount.negative',
      ({ value }) => ({ is: value, of: totals.positiveSales }),
      'No amount is below zero.',
      found => `${orders(found)} ${are(found)} below zero, ${money(found.value)} together: refunds, perhaps.`,
    ),
    check(
      'order.amount.zero',
      ofOrders,
      'No amount is zero.',
      found => `${orders(found)} ${are(found)} of zero: not in the average order.`,
    ),
    check(
      'order.future',
      ofOrdersIfAny,
      'No order is dated in the future.',
      found => `${orders(found)} of ${money(found.value)} ${are(found)} dated in the future: in no report until then.`,
    ),
    check(
      'order.date.null',
      ofOrdersIfAny,
      'Each order has a date.',
      found => `${orders(found)} of ${money(found.value)} ${have(found)} no date: in no report.`,
    ),
    check(
      'item.orphan.order',
      ofSales,
      "Each item's order exists.",
      found =>
        `${items(found)} of ${money(found.value)} ${found.count === 1 ? 'belongs' : 'belong'} to orders that do not exist: in no report.`,
    ),
    orphanProducts(products, given),
    orphanGroups(products, given),
    check(
      'order.without.items',
      ofSales,
      'Each order has items.',
      found => `${orders(found)} of ${money(found.value)} ${have(found)} no items: in Sales, and in no product.`,
    ),
    check(
      'order.total.matches',
      ofSales,
      'Each order is the sum of its items.',
      found =>
        `${orders(found)} ${found.count === 1 ? 'is' : 'are'} not the sum of the items, which are ${aboveOrBelow(money, found.value)}.`,
    ),
    check(
      'item.amount.matches',
      ofSales,
      'Each item amounts to its quantity at the price of today.',
      found =>
        `${items(found)} ${are(found)} not at the price of today, ${aboveOrBelow(money, found.value)}: discounts or older prices.`,
    ),
    check(
      'item.quantity',
      ({ count }) => ({ is: String(count), of: String(totals.items) }),
      'Each quantity is above zero.',
      found => `${items(found)} ${have(found)} a quantity of zero, below it, or none.`,
    ),
  ];
}

const aboveOrBelow = (money: Words['money'], value: string): string =>
  Number(value) === 0
    ? 'neither above nor below together'
    : `${money(value.replace('-', ''))} ${value.startsWith('-') ? 'below' : 'above'} together`;

/**
 * A repeated order number may fail; orders that only look alike may be two sales. Where orders have no time of day, all
 * of a day look alike.
 */
function uniqueResult({ facts, reading: { findings }, storedTimes, limits, words: { number } }: Rows): CheckResult {
  const looked = both(findings.rows['order.unique'], findings.rows['order.alike']);
  return judgedLook('order.unique', looked, limits, ([repeated, alike]) => {
    const others = isWithoutTimes(facts.quarters, storedTimes) ? { count: 0, ids: [] } : alike;
    const sentences = [
      repeated.count > 0 &&
        `${counted(number, repeated.count, 'order number')} ${repeated.count === 1 ? 'is' : 'are'} there more than once.`,
      others.count > 0 &&
        `${counted(number, others.count, 'order')} ${others.count === 1 ? 'looks' : 'look'} like another of the same second, amount and items.`,
    ];
    const count = repeated.count + others.count;
    return {
      count,
      ids: [...repeated.ids, ...others.ids].slice(0, 5),
      words: sentences.filter(Boolean).join(' ') || 'No order is there twice.',
      part: { is: String(count), of: String(facts.totals.orders) },
      failing: { count: repeated.count, is: String(repeated.count) },
    };
  });
}

function both<A, B>(a: Looked<A>, b: Looked<B>): Looked<[A, B]> {
  const seconds = a.seconds + b.seconds;
  if (!('found' in a)) return { ...a, seconds };
  if (!('found' in b)) return { ...b, seconds };
  return { found: [a.found, b.found], seconds };
}

/** What the shop's own query does not give cannot be missing in a row. */
const lackedIn = ({ lacking }: Reading, column: Lacking): Looked<true> =>
  lacking?.includes(column) ? { absent: true, seconds: 0 } : { found: true, seconds: 0 };

function orphanProducts(products: readonly ProductFacts[], given: Rows): CheckResult {
  const { facts, reading, limits } = given;
  const { number, money } = given.words;
  const unknown = products.filter(({ product }) => product === null);
  const count = unknown.reduce((total, { items }) => total + items, 0);
  const value = sum(unknown.map(({ sales }) => sales));
  return judgedLook('item.orphan.product', lackedIn(reading, 'product'), limits, () => ({
    count,
    ids: unknown.map(({ productId }) => productId ?? 'none').slice(0, 5),
    words:
      count === 0
        ? "Each item's product exists."
        : `${counted(number, count, 'item')} of ${money(value)} ${count === 1 ? 'names' : 'name'} no product that exists: shown as "Unassigned product".`,
    part: { is: value, of: facts.totals.sales },
  }));
}

function orphanGroups(products: readonly ProductFacts[], given: Rows): CheckResult {
  const { facts, reading, limits } = given;
  const { number, money } = given.words;
  const unassigned = products.filter(({ product, group }) => product !== null && group === null);
  const value = sum(unassigned.map(({ sales }) => sales));
  const count = unassigned.length;
  return judgedLook('product.orphan.group', lackedIn(reading, 'product_group'), limits, () => ({
    count,
    ids: unassigned.map(({ productId }) => productId!).slice(0, 5),
    words:
      count === 0
        ? "Each product's group exists."
        : `${counted(number, count, 'product')} of ${money(value)} ${count === 1 ? 'belongs' : 'belong'} to no group that exists: shown as "Unassigned group".`,
    part: { is: value, of: facts.totals.sales },
  }));
}
