import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { Interrupt } from '../../src/commands/interrupt.ts';
import { findShopDatabase } from '../../src/commands/shop-database.ts';
import { schema } from '../../src/settings/schema.ts';
import { Terminal } from '../../src/terminal/terminal.ts';

const none = { write: () => {} };
const sessionWith = (env: NodeJS.ProcessEnv, stderr: { write(text: string): void } = none) => {
  const streams = { stdout: none, stderr, stdin: Readable.from([]), env };
  const cloud = () => expect.unreachable('the cloud is not needed');
  return { flags: {}, streams, terminal: new Terminal(streams, {}), interrupt: new Interrupt(), cloud };
};
const own = { database: { host: 'db.example.com', name: 'shop', user: 'reader' } };

test.each([
  ['nothing', {}, {}, {}, undefined],
  [
    'a flag',
    { databaseUrl: 'mysql://u:p@flag/d' },
    { SALESREPORT_DATABASE_URL: 'mysql://u:p@environment/d' },
    own,
    'flag',
  ],
  ['the environment', {}, { SALESREPORT_DATABASE_URL: 'mysql://u:p@environment/d' }, own, 'environment'],
  ['the settings', {}, { SALESREPORT_DATABASE_PASSWORD: 'p' }, own, 'db.example.com'],
  ['--sample', { sample: true }, { SALESREPORT_DATABASE_URL: 'mysql://u:p@environment/d' }, own, undefined],
])('%s', async (_what, options, env, settings, host) => {
  expect((await findShopDatabase(sessionWith(env), schema.parse(settings), options))?.host).toBe(host);
});

test('a URL without a password takes it from the environment', async () => {
  const found = await findShopDatabase(sessionWith({ SALESREPORT_DATABASE_PASSWORD: 'p' }), schema.parse({}), {
    databaseUrl: 'mysql://reader@h/shop',
  });
  expect(found).toMatchObject({ host: 'h', password: 'p' });
});

test('without a terminal the password of the settings comes from the environment', async () => {
  expect(
    await findShopDatabase(sessionWith({ SALESREPORT_DATABASE_PASSWORD: 'p' }), schema.parse(own), {}),
  ).toMatchObject({
    password: 'p',
  });
  await expect(findShopDatabase(sessionWith({}), schema.parse(own), {})).rejects.toThrow(
    'Set SALESREPORT_DATABASE_PASSWORD to the password of reader at db.example.com, because there is no terminal to ask at.',
  );
});

const exposed =
  "Note: Others on this computer can read the password in --database-url (by ps), and your shell's history keeps it: leave it out of the URL to be asked for it, or set SALESREPORT_DATABASE_PASSWORD.";

test.each([
  ['a flag with a password', { databaseUrl: 'mysql://u:hunter2@h/d' }, {}, 1],
  ['a flag with an escaped password', { databaseUrl: 'mysql://u:%40hunter2@h/d' }, {}, 1],
  ['a flag without one', { databaseUrl: 'mysql://u@h/d' }, { SALESREPORT_DATABASE_PASSWORD: 'hunter2' }, 0],
  ['a flag with an empty one', { databaseUrl: 'mysql://u:@h/d' }, {}, 0],
  ['the environment', {}, { SALESREPORT_DATABASE_URL: 'mysql://u:hunter2@h/d' }, 0],
  ['the sample shop', { sample: true }, { SALESREPORT_DATABASE_URL: 'mysql://u:hunter2@h/d' }, 0],
])('%s: what others can read is said once, and never the password', async (_what, options, env, times) => {
  let said = '';
  const session = sessionWith(env, {
    write(text) {
      said += text;
    },
  });
  await findShopDatabase(session, schema.parse({}), options);
  expect(said.replace(/\s+/g, ' ').split(exposed)).toHaveLength(times + 1);
  expect(said).not.toContain('hunter2');
});
