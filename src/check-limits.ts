/**
 * The limits of the checks: what the settings say, the deployed function keeps to, and docs/reference/checks.md shows.
 */

/**
 * What a check lets pass; it acts on more than that. So many (`0`), a part (`1%`), so many hours (`3h`), or it never
 * acts.
 */
export type Limit = number | string;

/** Limits of one check. `block` and `hold` exclude each other. */
export interface Limits {
  warn: Limit;
  block?: Limit;
  hold?: Limit;
}

export interface CheckRule extends Limits {
  /** What is tested, in words: rows of the window unless they say otherwise. */
  tests: string;
  /** What `%` is of; absent where the limit is only a count, or hours. */
  percentOf?: string;
  /** Limits are hours in which the shop is open. */
  hours?: true;
}

/** Every check that has limits, in the order in which they are told. */
export const checkRules = {
  'order.amount.null': { tests: 'An order has no amount.', percentOf: 'orders', warn: 0, block: '1%' },
  'order.unique': {
    tests:
      'An order number is there more than once (blocks); or an order is of the same second, amount and items as another (warns only; not where orders have no time of day).',
    percentOf: 'orders',
    warn: 0,
    block: 0,
  },
  'order.amount.negative': {
    tests: 'An amount is below zero: a refund, perhaps. Blocks when all sales together are below zero.',
    percentOf: 'sales of the orders above zero',
    warn: 0,
    block: '100%',
  },
  'order.amount.zero': {
    tests: 'An amount is zero; such orders are left out of the average order.',
    percentOf: 'orders',
    warn: 'never',
    block: 'never',
  },
  'order.future': {
    tests: 'An order is dated more than 5 minutes after the report is made, whatever its window.',
    percentOf: 'orders',
    warn: 0,
    block: '1%',
  },
  'order.date.null': {
    tests: 'An order has no date, so it is in no report; of all orders.',
    percentOf: 'orders',
    warn: 0,
    block: 'never',
  },
  'item.orphan.order': {
    tests: "An item's order does not exist; within the window's order numbers, since items have no date.",
    percentOf: 'sales, by value',
    warn: 0,
    block: '0.5%',
  },
  'item.orphan.product': {
    tests: 'An item names a product that does not exist, or none; shown as "Unassigned product".',
    percentOf: 'sales, by value',
    warn: 0,
    block: 'never',
  },
  'product.orphan.group': {
    tests: 'A product that was sold names a group that does not exist, or none; shown as "Unassigned group".',
    percentOf: 'sales, by value',
    warn: 0,
    block: 'never',
  },
  'order.without.items': { tests: 'An order has no items.', percentOf: 'sales, by value', warn: 0, block: '5%' },
  'order.total.matches': {
    tests: "An order's amount is not the sum of its items; each item may be off by 0.01.",
    percentOf: 'sales, by the net difference',
    warn: 0,
    block: '2%',
  },
  'item.amount.matches': {
    tests:
      "An item's amount is not its quantity times the product's price: a discount or an older price, which is legal.",
    percentOf: 'sales, by the net difference',
    warn: 'never',
    block: 'never',
  },
  'item.quantity': { tests: 'A quantity is zero, negative or missing.', percentOf: 'items', warn: 0, block: 'never' },
  'data.fresh': {
    tests: 'So many open hours had passed since the last order when the window ended: the data may not have arrived.',
    hours: true,
    warn: '3h',
    hold: '24h',
  },
  'day.zero': {
    tests: 'There are no orders in a window in which the shop is open. Holds while data.fresh does.',
    warn: 0,
    block: 'never',
  },
  'day.hours.gap': {
    tests: 'No order came for so many open hours, and then one did: was the till offline?',
    hours: true,
    warn: '3h',
    block: 'never',
  },
  'day.volume.anomaly': {
    tests: 'Orders or sales are far from those of the same time in the eight weeks before.',
    warn: 0,
    block: 'never',
  },
  'history.changed': { tests: 'A window that was reported before has other sales now.', warn: 0, block: 'never' },
  'money.type': {
    tests: 'A column of amounts is FLOAT or DOUBLE, which cannot hold cents exactly.',
    warn: 0,
    block: 'never',
  },
} as const satisfies Record<string, CheckRule>;

export type RuledCheck = keyof typeof checkRules;

/** The two that have no limits, since there is no report without them. */
export const firmChecks = {
  'schema.columns': 'A table or a column that the report reads is missing, or of a type that cannot be read.',
  'query.complete': 'A statement that the report needs did not finish in its time.',
} as const;

export type CheckId = keyof typeof firmChecks | RuledCheck;

/** Limits that differ from the defaults. */
export type GivenLimits = Readonly<Partial<Record<RuledCheck, Readonly<Partial<Limits>>>>>;

export const limitsOf = (id: RuledCheck, given: GivenLimits): Limits => ({ ...checkRules[id], ...given[id] });
