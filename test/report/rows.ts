import type { ShopRows } from '../../src/report/sources/aggregate.ts';

export const hour = 3_600_000;
export const noon = Date.UTC(2026, 10, 24, 12);

/** The window of the hour before noon. */
export const lastHour = { from: '2026-11-24T11:00:00.000Z', to: '2026-11-24T12:00:00.000Z' };

/**
 * A shop with everything that can be odd about one: sales on both bounds, no amount, a refund, orphans of each kind.
 */
export const oddShop: ShopRows = {
  groups: [{ number: 1, name: 'Pastries' }],
  products: [
    { id: 1, name: 'Croissant', group: 1 },
    { id: 2, name: 'Gift card', group: null },
    { id: 3, name: 'Old tea', group: 9 },
  ],
  orders: [
    { number: 1, at: noon - hour, amount: '10.10' },
    { number: 2, at: noon - 1000, amount: '0.20' },
    { number: 3, at: noon - 2000, amount: null },
    { number: 4, at: noon - 3000, amount: '-3.00' },
    { number: 5, at: noon, amount: '1000.00' },
    { number: 6, at: noon - hour - 1000, amount: '1000.00' },
  ],
  items: [
    { order: 1, product: 1, quantity: 2, amount: '5.05' },
    { order: 1, product: 2, quantity: 1, amount: '5.05' },
    { order: 2, product: 3, quantity: 1, amount: '0.10' },
    { order: 2, product: 7, quantity: 1, amount: '0.10' },
    { order: 3, product: null, quantity: 4, amount: '2.00' },
    { order: 3, product: 8, quantity: 1, amount: '0.50' },
    { order: 5, product: 1, quantity: 100, amount: '1000.00' },
    { order: 99, product: 1, quantity: 1, amount: '7.00' },
  ],
};
