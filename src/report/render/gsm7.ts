/**
 * The alphabet of an SMS, and its extension, whose characters take two places: 3GPP TS 23.038, tables 6.2.1 and
 * 6.2.1.1.
 */
const alphabet =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extension = '\f^{}\\[~]|€';

/**
 * How many of the 160 places of one part a text takes; undefined where the alphabet lacks a character, which would
 * halve the room for all of it.
 */
export function septetsOf(text: string): number | undefined {
  let septets = 0;
  for (const character of text) {
    if (alphabet.includes(character)) septets += 1;
    else if (extension.includes(character)) septets += 2;
    else return undefined;
  }
  return septets;
}

/** The nearest text of this alphabet on one line: accents that it lacks fall off, other characters are left out. */
export const gsm7 = (text: string): string =>
  Array.from(text.normalize('NFC').replace(/[−–]/g, '-').replace(/[‘’]/g, "'").replace(/\s+/g, ' '), character =>
    septetsOf(character) === undefined
      ? Array.from(character.normalize('NFKD'))
          .filter(one => septetsOf(one) !== undefined)
          .join('')
      : character,
  ).join('');
