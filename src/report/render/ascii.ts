/** The nearest printable ASCII: accents fall off, other letters are left out, spaces are single ones. */
export const ascii = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[‘’]/g, "'")
    .replace(/[−–]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/g, '');
