import { withShops } from './helpers/shops.ts';
import { script, statementsOf } from './helpers/statements.ts';
import { executable, inTurns, seconds } from './helpers/timing.ts';

export const name = 'A report of 6 million items, against the time of the server';

const timesServer = 3;
/** What a process may cost, s. */
const processTime = 0.25;

const reports = [
  { of: 'one day', window: ['--window', '2026-11-20'], rounds: 7, allowed: processTime },
  { of: 'one month', window: ['--from', '2026-11-01', '--to', '2026-12-01'], rounds: 3, allowed: 0 },
];

/**
 * What a report takes as a whole process, from its start to its end, against MariaDB's own client, which sends the very
 * statements that the report sent in one session. Both read from memory.
 */
export const run = (): Promise<{ ok: boolean; lines: string[] }> =>
  withShops(async shops => {
    let ok = true;
    const lines: string[] = [];
    for (const { of, window, rounds, allowed } of reports) {
      const command = [
        process.execPath,
        executable,
        'run',
        '--dry-run',
        '--database-url',
        shops.url('6 million'),
        ...window,
      ];
      const statements = await statementsOf(shops.server, () => seconds(command));
      const measured = inTurns(rounds, {
        report: () => seconds(command),
        client: () => seconds(shops.client('6 million'), script(statements)),
      });
      const limit = timesServer * measured.client + allowed;
      ok &&= measured.report <= limit;
      lines.push(
        `${of.padEnd(9)}  report         ${measured.report.toFixed(2)} s (at most ${limit.toFixed(2)} s: ${timesServer} times the client's${allowed ? `, and ${allowed} s for the process` : ''})`,
        `           mariadb client ${measured.client.toFixed(2)} s for the same ${statements.length} statements, medians of ${rounds} in turns`,
      );
    }
    return { ok, lines };
  });
