export interface Element {
  name: string;
  attributes: Record<string, string>;
}

const withoutEnd = ['meta', 'wbr'];
const entity = /&(?!(amp|lt|gt|quot|#39|#x27);)/;

/** The elements of a page in their order. Throws where one does not end, or where `<`, `>` or `&` stands for itself. */
export function elementsOf(page: string): Element[] {
  const body = page.replace(/^<!doctype html>\n/, '').replace(/<style>[^<]*<\/style>/, '<style></style>');
  const elements: Element[] = [];
  const open: string[] = [];
  let end = 0;
  const text = (to: number) => {
    const found = body.slice(end, to);
    if (/[<>]/.test(found) || entity.test(found)) throw new Error(`Not escaped: ${found}`);
  };
  for (const tag of body.matchAll(/<(\/?)([a-z][a-z0-9]*)((?: [\w:-]+="[^"<>]*")*) ?(\/?)>/g)) {
    text(tag.index);
    end = tag.index + tag[0].length;
    const [, closes, name = '', attributes = '', closed] = tag;
    if (closes && open.pop() !== name) throw new Error(`${name} ends before what is in it`);
    if (closes) continue;
    if (entity.test(attributes)) throw new Error(`Not escaped: ${attributes}`);
    elements.push({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
      ),
    });
    if (!closed && !withoutEnd.includes(name)) open.push(name);
  }
  text(body.length);
  if (open.length > 0) throw new Error(`Without an end: ${open.join(', ')}`);
  return elements;
}
