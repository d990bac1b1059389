import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';

const start = Date.UTC(2026, 0, 5);
const later = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('virtual time', () => {
  it('wakes sleepers in order of their instants, equal ones in the order in which they lay down', async () => {
    const clock = new VirtualClock({ start });
    const woken: string[] = [];
    const sleeper = async (name: string, ...naps: number[]) => {
      for (const nap of naps) {
        await clock.sleep(nap);
        woken.push(`${name}${clock.now() - start}`);
      }
    };
    await Promise.all([sleeper('a', 30, 30), sleeper('b', 10, 20, 5), sleeper('c', 30)]);
    expect(woken).toEqual(['b10', 'a30', 'c30', 'b30', 'b35', 'a60']);
  });

  it('lets all promises run before it moves', async () => {
    const clock = new VirtualClock({ start });
    const chain = async () => {
      for (let step = 0; step < 1000; step++) await Promise.resolve();
      return clock.now() - start;
    };
    const [, instant] = await Promise.all([clock.sleep(5), chain()]);
    expect(instant).toBe(0);
  });

  it('ends a sleep early when its signal is aborted, and leaves no listener behind', async () => {
    const clock = new VirtualClock({ start });
    const controller = new AbortController();
    for (let count = 0; count < 20; count++) await clock.sleep(1, controller.signal);
    const long = clock.sleep(1_000_000, controller.signal);
    const short = clock.sleep(10).then(() => controller.abort());
    await Promise.all([long, short]);
    expect(clock.now()).toBe(start + 30);
    await clock.sleep(1_000_000, controller.signal);
    expect(clock.now()).toBe(start + 30);
  });

  it('stands still in an exclusive step that takes real time', async () => {
    const clock = new VirtualClock({ start });
    let seen = 0;
    const other = clock.sleep(1).then(() => clock.now());
    const step = clock.exclusively(async () => {
      await later(20);
      seen = clock.now() - start;
    });
    await Promise.all([other, step]);
    expect(seen).toBe(0);
    expect(await other).toBe(start + 1);
  });

  it('takes real time where it is paced, also across an exclusive step', async () => {
    const clock = new VirtualClock({ start, pace: 10 });
    const began = performance.now();
    const slept = clock.sleep(3_000);
    await clock.exclusively(() => later(1));
    await slept;
    expect(clock.now()).toBe(start + 3_000);
    expect(performance.now() - began).toBeGreaterThanOrEqual(28);
  });
});
