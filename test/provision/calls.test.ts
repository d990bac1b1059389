import { expect, it } from 'vitest';
import { callsOfUnchanged, makeBusy } from '../helpers/busy-stack.ts';
import { builtAws } from '../helpers/simulated-stack.ts';

/**
 * At most so many, whatever the settings, whatever stands in the VPC, whoever reads and whatever was sent.
 * `npm run bench -- calls` tries more of them.
 */
const most = { reads: 60, waves: 5 };

/** `status` also lists who subscribed to the two topics, and the last reports. */
const mostOfStatus = { reads: 64, waves: 5 };

it.each([
  ['as it is by default', {}],
  // A time zone adds a role, a group and a schedule; the secret in the environment is compared.
  ['with the most that settings can ask for', { timezone: 'Europe/Berlin', database: { secret: 'env' } }],
])('an unchanged stack takes few reads in 5 waves, and no change: %s, new and crowded', async (_name, settings) => {
  const aws = await builtAws({ settings });
  for (const isCrowded of [false, true]) {
    if (isCrowded) await makeBusy(aws, settings);
    const { provision, status, changes, healthy } = await callsOfUnchanged(aws, settings);
    expect(changes).toBe(0);
    expect(healthy).toBe(true);
    for (const [calls, limit] of [
      [provision, most],
      [status, mostOfStatus],
    ] as const) {
      expect(calls.mutating).toBe(0);
      expect(calls.reads).toBeLessThanOrEqual(limit.reads);
      expect(calls.waves).toBeLessThanOrEqual(limit.waves);
    }
  }
});

it('nor does a ledger in which nothing was written for long take more', async () => {
  const settings = { timezone: 'Europe/Berlin', database: { secret: 'env' }, schedule: 'rate(1 minute)' };
  const aws = await builtAws({ settings });
  await makeBusy(aws, settings);
  await aws.world.clock.sleep(30 * 86_400_000);
  const { status, healthy } = await callsOfUnchanged(aws, settings);
  expect(healthy).toBe(false);
  expect(status.reads).toBeLessThanOrEqual(mostOfStatus.reads);
  expect(status.waves).toBeLessThanOrEqual(mostOfStatus.waves);
});
