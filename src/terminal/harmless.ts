import { randomUUID } from 'node:crypto';

const escapeCode = String.fromCharCode(27);

/**
 * What our own colours begin with until they are shown: an escape code and a word that nobody else can know. By it they
 * are told from the control sequences in other people's words.
 */
const ownEscape = `${escapeCode}${randomUUID()}`;

/** Our own colours in a text that is not shown yet. */
export const ownColours: RegExp = new RegExp(`${ownEscape}\\[[0-9;]*m`, 'g');

/** Makes the colours in a text our own. */
export const asOwn = (painted: string): string => painted.replaceAll(escapeCode, ownEscape);

/** The opposite of `asOwn`. */
export const asPainted = (own: string): string => own.replaceAll(ownEscape, escapeCode);

/**
 * What a terminal obeys or hides, or what turns round the text beside it: control characters, halves of characters,
 * line and paragraph separators, and all that Unicode calls default ignorable (bidirectional controls, zero-width and
 * tag characters, fillers). Variation selectors stay: they are part of an emoji.
 */
const harmful =
  /(?!\n|\p{Variation_Selector})[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * What joins emoji, or the letters of a script that is not Latin, and isolates that end on their line, such as those
 * around the names in a report.
 */
const joined = /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})/u;
const joinedLetters = /(?<=(?![\p{Script=Latin}])[\p{L}\p{M}])[\u200c\u200d](?=(?![\p{Script=Latin}])[\p{L}\p{M}])/u;
const isolated = /\u2068(?=[^\u2066-\u2069\n]*\u2069)|(?<=\u2068[^\u2066-\u2069\n]*)\u2069/u;
const kept = new RegExp(`${joined.source}|${joinedLetters.source}|${isolated.source}`, 'gu');

/** Whether a text is of nothing but printable ASCII, as most are. */
const isPlain = (text: string): boolean => /^[\n\x20-\x7e]*$/.test(text);

/**
 * The text with a sign of one column in the place of each character that would do something to the terminal or to the
 * reader: ␛ and its like for a control character, and � for the others. Our own colours and line ends pass; a tab
 * becomes a space.
 */
export function harmless(text: string): string {
  if (isPlain(text)) return text;
  return text
    .split(ownEscape)
    .map(part => signed(part.replaceAll('\r\n', '\n')))
    .join(ownEscape);
}

function signed(part: string): string {
  const keeps = new Set(Array.from(part.matchAll(kept), ({ index }) => index));
  return part.replace(harmful, (character, index: number) => {
    if (keeps.has(index)) return character;
    const code = character.codePointAt(0)!;
    if (code === 9) return ' ';
    if (code === 127) return '\u2421';
    return code < 32 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}

/** A text as it goes to the terminal: harmless, in our own colours. */
export const shown = (text: string): string => asPainted(harmless(text));

/**
 * A document in JSON in which every character that a terminal would obey or hide is written as `\u` and four digits. It
 * reads the same.
 */
export function safeJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(harmful, character =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
