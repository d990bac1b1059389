import type { BeyondSeed } from '../function-contract.ts';
import { Problem } from '../problem.ts';
import { endsTheRun } from './engine/engine.ts';
import { invoke } from './invoke.ts';
import type { Stack } from './stack.ts';

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

/** The host with its root volume, while it is not ended. */
export async function databaseHostOf({ aws, owner }: Stack): Promise<DatabaseHost | undefined> {
  const { Reservations = [] } = await aws.call('ec2:DescribeInstances', { Filters: owner.filters });
  const instances = owner.select(
    Reservations.flatMap(({ Instances = [] }) => Instances),
    'host.database',
  );
  for (const { InstanceId, State, RootDeviceName, BlockDeviceMappings = [] } of instances) {
    const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName);
    if (['pending', 'running', 'stopping', 'stopped'].includes(State?.Name ?? '') && InstanceId && root?.Ebs?.VolumeId)
      return { instanceId: InstanceId, volumeId: root.Ebs.VolumeId };
  }
  return undefined;
}

/** Asks the deployed function what the database on our own host holds beyond its seed. A database of the user's own goes with no teardown, and is not asked. */
export async function shopDataOf(stack: Stack): Promise<ShopData> {
  if (!(await databaseHostOf(stack))) return { kind: 'no host' };
  try {
    const answer = (await invoke(stack, { beyondSeed: stack.settings.database.seed })) as Partial<BeyondSeed> | null;
    const { orders, last = null, products = 0, tables = [] } = answer ?? {};
    if (orders === undefined) return { kind: 'unknown', why: 'the function does not answer as this version of it does' };
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
export function beyondWords({ orders, last, products, tables }: BeyondSeed): string {
  const count = (number: number, one: string) => `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`;
  const parts = [
    ...(orders > 0 ? [`${count(orders, 'order')}${last ? ` (the last of ${last})` : ''}`] : []),
    ...(products > 0 ? [count(products, 'product')] : []),
    ...(tables.length > 0 ? [tables.length === 1 ? `the table ${tables[0]}` : `${tables.length} tables of other names`] : []),
  ];
  const [final, ...before] = parts.reverse();
  return `${before.length > 0 ? `${before.reverse().join(', ')} and ` : ''}${final} beyond what it began with`;
}
