import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/report/secret.ts';
import { mysqlSource } from '../../src/report/sources/mysql.ts';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { makeShop } from './helpers/shop.ts';

let mariadb: Mariadb;

beforeAll(async () => {
  mariadb = await startMariadb({ settings: 'plugin-load-add=auth_ed25519' });
  await makeShop(mariadb, 'shop');
});

afterAll(() => mariadb?.stop());

/** The hop of the login of a user that MariaDB itself lets in by ed25519. */
async function login(user: string, password: string) {
  const source = mysqlSource({
    host: '127.0.0.1',
    port: mariadb.port,
    name: 'shop',
    user,
    password: new Secret(password),
    tls: false,
    connectMs: 5_000,
    answerMs: 5_000,
    clock: systemClock,
  });
  const hops = await source.probe().finally(() => source.close());
  return hops.find(({ hop }) => hop === 'login');
}

test.each(['a', 'Hunter2', 'exactly-thirty-two-bytes-of-text', "O'Brien's 𝄞 pass/word?#@%", 'x'.repeat(200)])(
  'an account of ed25519 with the password %j',
  async password => {
    const user = `reader${password.length}`;
    const text = password.replaceAll("'", "''");
    await mariadb.query(`CREATE USER ${user}@'%' IDENTIFIED VIA ed25519 USING PASSWORD('${text}')`);
    await mariadb.query(`GRANT SELECT ON shop.* TO ${user}@'%'`);
    expect(await login(user, password)).toMatchObject({ ok: true });
    expect(await login(user, `${password}x`)).toMatchObject({
      ok: false,
      detail: `The database at 127.0.0.1 refuses ${user}: check the user and the password.`,
    });
  },
);
