import { describe, expect, it } from 'vitest';
import { type Clock, elapsedBy, mostSince } from '../../src/clock.ts';
import { Aws } from '../../src/provision/aws/aws.ts';
import { Owner } from '../../src/provision/aws/owner.ts';
import { StackLock } from '../../src/provision/lock/lock.ts';
import { LockStore } from '../../src/provision/lock/lock-store.ts';
import { namesOf } from '../../src/provision/names.ts';
import { AwsError } from '../../src/simulator/aws-error.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { newProcess, pipelineOn, settingsWith, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const hour = 3_600_000;

/** A lock of the simulated stack whose holder lives by `clock`. */
function lockOn({ world, plugin }: Simulator, clock: Clock, signal?: AbortSignal): StackLock {
  const settings = settingsWith();
  const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
  const aws = new Aws({
    clock,
    jitter: () => 0.5,
    region: world.region,
    credentials,
    plugin,
    ...(signal ? { signal } : {}),
  });
  const owner = new Owner({ stack: settings.stack, region: world.region, version: '0', tags: {} });
  const store = new LockStore(aws, owner, { names: namesOf(settings.stack), settings });
  return new StackLock(aws, store, newProcess(), 'arn:aws:sts::123456789012:assumed-role/ann');
}

/** Between two writes of the lock that follow each other, s. */
function pausesIn({ calls }: Simulator): number[] {
  const puts = calls.filter(({ operation }) => operation === 'PutParameter').map(({ at }) => at);
  return puts.slice(1).map((at, index) => (at - puts[index]!) / 1000);
}

describe('the lock is renewed until it is released', () => {
  it('where each of 2,000 sleeps ends a millisecond early', async () => {
    const aws = simulatedAws();
    const { clock } = aws.world;
    let early = 0;
    const hasty: Clock = {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      sleep: (ms, signal) => {
        early++;
        return clock.sleep(Math.max(0, ms - 1), signal);
      },
    };
    await lockOn(aws, hasty).hold(
      'provision',
      () => {},
      () => clock.sleep(2_000 * 20_000),
    );
    expect(early).toBeGreaterThanOrEqual(2_000);
    const pauses = pausesIn(aws);
    expect(pauses.length).toBeGreaterThanOrEqual(1_900);
    expect(Math.max(...pauses)).toBeLessThan(25);
  });

  it('where the wall clock steps back by an hour, and later forth by half a minute', async () => {
    const aws = simulatedAws();
    const { clock } = aws.world;
    let step = 0;
    const stepping: Clock = {
      now: () => clock.now() + step,
      elapsed: () => clock.elapsed(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    };
    await lockOn(aws, stepping).hold(
      'provision',
      () => {},
      async () => {
        await clock.sleep(50_000);
        step = -hour;
        await clock.sleep(300_000);
        step += 30_000;
        await clock.sleep(300_000);
      },
    );
    const pauses = pausesIn(aws);
    expect(pauses.length).toBeGreaterThanOrEqual(30);
    expect(Math.max(...pauses)).toBeLessThan(25);
  });

  it('after Ctrl-C too, as long as calls are under way', async () => {
    const aws = simulatedAws();
    const { clock } = aws.world;
    const stop = new AbortController();
    await lockOn(aws, clock, stop.signal).hold(
      'provision',
      () => {},
      async () => {
        await clock.sleep(30_000);
        stop.abort();
        await clock.sleep(40_000);
      },
    );
    const pauses = pausesIn(aws);
    expect(pauses.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...pauses)).toBeGreaterThan(15);
    expect(Math.max(...pauses)).toBeLessThan(25);
  });

  it('soon again where a renewal fails', async () => {
    const aws = simulatedAws();
    const { clock } = aws.world;
    const start = clock.now();
    const isDown = () => clock.now() > start + 5_000 && clock.now() < start + 52_000;
    aws.fault = ({ operation }) =>
      operation === 'PutParameter' && isDown() ? new AwsError('TooManyUpdates', 'Too many updates.', 400) : undefined;
    await lockOn(aws, clock).hold(
      'provision',
      () => {},
      () => clock.sleep(300_000),
    );
    const written = aws.calls
      .filter(({ operation, error }) => operation === 'PutParameter' && !error)
      .map(({ at }) => at);
    expect(written.length).toBeGreaterThan(12);
    expect(written[1]! - start).toBeLessThan(60_000);
  });
});

