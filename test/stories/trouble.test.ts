import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import { openShop } from './shop.ts';

test.each([
  ['run', /Stack salesreport has no function in eu-west-1: run salesreport provision first\./],
  ['subscribe email ann@example.com', /run salesreport provision first/],
])('%s before anything stands says what to do', async (line, sentence) => {
  const { type, aws } = await openShop();
  const { code, stderr } = await type(line);
  expect({ code }).toEqual({ code: 1 });
  expect(stderr).toMatch(sentence);
  expect(inventory(aws().world)).toEqual([]);
});

test('a denied permission is named with what it was for, and a second run finishes', async () => {
  const { type, json, aws } = await openShop();
  aws().fault = ({ operation }) => (operation === 'CreateTopic' ? 'denied' : undefined);
  const denied = await type('provision --yes');
  expect(denied.code).toBe(1);
  expect(denied.stdout).toMatch(/sns:CreateTopic/);
  aws().fault = () => undefined;
  expect((await json('provision --yes')).document).toMatchObject({ ok: true });
}, 60_000);

test('T20: credentials that expire half-way stop the run with what to do, and a second one goes on; a teardown too', async () => {
  const { type, aws } = await openShop();
  for (const verb of ['provision --yes', 'teardown --delete-archive --confirm salesreport']) {
    let changes = 0;
    aws().fault = ({ mutating }) => {
      if (mutating) changes++;
      return changes > 20 ? 'credentials expired' : undefined;
    };
    const expired = await type(verb);
    expect(expired.code).toBe(1);
    expect(expired.stdout + expired.stderr).toContain('Your AWS credentials have expired: sign in again');
    expect(expired.stdout + expired.stderr).toContain('run the same command again');
    expect(changes).toBeGreaterThan(20);
    aws().fault = () => undefined;
    expect((await type(verb)).code).toBe(0);
  }
  expect(inventory(aws().world).filter(row => !isEnded(row))).toEqual([]);
}, 60_000);

test('what is broken by hand is named by verify, and mended by provision', async () => {
  const { type, json, aws } = await openShop();
  expect(await type('verify')).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('Stack salesreport is not deployed'),
  });
  await type('provision --yes');
  const { routeTables } = aws().world.ec2;
  const table = routeTables.existing().find(({ routes }) => routes.some(({ target }) => target.startsWith('nat-')))!;
  table.routes = table.routes.filter(({ target }) => !target.startsWith('nat-'));
  const broken = await type('verify');
  expect(broken.code).toBe(4);
  expect(broken.stdout).toContain(
    `✗ Broken: private route\n  The private route table ${table.id} has no route to the NAT gateway: run`,
  );
  expect(await json('verify')).toMatchObject({ code: 4, document: { version: 1, ok: false } });
  expect((await type('provision --yes')).code).toBe(0);
  expect(await json('verify')).toMatchObject({ code: 0, document: { ok: true } });
}, 60_000);

test("a name that somebody else's role has is named, and nothing is made", async () => {
  const { type, aws } = await openShop();
  const { iam } = aws().world;
  iam.roles.set('salesanalysisreportrole', {
    name: 'salesAnalysisReportRole',
    path: '/',
    id: 'AROAEXAMPLE',
    arn: 'arn:aws:iam::123456789012:role/salesAnalysisReportRole',
    createdAt: 0,
    trust: '{}',
    tags: {},
    policies: new Map(),
    attached: new Map(),
  });
  const { code, stderr } = await type('provision --yes');
  expect(code).toBe(1);
  expect(stderr).toContain('Role salesAnalysisReportRole (salesAnalysisReportRole) is there already and is not ours');
  expect((await type('teardown --yes')).code).toBe(0);
  expect([...iam.roles.keys()]).toEqual(['salesanalysisreportrole']);
}, 60_000);

test('teardown without --yes and without a terminal refuses before any call', async () => {
  const { type, aws } = await openShop();
  expect(await type('teardown')).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
  expect(aws().calls).toEqual([]);
});

test('a database that refuses is one sentence, without the password', async () => {
  const { type, output } = await openShop();
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(done => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise(done => server.close(done));
  const refused = await type(`run --dry-run --database-url mysql://ann:hunter2@127.0.0.1:${port}/shop`);
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `Note: Others on this computer can read the password in --database-url (by ps), and your shell's history keeps it: leave it out of the URL to be asked for it, or set SALESREPORT_DATABASE_PASSWORD.\nError: Nothing listens at 127.0.0.1:${port}: start the database, or set its host and port.\n`,
  });
  const wrong = await type('run --dry-run --database-url postgres://ann:hunter2@127.0.0.1/shop');
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(output()).not.toContain('hunter2');
});

test('something that is no database is not waited for', async () => {
  const { type } = await openShop();
  const server = createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
  await new Promise(done => server.once('listening', done));
  const { port } = server.address() as { port: number };
  const { code, stderr } = await type(`run --dry-run --database-url mysql://ann:x@127.0.0.1:${port}/shop`);
  await new Promise(done => server.close(done));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Note: .*\nError: .*\.\n$/);
});
