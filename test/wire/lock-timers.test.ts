import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { Aws } from '../../src/provision/aws/aws.ts';
import { Owner } from '../../src/provision/aws/owner.ts';
import { StackLock } from '../../src/provision/lock/lock.ts';
import { LockStore } from '../../src/provision/lock/lock-store.ts';
import { namesOf } from '../../src/provision/names.ts';
import { newProcess, settingsWith, simulatedAws } from '../helpers/simulated-stack.ts';

/** How many seconds of the hastened clock one second has. */
const pace = 10;
const locks = 100;
/** How long each is held, ms of the hastened clock. */
const life = 430_000;

/** The machine's own timers, which may wake a millisecond early; only the waits are shorter. */
const hastened: Clock = {
  now: () => Date.now() * pace,
  elapsed: () => performance.now() * pace,
  sleep: (ms, signal) => systemClock.sleep(ms / pace, signal),
};

test('each of 100 locks is renewed in time until it is let go, where 2,000 real timers wake', async () => {
  const aws = simulatedAws();
  /** By name, when AWS had the lock written or removed, ms of the hastened clock. */
  const effects = new Map<string, number[]>();
  aws.onEffect = ({ operation, input }, side) => {
    const { Name = '' } = input as { Name?: string };
    if (side === 'after' && /^(Put|Delete)Parameter$/.test(operation))
      effects.set(Name, [...(effects.get(Name) ?? []), performance.now() * pace]);
  };
  const hold = async (stack: string, clock: Clock, ms: number) => {
    const settings = settingsWith({ stack });
    const { region } = aws.world;
    const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
    const own = new Aws({ clock, jitter: () => 0.5, region, credentials, plugin: aws.plugin });
    const owner = new Owner({ stack, region, version: '0', tags: {} });
    const store = new LockStore(own, owner, { names: namesOf(stack), settings });
    await new StackLock(own, store, newProcess(), 'arn:aws:sts::123456789012:assumed-role/ann').hold(
      'provision',
      () => {},
      () => clock.sleep(ms),
    );
  };
  // The SDK is loaded at the first call, which takes it seconds of the machine's own.
  await hold('first', systemClock, 0);
  effects.clear();
  await Promise.all(
    Array.from({ length: locks }, async (_, nth) => {
      // Not all at the same moment.
      await pause(nth * 10);
      await hold(`shop-${nth}`, hastened, life);
    }),
  );

  const pauses = [...effects.values()].flatMap(at =>
    at.slice(1).map((instant, index) => (instant - at[index]!) / 1_000),
  );
  // biome-ignore lint/suspicious/noConsole: the measured pauses are what the run is read for.
  console.log(`${effects.size} locks, ${pauses.length} pauses, the longest ${Math.max(...pauses).toFixed(1)} s`);
  expect(effects.size).toBe(locks);
  expect(pauses.length).toBeGreaterThan(2_000);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(25);
});
