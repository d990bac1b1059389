import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../../src/problem.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { findSettingsFile } from '../../src/settings/settings-file.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
  file = join(folder, 's.yaml');
});
afterAll(() => rm(folder, { recursive: true }));

const load = async (yaml: string, flags = {}, env = {}) => {
  await writeFile(file, yaml);
  return (await loadSettings({ settings: file, ...flags }, env)).settings;
};
const problemOf = (load: Promise<unknown>) =>
  load.then(
    () => expect.unreachable('these settings are wrong'),
    (error: Problem) => error,
  );

describe('values', () => {
  test('an empty file and no file mean the defaults', async () => {
    const defaults = await load('');
    expect(defaults).toEqual(await load('# nothing\n'));
    expect(defaults).toMatchObject({ stack: 'salesreport', schedule: 'cron(0 16 ? * MON-SAT *)', timezone: 'UTC' });
    expect(defaults.region).toBeUndefined();
  });

  test('a section without settings means its defaults', async () => {
    expect((await load('network:\nhosts:\n  cli: false\n')).network.cidr).toBe('10.0.0.0/16');
  });

  test.each([
    [{ stack: 'flag' }, { SALESREPORT_STACK: 'environment' }, 'flag'],
    [{}, { SALESREPORT_STACK: 'environment' }, 'environment'],
    [{}, { SALESREPORT_STACK: '' }, 'file'],
    [{}, {}, 'file'],
  ])('flags %j and environment %j give the stack %s', async (flags, env, stack) => {
    expect((await load('stack: file\n', flags, env)).stack).toBe(stack);
  });

  test.each(['us-gov-west-1', 'ap-southeast-4', 'eusc-de-east-1'])('%s is a region', async region => {
    expect(await load(`region: ${region}\n`)).toMatchObject({ region });
  });

  test('region and profile come from the variables that AWS tools read', async () => {
    expect(
      await load('region: us-east-1\n', {}, { AWS_DEFAULT_REGION: 'eu-west-2', AWS_PROFILE: 'shop' }),
    ).toMatchObject({
      region: 'eu-west-2',
      profile: 'shop',
    });
    expect(await load('', {}, { AWS_DEFAULT_REGION: 'eu-west-2', AWS_REGION: 'eu-west-1' })).toMatchObject({
      region: 'eu-west-1',
    });
  });
});

describe('report.query', () => {
  test('is the SQL of a file beside the settings, without its comments', async () => {
    await writeFile(join(folder, 'shop.sql'), '-- All lines;\nSELECT 1;\n');
    expect((await load('report:\n  query: shop.sql\n')).report.query).toBe('SELECT 1');
  });

  test('may stand in the settings', async () => {
    expect((await load('report:\n  query: |\n    SELECT 1 # one\n    FROM dual\n')).report.query).toBe(
      'SELECT 1  \nFROM dual',
    );
  });

  test.each([
    ['none.sql', '2: report.query is none.sql, but there is no such file; name a file that holds the SELECT.'],
    ['shop.sql', '2: report.query is shop.sql, which changes rows with DELETE; only a SELECT is allowed here.'],
    ['DELETE FROM o', '2: report.query starts with DELETE; it must start with SELECT or WITH.'],
    ['7', '2: report.query is 7 but must be a SELECT, or the name of a .sql file.'],
  ])('is refused: %s', async (query, message) => {
    await writeFile(join(folder, 'shop.sql'), 'WITH a AS (SELECT 1) DELETE FROM a');
    expect((await problemOf(load(`report:\n  query: ${query}\n`))).message).toBe(placed(message));
  });

  test('that the function has no room for is refused with the numbers', async () => {
    const select = (length: number) => `report:\n  query: ${`SELECT ${'1 + '.repeat(length / 4)}1`}\n`;
    expect((await load(select(2800))).report.query).toHaveLength(2808);
    expect((await problemOf(load(select(4000)))).message).toMatch(
      /:2: report\.query is 4010 bytes long, and the function's environment, which holds 4 KB in all, has room for 3\d\d\d; make a view of it and select from that\.$/,
    );
    // What stands beside it counts.
    const closed = `  closed: [${Array.from({ length: 60 }, (_, day) => `"2026-01-${String(10 + (day % 20))}"`).join(', ')}]\n`;
    expect((await problemOf(load(select(2800) + closed))).message).toContain('has room for 2');
  });
});

test('a file with the other ending is not passed over', async () => {
  await writeFile(join(folder, 'salesreport.yml'), 'stack: other\n');
  const loading = findSettingsFile(join(folder, 'salesreport.yaml'), false);
  await expect(loading).rejects.toThrow(
    /salesreport\.yml is not read by itself; rename it to .*salesreport\.yaml, or add --settings/,
  );
});

