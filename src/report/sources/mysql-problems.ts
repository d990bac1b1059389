import { Problem } from '../../problem.ts';
import { tooManyFiles } from '../../too-many-files.ts';

interface Place {
  host: string;
  port: number;
  name: string;
  user: string;
  answerMs: number;
}

/** What each error code of Node and of the driver means to whoever keeps the database. */
const sentences: Record<string, (place: Place, message: string) => string> = {
  ECONNREFUSED: ({ host, port }) => `Nothing listens at ${host}:${port}: start the database, or set its host and port.`,
  ETIMEDOUT: ({ host, port }) =>
    `No answer from ${host}:${port}: check that its firewall or security group lets port ${port} in from here.`,
  EHOSTUNREACH: ({ host, port }) => `There is no way to ${host}:${port} from here: check the route and the address.`,
  ENETUNREACH: ({ host, port }) => `There is no way to ${host}:${port} from here: check the route and the address.`,
  ENOTFOUND: ({ host }) => `The name ${host} is unknown here: check the database's host.`,
  EAI_AGAIN: ({ host }) => `The name ${host} cannot be looked up at the moment: check the network, then try again.`,
  ER_ACCESS_DENIED_ERROR: ({ host, user }) =>
    `The database at ${host} refuses ${user}: check the user and the password.`,
  ER_HOST_NOT_PRIVILEGED: ({ host, user }) =>
    `The database at ${host} lets nobody in from here: grant ${user} access from this address.`,
  ER_DBACCESS_DENIED_ERROR: ({ name, user }) =>
    `${user} may not use the database ${name}: grant SELECT on ${name}.* to ${user}.`,
  ER_BAD_DB_ERROR: ({ host, name }) => `There is no database ${name} at ${host}: check its name.`,
  ER_TABLEACCESS_DENIED_ERROR: ({ name, user }) =>
    `${user} may not read every table that the report needs: grant SELECT on ${name}.* to ${user}.`,
  ER_COLUMNACCESS_DENIED_ERROR: ({ name, user }) =>
    `${user} may not read every column that the report needs: grant SELECT on ${name}.* to ${user}.`,
  ER_NO_SUCH_TABLE: ({ name }, message) =>
    `The database ${name} lacks the table ${/'(?:.*\.)?([^.']+)'/.exec(message)?.[1] ?? 'that the report reads'}: make it, name the shop's database, or read other tables by report.query.`,
  ER_BAD_FIELD_ERROR: ({ name }, message) =>
    `A table in ${name} lacks the column ${/column '([^']+)'/i.exec(message)?.[1] ?? 'that the report reads'}: add it, name the shop's database, or read other tables by report.query.`,
  ER_TOO_MANY_USER_CONNECTIONS: ({ user }) => `${user} has too many connections to the database: try again later.`,
  ER_CON_COUNT_ERROR: ({ host }) => `The database at ${host} has too many connections: try again later.`,
  PROTOCOL_SEQUENCE_TIMEOUT: ({ name, answerMs }) =>
    `The database ${name} did not answer within ${answerMs / 1000} s: choose a shorter window, or add an index on the order's date.`,
  PROTOCOL_CONNECTION_LOST: ({ host, port }) =>
    `${host}:${port} closed the connection: check that it is MariaDB or MySQL, and its log.`,
  PROTOCOL_GARBLED: ({ host, port }) => garbled(host, port),
  PROTOCOL_UNEXPECTED_PACKET: ({ host, port }) => garbled(host, port),
  PROTOCOL_ERROR: ({ host, port }) => garbled(host, port),
  HANDSHAKE_UNKNOWN_ERROR: ({ host, port }) => garbled(host, port),
  PROTOCOL_ENDLESS: ({ host, port }, message) =>
    `${host}:${port} sent more than any report reads (${message}), and was left: check that it is the shop's database.`,
  AUTH_SWITCH_PLUGIN_ERROR: ({ host, port, user }, message) => {
    const plugin = /unknown plugin ([\w-]{1,64})\./.exec(message)?.[1];
    return plugin
      ? `${user} at ${host} logs in by ${plugin}, which the report cannot: let ${user} log in by ed25519, mysql_native_password or, with TLS, caching_sha2_password.`
      : garbled(host, port);
  },
  ECONNRESET: ({ host, port }) =>
    `${host}:${port} closed the connection: check that it is MariaDB or MySQL, and its log.`,
  HANDSHAKE_NO_SSL_SUPPORT: ({ host }) => `The database at ${host} has no TLS: turn it on there, or set tls to false.`,
};

