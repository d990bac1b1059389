import { type DatabaseUrl, parseDatabaseUrl } from '../settings/database-url.ts';
import type { Settings } from '../settings/settings.ts';
import { databasePassword, passwordVariable, type Session } from './session.ts';

/**
 * The database whose report is computed on this machine: of `--database-url`, of SALESREPORT_DATABASE_URL, or of the
 * settings. Undefined for the sample shop. The host that the tool makes is none of them: it stands in a VPC, where only
 * the deployed function reaches it.
 */
export async function findShopDatabase(
  session: Session,
  settings: Settings,
  options: { sample?: boolean; databaseUrl?: string },
): Promise<(DatabaseUrl & { password: string }) | undefined> {
  if (options.sample) return undefined;
  const { SALESREPORT_DATABASE_URL: variable } = session.streams.env;
  const given = options.databaseUrl ?? variable;
  const database = given
    ? parseDatabaseUrl(given, options.databaseUrl ? '--database-url' : 'SALESREPORT_DATABASE_URL')
    : ownDatabase(settings);
  if (options.databaseUrl && database?.password)
    session.terminal.warn(
      `Others on this computer can read the password in --database-url (by ps), and your shell's history keeps it: leave it out of the URL to be asked for it, or set ${passwordVariable}.`,
    );
  return database && { ...database, password: database.password ?? (await databasePassword(session, database)) };
}

function ownDatabase({ database }: Settings): DatabaseUrl | undefined {
  const { host, port, user, name, tls } = database;
  return host === undefined ? undefined : { host, port, user, name, tls, password: undefined };
}
