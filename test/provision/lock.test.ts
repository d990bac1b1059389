import { describe, expect, it } from 'vitest';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { dying, shapeOf } from '../helpers/deaths.ts';
import { everything, newProcess, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const locksOf = (aws: Simulator) => [...aws.world.ssm.parameters.keys()].filter(name => name.includes('/lock/'));
const provision = (pipeline: Pipeline) => pipeline.provision(silent);
const seconds = (aws: Simulator, since: number) => (aws.world.now() - since) / 1000;
const elsewhere = () => newProcess('another machine');

describe('the lock', () => {
  it('stands while something is changed, says who is at work, and goes last', async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws, { self: { ...elsewhere(), pid: 4711 } });
    await pipeline.plan();
    const working = pipeline.provision(silent);
    await aws.world.clock.sleep(30_000);
    const lock = await pipeline.lock();
    expect(lock?.words).toMatch(
      /^\S+ on host another machine \(pid 4711\) has run provision since 2026-11-24T09:00:0\dZ$/,
    );
    await working;
    expect(locksOf(aws)).toEqual([]);
    expect(aws.calls.filter(({ mutating }) => mutating).at(-1)?.operation).toBe('DeleteParameter');
  });

  it('is not taken where there is nothing to change', async () => {
    const aws = simulatedAws();
    await provision(await pipelineOn(aws));
    const before = aws.calls.filter(({ mutating }) => mutating).length;
    await provision(await pipelineOn(aws));
    expect(aws.calls.filter(({ mutating }) => mutating).length).toBe(before);
  });

  it('refuses a second operator, who is told who is at work', async () => {
    const aws = simulatedAws();
    const first = provision(await pipelineOn(aws));
    while (!aws.calls.some(({ operation }) => operation === 'PutParameter')) await aws.world.clock.sleep(100);
    const start = aws.world.now();
    await expect((await pipelineOn(aws, { self: elsewhere() })).teardown(silent)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/has run provision since 2026-11-24T09:00:\d\dZ: wait until it is done/),
    });
    expect(seconds(aws, start)).toBeLessThan(30);
    expect((await first).outcomes.every(({ outcome }) => outcome === 'created')).toBe(true);
  });

  it('T2: of a process that died on this host is taken over at once, on another after its lease, and is gone at the end', async () => {
    for (const [self, least, most] of [
      [newProcess('shop', () => false), 0, 10],
      [elsewhere(), 90, 100],
    ] as const) {
      const aws = simulatedAws();
      expect(await dying(aws, provision, { nth: 30, side: 'after' })).toBe(true);
      expect(locksOf(aws)).toHaveLength(1);
      const start = aws.world.now();
      const pipeline = await pipelineOn(aws, { self });
      let begun = 0;
      await pipeline.provision({ ...silent, begin: () => (begun = seconds(aws, start)) });
      expect(begun).toBeGreaterThanOrEqual(least);
      expect(begun).toBeLessThan(most);
      expect(locksOf(aws)).toEqual([]);
    }
  });

  it('T2: is taken over also after more dead runs than AWS lists at once', async () => {
    const aws = simulatedAws();
    for (let run = 1; run <= 12; run++) expect(await dying(aws, provision, { nth: 2, side: 'after' })).toBe(true);
    expect(locksOf(aws)).toHaveLength(12);
    await provision(await pipelineOn(aws, { self: newProcess('shop', () => false) }));
    expect(locksOf(aws)).toEqual([]);
  });

  it('that a run left when all its work was done is taken away by the next', async () => {
    const aws = simulatedAws();
    const whole = simulatedAws();
    await provision(await pipelineOn(whole));
    const deletion = whole.calls.filter(({ mutating }) => mutating).length;
    expect(await dying(aws, provision, { nth: deletion, side: 'before' })).toBe(true);
    const pipeline = await pipelineOn(aws, { self: newProcess('shop', () => false) });
    expect((await pipeline.plan()).unfinished).toEqual([
      'An interrupted run of provision left its lock: the next run takes it over, and continues from there.',
    ]);
    await pipeline.provision(silent);
    expect(shapeOf(aws)).toEqual(shapeOf(whole));
  });

  it('that is removed by hand stops who is at work before the next change, and nobody makes anything twice', async () => {
    const aws = simulatedAws();
    const first = provision(await pipelineOn(aws));
    await aws.world.clock.sleep(30_000);
    const second = await pipelineOn(aws, { self: elsewhere() });
    await second.unlock(silent);
    const [one, two] = await Promise.allSettled([first, provision(second)]);
    expect(one).toMatchObject({
      status: 'rejected',
      reason: { code: 'lock-lost', next: 'Run the same command again: it continues from here.' },
    });
    expect(two.status).toBe('fulfilled');
    const whole = simulatedAws();
    await provision(await pipelineOn(whole));
    expect(shapeOf(aws)).toEqual(shapeOf(whole));
  });

  it('is looked for by a teardown too where AWS shows nothing yet', async () => {
    const aws = simulatedAws({ lag: 15_000 });
    expect(await dying(aws, provision, { nth: 4, side: 'after' })).toBe(true);
    expect(shapeOf(aws).length).toBeGreaterThan(1);
    await (await pipelineOn(aws, { self: newProcess('shop', () => false) })).teardown(silent, everything);
    expect(shapeOf(aws)).toEqual([]);
  });
});
