import Big from 'big.js';
import { type Change, changeOf, meanOf } from './change.ts';
import type { Decimal, Totals } from './facts.ts';

/**
 * The four numbers of a window. `averageOrder` is over the orders with a positive amount, and null when there are none;
 * `units` where the shop keeps none.
 */
export interface Numbers {
  sales: Decimal;
  orders: Decimal;
  averageOrder: Decimal | null;
  units: Decimal | null;
}

export type Changes = { [K in keyof Numbers]: Change };

export const numbersOf = ({ sales, orders, positiveSales, positiveOrders, units }: Totals): Numbers => ({
  sales,
  orders: String(orders),
  averageOrder: positiveOrders === 0 ? null : new Big(positiveSales).div(positiveOrders).toFixed(),
  units,
});

/** Each number's own mean, over the windows that have one. */
export function meanNumbers(windows: readonly Numbers[]): Numbers {
  const meanOfKnown = (values: readonly (Decimal | null)[]): Decimal | null => {
    const known = values.filter(value => value !== null);
    return known.length === 0 ? null : meanOf(known);
  };
  return {
    sales: meanOf(windows.map(({ sales }) => sales)),
    orders: meanOf(windows.map(({ orders }) => orders)),
    averageOrder: meanOfKnown(windows.map(({ averageOrder }) => averageOrder)),
    units: meanOfKnown(windows.map(({ units }) => units)),
  };
}

export const changesOf = (now: Numbers, before: Numbers): Changes => ({
  sales: changeOf(now.sales, before.sales),
  orders: changeOf(now.orders, before.orders),
  averageOrder: changeOf(now.averageOrder, before.averageOrder),
  units: changeOf(now.units, before.units),
});

/** All four without a number, for one reason. */
export const noChanges = (change: Change): Changes => ({
  sales: change,
  orders: change,
  averageOrder: change,
  units: change,
});
