import type { ShopConnection } from './mysql-connection.ts';
import type { Query, Row } from './mysql-findings.ts';

/**
 * Sends statements whose failure the report survives. The server gives one up in time and goes on with the next; where
 * it does not, the driver does a second later, and the connection is lost, since the server still works on it.
 */
export function patientQuery(connection: ShopConnection, answerMs: number): { query: Query; isLost: () => boolean } {
  let lost: unknown;
  const query: Query = async (sql, values) => {
    if (lost) throw lost;
    try {
      const statement = { sql, timeout: answerMs + 1_000 };
      const [rows, fields] = await (values.length > 0
        ? connection.execute(statement, [...values])
        : connection.query(statement));
      return [rows as Row[], fields];
    } catch (error) {
      const { code, fatal } = error as { code?: string; fatal?: boolean };
      if (fatal || code === 'PROTOCOL_SEQUENCE_TIMEOUT') lost = error;
      throw error;
    }
  };
  return { query, isLost: () => lost !== undefined };
}

/**
 * Makes the server give up a SELECT after so long: in MariaDB by the first of these, in s, in MySQL and TiDB by the
 * second, in ms.
 */
export async function limitStatements(connection: ShopConnection, answerMs: number): Promise<void> {
  const sql = [`SET SESSION max_statement_time = ${answerMs / 1000}`, `SET SESSION max_execution_time = ${answerMs}`];
  for (const one of sql)
    await connection.query({ sql: one, timeout: answerMs }).catch((error: { code?: string }) => {
      if (error.code !== 'ER_UNKNOWN_SYSTEM_VARIABLE') throw error;
    });
}

/** TiDB has snapshots and no read-only transactions. */
export async function beginSnapshot(tell: (sql: string) => Promise<unknown>): Promise<void> {
  const snapshot = 'START TRANSACTION WITH CONSISTENT SNAPSHOT';
  await tell(`${snapshot}, READ ONLY`).catch(error => {
    if (error.code !== 'ER_PARSE_ERROR') throw error;
    return tell(snapshot);
  });
}
