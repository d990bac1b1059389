import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { namesOf } from '../../src/provision/names.ts';
import { cliHostUserData, databaseHostUserData } from '../../src/provision/resources/user-data.ts';
import { schema } from '../../src/settings/schema.ts';
import { type Fault, type Run, runUserData } from './helpers/host.ts';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';

const tables = ['order', 'order_item', 'product', 'product_group'];

/** Text that the shell, SQL or a character set might change. */
const password = `it's "quoted" \\' \\\\ $HOME \`id\` é%_;--`;

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

const userDataFor = (database: object): string =>
  databaseHostUserData({ region: 'eu-west-1', settings: schema.parse({ database }), names: namesOf('salesreport') });

const run = (database: object, options: { faults?: Fault[]; password?: string } = {}): Promise<Run> =>
  runUserData(userDataFor(database), { mariadb, password, ...options });

/** Each sale of the café until a time. Later ones may be sold at any moment. */
const sales = (database: string, until: string) =>
  mariadb.query(
    `SELECT order_date_time, o.amount, order_item_number, product_id, quantity, i.amount AS item
    FROM \`order\` o JOIN order_item i USING (order_number) WHERE order_date_time <= '${until}' ORDER BY 1, 3`,
    { database },
  );

const newestSale = async (database: string): Promise<string> => {
  const [row] = await mariadb.query('SELECT MAX(order_date_time) AS newest FROM `order`', { database });
  return row?.newest;
};

const number = async (sql: string, database: string): Promise<number> => {
  const [row] = await mariadb.query(sql, { database });
  return Number(Object.values(row ?? {})[0]);
};

