import type { BeyondSeed } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { Snapshot } from '../aws/snapshot.ts';
import { endsTheRun } from '../engine/engine.ts';
import { isAlive, stackHosts } from '../resources/stack-hosts.ts';
import type { Stack } from '../stack.ts';
import { invoke } from './invoke.ts';

/** The database host of a stack, as far as it can still hold sales. */
export interface DatabaseHost {
  instanceId: string;
  volumeId: string;
}

/** What would go with the database of a stack; `unknown` counts as something. */
export type ShopData =
  | { kind: 'no host' }
  | { kind: 'seed' }
  | ({ kind: 'more' } & BeyondSeed)
  | { kind: 'unknown'; why: string };

/** How a teardown may treat sales: keep a snapshot of them, or let them go. */
export interface DataOptions {
  deleteDatabase?: boolean;
  snapshot?: boolean;
}

/**
 * The stack's database hosts that have not ended, with their root volumes; the one that serves first. A second one is a
 * copy that somebody made.
 */
export async function databaseHostsOf(stack: Stack): Promise<DatabaseHost[]> {
  const hosts = await stackHosts(new Snapshot(stack.aws), stack, 'host.database');
  return hosts.filter(isAlive).flatMap(({ InstanceId: instanceId, RootDeviceName, BlockDeviceMappings = [] }) => {
    const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName);
    return instanceId && root?.Ebs?.VolumeId ? [{ instanceId, volumeId: root.Ebs.VolumeId }] : [];
  });
}

/**
 * Asks the deployed function what the database on our own host holds beyond its seed. A database of the user's own goes
 * with no teardown, and is not asked.
 */
export async function shopDataOf(stack: Stack): Promise<ShopData> {
  const [host, ...copies] = await databaseHostsOf(stack);
  if (!host) return { kind: 'no host' };
  if (copies.length > 0)
    return {
      kind: 'unknown',
      why: `the function asks ${host.instanceId} alone, and ${copies.map(one => one.instanceId).join(', ')} would go too`,
    };
  try {
    const answer = (await invoke(stack, { beyondSeed: stack.settings.database.seed })) as Partial<BeyondSeed> | null;
    const { orders, last = null, products = 0, tables = [] } = answer ?? {};
    if (orders === undefined)
      return { kind: 'unknown', why: 'the function does not answer as this version of it does' };
    const isMore = orders > 0 || products > 0 || tables.length > 0;
    return isMore ? { kind: 'more', orders, last, products, tables } : { kind: 'seed' };
  } catch (error) {
    if (endsTheRun(error)) throw error;
    return { kind: 'unknown', why: error instanceof Error ? error.message.replace(/\.$/, '') : String(error) };
  }
}

/** Throws Problem `data-there` where sales would be lost and nobody has said what is to become of them. */
export function verifyMayGo(stack: string, data: ShopData): void {
  if (data.kind === 'no host' || data.kind === 'seed') return;
  const found =
    data.kind === 'unknown'
      ? `It could not be asked whether the database of stack ${stack} holds sales of yours (${data.why})`
      : `The database of stack ${stack} holds ${beyondWords(data)}`;
  const again = data.kind === 'unknown' ? 'run the same command to ask again, or ' : '';
  throw new Problem(
    'data-there',
    `${found}: ${again}add --snapshot to keep a snapshot of it, or --delete-database to let it go. Nothing was changed.`,
    { exit: 'usage' },
  );
}

/** `1,204 orders beyond its first data, the last of 2026-11-24 15:59:00; 2 products and the table till`. */
function beyondWords({ orders, last, products, tables }: BeyondSeed): string {
  const count = (number: number, one: string) => `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`;
  const parts = [
    ...(orders > 0 ? [`${count(orders, 'order')}${last ? ` (the last of ${last})` : ''}`] : []),
    ...(products > 0 ? [count(products, 'product')] : []),
    ...(tables.length > 0
      ? [tables.length === 1 ? `the table ${tables[0]}` : `${tables.length} tables of other names`]
      : []),
  ];
  const [final, ...before] = parts.reverse();
  return `${before.length > 0 ? `${before.reverse().join(', ')} and ` : ''}${final} beyond what it began with`;
}
