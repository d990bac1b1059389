import { decimal, sum, sumOrNull } from '../decimal.ts';
import type { Facts, QuarterFacts, Window } from '../facts.ts';
import { inOrder } from './in-order.ts';
import type { Row } from './mysql-findings.ts';
import type { Shop } from './shop.ts';
import type { StoredClock } from './stored-clock.ts';

/** What a window's statements answered. */
interface Answers {
  totals: Row;
  products: Row[];
  quarters: Row[];
}

export function factsOf(
  window: Window,
  { totals, products, quarters }: Answers,
  { lacking }: Shop,
  clock: StoredClock,
): Facts {
  const number = (value: Row[string] | undefined) => decimal(String(value ?? 0));
  const text = (value: Row[string] | undefined) => (value == null ? null : String(value));
  const units = ({ units }: Row) => (lacking.includes('quantity') ? null : number(units));
  return {
    window,
    totals: {
      sales: number(totals.sales),
      orders: Number(totals.orders),
      positiveSales: number(totals.positive_sales),
      positiveOrders: Number(totals.positive_orders),
      ordersWithoutAmount: Number(totals.orders_without_amount),
      units: lacking.includes('quantity') ? null : sumOrNull(products.map(units)),
      itemSales: sum(products.map(({ sales }) => number(sales))),
      items: products.reduce((count, { items }) => count + Number(items), 0),
    },
    products: inOrder(
      products.map(row => ({
        productId: text(row.product_id),
        product: text(row.product),
        group: text(row.product_group),
        sales: number(row.sales),
        units: units(row),
        items: Number(row.items),
      })),
    ),
    quarters: quartersOf(
      quarters.map(row => ({
        at: clock.instant(String(row.at)),
        sales: number(row.sales),
        orders: Number(row.orders),
      })),
    ),
  };
}

/**
 * Stored times that clocks skip in spring all mean the instant of the change: what they sold stands in one quarter with
 * it.
 */
function quartersOf(quarters: readonly QuarterFacts[]): QuarterFacts[] {
  const found = new Map<string, QuarterFacts>();
  for (const { at, sales, orders } of quarters) {
    const known = found.get(at);
    found.set(
      at,
      known ? { at, sales: sum([known.sales, sales]), orders: known.orders + orders } : { at, sales, orders },
    );
  }
  return [...found.values()];
}
