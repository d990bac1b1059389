import { expect, test } from 'vitest';
import { findRange, isInside, isOverlapping, isPrivateCidr } from '../../src/settings/cidr.ts';

test.each([
  ['10.0.0.0/16', { first: 0x0a000000, last: 0x0a00ffff, prefix: 16 }],
  ['203.0.113.7/32', { first: 0xcb007107, last: 0xcb007107, prefix: 32 }],
  ['0.0.0.0/0', { first: 0, last: 0xffffffff, prefix: 0 }],
  ['10.0.0.1/16', undefined],
  ['10.0.0.256/32', undefined],
  ['10.0.0.0/33', undefined],
  ['10.0.0.0', undefined],
])('%s', (cidr, range) => {
  expect(findRange(cidr)).toEqual(range);
});

test('ranges inside and across each other', () => {
  expect(isInside('10.0.16.0/20', '10.0.0.0/16')).toBe(true);
  expect(isInside('10.1.0.0/20', '10.0.0.0/16')).toBe(false);
  expect(isOverlapping('10.0.0.0/20', '10.0.8.0/21')).toBe(true);
  expect(isOverlapping('10.0.0.0/20', '10.0.16.0/20')).toBe(false);
  expect(isPrivateCidr('172.31.0.0/16', 16, 28)).toBe(true);
  expect(isPrivateCidr('172.32.0.0/16', 16, 28)).toBe(false);
  expect(isPrivateCidr('10.0.0.0/8', 16, 28)).toBe(false);
});
