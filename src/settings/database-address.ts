import { findRange } from './cidr.ts';
import type { Settings } from './settings.ts';

/**
 * Where the function finds the shop's database: `database.host`, or the fixed private address of the host that is made, the tenth of its
 * subnet (10.0.0.10 by default; AWS keeps the first four and the last of each subnet).
 */
export function databaseAddress(settings: Pick<Settings, 'database' | 'network'>): string {
  if (settings.database.host !== undefined) return settings.database.host;
  const address = findRange(settings.network.subnets.publicA)!.first + 10;
  return [24, 16, 8, 0].map(shift => Math.floor(address / 2 ** shift) % 256).join('.');
}
