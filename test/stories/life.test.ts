import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { fire } from '../../src/simulator/trigger.ts';
import { openShop, password } from './shop.ts';

const mutations = ({ calls }: Simulator) =>
  calls.filter(({ mutating, operation }) => mutating && operation !== 'Invoke').map(({ operation }) => operation);
const archive = 'salesreport-salesreport-123456789012-eu-west-1';
const living = ({ world }: Simulator) => inventory(world).filter(row => !isEnded(row));

test('looked at, built, read, reported, taken down', async () => {
  const { type, json, aws, clock, output } = await openShop();

  const plan = await json('provision --dry-run');
  expect(plan).toMatchObject({
    code: 0,
    document: { version: 1, ok: true, stack: 'salesreport', region: 'eu-west-1' },
  });
  expect(plan.document.changes.find(({ id }: { id: string }) => id === 'vpc').operations).toContain('ec2:CreateVpc');
  expect(mutations(aws())).toEqual([]);
  expect((await type('provision --dry-run --exit-code')).code).toBe(3);

  const built = await type('provision --yes');
  expect(built.code).toBe(0);
  expect(built.stdout).toContain('✓ select order_item');
  expect(built.stdout).toContain('Wed 25 Nov 2026 16:00 UTC');
  expect(built.stdout).toContain('Next: salesreport subscribe email NAME@HOST, then salesreport run for a report.');

  const before = mutations(aws()).length;
  const again = await json('provision --yes');
  expect(again.code).toBe(0);
  expect(again.document.outcomes.every(({ outcome }: { outcome: string }) => outcome === 'unchanged')).toBe(true);
  expect((await type('provision --yes')).stdout).toContain('Nothing to change');
  expect(mutations(aws()).length).toBe(before);

  const first = await json('subscribe email ann@example.com bob@example.com');
  expect(first.document.subscribers).toMatchObject([
    { state: 'pending', added: true },
    { state: 'pending', added: true },
  ]);
  aws().world.sns.confirm('ann@example.com');
  const second = await type('subscribe email ann@example.com bob@example.com');
  expect(second.stdout).toMatch(/✓ confirmed {2}ann@example.com[\s\S]*… pending {4}bob@example.com/);
  const requests = aws().world.sns.mailbox.filter(({ subject }) => subject.includes('Subscription Confirmation'));
  expect(requests.map(({ to }) => to)).toEqual(['ann@example.com', 'bob@example.com']);

  const status = await json('status');
  expect(status).toMatchObject({ code: 0, document: { healthy: true, lastRuns: [] } });
  expect(status.document.nextRuns[0]).toBe('2026-11-24T16:00:00.000Z');
  expect(status.document.subscribers).toHaveLength(2);

  const proved = await type('verify');
  expect(proved).toMatchObject({
    code: 0,
    stderr:
      'There is no salesreport.yaml here: the settings are those of the last provision of stack salesreport, by salesreport 0.1.0.\n',
  });
  expect(proved.stdout).toMatch(/✓ archive +\d+ ms {2}salesreport-salesreport-123456789012-eu-west-1\n/);
  expect(proved.stdout).toMatch(/! readers +1 confirmed, 1 pending\n/);
  expect(proved.stdout).toContain('bob@example.com has not confirmed yet');

  const shown = await type('run --remote --dry-run');
  const reports = () => aws().world.sns.mailbox.filter(({ subject }) => subject.includes(': sales '));
  expect(reports()).toEqual([]);
  const published = await type('run');
  expect(published.stdout).toBe(shown.stdout);
  expect(reports()).toMatchObject([
    { to: 'ann@example.com', subject: 'Mon 23 Nov 2026 16:00: sales 320.90, 45 orders' },
  ]);
  expect(reports()[0]!.body.startsWith(published.stdout.trimEnd())).toBe(true);

  await clock.sleep(Date.parse('2026-11-24T16:00:05Z') - clock.now());
  expect(await fire(aws().world, 'salesAnalysisReportSchedule', clock.now())).toBe(1);
  expect(reports().map(({ subject }) => subject.slice(0, 22))).toEqual([
    'Mon 23 Nov 2026 16:00:',
    'Tue 24 Nov 2026 16:00:',
  ]);

  expect((await type('run')).stdout).toContain('Already sent as "Tue 24 Nov 2026 16:00: sales');
  const revised = await json('run --resend --reason refund');
  expect(revised).toMatchObject({ code: 0, document: { outcome: 'sent', report: { revision: 1, reason: 'refund' } } });
  expect(reports()).toHaveLength(3);
  expect((await type('backfill --from 2026-11-19 --to 2026-11-22')).stdout).toBe(
    '3 reports archived and sent to nobody: salesreport history lists them.\n',
  );
  const { document: history } = await json('history');
  expect(history.reports.map(({ to, state }: Record<string, string>) => `${to!.slice(0, 10)} ${state}`)).toEqual([
    '2026-11-24 sent',
    '2026-11-23 sent',
    '2026-11-21 archived',
    '2026-11-20 archived',
    '2026-11-19 archived',
  ]);
  expect((await type('history')).stdout).toMatch(/✓ sent \(revised 1\) {2}Tue 24 Nov 2026 16:00/);
  expect((await type('history show 2026-11-23')).stdout).toBe(published.stdout);
  expect((await type('history show 2026-11-24 --format csv')).stdout).toContain('total,2026-11-24T16:00:00.000Z');
  expect((await json('status')).document.lastRuns).toHaveLength(3);
  expect((await json('verify')).document).toMatchObject({
    ok: true,
    hops: expect.arrayContaining([
      expect.objectContaining({ hop: 'last report', state: 'ok', detail: 'sent, until Tue 24 Nov 2026 16:00' }),
    ]),
  });
  expect(await fire(aws().world, 'salesAnalysisReportWatch', clock.now())).toBe(1);
  expect(reports()).toHaveLength(3);

  expect(await json('sweep')).toMatchObject({ code: 0, document: { ok: true, stacks: [{ state: 'standing' }] } });

  const end = await json('teardown --yes');
  expect(end).toMatchObject({ code: 0, document: { version: 1, ok: true, stack: 'salesreport', left: [] } });
  expect(end.document.kept).toMatchObject([
    { id: 'archive', awsId: archive, why: expect.stringContaining('objects, ') },
  ]);
  expect(end.document.removed.every(({ asked, answer }: Record<string, string>) => asked && answer)).toBe(true);
  expect(end.document.pending[1]).toContain('bob@example.com never confirmed');
  expect(living(aws())).toMatchObject([{ type: 'bucket', id: archive }]);

  const swept = await json('sweep --all-regions');
  expect(swept).toMatchObject({
    code: 0,
    document: { regions: { length: 3 }, stacks: [{ state: 'kept', things: [{ awsId: archive }] }] },
  });
  const kept = await type('teardown --yes');
  expect(kept.code).toBe(0);
  expect(kept.stdout).toContain('Kept on purpose: 1');
  const all = await json('teardown --delete-archive --confirm salesreport');
  expect(all).toMatchObject({ code: 0, document: { ok: true, removed: [{ id: 'archive' }], kept: [], left: [] } });
  expect(living(aws())).toEqual([]);

  expect((await type('sweep')).stdout).toContain('Nothing is left behind in region eu-west-1.');
  const nothing = await type('teardown --yes');
  expect(nothing).toMatchObject({ code: 0 });
  expect((await type('status')).stdout).toContain('Nothing is deployed yet: salesreport provision builds it.');
  expect(output()).not.toContain(password);
}, 60_000);

