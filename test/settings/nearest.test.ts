import { expect, test } from 'vitest';
import { findNearest } from '../../src/settings/nearest.ts';

test.each([
  ['stak', 'stack'],
  ['STACK', 'stack'],
  ['satck', 'stack'],
  ['regoin', 'region'],
  ['colour', undefined],
  ['x', undefined],
])('%s is nearest to %s', (name, nearest) => {
  expect(findNearest(name, ['stack', 'region', 'network', 'hosts'])).toBe(nearest);
});