const garbled = (host: string, port: number) =>
  `${host}:${port} does not answer as MariaDB and MySQL do: check the database's host and port.`;

const tlsCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|HANDSHAKE_SSL|ERR_TLS|ERR_SSL/;

/**
 * A statement that was given up, by the driver, or by the server: MariaDB's 1969 (which the driver has no name for),
 * MySQL's and TiDB's 3024.
 */
export const isTimeout = (error: unknown): boolean => {
  const { code, errno } = error as { code?: string; errno?: number };
  return code === 'PROTOCOL_SEQUENCE_TIMEOUT' || errno === 1969 || errno === 3024;
};

export const isMissingColumn = (error: unknown): boolean => (error as { code?: string }).code === 'ER_BAD_FIELD_ERROR';

const isMissingTable = (error: unknown): boolean => (error as { code?: string }).code === 'ER_NO_SUCH_TABLE';

/**
 * An error of the driver as a Problem: one sentence that says what to do. Its code is `schema` where a table or a
 * column is missing, `timeout` where a statement did not finish, else `database`. The driver's own words are kept,
 * since they hold no password.
 */
export function databaseProblem(error: unknown, place: Place): Problem {
  if (error instanceof Problem) return error;
  const crowded = tooManyFiles(error);
  if (crowded) return crowded;
  if (isTimeout(error))
    return new Problem('timeout', sentenceOf({ code: 'PROTOCOL_SEQUENCE_TIMEOUT' }, place), { cause: error });
  const kind = isMissingTable(error) || isMissingColumn(error) ? 'schema' : 'database';
  return new Problem(kind, sentenceOf(error as DriverError, place), { cause: error });
}

interface DriverError {
  code?: string;
  message?: string;
  /** Of an answer of the server. */
  errno?: number;
  /** Of Node's own errors. */
  syscall?: string;
}

function sentenceOf(error: DriverError, place: Place): string {
  const { code = '', message = String(error), errno, syscall } = error;
  const sentence = sentences[code];
  if (sentence) return sentence(place, message);
  const { host, name } = place;
  if (tlsCodes.test(code))
    return `The certificate of the database at ${host} cannot be trusted (${message}): it must name ${host}, and be of a public authority or of Amazon RDS.`;
  if (syscall) return `No connection to ${host}:${place.port} (${code}): check the network, then try again.`;
  // What the server refuses has a number. All else is thrown at what the driver cannot read.
  if (errno === undefined) return garbled(host, place.port);
  return `The database ${name} at ${host} refuses (${code || `error ${errno}`}: ${told(message)}): check its settings.`;
}

/** The server's own words, as one line of at most 300 characters. */
const told = (words: string): string => words.replace(/[\p{C}\p{Z}]+/gu, ' ').slice(0, 300);

/**
 * Whether the server takes a statement for wrong, rather than not be able or not let this user run it: SQLSTATE 42
 * without its refusals of access.
 */
export const isRefusedStatement = ({ code = '', sqlState = '' }: { code?: string; sqlState?: string }): boolean =>
  sqlState.startsWith('42') && !code.includes('DENIED');

/** A shop's own query that the server refuses. */
export const queryProblem = (error: Error): Problem =>
  new Problem('schema', `The database refuses the query (${told(error.message)}): correct it.`, { cause: error });
