/** What keeps a thing from going, as far as it can be asked. */
export interface Held {
  /** Each a part of a sentence: what it is, and whose it looks like. */
  by: string[];
  /** Kinds that were looked for, of which none was found, in the plural. */
  none: string[];
  /**
   * Kinds that can hold it too and were not looked for, in the plural, with the reason where it is not that the tool
   * never looks for them.
   */
  unasked: string[];
}

const listed = (kinds: readonly string[], last: 'and' | 'or'): string =>
  kinds.length < 2 ? kinds.join('') : `${kinds.slice(0, -1).join(', ')} ${last} ${kinds.at(-1)}`;

/** What was looked for where nothing was found: one or two sentences. Empty where nothing was looked for. */
export function soughtWords({ none, unasked }: Held): string {
  const sought = none.length > 0 ? `salesreport looked for ${listed(none, 'and')} that hold it, and found none.` : '';
  const not =
    unasked.length > 0 ? `It did not look for ${listed(unasked, 'or')}: look for those in the AWS console.` : '';
  return [sought, sought ? not : not.replace(/^It/, 'salesreport')].filter(Boolean).join(' ');
}

/** All of it as of one thing: a kind of which one is found somewhere is not one that was not found. */
export function together(all: readonly Held[]): Held {
  const unique = (lists: string[][]) => [...new Set(lists.flat())];
  return {
    by: unique(all.map(({ by }) => by)),
    none: unique(all.map(({ none }) => none)),
    unasked: unique(all.map(({ unasked }) => unasked)),
  };
}
