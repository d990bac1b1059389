import { setFlagsFromString } from 'node:v8';
import { systemClock } from '../clock.ts';
import { Problem } from '../problem.ts';
import type { Source } from '../report/facts.ts';
import type { MysqlSource } from '../report/sources/mysql.ts';
import type { Settings } from '../settings/settings.ts';
import type { Session } from './session.ts';
import { findShopDatabase } from './shop-database.ts';

/**
 * How long the database is waited for when a person sits in front of it, in ms: longer than in the function, since a
 * window may be a year.
 */
const patience = { connectMs: 5_000, answerMs: 120_000 };

export const sampleHint =
  '\nThis is the sample shop. See your own with --database-url mysql://USER@HOST:3306/NAME, or let the deployed function read it with --remote.';

/**
 * What is read on this machine: a database that it reaches, which can explain itself, or else the sample shop. Closed
 * by whoever asks for it.
 */
export async function openSource(
  session: Session,
  settings: Settings,
  options: { sample?: boolean; databaseUrl?: string; query?: string },
): Promise<Source & Partial<MysqlSource>> {
  // What a report leaves behind is gone as soon as it is looked at: room for it need not grow, which spares a third of
  // the memory and costs no time.
  setFlagsFromString('--semi-space-growth-factor=1');
  const database = await findShopDatabase(session, settings, options);
  if (!database && options.query)
    throw new Problem('usage', 'The flag --query needs a database to ask: name yours with --database-url.', {
      exit: 'usage',
    });
  if (!database) return (await import('../report/sources/sample.ts')).sampleSource;
  const [{ mysqlSource }, { Secret }] = await Promise.all([
    import('../report/sources/mysql.ts'),
    import('../report/secret.ts'),
  ]);
  const query = options.query ? await queryOf(options.query) : settings.report.query;
  const shop = { ...database, query, storedTimes: settings.database.timezone };
  const source = mysqlSource({ ...shop, password: new Secret(database.password), ...patience, clock: systemClock });
  session.interrupt.over.addEventListener('abort', () => void source.close());
  return source;
}

/** The SELECT in a file that a flag names. */
async function queryOf(file: string): Promise<string> {
  const found = await (await import('../settings/query.ts')).readQueryFile(file, file);
  if ('sql' in found) return found.sql;
  throw new Problem('query', `--query ${found.words}.`, { exit: 'usage' });
}
