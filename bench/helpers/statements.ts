import type { Mariadb } from '../../test/wire/helpers/mariadb.ts';

/**
 * The statements that some work sends to the server over TCP, with their values, one after the other as a script for
 * MariaDB's client.
 */
export async function statementsOf(server: Mariadb, work: () => unknown): Promise<string[]> {
  await server.query("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1");
  try {
    await work();
  } finally {
    await server.query('SET GLOBAL general_log = 0');
  }
  const rows = await server.query(
    "SELECT argument FROM mysql.general_log WHERE command_type IN ('Query', 'Execute') AND user_host LIKE '%127.0.0.1%' ORDER BY event_time",
  );
  return rows.map(({ argument }) => String(argument));
}

/** Statements as one script. */
export const script = (statements: readonly string[]): string => statements.map(sql => `${sql.trim()};\n`).join('');
