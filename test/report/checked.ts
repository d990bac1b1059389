import type { CheckResult } from '../../src/report/checks.ts';

/** A check with a doubt that is told and sent. */
export const doubt: CheckResult = {
  id: 'item.orphan.product',
  outcome: 'warn',
  count: 3,
  ids: ['7', '8', '9'],
  words: '3 items name a product that does not exist.',
  seconds: 0.02,
};

/** One that keeps a report from being sent. */
export const blocking: CheckResult = {
  id: 'order.unique',
  outcome: 'fail',
  policy: 'block',
  count: 2,
  ids: ['17'],
  words: '2 orders have the same number.',
  seconds: 0.01,
};

export const late: CheckResult = {
  id: 'data.fresh',
  outcome: 'fail',
  policy: 'hold',
  count: null,
  ids: [],
  words: 'The last order is 30 h old.',
  seconds: 0,
};

export const passed = (id: string): CheckResult => ({
  id,
  outcome: 'pass',
  count: 0,
  ids: [],
  words: 'Nothing.',
  seconds: 0.01,
});