it.each([
  [
    'an unfinished change of the password',
    (lock: StackLock) => lock.setRotation({ before: 1 }),
    { rotation: { before: 1 } },
  ],
  [
    'a free address of the stack',
    (lock: StackLock) => lock.remember('address.nat', ['eipalloc-1']),
    { free: { 'address.nat': ['eipalloc-1'] } },
  ],
] as const)('unlock keeps the note of %s, and its holder, who is still at work, stops', async (_what, note, kept) => {
  const aws = simulatedAws();
  const { clock } = aws.world;
  const locks = () =>
    [...aws.world.ssm.parameters].filter(([name]) => name.includes('/lock/')).map(([, { value }]) => value);
  const holder = lockOn(aws, clock);
  let noted = () => {};
  const isNoted = new Promise<void>(resolve => {
    noted = resolve;
  });
  const ended = expect(
    holder.hold(
      'provision',
      () => {},
      async () => {
        await note(holder);
        noted();
        await clock.sleep(200_000);
        throw new Error('a call that is refused, since the lock is lost');
      },
    ),
  ).rejects.toMatchObject({ code: 'lock-lost' });
  await isNoted;
  await clock.sleep(30_000);
  await lockOn(aws, clock).breakAll(() => {});
  await clock.sleep(30_000);
  expect(locks().map(value => JSON.parse(value))).toMatchObject([{ ...kept, unproved: true, intents: {} }]);
  await ended;
  expect(locks().map(value => JSON.parse(value))).toMatchObject([{ ...kept, unproved: true }]);
  const next = lockOn(aws, clock);
  const inherited = await next.hold(
    'provision',
    () => {},
    async () => {
      const found = { rotation: next.rotation, free: (await next.recorded('address.nat', undefined as never)).awsIds };
      await next.setRotation(undefined);
      next.forget('address.nat');
      return found;
    },
  );
  expect(inherited).toMatchObject({
    rotation: undefined,
    free: [],
    ...('free' in kept ? { free: ['eipalloc-1'] } : kept),
  });
  expect(locks()).toEqual([]);
});

it('a living lock is nobody else’s, although the clock of who wants it is an hour ahead', async () => {
  const aws = simulatedAws();
  const { clock } = aws.world;
  const holder = await pipelineOn(aws);
  await holder.plan();
  const first = holder.provision(silent);
  await clock.sleep(30_000);
  const ahead: Clock = {
    now: () => clock.now() + hour,
    elapsed: () => clock.elapsed(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
  const second = await pipelineOn(aws, { clock: ahead, self: newProcess('another machine') });
  await expect(second.provision(silent)).rejects.toMatchObject({ code: 'locked' });
  expect((await first).outcomes.every(({ outcome }) => outcome === 'created')).toBe(true);
});

it('elapsed time goes on while the machine sleeps, and never steps back', () => {
  let [fine, coarse] = [100, 7_000];
  const elapsed = elapsedBy(
    () => fine,
    () => coarse,
  );
  const start = elapsed();
  fine += 5_000;
  coarse += 6_000;
  expect(elapsed() - start).toBe(5_000);
  // Asleep for ten minutes.
  coarse += 600_000;
  expect(elapsed() - start).toBeGreaterThanOrEqual(604_000);
  const awake = elapsed();
  coarse -= 1_000;
  expect(elapsed()).toBeGreaterThanOrEqual(awake);
  fine += 1_000;
  coarse += 2_000;
  expect(elapsed() - awake).toBe(1_000);
});

it('a lease is as old as the clock says that shows more', () => {
  const clock = { now: () => 1_000, elapsed: () => 500, sleep: async () => {} };
  expect(mostSince(clock, { now: 400, elapsed: 400 })).toBe(600);
  expect(mostSince(clock, { now: 900, elapsed: 50 })).toBe(450);
});