test('two stacks side by side; the same one in a second region is refused before anything is made', async () => {
  const { type, json, aws } = await openShop();
  expect((await type('provision --yes')).code).toBe(0);
  const alone = living(aws()).length;
  expect((await type('provision --yes --stack dev')).code).toBe(0);
  expect(living(aws()).length).toBe(2 * alone);

  const elsewhere = await type('provision --yes --region eu-central-1');
  expect(elsewhere.code).not.toBe(0);
  expect(elsewhere.stderr).toMatch(/^Error: .*eu-west-1.*\.$/m);
  expect(mutations(aws('eu-central-1'))).toEqual([]);

  expect((await type('teardown --stack dev --delete-archive --confirm dev')).code).toBe(0);
  expect(living(aws()).length).toBe(alone);
  expect((await json('status')).document.healthy).toBe(true);
}, 60_000);

test('a database of ones own: no host is made, and its password is asked for', async () => {
  const { type, json, settings, aws, output } = await openShop();
  const file = await settings(
    'database:\n  host: db.example.com\n  name: shop\n  user: reporter\ntimezone: Europe/Berlin\n',
  );
  const { code, document } = await json(`provision --yes --settings ${file}`);
  expect(code).toBe(0);
  expect(document.outcomes.filter(({ id }: { id: string }) => /host/.test(id))).toEqual([]);
  expect(document.nextRuns[0]).toBe('2026-11-24T15:00:00.000Z');
  const [name] = [...aws().world.lambda.functions.keys()];
  expect(aws().world.lambda.functions.get(name!)!.environment).toMatchObject({
    DB_HOST: 'db.example.com',
    DB_USER: 'reporter',
  });
  expect((await type(`teardown --yes --settings ${file}`)).code).toBe(0);
  expect(output()).not.toContain(password);
}, 60_000);

test('a report is written where it is wanted, in the form of the file', async () => {
  const { type, json, settings } = await openShop();
  const folder = dirname(await settings('currency: EUR\n'));
  const file = join(folder, 'report.csv');
  expect(await type(`run --dry-run --window 2026-11-20 --out ${file}`)).toMatchObject({
    code: 0,
    stdout: `Written to ${file}.\n`,
  });
  expect(await readFile(file, 'utf8')).toMatch(
    /^part,name,group,sales,units,orders\r\ntotal,2026-11-20T16:00:00\.000Z,/,
  );
  const { document } = await json(`run --dry-run --window 2026-11-20 --format json --out ${folder}`);
  expect(JSON.parse(await readFile(document.file, 'utf8'))).toMatchObject({
    window: { to: '2026-11-20T16:00:00.000Z' },
  });
  const newYork = await settings('timezone: America/New_York\nschedule: cron(0 20 ? * MON-SAT *)\n');
  expect((await type(`run --dry-run --window 2026-11-20 --settings ${newYork} --out ${folder}`)).stdout).toBe(
    `Written to ${join(folder, 'salesreport-2026-11-20.txt')}.\n`,
  );
  const [lately, soon] = [-10, 10].map(days => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
  expect((await type(`run --dry-run --from ${lately} --to ${soon} --format subject`)).stdout).toMatch(
    /, SAMPLE DATA, PARTIAL: /,
  );
  expect(await type('run --dry-run --from 2998-01-01 --to 2999-01-01')).toMatchObject({
    code: 2,
    stderr: 'Error: The window begins at 2998-01-01T00:00:00.000Z, which is yet to come: name an earlier one.\n',
  });
  // At some hours of the day the sample's few orders are worth a doubt.
  expect((await type('run --dry-run --partial --format subject')).stdout).toMatch(
    /, SAMPLE DATA, PARTIAL(, CHECK DATA)?: /,
  );
  expect(await type('run --dry-run --window 2026-11-22')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('No report was due on 2026-11-22'),
  });
});
