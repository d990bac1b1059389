import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { freePort } from '../wire/helpers/mariadb.ts';
import type { Server } from '../wire/helpers/shop.ts';

export interface Tidb extends Server {
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * A TiDB of one process that stores by itself (unistore), on a free port of 127.0.0.1; root has no password.
 * TIDB_SERVER is its program.
 */
export async function startTidb(): Promise<Tidb> {
  const program = process.env.TIDB_SERVER;
  if (!program)
    throw new Error('Run this by npm run test:tidb, which builds the server, or set TIDB_SERVER to a tidb-server.');
  const folder = mkdtempSync(join(tmpdir(), 'salesreport-tidb-'));
  const port = await freePort();
  const config = join(folder, 'config.toml');
  writeFileSync(
    config,
    `host = "127.0.0.1"
port = ${port}
store = "unistore"
path = "${join(folder, 'data')}"
temp-dir = "${join(folder, 'temp')}"
tmp-storage-path = "${join(folder, 'spill')}"
socket = ""
[log]
level = "info"
slow-query-file = "${join(folder, 'slow.log')}"
[status]
report-status = false
`,
  );
  const server = await start(program, config);
  return {
    port,
    async query(sql, { database } = {}) {
      const connection = await createConnection({
        host: '127.0.0.1',
        port,
        user: 'root',
        database,
        multipleStatements: true,
        dateStrings: true,
      });
      try {
        const [rows] = await connection.query<RowDataPacket[]>(sql);
        return rows;
      } finally {
        await connection.end();
      }
    },
    async stop() {
      await end(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the server says that it listens. */
function start(program: string, config: string): Promise<ChildProcess> {
  const server = spawn(program, ['-config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr])
      createInterface({ input: stream }).on('line', line => {
        log.push(line);
        if (line.includes('server is running MySQL protocol')) resolve(server);
      });
    server.on('error', reject);
    server.on('exit', code => reject(new Error(`tidb-server ended with ${code}:\n${log.slice(-20).join('\n')}`)));
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise(resolve => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
}
