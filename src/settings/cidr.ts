/** An IPv4 range: first and last address as numbers, and the length of its prefix. */
export interface Range {
  first: number;
  last: number;
  prefix: number;
}

/** Reads `10.0.0.0/16`; undefined for anything else, also where bits are set below the prefix (AWS refuses those). */
export function findRange(cidr: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some(byte => byte > 255) || prefix > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

export function isCidr(value: string): boolean {
  return findRange(value) !== undefined;
}

/**
 * Whether `value` lies in a range that RFC 1918 or RFC 6598 leave to private networks, with a prefix from `shortest` to
 * `longest`.
 */
export function isPrivateCidr(value: string, shortest: number, longest: number): boolean {
  const range = findRange(value);
  if (!range || range.prefix < shortest || range.prefix > longest) return false;
  return ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].some(block => isInside(value, block));
}

/** Whether all of `inner` lies in `outer`. Both must be CIDRs. */
export function isInside(inner: string, outer: string): boolean {
  const [a, b] = [findRange(inner)!, findRange(outer)!];
  return a.first >= b.first && a.last <= b.last;
}

/** Whether two CIDRs share an address. */
export function isOverlapping(one: string, other: string): boolean {
  const [a, b] = [findRange(one)!, findRange(other)!];
  return a.first <= b.last && b.first <= a.last;
}
