import { connect, type Socket } from 'node:net';
import type { Connection, FieldPacket } from 'mysql2';
import type { MysqlOptions } from './mysql.ts';
import { loginsOf, type Standard } from './mysql-logins.ts';

/** A statement, and how long its whole answer is waited for, ms. */
interface Statement {
  sql: string;
  timeout: number;
}

type Answer = [rows: unknown[], fields: FieldPacket[]];

/**
 * A connection that holds whatever the other side does: what it throws is an error of the driver or a Problem, and it
 * ends with its socket.
 */
export interface ShopConnection {
  query(statement: Statement): Promise<Answer>;
  execute(statement: Statement, values: readonly (string | null)[]): Promise<Answer>;
  destroy(): void;
}

/** So much of one answer is read, and no more: far above what a report of any shop takes. */
const most = { bytes: 64 * 2 ** 20, loginBytes: 2 ** 20, packets: 500_000, columns: 4_096, cells: 5_000_000 };

/** How often the size of an answer is looked at, ms. */
const every = 20;

/** What is used of the driver beyond its documented interface, each only to refuse more than it does. */
interface Inside {
  handlePacket(packet?: { sequenceId: number }): void;
  sequenceId: number;
  _command?: { _fieldCount?: number };
}

/** Fails an answer: for every statement that is open, and for those to come. */
class Failure {
  #error: unknown;
  readonly #open = new Set<(error: unknown) => void>();

  get error(): unknown {
    return this.#error;
  }

  fail(error: unknown): void {
    this.#error ??= error;
    for (const reject of this.#open) reject(this.#error);
    this.#open.clear();
  }

  /** Rejects once it has failed. `done` forgets it. */
  watch(reject: (error: unknown) => void): () => void {
    if (this.#error) reject(this.#error);
    else this.#open.add(reject);
    return () => void this.#open.delete(reject);
  }
}

const garbled = (why: string) => Object.assign(new Error(why), { code: 'PROTOCOL_GARBLED' });
const endless = (why: string) => Object.assign(new Error(why), { code: 'PROTOCOL_ENDLESS' });
const late = (code: string) => Object.assign(new Error('It took too long'), { code });

/**
 * The driver prints a stack trace where it cannot read a length; what it does with a packet it does at once, so that
 * nobody else is silenced.
 */
function silently(work: () => void): void {
  const { trace } = console;
  console.trace = () => {};
  try {
    work();
  } finally {
    console.trace = trace;
  }
}

/**
 * Logs in within `connectMs`. Rejects with an error of the driver's or a Problem, and never leaves a socket open.
 * `signal` ends it, and everything that is asked later.
 */
export async function openShop(
  options: MysqlOptions,
  tls: object | undefined,
  signal: AbortSignal,
): Promise<ShopConnection> {
  const { host, port, name: database, user, password, connectMs } = options;
  // Of a CommonJS package, the default export is what every bundler and Node agree on.
  const { default: driver } = await import('mysql2');
  signal.throwIfAborted();
  const failure = new Failure();
  let packets = 0;
  const socket: Socket = connect({ host, port, noDelay: true });
  const settings = {
    stream: () => socket,
    host,
    port,
    database,
    user,
    password: password?.reveal(),
    // Money stays text from the server to the report.
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    enableCleartextPlugin: options.tls,
    authPlugins: loginsOf(options, driver.authPlugins as unknown as Standard),
    ...(tls ? { ssl: tls } : {}),
  };
  const connection: Connection = driver.createConnection(settings);
  const end = (error: unknown) => {
    failure.fail(error);
    socket.destroy();
  };
  // Also later, when nobody listens: without a listener it would end the process.
  connection.on('error', end);
  socket.once('close', () => failure.fail(late('PROTOCOL_CONNECTION_LOST')));
  signal.addEventListener('abort', () => end(late('PROTOCOL_CONNECTION_LOST')), { once: true });

  const inside = connection as unknown as Inside;
  const handle = inside.handlePacket.bind(connection);
  inside.handlePacket = packet => {
    if (failure.error) return;
    packets++;
    // The driver would print a line of its own and go on.
    if (packet && packet.sequenceId !== inside.sequenceId) return end(garbled('packets out of order'));
    try {
      silently(() => handle(packet));
    } catch (error) {
      return end(garbled((error as Error).message));
    }
    const columns = inside._command?._fieldCount ?? 0;
    if (columns > most.columns) end(endless(`${columns} columns`));
    else if (packets > most.packets || packets * columns > most.cells) end(endless(`${packets} rows`));
  };

  /** Waits for one answer, and no longer than `ms`, nor for more than so many bytes. */
  const within = <T>(
    ms: number,
    bytes: number,
    tooLate: string,
    work: (done: (value: T) => void, no: (error: unknown) => void) => void,
  ) =>
    new Promise<T>((resolve, reject) => {
      const from = socket.bytesRead;
      packets = 0;
      const timer = setTimeout(() => end(late(tooLate)), ms);
      const meter = setInterval(() => {
        if (socket.bytesRead - from > bytes) end(endless(`more than ${bytes} bytes`));
      }, every);
      const over = () => {
        clearTimeout(timer);
        clearInterval(meter);
        forget();
      };
      const no = (error: unknown) => {
        over();
        reject(error);
      };
      const forget = failure.watch(no);
      if (failure.error) return over();
      work(value => {
        over();
        resolve(value);
      }, no);
    });

  const ask = (send: () => NodeJS.EventEmitter, timeout: number): Promise<Answer> =>
    within(timeout, most.bytes, 'PROTOCOL_SEQUENCE_TIMEOUT', (done, no) => {
      const rows: unknown[] = [];
      let fields: FieldPacket[] = [];
      let refusal: unknown;
      send()
        .on('fields', (found: FieldPacket[] | undefined) => {
          fields = found ?? [];
        })
        .on('result', row => rows.push(row))
        .on('error', error => {
          refusal = error;
        })
        .once('end', () => (refusal === undefined ? done([rows, fields]) : no(refusal)));
    });

  await within<void>(connectMs, most.loginBytes, 'ETIMEDOUT', done => connection.once('connect', () => done()));
  // One after the other: what is counted is of the statement that is open.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (send: () => NodeJS.EventEmitter, timeout: number): Promise<Answer> => {
    const answer = turn.then(() => ask(send, timeout));
    turn = answer.catch(() => {});
    return answer;
  };
  return {
    query: ({ sql, timeout }) => inTurn(() => connection.query({ sql }), timeout),
    execute: ({ sql, timeout }, values) => inTurn(() => connection.execute({ sql, values: [...values] }), timeout),
    destroy: () => end(late('PROTOCOL_CONNECTION_LOST')),
  };
}
