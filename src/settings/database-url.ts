import { isIPv6 } from 'node:net';
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
 * Reads `mysql://user:password@host:3306/name?tls=true` (or `mariadb://`) of a flag or variable, which `source` names.
 * Problem `database-url` says what is missing and never repeats the URL, because it may hold the password.
 */
export function parseDatabaseUrl(text: string, source = 'The database URL'): DatabaseUrl {
  const refuse = (why: string) =>
    new Problem('database-url', `${source} ${why}; write it as mysql://USER:PASSWORD@HOST:3306/NAME.`, {
      exit: 'usage',
    });
  const escapes = 'in a password, write @ as %40, / as %2F, # as %23, ? as %3F, % as %25';
  // They would be dropped in silence.
  if (/[\s\p{Cc}]/u.test(text))
    throw refuse(`holds a space or a control character (write it as % and two hexadecimal digits)`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url && Number(/:(\d+)(\/|$)/.exec(text)?.[1]) > 65535) throw refuse('has a port above 65535');
  if (!url) throw refuse(`is not a URL (${escapes})`);
  if (!['mysql:', 'mariadb:'].includes(url.protocol)) throw refuse('does not begin with mysql:// or mariadb://');
  // Then the host is the rest of a password.
  if (/[@#]/.test(text.slice(text.indexOf('//') + 2).replace(/^[^/?#]*/, '')))
    throw refuse(`has an @ or a # behind the host (${escapes})`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!host) throw refuse('names no host');
  if (!/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(host) && !isIPv6(host))
    throw refuse(`names a host that cannot be (${escapes})`);
  if (!url.username) throw refuse('names no user');
  const name = url.pathname.slice(1);
  if (!/^[^/]+$/.test(name)) throw refuse('names no database');
  const options = [...url.searchParams];
  const [[option, tls = ''] = []] = options;
  if (options.length > 1 || (options.length === 1 && (option !== 'tls' || !['true', 'false'].includes(tls))))
    throw refuse('has another option than ?tls=true or ?tls=false');
  try {
    return {
      host,
      port: url.port ? Number(url.port) : 3306,
      user: decodeURIComponent(url.username),
      // A colon without a password is one that is empty.
      password:
        /^\w+:\/\/[^@/]*:[^@/]*@/.test(text) || url.password !== '' ? decodeURIComponent(url.password) : undefined,
      name: decodeURIComponent(name),
      tls: tls === 'true',
    };
  } catch {
    throw refuse('has a % that is not followed by two hexadecimal digits (write it as %25)');
  }
}
