import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import type { Hop } from '../../function-contract.ts';
import { lineStatement } from './line-statements.ts';
import type { MysqlOptions } from './mysql.ts';
import type { ShopConnection } from './mysql-connection.ts';
import { databaseProblem } from './mysql-problems.ts';
import { selectStatement } from './mysql-statements.ts';
import type { Shop } from './shop.ts';
import { tables } from './tables.ts';

/**
 * Tries each hop from here to the shop's sales: name, tcp, login, and a select on each table, or on the shop's own
 * query. Never throws.
 */
export async function probe(
  options: MysqlOptions,
  connection: () => Promise<ShopConnection>,
  shop: () => Promise<Shop>,
): Promise<Hop[]> {
  const { host, port, user, password, query, answerMs, clock } = options;
  const hops: Hop[] = [];
  /** Tries a hop unless one that it needs has failed. */
  const hop = async (
    name: Hop['hop'],
    work: () => Promise<string | undefined>,
    isPossible = hops.every(({ ok }) => ok),
  ) => {
    if (!isPossible) return void hops.push({ hop: name, ok: false, ms: 0, skipped: true });
    const start = clock.elapsed();
    const answer = await work().then(
      detail => ({ ok: true, detail }),
      error => ({ ok: false, detail: databaseProblem(error, options).message }),
    );
    hops.push({ hop: name, ms: clock.elapsed() - start, ...answer });
  };
  await hop('name', async () => (isIP(host) ? host : (await lookup(host)).address));
  await hop('tcp', () => knock(options).then(() => `${host}:${port}`));
  const isReached = hops.every(({ ok }) => ok);
  await hop(
    'login',
    async () => `${user} on ${await versionOf(await connection(), answerMs)}`,
    isReached && !!password,
  );
  const isIn = hops.every(({ ok }) => ok);
  const select = async (sql: string) =>
    ((await (await connection()).query({ sql, timeout: answerMs }))[0] as unknown[]).length;
  const noRows = (count: number) => (count === 0 ? ['no rows yet'] : []);
  if (query !== undefined)
    await hop(
      'select query',
      async () => {
        const { lacking, prepare } = await shop();
        const without = lacking.length > 0 ? [`without ${lacking.join(', ')}`] : [];
        return [...noRows(await select(prepare(lineStatement, []).sql)), ...without].join(', ') || undefined;
      },
      isIn,
    );
  else
    for (const table of tables)
      await hop(`select ${table.name}`, async () => noRows(await select(selectStatement(table)))[0], isIn);
  return hops;
}

/** `10.11.6-MariaDB`, `8.4.3`. */
async function versionOf(connection: ShopConnection, timeout: number): Promise<string> {
  const [rows] = await connection.query({ sql: 'SELECT VERSION() AS version', timeout });
  return String((rows as { version: string }[])[0]?.version);
}

/** Resolves once the port takes a connection. */
function knock({ host, port, connectMs }: MysqlOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: connectMs });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.once('error', fail);
    socket.once('timeout', () => fail(Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' })));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
