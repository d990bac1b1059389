/**
 * One page of a list. `token`: where the last page ended, as its `next` says; undefined for the first, and `next`
 * undefined after the last.
 */
export function pageOf<T>(all: readonly T[], size: number, token: string | undefined): { items: T[]; next?: string } {
  const from = Number(token ?? 0);
  const to = from + size;
  return { items: all.slice(from, to), ...(to < all.length ? { next: String(to) } : {}) };
}
