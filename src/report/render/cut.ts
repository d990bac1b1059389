/** As many words as fit, by a measure of the text; a first word that is too long is cut within. */
export function cutAtWord(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  for (let end = text.lastIndexOf(' '); end > 0; end = text.lastIndexOf(' ', end - 1)) {
    const words = text.slice(0, end).replace(/[ ,:;(]+$/, '');
    if (words !== '' && fits(words)) return words;
  }
  let length = text.length;
  while (!fits(text.slice(0, length))) length -= 1;
  return text.slice(0, length);
}
