/** HTML. Everything that is not, is text, and is escaped where it meets HTML: see `html`. */
export class Markup {
  constructor(readonly source: string) {}
}

type Part = string | Markup | readonly Markup[] | undefined;

/** HTML from a template: text in it is escaped, markup is not, undefined is nothing. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Markup =>
  new Markup(strings.map((string, index) => string + sourceOf(parts[index])).join(''));

function sourceOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.source;
  return typeof part === 'string' ? escaped(part) : part.map(({ source }) => source).join('\n');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => displayable(text).replace(/[&<>"']/g, character => entities[character]!);

/** Without what a document may not hold: control characters, and halves of characters. */
export const displayable = (text: string): string => text.replace(/(?!\n)[\p{Cc}\p{Cs}]/gu, '\ufffd');