describe('a database host that is set up twice', () => {
  const name = 'corner_cafe';
  let [first, second]: Run[] = [];
  let until: string;
  let [afterFirst, afterSecond]: unknown[] = [];
  const asReport = (sql: string, database: string | undefined = name, from = '10.0.128.7') =>
    mariadb.query(sql, { user: 'salesreport', password, database, from });

  beforeAll(async () => {
    await mariadb.query(
      'CREATE DATABASE `corner-cafe`; CREATE DATABASE cornerXcafe; CREATE TABLE cornerXcafe.t (a INT)',
    );
    first = await run({ name }, { password: 'The-0ld-secret' });
    await mariadb.query("GRANT ALL ON corner_cafe.* TO salesreport@'10.0.0.0/255.255.0.0'");
    until = await newestSale(name);
    afterFirst = await sales(name, until);
    second = await run({ name });
    afterSecond = await sales(name, until);
  });

  it('says that it is ready, and nothing else', () => {
    expect(first).toMatchObject({ exitCode: 0, console: 'SALESREPORT READY\n', log: '' });
    expect(second).toMatchObject({ exitCode: 0, console: 'SALESREPORT READY\n', log: '' });
  });

  it('asks for the packages and the secret of its stack', () => {
    expect(first?.commands).toEqual(
      expect.arrayContaining([
        'dnf install -y -q mariadb1011-server',
        'aws ssm get-parameter --region eu-west-1 --name /salesreport/salesreport/database/password --with-decryption --query Parameter.Value --output text',
      ]),
    );
  });

  it('has the data once', async () => {
    expect(afterSecond).toEqual(afterFirst);
    expect(await number('SELECT COUNT(*) FROM product', name)).toBe(20);
    expect(await number('SELECT COUNT(*) FROM `order`', name)).toBeGreaterThan(3000);
  });

  it('keeps names with accents whole', async () => {
    expect(await asReport("SELECT product_name FROM product WHERE product_name LIKE 'Cr_me%'")).toEqual([
      { product_name: 'Crème Brûlée' },
    ]);
  });

  it.each(tables)('lets the function read the table %s', async table => {
    expect(await asReport(`SELECT COUNT(*) > 0 AS there FROM \`${table}\``)).toEqual([{ there: 1 }]);
  });

  it('grants the function nothing but SELECT on the shop, whatever it was granted since', async () => {
    const grants = (await asReport('SHOW GRANTS')).flatMap(row => Object.values(row));
    expect(grants).toEqual([
      expect.stringMatching(
        /^GRANT USAGE ON \*\.\* TO `salesreport`@`10\.0\.0\.0\/255\.255\.0\.0` IDENTIFIED BY PASSWORD '\*[0-9A-F]{40}'$/,
      ),
      'GRANT SELECT ON `corner\\_cafe`.* TO `salesreport`@`10.0.0.0/255.255.0.0`',
    ]);
  });

  it.each([
    ['INSERT', 'INSERT INTO product_group VALUES (99, "x")'],
    ['UPDATE', 'UPDATE `order` SET amount = 0'],
    ['DELETE', 'DELETE FROM order_item'],
    ['TRUNCATE', 'TRUNCATE order_item'],
    ['CREATE TABLE', 'CREATE TABLE t (a INT)'],
    ['CREATE TEMPORARY TABLE', 'CREATE TEMPORARY TABLE t (a INT)'],
    ['ALTER', 'ALTER TABLE product ADD COLUMN a INT'],
    ['DROP', 'DROP TABLE product'],
    ['CREATE VIEW', 'CREATE VIEW v AS SELECT 1'],
    ['CALL', 'CALL keep_selling()'],
    ['ALTER EVENT', 'ALTER EVENT keep_selling DISABLE'],
    ['LOCK TABLES', 'LOCK TABLES product READ'],
    ['a schema whose name is alike', 'SELECT * FROM cornerXcafe.t'],
    ['the schema test', 'CREATE TABLE test.t (a INT)'],
    ['a schema test_…', 'CREATE DATABASE test_x'],
    ['accounts', 'SELECT * FROM mysql.global_priv'],
    ['files out', "SELECT 1 INTO OUTFILE '/tmp/salesreport-never'"],
    ['an account', "CREATE USER x IDENTIFIED BY 'x'"],
    ['grants', 'GRANT SELECT ON corner_cafe.* TO PUBLIC'],
    ['global variables', 'SET GLOBAL max_connections = 1'],
    ['SHUTDOWN', 'SHUTDOWN'],
  ])('refuses the function %s', async (_, sql) => {
    await expect(asReport(sql)).rejects.toThrow(/denied|need \(at least one of\)/);
  });

  it('reads no file for the function', async () => {
    expect(await asReport("SELECT LOAD_FILE('/etc/passwd') AS file")).toEqual([{ file: null }]);
  });

  it('lets the function in from the VPC only', async () => {
    await expect(asReport('SELECT 1', name, '10.1.0.1')).rejects.toThrow(/denied|not allowed/);
  });

  it('takes the secret of the day', async () => {
    await expect(
      mariadb.query('SELECT 1', { user: 'salesreport', password: 'The-0ld-secret', from: '10.0.128.7' }),
    ).rejects.toThrow(/denied/);
  });

  it('has no account without a name', async () => {
    expect(await mariadb.query("SELECT Host FROM mysql.user WHERE User = ''")).toEqual([]);
  });

  it('shows the password nowhere', () => {
    const shown = JSON.stringify([userDataFor({ name }), first, second]);
    // Each part of it, since a shell or SQL might have written it in its own way.
    for (const part of ['quoted', '$HOME `id`', 'é%_', 'The-0ld-secret']) expect(shown).not.toContain(part);
  });

  it('reads its config: events are on, times are UTC', async () => {
    expect(
      await mariadb.query('SELECT @@event_scheduler AS events, @@time_zone AS zone, @@local_infile AS files'),
    ).toEqual([{ events: 'ON', zone: '+00:00', files: 0 }]);
  });
});

describe('a database host without data', () => {
  it('has the tables and nothing in them, nor an event', async () => {
    expect(await run({ name: 'bare', seed: 'none' })).toMatchObject({
      exitCode: 0,
      console: 'SALESREPORT READY\n',
      log: '',
    });
    expect(await mariadb.query('SHOW TABLES', { database: 'bare' })).toEqual(
      tables.map(table => ({ Tables_in_bare: table })),
    );
    for (const table of tables) expect(await number(`SELECT COUNT(*) FROM \`${table}\``, 'bare')).toBe(0);
    expect(await mariadb.query('SHOW EVENTS', { database: 'bare' })).toEqual([]);
  });
});

describe('a database host whose every step fails once', () => {
  it('names each on the console, tries again, and ends with all of it', async () => {
    const faults: Fault[] = [
      'dnf',
      'aws',
      'systemctl restart',
      { sql: 'CREATE DATABASE' },
      { sql: 'CREATE TABLE' },
      { sql: 'keep_selling' },
      { sql: 'CREATE USER' },
    ];
    const { exitCode, console } = await run({ name: 'unlucky' }, { faults });
    const failed = ['packages', 'secret', 'server', 'schema', 'schema', 'data', 'user'].map(
      step => `SALESREPORT FAILED ${step}\n`,
    );
    expect(console).toBe(`${failed.join('')}SALESREPORT READY\n`);
    expect(exitCode).toBe(0);
    expect(await number('SELECT COUNT(*) FROM `order`', 'unlucky')).toBeGreaterThan(3000);
  });
});

