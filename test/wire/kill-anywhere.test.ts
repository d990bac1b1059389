import { expect, test } from 'vitest';
import { clientsFor } from './helpers/clients.ts';
import { type Side, startDeadlyProxy } from './helpers/deadly-proxy.ts';
import { Names } from './helpers/identity.ts';
import { listingOf, newSince } from './helpers/listing.ts';
import { type Moto, startMoto, wellAnswer } from './helpers/moto.ts';
import { own, ownSettings } from './helpers/own.ts';
import { startProgram } from './helpers/salesreport.ts';
import { namesOf, region, simulatedNames } from './helpers/same.ts';

const provision = ['provision', '--yes'];
const teardown = ['teardown', '--delete-archive', '--confirm', 'salesreport'];

/** A stack on a moto of its own, with the commands that are typed for it. */
async function startLife(side: Side) {
  const moto = await own(startMoto());
  await moto.answerAlways(region, wellAnswer);
  const file = ownSettings();
  const names = new Names();
  const before = await listingOf(moto.url, region);

  /**
   * One process. It takes note of what it changes; if `isDeadly`, it dies at the first changing call that does
   * something new. Says whether it died.
   */
  const run = async (args: readonly string[], noted: Set<string>, isDeadly: boolean): Promise<boolean> => {
    let kill = (): unknown => expect.unreachable('nothing is called before the process runs');
    const proxy = await startDeadlyProxy(moto.url, {
      names,
      side,
      kill: () => kill(),
      isDeadly: identities => {
        const fresh = identities.filter(one => !noted.has(one));
        for (const one of fresh) noted.add(one);
        return isDeadly && fresh.length > 0;
      },
    });
    const child = startProgram(proxy.url, [...args, '--settings', file, '--json']);
    kill = () => process.kill(child.pid, 'SIGKILL');
    const { exit, signal, stdout } = await child.ended;
    await proxy.close();
    if (signal) expect(signal).toBe('SIGKILL');
    else expect(exit, stdout).toBe(0);
    return signal !== null;
  };

  return {
    moto,
    run,
    /** The same command, by one process after the other, until one comes through. */
    async insist(args: readonly string[], diedAt: Set<string>): Promise<void> {
      while (await run(args, diedAt, true));
    },
    async standing() {
      const known = new Set(before.map(({ id }) => id));
      return namesOf((await listingOf(moto.url, region)).filter(({ id }) => !known.has(id)));
    },
    async traces() {
      const after = await listingOf(moto.url, region);
      return [...newSince(before, after), ...newSince(after, before)];
    },
  };
}

/** Something that the tool keeps a teardown busy with: reports in the archive. */
async function archiveReports({ url }: Moto): Promise<void> {
  const { s3 } = clientsFor(url, region);
  const [{ Name: Bucket }] = (await s3.listBuckets({})).Buckets as [{ Name: string }];
  for (const Body of ['first', 'second']) await s3.putObject({ Bucket, Key: 'reports/2026/report.txt', Body });
}

/** What an undisturbed life changes, by command. */
const undisturbed = (async () => {
  const life = await startLife('before');
  const [provisions, teardowns] = [new Set<string>(), new Set<string>()];
  await life.run(provision, provisions, false);
  const stood = await life.standing();
  await archiveReports(life.moto);
  await life.run(teardown, teardowns, false);
  expect(await life.traces()).toEqual([]);
  return { provisions, teardowns, stood };
})();

test.concurrent.each([
  ['provision', 'before'],
  ['provision', 'after'],
  ['teardown', 'before'],
  ['teardown', 'after'],
] as const)(
  '%s, killed %s the effect of every changing call, comes through with one of each, and with none after the teardown',
  async (verb, side) => {
    const [life, { provisions, teardowns, stood }] = await Promise.all([startLife(side), undisturbed]);
    expect(stood).toEqual(await simulatedNames({}));

    const wanted = verb === 'provision' ? provisions : teardowns;
    const diedAt = new Set<string>();
    // A call may not come up in a chain of deaths, because one before it leaves it nothing to do: then in the next
    // life.
    for (let lives = 1; lives <= 3 && [...wanted].some(one => !diedAt.has(one)); lives++) {
      if (verb === 'provision') await life.insist(provision, diedAt);
      else await life.run(provision, new Set(), false);
      expect(await life.standing()).toEqual(stood);
      await archiveReports(life.moto);
      if (verb === 'teardown') await life.insist(teardown, diedAt);
      else await life.run(teardown, new Set(), false);
      expect(await life.traces()).toEqual([]);
    }
    expect([...diedAt].sort()).toEqual([...wanted].sort());
  },
  1_200_000,
);
