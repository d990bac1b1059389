import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { runProgram } from './helpers/salesreport.ts';
import { makeShop, shopLogin } from './helpers/shop.ts';

let mariadb: Mariadb;
const { user, password } = shopLogin;

beforeAll(async () => {
  mariadb = await startMariadb();
  for (const name of ['shop', 'tableless', 'columnless', 'closed']) await makeShop(mariadb, name);
  await mariadb.query('DROP TABLE product_group', { database: 'tableless' });
  await mariadb.query('ALTER TABLE order_item DROP COLUMN quantity', { database: 'columnless' });
  await mariadb.query(`REVOKE SELECT ON closed.* FROM ${user}@'%'; GRANT SELECT ON closed.product TO ${user}@'%'`);
  await mariadb.query("CREATE USER 'stranger'@'%' IDENTIFIED BY 'stranger-secret'");
});

afterAll(() => mariadb?.stop());

const preview = (url: string, secret: string) =>
  runProgram('http://127.0.0.1:1', ['run', '--dry-run', '--database-url', url], {
    SALESREPORT_DATABASE_PASSWORD: secret,
  });

test.each([
  [
    'a wrong password',
    { secret: 'guessed' },
    'The database at 127.0.0.1 refuses reader: check the user and the password.',
  ],
  [
    'an unknown user',
    { login: 'nobody' },
    'The database at 127.0.0.1 refuses nobody: check the user and the password.',
  ],
  [
    'a database that is not there',
    { name: 'elsewhere' },
    /reader may not use the database elsewhere: grant SELECT on elsewhere\.\* to reader\./,
  ],
  [
    'a user without rights',
    { login: 'stranger', secret: 'stranger-secret' },
    'stranger may not use the database shop: grant SELECT on shop.* to stranger.',
  ],
  [
    'a user who may read one table',
    { name: 'closed' },
    'reader may not read every table that the report needs: grant SELECT on closed.* to reader.',
  ],
  [
    'a missing table',
    { name: 'tableless' },
    "The database tableless lacks the table product_group: make it, name the shop's database, or read other tables by report.query.",
  ],
  [
    'a missing column',
    { name: 'columnless' },
    /A table in columnless lacks the column .*quantity: add it, name the shop's database, or read other tables by report\.query\./,
  ],
] as const)(
  '%s is one sentence that says what to do',
  async (_what, given: { login?: string; secret?: string; name?: string }, sentence) => {
    const { login = user, secret = password, name = 'shop' } = given;
    const { exit, stdout, stderr } = await preview(mariadb.url({ user: login, database: name }), secret);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(typeof sentence === 'string' ? `Error: ${sentence}\n` : sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain(secret);
  },
);
