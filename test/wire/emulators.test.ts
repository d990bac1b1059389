import { expect, test } from 'vitest';
import { lockOperations } from '../../src/provision/lock/lock-store.ts';
import { clientsFor } from './helpers/clients.ts';
import { listingOf, newSince, type Row } from './helpers/listing.ts';
import { startMariadb } from './helpers/mariadb.ts';
import { startMinistack } from './helpers/ministack.ts';
import { startMoto, wellAnswer } from './helpers/moto.ts';
import { own, ownSettings } from './helpers/own.ts';
import { type Ended, salesreport } from './helpers/salesreport.ts';
import { namesOf, region, simulatedNames } from './helpers/same.ts';
import { makeShop, shopLogin } from './helpers/shop.ts';

const idOf = ({ id }: { id: string }): string => id;
const namesIn = (rows: readonly Row[], type: string): string[] => rows.filter(row => row.type === type).map(idOf);

type Type = (...args: string[]) => Promise<Ended>;

/** The outcomes of a run and, for a message, what had them and why. */
function outcomesOf({ document }: Ended): { kinds: string[]; words: string } {
  const outcomes: { id: string; outcome: string; why?: string }[] = document.outcomes ?? [];
  return {
    kinds: [...new Set(outcomes.map(({ outcome }) => outcome))],
    words: JSON.stringify(document.error ?? outcomes, null, 1),
  };
}

