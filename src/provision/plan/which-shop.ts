import type { FunctionEnvironment } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { type Inventory, inUseOf } from '../engine/inventory.ts';
import type { ShopChange } from '../engine/outcome.ts';
import { firstSubscribers } from '../readers/subscribers.ts';
import { functionEnvironment } from '../resources/function-environment.ts';
import type { FunctionFound } from '../resources/lambda-function.ts';
import type { Stack } from '../stack.ts';

/** What the readers' figures are of, as the function has it: which database, and by which query. */
function shopOf({ DB_HOST = '', DB_PORT = '', DB_NAME = '', REPORT = '{}' }: FunctionEnvironment): {
  place: string;
  query: string;
} {
  let query: unknown;
  try {
    query = (Object(JSON.parse(REPORT)) as { query?: unknown }).query;
  } catch {
    query = 'unreadable';
  }
  return { place: `${DB_NAME} at ${DB_HOST}:${DB_PORT}`, query: String(query ?? '') };
}

/**
 * Whether the deployed function would report on another shop than it does, or by another query; undefined where it
 * would not, or is not there.
 */
export async function shopChangeIn(
  stack: Stack,
  snapshot: Snapshot,
  inventory: Inventory,
): Promise<ShopChange | undefined> {
  const found = inUseOf(inventory, 'function') as FunctionFound | undefined;
  if (!found) return undefined;
  const [is, wanted] = [shopOf(found.environment), shopOf(functionEnvironment(stack, undefined))];
  if (is.place === wanted.place && is.query === wanted.query) return undefined;
  const words =
    is.place === wanted.place
      ? `reports on ${is.place} by another query (report.query)`
      : `reports on ${wanted.place} in place of ${is.place}`;
  return { words, readers: await readersIn(stack, snapshot) };
}

/** How many readers have confirmed; undefined where that may not be asked. */
async function readersIn(stack: Stack, snapshot: Snapshot): Promise<number | undefined> {
  try {
    const { subscribers, more } = await firstSubscribers(stack, snapshot, 'readers');
    return subscribers.filter(({ state }) => state === 'confirmed').length + more;
  } catch (error) {
    if (error instanceof Problem && error.code === 'access-denied') return undefined;
    throw error;
  }
}
