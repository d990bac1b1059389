import { expect, test } from 'vitest';
import { sparkline } from '../../src/report/render/sparkline.ts';

test('a sparkline goes from the least to the most', () => {
  expect([sparkline([1, 2, 3, 8]), sparkline([5, 5]), sparkline([-1, 0])]).toEqual(['▁▂▃█', '▁▁', '▁█']);
});
