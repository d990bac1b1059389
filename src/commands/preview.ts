import { systemClock } from '../clock.ts';
import { type ExitReason, Problem } from '../problem.ts';
import type { Source, Window } from '../report/facts.ts';
import type { Settings } from '../settings/settings.ts';
import type { Session } from './session.ts';
import { findShopDatabase } from './shop-database.ts';
import { type ShowOptions, showReport } from './show-report.ts';
import { scheduledWindow } from './wanted-window.ts';

export interface PreviewOptions extends ShowOptions {
  sample?: boolean;
  databaseUrl?: string;
  partial?: boolean;
  query?: string;
}

/** Computes the report here and shows it: of a database that this machine reaches, or else of the sample shop. Publishes nothing. */
export async function preview(
  session: Session,
  settings: Settings,
  window: Window | undefined,
  options: PreviewOptions,
): Promise<ExitReason> {
  const [{ compute }, { reportOptionsOf }] = await Promise.all([
    import('../report/run.ts'),
    import('../settings/report-options.ts'),
  ]);
  const isPartial = options.partial ?? false;
  const chosen = window ?? (await scheduledWindow(settings, isPartial));
  const source = await sourceOf(session, settings, options);
  const { report, subject, text } = await compute(
    chosen,
    source,
    { ...settings, report: reportOptionsOf(settings) },
    { now: systemClock.now(), partial: isPartial },
  ).finally(() => source.close());
  if (options.format === undefined && options.out === undefined) session.terminal.note(`Subject: ${subject}\n`);
  await showReport(session, { report, text }, { ok: true, ...report }, options);
  if (source.kind === 'sample' && !options.sample)
    session.terminal.note(
      '\nThis is the sample shop. See your own with --database-url mysql://USER:PASSWORD@HOST:3306/NAME, or let the deployed function read it with --remote.',
    );
  return 'done';
}

/** How long the database is waited for when a person sits in front of it, in ms: longer than in the function, since a window may be a year. */
const patience = { connectMs: 5_000, answerMs: 120_000 };

async function sourceOf(session: Session, settings: Settings, options: PreviewOptions): Promise<Source> {
  const database = await findShopDatabase(session, settings, options);
  if (!database) return (await import('../report/sources/sample.ts')).sampleSource;
  const [{ mysqlSource }, { Secret }] = await Promise.all([import('../report/sources/mysql.ts'), import('../report/secret.ts')]);
  const query = options.query ? await queryOf(options.query) : settings.report.query;
  const shop = { ...database, query, storedTimes: settings.database.timezone };
  return mysqlSource({ ...shop, password: new Secret(database.password), ...patience, clock: systemClock });
}

/** The SELECT in a file that a flag names. */
async function queryOf(file: string): Promise<string> {
  const found = await (await import('../settings/query.ts')).readQueryFile(file, file);
  if ('sql' in found) return found.sql;
  throw new Problem('query', `--query ${found.words}.`, { exit: 'usage' });
}