async function build(type: Type): Promise<Ended> {
  const built = await type('provision', '--yes');
  const { kinds, words } = outcomesOf(built);
  expect(kinds, words).toEqual(['created']);
  expect(built.document.hops.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
  expect(built.changes).toContain('ec2:CreateVpc');
  expect(built.exit).toBe(0);
  return built;
}

async function expectNoChange(type: Type): Promise<void> {
  const again = await type('provision', '--yes');
  const { kinds, words } = outcomesOf(again);
  expect(kinds, words).toEqual(['unchanged']);
  expect(again.changes).toEqual([]);
  expect(again.exit).toBe(0);
}

/**
 * A pipeline's whole life, told by the tool; the listings are asked behind its back. Returns what stood when it was
 * built.
 */
async function live(url: string, type: Type): Promise<{ stood: Row[]; said: string }> {
  const before = await listingOf(url, region);
  const built = await build(type);
  const standing = await listingOf(url, region);

  await expectNoChange(type);
  expect(newSince(standing, await listingOf(url, region))).toEqual([]);

  const status = await type('status');
  expect(status).toMatchObject({ exit: 0, document: { healthy: true }, changes: [] });

  const added = await type('subscribe', 'email', 'ann@example.com');
  expect(added.document.subscribers).toEqual([
    { protocol: 'email', endpoint: 'ann@example.com', state: 'pending', added: true },
  ]);
  const asked = await type('subscribe', 'email', 'ann@example.com');
  expect(asked.document.subscribers).toEqual([{ protocol: 'email', endpoint: 'ann@example.com', state: 'pending' }]);
  expect(asked.changes).toEqual([]);
  const operator = await type('subscribe', 'email', 'ops@example.com', '--operator');
  expect(operator.document.subscribers).toEqual([
    { protocol: 'email', endpoint: 'ops@example.com', state: 'pending', notices: true, added: true },
  ]);
  expect(
    namesIn(await listingOf(url, region), 'subscription')
      .map(one => one.split(':').at(-1))
      .sort(),
  ).toEqual(['salesAnalysisReportOperators ops@example.com', 'salesAnalysisReportTopic ann@example.com']);

  const [Bucket] = namesIn(standing, 'bucket');
  const { s3 } = clientsFor(url, region);
  for (const Body of ['first', 'second']) await s3.putObject({ Bucket, Key: 'reports/2026/report.txt', Body });
  await s3.deleteObject({ Bucket, Key: 'reports/2026/report.txt' });
  const gone = await type('teardown', '--yes');
  expect(gone).toMatchObject({ exit: 0, document: { kept: [{ id: 'archive', awsId: Bucket }], left: [] } });
  // The record of the settings lasts as long as the archive that it is in.
  const removed = [...gone.document.removed.map(idOf), 'archive', 'settings'];
  expect(removed).toEqual(expect.arrayContaining(built.document.outcomes.map(idOf)));
  const left = await listingOf(url, region);
  expect([namesIn(left, 'bucket'), namesIn(left, 'object')]).toEqual([[Bucket], [`${Bucket}/settings/deployed.json`]]);
  const { Versions } = await s3.listObjectVersions({ Bucket, Prefix: 'reports/' });
  expect(Versions).toHaveLength(2);

  const all = await type('teardown', '--delete-archive', '--confirm', 'salesreport');
  expect(all).toMatchObject({ exit: 0, document: { removed: [{ id: 'archive' }], kept: [], left: [] } });
  const nothing = await type('teardown', '--yes');
  // Only the lock: what an interrupted run just made may not be listed yet.
  expect(nothing).toMatchObject({ exit: 0, document: { removed: [], kept: [], left: [] }, changes: lockOperations });

  const after = await listingOf(url, region);
  expect(newSince(before, after)).toEqual([]);
  expect(newSince(after, before)).toEqual([]);

  const known = new Set(before.map(({ id }) => id));
  const runs = [built, status, added, gone];
  return {
    stood: standing.filter(({ id }) => !known.has(id)),
    said: runs.map(({ document, stderr }) => JSON.stringify(document) + stderr).join(),
  };
}

test.concurrent('moto: the pipeline with both hosts comes, stays as it is and goes without a trace', async () => {
  const moto = await own(startMoto());
  const file = ownSettings();
  await moto.answerAlways(region, wellAnswer);
  const { stood } = await live(moto.url, (...args) => salesreport(moto.url, [...args, '--settings', file]));
  expect(namesOf(stood)).toEqual(await simulatedNames({}));
});

test.concurrent('MiniStack: the function runs and reads a real database; the pipeline goes without a trace', async () => {
  const [ministack, mariadb] = await Promise.all([own(startMinistack()), own(startMariadb())]);
  const { user, password } = shopLogin;
  await makeShop(mariadb, 'cafe');
  const settings = { database: { host: '127.0.0.1', port: mariadb.port, name: 'cafe', user }, hosts: { cli: true } };
  const file = ownSettings(settings);
  const { stood, said } = await live(ministack.url, (...args) =>
    salesreport(ministack.url, [...args, '--settings', file], { SALESREPORT_DATABASE_PASSWORD: password }),
  );
  expect(namesOf(stood)).toEqual(await simulatedNames(settings));
  expect(said).not.toContain(password);
});

test.concurrent('moto: with a time zone the schedule is one of EventBridge Scheduler, and goes without a trace too', async () => {
  const moto = await own(startMoto());
  const settings = { timezone: 'Europe/Berlin' };
  const file = ownSettings(settings);
  await moto.answerAlways(region, wellAnswer);
  const { stood } = await live(moto.url, (...args) => salesreport(moto.url, [...args, '--settings', file]));
  expect(namesOf(stood)).toEqual(await simulatedNames(settings));
});

test.concurrent('moto: changed settings leave what they leave on the simulator, and their tags on what is there', async () => {
  const moto = await own(startMoto());
  await moto.answerAlways(region, wellAnswer);
  const before = new Set((await listingOf(moto.url, region)).map(idOf));
  const changed = {
    timezone: 'Europe/Berlin',
    tags: { team: 'sales' },
    hosts: { cli: false },
    function: { memory: 512 },
  };
  const [first, second] = [ownSettings(), ownSettings(changed)];
  await build((...args) => salesreport(moto.url, [...args, '--settings', first]));

  const type: Type = (...args) => salesreport(moto.url, [...args, '--settings', second]);
  const { kinds, words } = outcomesOf(await type('provision', '--yes'));
  expect(kinds.sort(), words).toEqual(['created', 'removed', 'unchanged', 'updated']);
  await expectNoChange(type);
  const stood = (await listingOf(moto.url, region)).filter(({ id }) => !before.has(id));
  expect(namesOf(stood)).toEqual(await simulatedNames(changed));
  const { ec2 } = clientsFor(moto.url, region);
  const Filters = [{ Name: 'tag:team', Values: ['sales'] }];
  const { Vpcs, Subnets } = { ...(await ec2.describeVpcs({ Filters })), ...(await ec2.describeSubnets({ Filters })) };
  expect([Vpcs?.length, Subnets?.length]).toEqual([1, 4]);
  expect(await type('teardown', '--delete-archive', '--confirm', 'salesreport')).toMatchObject({
    exit: 0,
    document: { left: [] },
  });
  expect((await listingOf(moto.url, region)).filter(({ id }) => !before.has(id))).toEqual([]);
});

test.concurrent('moto: of two stacks side by side one goes and the other stays whole', async () => {
  const moto = await own(startMoto());
  const file = ownSettings();
  const stack =
    (name: string): Type =>
    (...args) =>
      salesreport(moto.url, [...args, '--stack', name, '--settings', file]);
  const [first, second] = [stack('first'), stack('second')];
  await moto.answerAlways(region, wellAnswer);
  await build(first);
  const before = await listingOf(moto.url, region);
  await build(second);

  const gone = await second('teardown', '--delete-archive', '--confirm', 'second');
  expect(gone).toMatchObject({ exit: 0, document: { left: [] } });
  const after = await listingOf(moto.url, region);
  expect(newSince(before, after)).toEqual([]);
  expect(newSince(after, before)).toEqual([]);
  await expectNoChange(first);

  expect(await first('teardown', '--yes')).toMatchObject({ exit: 0, document: { left: [] } });
  const again = await first('provision', '--yes');
  expect(again.exit).toBe(0);
  expect(again.document.outcomes.filter(({ outcome }: { outcome: string }) => outcome !== 'created')).toMatchObject([
    { id: 'archive', outcome: 'unchanged' },
    { id: 'settings', outcome: 'unchanged' },
  ]);
});
