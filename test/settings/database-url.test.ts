import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/settings/database-url.ts';

test.each([
  ['mysql://u:p@h/shop', { host: 'h', port: 3306, user: 'u', password: 'p', name: 'shop', tls: false }],
  [
    'mariadb://u:p%40%2F@127.0.0.1:3307/shop?tls=true',
    { host: '127.0.0.1', port: 3307, user: 'u', password: 'p@/', name: 'shop', tls: true },
  ],
  ['mysql://u@[::1]/shop', { host: '::1', port: 3306, user: 'u', password: undefined, name: 'shop', tls: false }],
  ['mysql://u:@h/shop', { host: 'h', port: 3306, user: 'u', password: '', name: 'shop', tls: false }],
])('%s', (url, parts) => {
  expect(parseDatabaseUrl(url)).toEqual(parts);
});

describe('what is wrong is said without the password', () => {
  test.each([
    ['nonsense-hunter2', 'is not a URL (in a password, write @ as %40, / as %2F, # as %23)'],
    ['postgres://u:hunter2@h/shop', 'begins with postgres:// instead of mysql://'],
    ['mysql:///shop?hunter2', 'names no host'],
    ['mysql://h/shop', 'names no user'],
    ['mysql://u:hunter2@h', 'names no database'],
    ['mysql://u:hunter2@s/w@h/shop', 'names no database (in a password, write @ as %40, / as %2F, # as %23)'],
    ['mysql://u:hunter2@h:99999/shop', 'has a port above 65535'],
    ['mysql://u:hunter2%@h/shop', 'has a % that is not followed by two hexadecimal digits (write it as %25)'],
    ['mysql://u:hunter2@h/shop?ssl=1', 'has the unknown option "ssl", only tls=true is known'],
  ])('%s', (url, why) => {
    expect(() => parseDatabaseUrl(url)).toThrow(`The database URL ${why}; write it as mysql://USER:PASSWORD@HOST:3306/NAME.`);
    expect(why).not.toContain('hunter2');
  });
});
