import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { openShop, password } from './shop.ts';

const Bucket = 'salesreport-salesreport-123456789012-eu-west-1';
const Key = 'settings/deployed.json';
const file = `
profile: ann
schedule: cron(0 7 ? * MON *)
tags: { team: sales }
database: { host: db.example.com, name: shop, user: reader, tls: true }
report: { query: shop.sql }
`;
const query = 'SELECT 1 AS order_id, 2 AS sold_at, 3 AS product, 4 AS quantity, 5 AS amount';

const recordIn = async (aws: Simulator): Promise<string> => {
  const { Body } = (await aws.answer('s3', 'GetObject', { Bucket, Key })) as {
    Body: { transformToString(): Promise<string> };
  };
  return Body.transformToString();
};
const put = (aws: Simulator, Body: string) => aws.answer('s3', 'PutObject', { Bucket, Key, Body });
const mutations = (aws: Simulator, since = 0) => aws.calls.slice(since).filter(({ mutating }) => mutating);
const said = ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}\n${stderr}`.replace(/\s+/g, ' ');

/** A stack of an own database, provisioned with a settings file that is not here any more. */
async function provisioned() {
  const shop = await openShop();
  const settings = await shop.settings(file);
  await writeFile(settings.replace('salesreport.yaml', 'shop.sql'), query);
  const done = await shop.type(`provision --yes --settings ${settings}`);
  expect(done).toMatchObject({ code: 0 });
  return { ...shop, file: settings };
}

describe('the record of the settings', () => {
  test('holds what the file says, no defaults, no profile, no secret, and is written last, under the lock', async () => {
    const { aws } = await provisioned();
    const record = JSON.parse(await recordIn(aws()));
    expect(record).toEqual({
      version: 1,
      tool: expect.stringMatching(/^\d/),
      settings: {
        schedule: 'cron(0 7 ? * MON *)',
        tags: { team: 'sales' },
        database: { host: 'db.example.com', name: 'shop', user: 'reader', tls: true },
        report: { query },
      },
    });
    expect(JSON.stringify(record)).not.toContain(password);
    const changes = mutations(aws()).map(({ operation, input }) => [operation, JSON.stringify(input)] as const);
    const at = changes.findIndex(([operation, input]) => operation === 'PutObject' && input.includes(Key));
    // What comes after it is the proof, with the function's own calls, and what is written in the lock until its end.
    const later = changes
      .slice(at + 1)
      .filter(([operation, input]) => operation !== 'PutParameter' || !input.includes('/lock/'));
    expect(new Set(later.map(([operation]) => operation))).toEqual(
      new Set(['Invoke', 'Publish', 'PutObject', 'DeleteParameter']),
    );
    expect(changes.at(-1)![1]).toContain('/lock/');
  }, 60_000);

  test('makes an unchanged stack unchanged, with and without the file', async () => {
    const { type, aws, file } = await provisioned();
    for (const line of [`provision --yes --settings ${file}`, 'provision --yes']) {
      const before = aws().calls.length;
      const { code, stdout } = await type(line);
      expect({ line, code }).toEqual({ line, code: 0 });
      expect(stdout).toContain('Nothing to change');
      expect(mutations(aws(), before)).toEqual([]);
      expect(aws().calls.length - before).toBeLessThanOrEqual(61);
    }
  }, 60_000);

  test('is what a verb without a file goes by, and it says so', async () => {
    const { type, json } = await provisioned();
    const status = await type('status');
    expect(status.code).toBe(0);
    expect(said(status)).toContain('the settings are those of the last provision of stack salesreport, by salesreport');
    expect(said(status)).toContain('Healthy');
    expect((await json('status')).document).toMatchObject({ healthy: true, settingsFrom: 'record' });
    const plan = await type('provision --dry-run --exit-code');
    expect(plan.code).toBe(0);
    expect(said(plan)).toContain('those of the last provision');
    for (const line of [
      'verify',
      'run --remote --dry-run',
      'subscribe email ann@example.com',
      'unlock --yes',
      'history',
    ])
      expect(said(await type(line)), line).toContain('the settings are those of the last provision');
  }, 60_000);

  test('is ignored with --defaults, and a plan file from it is for the record', async () => {
    const { type } = await provisioned();
    const plan = await type('provision --dry-run --defaults');
    expect(said(plan)).toContain('Database host Web Server 1');
    expect(said(plan)).toContain('the defaults, since there is no salesreport.yaml here');
    expect(said(plan)).not.toContain('those of the last provision');
  }, 60_000);

  test('is printed by salesreport settings, as a settings file and as JSON', async () => {
    const { type, json, file, settings: write } = await provisioned();
    const { code, stdout } = await type('settings');
    expect(code).toBe(0);
    expect(stdout).not.toContain('profile');
    const again = await write(stdout);
    expect(again).toBe(file);
    expect((await type(`provision --dry-run --exit-code --settings ${again}`)).code).toBe(0);
    expect((await json('settings')).document).toMatchObject({
      ok: true,
      stack: 'salesreport',
      settings: { database: { host: 'db.example.com' }, report: { query } },
    });
  }, 60_000);

  test('there is none before the first provision, nor of a stack that an earlier version made; then the defaults are named', async () => {
    const { type, aws, file } = await provisioned();
    const versions = aws().world.s3.buckets.get(Bucket)!;
    versions.versions = versions.versions.filter(({ key }) => key !== Key);
    expect(await type('settings')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no record') });
    expect((await type(`status --settings ${file}`)).code).toBe(0);
    const status = await type('status');
    expect(status.code).toBe(4);
    expect(said(status)).toContain(
      'not as the defaults want, and nobody has said here what stack salesreport should be',
    );
    expect(said(status)).not.toContain('puts it right');
    const before = aws().calls.length;
    expect((await type(`provision --yes --settings ${file}`)).code).toBe(0);
    expect(mutations(aws(), before).map(({ operation }) => operation)).toContain('PutObject');
    expect((await type('status')).code).toBe(0);
  }, 60_000);

  const damages = [
    ['is not JSON', '{"version"', 'is not JSON'],
    ['is a list', '[]', 'is not a record of settings'],
    ['is of a later form', '{"version": 9, "tool": "9.9.9", "settings": {}}', 'was written by salesreport 9.9.9'],
    [
      'has a setting of a later version',
      '{"version": 1, "tool": "9.9.9", "settings": {"weather": true}}',
      'weather is not a setting',
    ],
    [
      'has prototype names',
      '{"version": 1, "tool": "0.1.0", "settings": {"__proto__": {"stack": "x"}}}',
      'cannot be used',
    ],
    ['is huge', 'x'.repeat(300_000), 'is larger than settings can be'],
  ];

  test('that is damaged is named, ends no verb, and is written anew', async () => {
    const { type, aws, file } = await provisioned();
    for (const [what, text, words] of damages) {
      await put(aws(), text!);
      const seen = await type('history');
      expect({ what, code: seen.code }).toEqual({ what, code: 0 });
      expect(said(seen), what).toContain(words);
    }
    for (const line of [
      'status',
      'run --remote --dry-run',
      'subscribe email ann@example.com',
      'verify',
      'unlock --yes',
    ])
      expect({ line, code: [0, 4].includes((await type(line)).code) }).toEqual({ line, code: true });
    expect((await type('settings')).code).toBe(1);
    expect((await type(`provision --yes --settings ${file}`)).code).toBe(0);
    expect((await type('status')).code).toBe(0);
  }, 60_000);

  test('that nobody may read is named, and ends no verb either', async () => {
    const { type, aws } = await provisioned();
    aws().fault = ({ operation, input }) =>
      operation === 'GetObject' && (input as { Key: string }).Key === Key ? 'denied' : undefined;
    const seen = await type('history');
    expect(seen.code).toBe(0);
    expect(said(seen)).toContain('settings/deployed.json in the archive cannot be read');
  }, 60_000);

  test('stays with the archive that a teardown keeps, which needs no settings file, and the next provision goes by it', async () => {
    const { type, json, aws } = await provisioned();
    const down = await type('teardown --yes');
    expect(down.code).toBe(0);
    expect(JSON.parse(await recordIn(aws())).settings).toMatchObject({ tags: { team: 'sales' } });
    expect(said(await type('status'))).toContain('The pipeline is not there');
    expect((await json('provision --yes')).document).toMatchObject({ ok: true });
    expect((await json('status')).document).toMatchObject({ healthy: true, settingsFrom: 'record' });
    expect((await type('teardown --delete-archive --confirm salesreport')).code).toBe(0);
    expect(aws().world.s3.buckets.has(Bucket)).toBe(false);
  }, 60_000);

  test('the function can neither write nor read it, and nothing lets it expire', async () => {
    const { aws } = await provisioned();
    const role = aws().world.iam.role('salesAnalysisReportRole')!;
    const policy = JSON.stringify([...role.policies.values()]);
    expect(policy).toContain(`${Bucket}/reports/*`);
    expect(policy).not.toMatch(new RegExp(`${Bucket}/(\\*|settings)`));
    const rules = aws().world.s3.buckets.get(Bucket)!.lifecycle as unknown as { Filter: { Prefix: string } }[];
    expect(rules.map(({ Filter }) => Filter.Prefix)).toEqual(['reports/']);
  }, 60_000);
});

describe('another shop', () => {
  test('is shown first, with the readers who will get its figures, and wants the name of the stack', async () => {
    const { type, aws, file, settings } = await provisioned();
    await type(`subscribe email ann@example.com --settings ${file}`);
    aws().world.sns.confirm('ann@example.com');
    const words =
      'reports on cafe at 10.0.0.10:3306 in place of shop at db.example.com:3306, and 1 reader gets its figures';
    const plan = await type('provision --dry-run --defaults');
    expect(said(plan)).toContain(`Another shop: the stack ${words}.`);
    expect(plan.stdout.indexOf('Another shop')).toBeLessThan(plan.stdout.indexOf('Database host Web Server 1'));
    const before = aws().calls.length;
    const refused = await type('provision --yes --defaults');
    expect(refused.code).toBe(2);
    expect(said(refused)).toContain(`This ${words}`);
    expect(said(refused)).toContain('--yes does not consent to that: add --confirm salesreport');
    expect(mutations(aws(), before)).toEqual([]);
    const out = file.replace('salesreport.yaml', 'plan.json');
    const other = await settings(
      file.length > 0 ? 'database: { host: db.example.com, name: other, user: reader, tls: true }\n' : '',
    );
    expect((await type(`provision --dry-run --out ${out} --settings ${other}`)).code).toBe(0);
    expect((await type(`provision --plan ${out} --yes --settings ${other}`)).code).toBe(2);
    expect((await type(`provision --plan ${out} --confirm salesreport --settings ${other}`)).code).toBe(0);
  }, 60_000);

  test('its database must let an address in, which provision and status name', async () => {
    const { json, type, aws, file } = await provisioned();
    const [address] = aws().world.ec2.addresses.existing();
    const { publicIp } = address as unknown as { publicIp: string };
    const words = `The function comes to db.example.com from ${publicIp}: let that in there.`;
    for (const line of [`provision --yes --settings ${file}`, 'status']) {
      expect(said(await type(line)), line).toContain(words);
      expect((await json(line)).document.outboundAddress, line).toBe(publicIp);
    }
  }, 60_000);
});
