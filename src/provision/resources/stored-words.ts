import { type BillableItem, sumOf } from '../plan/prices.ts';

/** What is stored and what it costs: `3.1 MB, less than $0.01 a month`. The item is priced by the GB and month. */
export function storedWords(bytes: number, item: Extract<BillableItem, { item: unknown }>['item']): string {
  const price = sumOf([{ item, amount: bytes / 1e9 }])!;
  const cost = price.lt('0.01') ? 'less than $0.01' : `about $${price.toFixed(2)}`;
  return `${sizeOf(bytes)}, ${cost} a month`;
}

function sizeOf(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
