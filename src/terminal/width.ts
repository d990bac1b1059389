import { harmless, ownColours } from './harmless.ts';

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Scripts and signs that take two columns (Unicode Annex 11, wide and full-width), and emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** Marks without a base, and characters that steer others, such as the isolates around text from right to left. */
const none = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** Characters as a reader counts them, each perhaps of several code points. */
export const charactersOf = (text: string): string[] => Array.from(characters.segment(text), ({ segment }) => segment);

/** Columns that a line takes at a terminal as it is shown there, colours apart. */
export function columnsOf(line: string): number {
  if (/^[\x20-\x7e]*$/.test(line)) return line.length;
  const plain = harmless(line).replace(ownColours, '');
  if (/^[\x20-\x7e]*$/.test(plain)) return plain.length;
  return charactersOf(plain).reduce((columns, character) => {
    if (none.test(character)) return columns;
    return columns + (wide.test(character) ? 2 : 1);
  }, 0);
}
