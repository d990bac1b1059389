import { isIPv4 } from 'node:net';

/** A range of IPv4 addresses in canonical form: `base` is its first address as a number. */
export interface Cidr {
  base: number;
  prefix: number;
  size: number;
  text: string;
}

export const addressNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

export const addressText = (number: number): string =>
  [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.');

/**
 * The range, moved to its first address as AWS does (`10.0.0.9/24` is `10.0.0.0/24`), or undefined when the text is
 * none.
 */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', prefixText = '', ...more] = text.split('/');
  if (more.length > 0 || !isIPv4(address) || !/^\d{1,2}$/.test(prefixText) || Number(prefixText) > 32) return undefined;
  const prefix = Number(prefixText);
  const size = 2 ** (32 - prefix);
  const base = Math.floor(addressNumber(address) / size) * size;
  return { base, prefix, size, text: `${addressText(base)}/${prefix}` };
}

export const contains = (outer: Cidr, inner: Cidr): boolean =>
  inner.base >= outer.base && inner.base + inner.size <= outer.base + outer.size;

export const overlap = (a: Cidr, b: Cidr): boolean => a.base < b.base + b.size && b.base < a.base + a.size;
