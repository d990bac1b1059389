import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/settings/database-url.ts';

test.each([
  ['mysql://u:p@h/shop', { host: 'h', port: 3306, user: 'u', password: 'p', name: 'shop', tls: false }],
  [
    'mariadb://u:p%40%2F@127.0.0.1:3307/shop?tls=true',
    { host: '127.0.0.1', port: 3307, user: 'u', password: 'p@/', name: 'shop', tls: true },
  ],
  ['mysql://u@[::1]/shop', { host: '::1', port: 3306, user: 'u', password: undefined, name: 'shop', tls: false }],
  ['mysql://u:p@h/shop?tls=false', { host: 'h', port: 3306, user: 'u', password: 'p', name: 'shop', tls: false }],
  [
    'mysql://u:p@ss%23%3F%25@my_db/shop',
    { host: 'my_db', port: 3306, user: 'u', password: 'p@ss#?%', name: 'shop', tls: false },
  ],
  ['mysql://u:@h/shop', { host: 'h', port: 3306, user: 'u', password: '', name: 'shop', tls: false }],
])('%s', (url, parts) => {
  expect(parseDatabaseUrl(url)).toEqual(parts);
});

const escapes = 'in a password, write @ as %40, / as %2F, # as %23, ? as %3F, % as %25';

describe('what is wrong is said without the password', () => {
  test.each<[string, string]>([
    ['nonsense-hunter2', `is not a URL (${escapes})`],
    ['postgres://u:hunter2@h/shop', 'does not begin with mysql:// or mariadb://'],
    ['mysql:///shop?hunter2', 'names no host'],
    ['mysql://h/shop', 'names no user'],
    ['mysql://u:hunter2@h', 'names no database'],
    ['mysql://u:hunter2@s/w@h/shop', `has an @ or a # behind the host (${escapes})`],
    ['mysql://u:hunter2@h:99999/shop', 'has a port above 65535'],
    ['mysql://u:hunter2%@h/shop', 'has a % that is not followed by two hexadecimal digits (write it as %25)'],
    ...[
      'ssl=1',
      'tls=1',
      'tls',
      'tls=',
      'tls=TRUE',
      'TLS=true',
      'tls=true&tls=false',
      'tls=false&tls=true',
      'tls=true&hunter2',
      'hunter2=x',
      'tls=%74rue%20',
    ].map(
      option => [`mysql://u:p@h/shop?${option}`, 'has another option than ?tls=true or ?tls=false'] as [string, string],
    ),
    // What is taken for host, name or option is the rest of a password.
    ...[
      'u:p@hunter2#x@h/shop',
      'u:p@hunter2/a#x@h/shop',
      'u:p@s/hunter2?x@h/shop',
      'u:p@s/hunter2/x@h/shop',
      'u:p@s/w?tls=hunter2@h/shop',
    ].map(rest => [`mysql://${rest}`, `has an @ or a # behind the host (${escapes})`] as [string, string]),
    ['mysql://u:p@hunter2%40h/shop', `names a host that cannot be (${escapes})`],
    ['mysql://u:hun\tter2@h/shop', 'holds a space or a control character (write it as % and two hexadecimal digits)'],
    ['hunter2:x@h/shop', 'does not begin with mysql:// or mariadb://'],
  ])('%s', (url, why) => {
    expect(() => parseDatabaseUrl(url)).toThrow(
      `The database URL ${why}; write it as mysql://USER:PASSWORD@HOST:3306/NAME.`,
    );
    expect(why).not.toContain('hunter2');
  });
});
