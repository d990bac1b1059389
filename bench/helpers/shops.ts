import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import schema from '../../database/schema.sql';
import { type Mariadb, startMariadb } from '../../test/wire/helpers/mariadb.ts';
import shopData from './shop-data.sql';

/** Databases by their number of order items; all sell from June 2024 to November 2026. */
export const shops = { '10 thousand': 3_335, '1 million': 333_335, '6 million': 2_000_000 } as const;
export type ShopSize = keyof typeof shops;
export const sizes = Object.keys(shops) as ShopSize[];

export const wholeTime = { from: '2024-06-01', to: '2026-12-01' };

const reader = { user: 'reader', password: 'reads-only' };

export interface Shops {
  server: Mariadb;
  /** For --database-url. */
  url(size: ShopSize): string;
  /** The command of MariaDB's own client, as the same user. */
  client(size: ShopSize): string[];
}

/**
 * Does something with the shops of shop-data.sql, on a server of their own. They are made at the first time, in less
 * than a minute, and kept under .work.
 */
export async function withShops<T>(use: (shops: Shops) => Promise<T> | T): Promise<T> {
  execFileSync('bash', ['scripts/need.sh', 'mariadb-server'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const server = await startShops();
  // A command that is interrupted at a terminal ends, and so does what waits for it: then the server must not be left.
  const onInterrupt = () => void server.stop().finally(() => process.exit(130));
  process.once('SIGINT', onInterrupt);
  try {
    return await use({
      server,
      url: size => server.url({ ...reader, database: databaseOf(size) }),
      client: size => [
        'mariadb',
        '--no-defaults',
        // The report sends settings of other engines, too, which this one refuses.
        '--force',
        '--host=127.0.0.1',
        `--port=${server.port}`,
        `--user=${reader.user}`,
        `--password=${reader.password}`,
        databaseOf(size),
      ],
    });
  } finally {
    await server.stop();
    process.off('SIGINT', onInterrupt);
  }
}

const databaseOf = (size: ShopSize) => `shop of ${size}`.replaceAll(' ', '_');

async function startShops(): Promise<Mariadb> {
  const hash = createHash('sha256')
    .update(JSON.stringify([schema, shopData, shops, reader]))
    .digest('hex')
    .slice(0, 12);
  const folder = resolve('.work/bench', hash);
  const isFilled = join(folder, 'filled');
  const settings = 'innodb-buffer-pool-size=1G\ninnodb-doublewrite=0';
  if (!existsSync(isFilled)) {
    // Those of other data, or that were not finished.
    rmSync(resolve('.work/bench'), { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const server = await startMariadb({ data: join(folder, 'data'), settings });
  if (existsSync(isFilled)) return server;
  try {
    for (const size of sizes) await fill(server, size);
    writeFileSync(isFilled, '');
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function fill(server: Mariadb, size: ShopSize): Promise<void> {
  process.stderr.write(`Making the shop of ${size} items\n`);
  const database = databaseOf(size);
  const { user, password } = reader;
  await server.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`);
  await server.query(`${schema}\nSET @orders = ${shops[size]};\n${shopData}`, { database });
  await server.query(
    `CREATE USER IF NOT EXISTS ${user}@'%' IDENTIFIED BY '${password}'; GRANT SELECT ON ${database}.* TO ${user}@'%'`,
  );
}
