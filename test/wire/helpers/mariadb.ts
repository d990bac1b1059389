import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createConnection, type FieldPacket, type RowDataPacket } from 'mysql2/promise';

interface Login {
  database?: string;
  user?: string;
  password?: string;
  /**
   * IPv4 address that the connection seems to come from, by the PROXY protocol (MariaDB manual, "Proxy Protocol
   * Support").
   */
  from?: string;
}

export interface Mariadb {
  port: number;
  socket: string;
  /** What stands in a `*.cnf` here holds from the next start on, except for where the server listens. */
  configFolder: string;
  /**
   * Rows of the statement; of several, those of each. Root's through the socket without a user, else over TCP. Decimals
   * and dates come as text.
   */
  query(sql: string, login?: Login): Promise<RowDataPacket[]>;
  /** What the server says of the columns of the statement's answer, as root. */
  fields(sql: string, login: { database: string }): Promise<FieldPacket[]>;
  /**
   * `mysql://user@127.0.0.1:port/database`: others can read a password on a command line, so the environment has it.
   */
  url(login: { database: string; user: string }): string;
  restart(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

// Debian has the server in a folder that a user's PATH may lack.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** The server runs as root only where it is told so; as another user it may not reach a folder of root's. */
const asRoot = userInfo().uid === 0 ? ['--user=root'] : [];

export interface MariadbOptions {
  /**
   * Folder of its data, which stays when the server ends; made where it is missing. Without one they are gone with the
   * server.
   */
  data?: string;
  /** Lines of its configuration. */
  settings?: string;
}

/**
 * A MariaDB server of its own on a free port of 127.0.0.1, in a temporary folder; root has no password. Rejects with
 * the server's log when it does not start.
 */
export async function startMariadb({ data: kept, settings = '' }: MariadbOptions = {}): Promise<Mariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'salesreport-mariadb-'));
  const data = kept ?? join(folder, 'data');
  const [socket, configFolder] = [join(folder, 'socket'), join(folder, 'config')];
  const port = await freePort();
  const config = join(folder, 'my.cnf');
  mkdirSync(configFolder);
  writeFileSync(
    config,
    `!includedir ${configFolder}
[mariadbd]
datadir=${data}
tmpdir=${folder}
socket=${socket}
port=${port}
bind-address=127.0.0.1
skip-name-resolve
proxy-protocol-networks=127.0.0.1
innodb-flush-log-at-trx-commit=0
${settings}
`,
  );
  const command = [`--defaults-file=${config}`, ...asRoot];
  if (!existsSync(data))
    execFileSync('mariadb-install-db', [...command, '--auth-root-authentication-method=normal'], {
      stdio: 'pipe',
      env,
    });

  let server = await start(command);
  return {
    port,
    socket,
    configFolder,
    async query(sql, { user, from, ...login } = {}) {
      const place = user === undefined ? { socketPath: socket, user: 'root' } : { host: '127.0.0.1', port, user };
      const stream = from === undefined ? {} : { stream: proxied(port, from) };
      const connection = await createConnection({
        ...login,
        ...place,
        ...stream,
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
    async fields(sql, login) {
      const connection = await createConnection({ ...login, socketPath: socket, user: 'root' });
      try {
        return (await connection.query(sql))[1];
      } finally {
        await connection.end();
      }
    },
    url: ({ database, user }) => `mysql://${encodeURIComponent(user)}@127.0.0.1:${port}/${database}`,
    async restart() {
      await end(server);
      server = await start(command);
    },
    async stop() {
      await end(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A connection to the server that says first whose it is. */
function proxied(port: number, from: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.write(`PROXY TCP4 ${from} 127.0.0.1 40000 ${port}\r\n`);
  return socket;
}

const given = new Set<number>();

/** A port of 127.0.0.1 that nobody listened on a moment ago, and that no other test of this process was given. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  if (given.has(port)) return freePort();
  given.add(port);
  return port;
}

/** Resolves when the server says that it is ready. */
function start(command: readonly string[]): Promise<ChildProcess> {
  const server = spawn('mariadbd', command, { stdio: ['ignore', 'ignore', 'pipe'], env });
  const log: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: server.stderr }).on('line', line => {
      log.push(line);
      if (line.includes('ready for connections')) resolve(server);
    });
    server.on('error', reject);
    server.on('exit', code => reject(new Error(`mariadbd ended with ${code}:\n${log.join('\n')}`)));
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise(resolve => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
}
