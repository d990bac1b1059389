import { Problem } from '../problem.ts';

/** A database as `--database-url` names it. `password` must go nowhere but into the connection. */
export interface DatabaseUrl {
  host: string;
  port: number;
  user: string;
  /** Undefined where the URL has none. */
  password: string | undefined;
  name: string;
  tls: boolean;
}

/**
 * Reads `mysql://user:password@host:3306/name?tls=true` (or `mariadb://`) of a flag or variable, which `source` names. Problem `database-url` says what is missing and never repeats
 * the URL, because it may hold the password.
 */
export function parseDatabaseUrl(text: string, source = 'The database URL'): DatabaseUrl {
  const refuse = (why: string) =>
    new Problem('database-url', `${source} ${why}; write it as mysql://USER:PASSWORD@HOST:3306/NAME.`, { exit: 'usage' });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const escapes = 'in a password, write @ as %40, / as %2F, # as %23';
  if (!url && Number(/:(\d+)(\/|$)/.exec(text)?.[1]) > 65535) throw refuse('has a port above 65535');
  if (!url) throw refuse(`is not a URL (${escapes})`);
  if (!['mysql:', 'mariadb:'].includes(url.protocol)) throw refuse(`begins with ${url.protocol}// instead of mysql://`);
  if (!url.hostname) throw refuse('names no host');
  if (!url.username) throw refuse('names no user');
  const name = url.pathname.slice(1);
  if (!/^[^/]+$/.test(name)) throw refuse(`names no database${text.includes('@', text.indexOf('@') + 1) ? ` (${escapes})` : ''}`);
  const [unknown] = [...url.searchParams.keys()].filter(key => key !== 'tls');
  if (unknown !== undefined) throw refuse(`has the unknown option "${unknown}", only tls=true is known`);
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port ? Number(url.port) : 3306,
      user: decodeURIComponent(url.username),
      // A colon without a password is one that is empty.
      password: /^\w+:\/\/[^@/]*:[^@/]*@/.test(text) ? decodeURIComponent(url.password) : undefined,
      name: decodeURIComponent(name),
      tls: url.searchParams.get('tls') === 'true',
    };
  } catch {
    throw refuse('has a % that is not followed by two hexadecimal digits (write it as %25)');
  }
}
