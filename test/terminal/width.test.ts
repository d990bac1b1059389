import { expect, test } from 'vitest';
import { canvasOf } from '../../src/terminal/canvas.ts';
import { table, widthOf, wrap } from '../../src/terminal/layout.ts';
import { plain } from './samples.ts';

const painted = canvasOf({ write: () => {}, isTTY: true }, { env: {}, color: true }).style;

test.each([
  ['Tea', 3],
  ['抹茶ラテ', 8],
  ['☕🍰', 4],
  ['👩‍👩‍👧‍👦', 2],
  ['é', 1],
  ['e\u0301', 1],
  ['\u2068שוקו\u2069', 4],
  [painted.bold('bold'), 4],
  [painted.dim(`a ${painted.bold('b')} c`), 5],
  // As they are shown: a sign for each character that does something.
  ['\u001b[1mbold\u001b[22m', 13],
  ['a\u202eb\u200bc', 5],
  ['a\tb', 3],
  ['＝', 2],
  ['€ ▇', 3],
])('%s takes %s columns', (text, columns) => {
  expect(widthOf(text)).toBe(columns);
});

test('columns stand below each other, whatever is written in them', () => {
  const rows = table(
    ['Tea', '抹茶ラテ', '☕🍰', 'שוקו'].map(name => [name, '1.00']),
    plain(),
  ).split('\n');
  expect(new Set(rows.map(row => widthOf(row.slice(0, row.indexOf('1.00'))))).size).toBe(1);
});

test('a word of wide characters is broken where it fits, and never within one', () => {
  expect(wrap('抹茶ラテ抹茶', 5)).toEqual(['抹茶', 'ラテ', '抹茶']);
  expect(wrap('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3)).toEqual(['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦']);
  expect(wrap('one/two/three', 9)).toEqual(['one/two/', 'three']);
});
