import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutAtWord } from '../../src/report/render/cut.ts';
import { gsm7, septetsOf } from '../../src/report/render/gsm7.ts';
import { harmless, nameWords } from '../../src/report/render/names.ts';

describe('GSM-7', () => {
  test.each([
    ['Sales 12.50, +3%', 16],
    ['@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà', 42],
    ['€ [x] {y} ~ ^ | \\', 26],
    ['’', undefined],
    ['ç', undefined],
    ['`', undefined],
    ['▁▂', undefined],
  ])('%s takes %s places', (text, places) => {
    expect(septetsOf(text)).toBe(places);
  });

  test.each([
    ['Crème brûlée', 'Crème brulée'],
    ['Łódź – ‘ok’', "odz - 'ok'"],
    ['1\u202f234,50\u00a0€', '1 234,50 €'],
    ['抹茶 latte', ' latte'],
    ['Ⅳ ½', 'IV 12'],
  ])('%s is written %s', (text, written) => {
    expect(gsm7(text)).toBe(written);
  });

  test('any text has a nearest one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(septetsOf(gsm7(text))).toBeDefined();
      }),
    );
  });
});

describe('what is too long is cut', () => {
  const within = (longest: number) => (text: string) => text.length <= longest;

  test.each([
    ['one two three', 13, 'one two three'],
    ['one two three', 12, 'one two'],
    ['one two, three', 10, 'one two'],
    ['one (two three)', 5, 'one'],
    ['unbreakable', 5, 'unbre'],
  ])('%s to %s characters', (text, longest, words) => {
    expect(cutAtWord(text, within(longest))).toBe(words);
  });
});

describe('a name in a line of ours', () => {
  test.each([
    ['Tea', 'Tea'],
    ['  two\r\n\tlines  ', 'two lines'],
    ['\u001b[31mred\u001b[0m', '\ufffd[31mred\ufffd[0m'],
    ['\ud800x', '\ufffdx'],
    ['\u202etxt.exe', 'txt.exe'],
    ['שוקו', '\u2068שוקו\u2069'],
    ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
    ['', '(no name)'],
    ['\u200b', '(no name)'],
    ['x'.repeat(61), `${'x'.repeat(59)}…`],
    ['👩‍👩‍👧‍👦'.repeat(9), `${'👩‍👩‍👧‍👦'.repeat(4)}…`],
  ])('%j is shown as %j', (name, shown) => {
    expect(nameWords(name)).toBe(shown);
  });

  test('is one short line, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400, size: 'max' }), name => {
        const shown = harmless(name);
        // Two isolates of three bytes each may stand around it.
        expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(126);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e]/u);
      }),
    );
  });
});
