import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import type { AuthPlugin } from 'mysql2';
import { Problem } from '../../problem.ts';
import { signed } from './ed25519.ts';
import type { MysqlOptions } from './mysql.ts';

/**
 * Those by which an account gives its password itself to the server, in plain words or encrypted by a key that the
 * server names.
 */
const revealing = ['caching_sha2_password', 'sha256_password', 'mysql_clear_password'] as const;

/**
 * What a login may be by. Its name decides and not what the server asks for next: while its cache is warm a server
 * needs no password, and a rogue one can say so.
 */
/** The driver's own, by name. */
export type Standard = Record<string, () => AuthPlugin>;

export type Logins = Record<string, AuthPlugin>;

/**
 * Without TLS whoever answers in the server's place would get the password by these: they are refused. With TLS to an
 * address the driver does not compare the certificate's name, so it is compared here. `standard` are the driver's own.
 */
export function loginsOf(options: MysqlOptions, standard: Standard): Logins {
  const ed25519: AuthPlugin = () => nonce => signed(options.password?.reveal() ?? '', nonce.subarray(0, 32));
  const own = Object.fromEntries(
    revealing.flatMap((name): [string, AuthPlugin][] => {
      if (!options.tls) return [[name, refused(name, options)]];
      return isIP(options.host) ? [[name, identified(name, standard[name]!, options)]] : [];
    }),
  );
  return { ...own, client_ed25519: ed25519 };
}

const refused =
  (name: string, { user, host }: MysqlOptions): AuthPlugin =>
  () => {
    throw new Problem(
      'database',
      `${user} at ${host} logs in by ${name}, which without TLS can give the password to whoever answers in the server's place: set database.tls: true (in a URL: ?tls=true), or let ${user} log in by ed25519 or mysql_native_password.`,
    );
  };

const identified =
  (name: string, standard: () => AuthPlugin, { user, host }: MysqlOptions): AuthPlugin =>
  given => {
    const { stream } = given.connection as unknown as { stream: Duplex };
    const wrong =
      stream instanceof TLSSocket ? checkServerIdentity(host, stream.getPeerCertificate()) : new Error('no TLS');
    if (!wrong) return standard()(given);
    throw new Problem(
      'database',
      `${user} at ${host} logs in by ${name}, which gives the server the password, and the certificate is not one of ${host}: set the host to the name in its certificate.`,
      { cause: wrong },
    );
  };
