import fc from 'fast-check';
import type { ShopRows } from '../../src/report/sources/aggregate.ts';
import { hostileNames } from './hostile.ts';
import { hour, noon } from './rows.ts';

const money = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 99 }))
  .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')}`);
const amount = fc.oneof(money, fc.constantFrom('0', '0.00', '-0.01', '9.99'));
/** Any text, and often one that could harm. */
export const anyName = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostileNames));
const id = fc.integer({ min: 1, max: 6 });
/** A shop with everything that can be odd about one, its orders around noon of 24 November 2026. */
export const anyShop: fc.Arbitrary<ShopRows> = fc.record({
  groups: fc.array(fc.record({ number: id, name: anyName })),
  products: fc.array(fc.record({ id, name: anyName, group: fc.option(id) })),
  orders: fc.array(
    fc.record({
      number: id,
      at: fc.integer({ min: -60 * 24, max: 1 }).map(hours => noon + hours * hour),
      amount: fc.option(amount),
    }),
  ),
  items: fc.array(
    fc.record({ order: id, product: fc.option(id), quantity: fc.integer({ min: -5, max: 500 }), amount }),
  ),
});
