import { type DatabaseUrl, parseDatabaseUrl } from '../settings/database-url.ts';
import type { Settings } from '../settings/settings.ts';
import { databasePassword, type Session } from './session.ts';

/**
 * The database whose report is computed on this machine: of `--database-url`, of SALESREPORT_DATABASE_URL, or of the settings. Undefined for the
 * sample shop. The host that the tool makes is none of them: it stands in a VPC, where only the deployed function reaches it.
 */
export async function findShopDatabase(
  session: Session,
  settings: Settings,
  options: { sample?: boolean; databaseUrl?: string },
): Promise<DatabaseUrl | undefined> {
  if (options.sample) return undefined;
  const url = options.databaseUrl ?? session.streams.env.SALESREPORT_DATABASE_URL;
  if (url) return parseDatabaseUrl(url);
  const { host, port, user, name, tls } = settings.database;
  return host === undefined ? undefined : { host, port, user, name, tls, password: await databasePassword(session, settings) };
}
