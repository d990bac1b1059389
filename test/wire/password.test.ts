import { afterAll, beforeAll, expect, test } from 'vitest';
import cafe from '../../database/cafe.sql';
import { clientsFor } from './helpers/clients.ts';
import { startDeadlyProxy } from './helpers/deadly-proxy.ts';
import type { Emulator } from './helpers/emulator.ts';
import { Names } from './helpers/identity.ts';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { startMinistack } from './helpers/ministack.ts';
import { ownSettings } from './helpers/own.ts';
import { runProgram, salesreport, startProgram } from './helpers/salesreport.ts';
import { region } from './helpers/same.ts';
import { makeShop, shopLogin } from './helpers/shop.ts';

const shop = 'cafe';
const { user } = shopLogin;
const parameter = '/salesreport/salesreport/database/password';
let mariadb: Mariadb;
let aws: Emulator;
let settings: string[];

beforeAll(async () => {
  [mariadb, aws] = await Promise.all([startMariadb(), startMinistack()]);
  await makeShop(mariadb, shop);
  await mariadb.query(cafe, { database: shop });
  const database = { host: '127.0.0.1', port: mariadb.port, name: shop, user };
  settings = ['--settings', ownSettings({ database, schedule: 'cron(0 16 ? * MON-SAT *)', currency: 'EUR' })];
});

afterAll(() => Promise.all([mariadb?.stop(), aws?.stop()]));

const withPassword = (password: string) => ({ SALESREPORT_DATABASE_PASSWORD: password });
const type = (line: string, password = '') =>
  salesreport(aws.url, [...line.split(' '), ...settings], withPassword(password));

async function stored() {
  const { Parameter } = await clientsFor(aws.url, region).ssm.getParameter({ Name: parameter, WithDecryption: true });
  return { value: Parameter!.Value, version: Parameter!.Version };
}

/** The shop's database takes this password from now on. */
async function take(password: string) {
  const accounts = await mariadb.query(`SELECT Host FROM mysql.user WHERE User = '${user}'`);
  for (const { Host } of accounts) await mariadb.query(`ALTER USER '${user}'@'${Host}' IDENTIFIED BY '${password}'`);
}

/** A `password set` whose process is killed when the new version is stored. */
async function dieStoring(password: string) {
  let pid = 0;
  const proxy = await startDeadlyProxy(aws.url, {
    names: new Names(),
    side: 'after',
    isDeadly: identities => identities.includes(`ssm:PutParameter ${parameter}`),
    kill: () => process.kill(pid, 'SIGKILL'),
  });
  const child = startProgram(proxy.url, ['password', 'set', ...settings, '--json'], withPassword(password));
  pid = child.pid;
  expect((await child.ended).signal).toBe('SIGKILL');
  await proxy.close();
  expect((await stored()).value).toBe(password);
}

const logsIn = async () => {
  const { document } = await type('verify');
  return document.hops.find(({ hop }: { hop: string }) => hop === 'login').state === 'ok';
};

test('a real database decides which password stays stored, also where the process that changes it is killed', async () => {
  const built = await type('provision --yes', shopLogin.password);
  expect(built.exit, built.stderr).toBe(0);
  expect(await stored()).toEqual({ value: shopLogin.password, version: 1 });

  const refused = await type('password set', 'N0t-the-password');
  expect(refused).toMatchObject({ exit: 1, document: { ok: false, parameterVersion: 3 } });
  expect(refused.document.why).toBe(`The database at 127.0.0.1 refuses ${user}: check the user and the password.`);
  expect(await stored()).toEqual({ value: shopLogin.password, version: 3 });
  expect(await logsIn()).toBe(true);

  await take('An0ther-password');
  const run = await type('run');
  expect(run).toMatchObject({ exit: 1, document: { error: { code: 'function-failed' } } });
  expect(run.document.error.message).toMatch(
    new RegExp(
      `refuses ${user}: check the user and the password; salesreport password set .*changes the stored password\\.$`,
    ),
  );
  const changed = await type('password set', 'An0ther-password');
  expect(changed, changed.stderr).toMatchObject({ exit: 0, document: { ok: true, parameterVersion: 4, why: null } });
  expect(await logsIn()).toBe(true);

  await dieStoring('N0t-the-password');
  const status = await type('status');
  expect(status.document.notes.join()).toContain("A change of the database's password was interrupted");
  expect((await type('provision --yes')).exit).toBe(0);
  expect((await stored()).value).toBe('An0ther-password');

  await take('A-third-password');
  await dieStoring('A-third-password');
  const unlocked = await type('unlock --yes');
  expect(unlocked).toMatchObject({ exit: 0, document: { holder: { verb: 'password set' }, unfinishedPassword: true } });
  expect((await type('provision --yes')).exit).toBe(0);
  expect((await stored()).value).toBe('A-third-password');
  expect(await logsIn()).toBe(true);
  expect((await type('status')).document.notes.join()).not.toContain('interrupted');

  const down = await runProgram(aws.url, [
    'teardown',
    '--delete-archive',
    '--confirm',
    'salesreport',
    ...settings,
    '--json',
  ]);
  expect(down.exit, down.stderr).toBe(0);
  const told = [built, refused, run, changed, status, unlocked].map(
    ({ document, stderr }) => JSON.stringify(document) + stderr,
  );
  for (const secret of [shopLogin.password, 'N0t-the-password', 'An0ther-password', 'A-third-password'])
    expect(told.join()).not.toContain(secret);
}, 600_000);
