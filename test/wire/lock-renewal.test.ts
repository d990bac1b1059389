import { expect, test } from 'vitest';
import { startMoto, wellAnswer } from './helpers/moto.ts';
import { own, ownSettings } from './helpers/own.ts';
import { startProgram } from './helpers/salesreport.ts';
import { region } from './helpers/same.ts';
import { startSlowProxy } from './helpers/slow-proxy.ts';

const stacks = 20;
/** A lock is good for 90 s and renewed each 20 s: a renewal that is later than this was held up, s. */
const longest = 25;

test('each of 20 provisions side by side renews its lock at most 25 s after the last time, until it lets it go', async () => {
  const moto = await own(startMoto());
  const lives = await Promise.all(
    Array.from({ length: stacks }, async (_, index) => {
      // Each in an account of its own: a region of one has room for five VPCs.
      const account = String(200_000_000_000 + index);
      const stack = `shop-${index + 1}`;
      await moto.answerAlways(region, wellAnswer, account);
      const proxy = await own(startSlowProxy(moto.url, account));
      const startedAt = Date.now();
      const { exit, stdout } = await startProgram(proxy.url, [
        'provision',
        '--yes',
        '--settings',
        ownSettings({ stack }),
        '--json',
      ]).ended;
      const seconds = (Date.now() - startedAt) / 1_000;
      return { stack, exit, stdout, seconds, log: proxy.log };
    }),
  );

  const rows = lives.map(({ stack, exit, stdout, seconds, log }) => {
    expect(exit, stdout).toBe(0);
    const ofLock = log.filter(
      ({ operation, name }) => /^ssm:(Put|Delete)Parameter$/.test(operation) && /\/lock\/\d+$/.test(name ?? ''),
    );
    const operations = ofLock.map(({ operation }) => operation);
    const puts = operations.length - 1;
    expect(operations, stack).toEqual([...Array(puts).fill('ssm:PutParameter'), 'ssm:DeleteParameter']);
    const held = (ofLock.at(-1)!.at - ofLock[0]!.at) / 1_000;
    const pauses = ofLock.slice(1).map(({ at }, index) => (at - ofLock[index]!.at) / 1_000);
    return { stack, calls: log.length, seconds, held, puts, longest: Math.max(...pauses) };
  });
  // biome-ignore lint/suspicious/noConsole: the measured times are what the run is read for.
  console.table(rows);
  for (const row of rows) {
    expect(row.longest, row.stack).toBeLessThanOrEqual(longest);
    // Otherwise it was not held for so long that it had to be renewed.
    expect(row.held, row.stack).toBeGreaterThan(100);
  }
});