describe('the administration host', () => {
  it('installs the client', async () => {
    const { console, commands } = await runUserData(cliHostUserData(), { mariadb, password, faults: ['dnf'] });
    expect(console).toBe('SALESREPORT FAILED packages\nSALESREPORT READY\n');
    expect(commands.filter(command => command.startsWith('dnf'))).toEqual(
      Array(2).fill('dnf install -y -q mariadb1011'),
    );
  });
});

describe('the café', () => {
  const name = 'selling';
  beforeAll(async () => {
    await run({ name });
    await mariadb.query('ALTER EVENT keep_selling DISABLE', { database: name });
  });

  it('has an amount on each order that is the sum of its items', async () => {
    const wrong = `SELECT COUNT(*) FROM \`order\` o LEFT JOIN (SELECT order_number, SUM(amount) AS amount FROM order_item GROUP BY 1) i USING (order_number) WHERE NOT o.amount <=> i.amount`;
    expect(await number(wrong, name)).toBe(0);
  });

  it('sells in its hours, more on Saturdays than on Sundays, for five weeks up to now', async () => {
    expect(await number('SELECT COUNT(*) FROM `order` WHERE HOUR(order_date_time) NOT BETWEEN 7 AND 18', name)).toBe(0);
    const onWeekday = (day: number) =>
      number(`SELECT COUNT(*) FROM \`order\` WHERE WEEKDAY(order_date_time) = ${day}`, name);
    expect(await onWeekday(5)).toBeGreaterThan(await onWeekday(6));
    expect(await number('SELECT COUNT(DISTINCT DATE(order_date_time)) FROM `order`', name)).toBeGreaterThanOrEqual(35);
    expect(await number('SELECT COUNT(*) FROM `order` WHERE order_date_time > UTC_TIMESTAMP()', name)).toBe(0);
    expect(
      await number('SELECT TIMESTAMPDIFF(HOUR, MAX(order_date_time), UTC_TIMESTAMP()) FROM `order`', name),
    ).toBeLessThan(24);
  });

  const forget = () =>
    mariadb.query(
      `DELETE i FROM order_item i JOIN \`order\` USING (order_number) WHERE order_date_time > UTC_TIMESTAMP() - INTERVAL 2 DAY;
      DELETE FROM \`order\` WHERE order_date_time > UTC_TIMESTAMP() - INTERVAL 2 DAY`,
      { database: name },
    );

  it('keeps selling by its event: two days that are gone are sold again, to the same sales', async () => {
    const until = await newestSale(name);
    const before = await sales(name, until);
    await forget();
    expect((await sales(name, until)).length).toBeLessThan(before.length);
    await mariadb.query('ALTER EVENT keep_selling ON SCHEDULE EVERY 1 SECOND ENABLE', { database: name });
    await vi.waitFor(async () => expect(await sales(name, until)).toEqual(before), { timeout: 20_000, interval: 100 });
    await mariadb.query('ALTER EVENT keep_selling DISABLE', { database: name });
  });

  it('sells the same whether it is called every five minutes or once', async () => {
    const until = await newestSale(name);
    const before = await sales(name, until);
    await forget();
    const start = Math.floor(Date.now() / 1000) - 2 * 24 * 3600;
    const calls = Array.from(
      { length: 2 * 24 * 12 },
      (_, nth) => `SET timestamp = ${start + nth * 300}; CALL keep_selling();`,
    );
    await mariadb.query(`${calls.join('')} SET timestamp = DEFAULT; CALL keep_selling()`, { database: name });
    expect(await sales(name, until)).toEqual(before);
  });

  it('sells nothing twice when several sell at once', async () => {
    const until = await newestSale(name);
    const before = await sales(name, until);
    await forget();
    await Promise.all(Array.from({ length: 8 }, () => mariadb.query('CALL keep_selling()', { database: name })));
    expect(await sales(name, until)).toEqual(before);
  });

  it('leaves no half of a sale that fails, and starts over', async () => {
    const until = await newestSale(name);
    const before = await sales(name, until);
    await forget();
    const orders = await number('SELECT COUNT(*) FROM `order`', name);
    await mariadb.query("CREATE TRIGGER refuse AFTER INSERT ON order_item FOR EACH ROW SIGNAL SQLSTATE '45000'", {
      database: name,
    });
    await expect(mariadb.query('CALL keep_selling()', { database: name })).rejects.toThrow();
    expect(await number('SELECT COUNT(*) FROM `order`', name)).toBe(orders);
    await mariadb.query('DROP TRIGGER refuse; CALL keep_selling()', { database: name });
    expect(await sales(name, until)).toEqual(before);
  });
});