describe('mistakes', () => {
  test.each([
    ['stak: x\n', '1: stak is not a setting; did you mean stack?'],
    ['# shop\n\nnetwork:\n  webPort: true\n', '4: network.webPort is not a setting; did you mean network.webPorts?'],
    ['memory: 512\n', '1: memory is not a setting; did you mean function.memory?'],
    [
      'colour_of_the_logo: red\n',
      '1: colour_of_the_logo is not a setting; see docs/reference/settings.md for those there are.',
    ],
    [
      'database:\n  password: hunter2\n',
      '2: database.password does not belong in a file: use database.passwordParameter, or set SALESREPORT_DATABASE_PASSWORD when you provision.',
    ],
    [
      'stack: Shop\n',
      '1: stack is "Shop" but must be 1 to 19 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen.',
    ],
    ['region: Ireland\n', '1: region is "Ireland" but must be an AWS region such as eu-west-1.'],
    ['hosts: t4g.nano\n', '1: hosts is "t4g.nano" but must be a section with settings of its own.'],
    ['function:\n  memory: 64\n', '2: function.memory is 64 but must be a whole number from 128 to 10240 MB.'],
    ['function:\n  memory: lots\n', '2: function.memory is "lots" but must be a whole number from 128 to 10240 MB.'],
    ['function:\n  architecture: arm\n', '2: function.architecture is "arm" but must be arm64 or x86_64.'],
    [
      'network:\n  adminCidr: 10.0.0.1/24\n',
      '2: network.adminCidr is "10.0.0.1/24" but must be auto, none or a CIDR such as 203.0.113.7/32.',
    ],
    [
      'network:\n  cidr: 8.8.0.0/16\n',
      '2: network.cidr is "8.8.0.0/16" but must be a private IPv4 CIDR of /16 to /28, such as 10.0.0.0/20.',
    ],
    [
      'network:\n  cidr: 10.1.0.0/16\n',
      '2: network.cidr is 10.1.0.0/16, which does not hold publicA 10.0.0.0/20, publicB 10.0.16.0/20, privateA 10.0.128.0/20, privateB 10.0.144.0/20; set network.subnets too.',
    ],
    [
      'network:\n  subnets:\n    publicB: 10.1.0.0/20\n',
      '3: network.subnets.publicB is 10.1.0.0/20, which is not inside network.cidr 10.0.0.0/16.',
    ],
    [
      'network:\n  subnets:\n    publicB: 10.0.8.0/21\n',
      '3: network.subnets.publicB is 10.0.8.0/21, which overlaps network.subnets.publicA 10.0.0.0/20.',
    ],
    ['currency: euro\n', '1: currency is "euro" but must be an ISO 4217 code such as EUR.'],
    ['locale: xx_YY\n', '1: locale is "xx_YY" but must be a locale that Node.js knows, such as en-GB.'],
    ['timezone: Europe/Berln\n', '1: timezone is "Europe/Berln" but must be an IANA time zone such as Europe/Berlin.'],
    [
      'schedule: cron(0 16 * * MON-SAT *)\n',
      /:1: schedule "cron\(0 16 \* \* MON-SAT \*\)" is not one that AWS takes: .*\. An example is cron\(0 16 \? \* MON-SAT \*\)\.$/,
    ],
    ['logs:\n  retentionDays: 91\n', /:2: logs\.retentionDays is 91 but must be one of 1, 3, .* days\.$/],
    [
      'tags:\n  aws:x: y\n',
      '2: tags.aws:x is not a name that a tag can have: it must be 1 to 127 letters, digits and _.:/=+-@, and not begin with aws: or salesreport:.',
    ],
    [
      `tags:\n${Array.from({ length: 38 }, (_, index) => `  tag${index}: x\n`).join('')}`,
      /:1: tags is a section but must be at most 37 tags, because AWS takes 50 and the tool adds its own\.$/,
    ],
    ['tags:\n  team: 7\n', '2: tags.team is 7 but must be text; put quotes around it.'],
    [
      'database:\n  host: db.example.com\n  user: u\n',
      '1: database.name is needed, because database.host names a database of yours.',
    ],
    [
      'database:\n  name: MySQL\n',
      '2: database.name is "MySQL", which belongs to MariaDB itself; choose another name.',
    ],
    [
      'database:\n  passwordParameter: /a/b\n',
      '2: database.passwordParameter is only for a database of yours; set database.host too, or remove it.',
    ],
    ['stack: a\nstack: b\n', '2: this line is not valid YAML; correct it (Map keys must be unique).'],
    ['- a\n', '1: the file must hold names and values such as "stack: salesreport".'],
  ])('%j', async (yaml, message) => {
    const problem = await problemOf(load(yaml));
    expect(problem).toBeInstanceOf(Problem);
    expect(problem.exit).toBe('usage');
    expect(problem.message).toMatch(message instanceof RegExp ? message : placed(message));
  });

  test('a flag and a variable are named instead of the file', async () => {
    expect((await problemOf(load('', { stack: '9' }))).message).toMatch(/^--stack: stack is "9" but must be /);
    expect((await problemOf(load('', {}, { AWS_REGION: 'x' }))).message).toMatch(
      /^AWS_REGION: region is "x" but must be /,
    );
  });

  test('further mistakes stand in what to do next', async () => {
    const problem = await problemOf(load('stak: a\nhost: b\n'));
    expect(problem.message).toBe(placed('1: stak is not a setting; did you mean stack?'));
    expect(problem.next).toBe(`Correct this too:\n  ${placed('2: host is not a setting; did you mean hosts?')}`);
  });

  test('a file that was named must be there', async () => {
    const problem = await problemOf(loadSettings({ settings: join(folder, 'none.yaml') }, {}));
    expect(problem.message).toBe(
      `The settings file ${join(folder, 'none.yaml')} was not used, because there is no such file; name another with --settings.`,
    );
  });

  test('no message holds a password', async () => {
    const problem = await problemOf(load('database:\n  password: hunter2\n  pasword: hunter2\n'));
    expect(`${problem.message} ${problem.next}`).not.toContain('hunter2');
  });
});

const placed = (message: string) => `${file}:${message}`;
