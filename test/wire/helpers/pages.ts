import type { Report } from '../../../src/report/report.ts';
import { sampleShop } from '../../../src/report/sources/sample.ts';
import { blocking, doubt, passed } from '../../report/checked.ts';
import { hostileNames } from '../../report/hostile.ts';
import { reported } from '../../report/reported.ts';
import { lastHour, oddShop } from '../../report/rows.ts';

const day = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' };
const cafe = reported(sampleShop({ from: '2026-07-01T00:00:00.000Z', to: day.to }), day, { currency: 'EUR' });
const checks = Array.from({ length: 21 }, (_, nth) => passed(`check.${nth}`));

/** Reports that show all that a page can hold. */
export const pages: Record<string, Report> = {
  sound: { ...cafe, checks, missing: ['Earl Grey', "Ploughman's lunch"] },
  doubtful: {
    ...cafe,
    source: 'sample',
    checks: [doubt, blocking, { ...doubt, id: 'order.total.matches' }, ...checks],
    revision: 2,
    reason: 'the till came late',
    forced: true,
    repeat: true,
    incomplete: true,
    late: [
      {
        from: '2026-11-19T16:00:00.000Z',
        to: '2026-11-20T16:00:00.000Z',
        sales: '1012.50',
        orders: 42,
        salesBefore: '980.00',
        ordersBefore: 40,
      },
    ],
    unsent: [day, day],
  },
  empty: reported(oddShop, { from: '2026-11-22T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' }),
  hostile: {
    ...reported(oddShop, lastHour, { currency: 'JPY', locale: 'ar-EG' }),
    checks: hostileNames.map(words => ({ ...doubt, words, ids: [words] })),
    groups: hostileNames.map(name => ({
      name,
      sales: '12.50',
      units: '3',
      share: '4.1',
      weekEarlier: { kind: 'was zero' },
    })),
    products: hostileNames.map(name => ({ name, sales: '-12.50', units: '3', ids: [name], group: name })),
    movers: hostileNames.map(name => ({ name, by: '-12.50' })),
    missing: [...hostileNames],
    reason: hostileNames.join(' '),
    forced: true,
  },
};
