/**
 * Longer names are cut, so that the mail stays small whatever the shop sells: in characters as a reader counts them,
 * and in bytes of UTF-8.
 */
const longestName = 60;
const largestName = 120;

const halves = /\p{Cs}/gu;
const blanks = /[\s\u0085]+/g;
const controls = /\p{Cc}/gu;
/**
 * Marks, embeddings, overrides and isolates, which turn the text around them (Unicode Annex 9, section 2), and what
 * nobody sees.
 */
const invisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
/** What leaves no mark on a page: Unicode's ignorable characters, and the blanks that are none by their class. */
const unseen = /[\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]/gu;
/** What is written from right to left: Hebrew, Arabic and their neighbours. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const [isolate, endIsolate] = ['\u2068', '\u2069'];

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Text of the shop or of an operator as it may stand in a line of ours: on one line, without control characters (so
 * without ANSI sequences), halves of characters and what turns the direction of the words around it. What is written
 * from right to left is isolated, so that amounts beside it stay in order. At most `longest` characters and `largest`
 * bytes of UTF-8.
 */
export function harmless(text: string, longest = longestName, largest = largestName): string {
  const plain = text
    .replace(halves, '\ufffd')
    .replace(blanks, ' ')
    .replace(controls, '\ufffd')
    .replace(invisible, '')
    .trim();
  const short = cut(plain, longest, largest);
  return rightToLeft.test(short) ? `${isolate}${short}${endIsolate}` : short;
}

/** What is shown for a name of which nobody would see anything. */
export const noName = '(no name)';

/** Whether nobody would see anything of a text. */
export const isUnseen = (text: string): boolean => text.replace(unseen, '') === '';

/** A name as it is shown: never empty. */
export function nameWords(name: string): string {
  const shown = harmless(name);
  return isUnseen(shown) ? noName : shown;
}

/** Of a text that is too long, as much as leaves room for the ellipsis. */
function cut(text: string, longest: number, largest: number): string {
  // What is long beyond doubt need not be taken apart to its end.
  const parts = Array.from(characters.segment(text.slice(0, 8 * largest)), ({ segment }) => segment);
  if (parts.length <= longest && Buffer.byteLength(text) <= largest) return text;
  let bytes = Buffer.byteLength('…');
  const kept = parts.slice(0, longest - 1).findIndex(part => {
    bytes += Buffer.byteLength(part);
    return bytes > largest;
  });
  return `${parts.slice(0, kept === -1 ? longest - 1 : kept).join('')}…`;
}
