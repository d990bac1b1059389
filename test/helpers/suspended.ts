import type { InitializeMiddleware, Pluggable } from '@smithy/types';
import type { Clock } from '../../src/clock.ts';

/** When a process sleeps, ms since 1970: from the first instant until just before the second. */
export type Nap = readonly [from: number, until: number];

/**
 * A process that is suspended for a while, like a laptop whose lid is shut: its sleeps do not wake, and it sends no
 * call, before it is awake again.
 */
export function suspended(
  clock: Clock,
  [from, until]: Nap,
  plugin: Pluggable<object, object>,
): { clock: Clock; plugin: Pluggable<object, object> } {
  const awake = async () => {
    if (clock.now() >= from && clock.now() < until) await clock.sleep(until - clock.now());
  };
  const wait: InitializeMiddleware<object, object> = next => async args => {
    await awake();
    return next(args);
  };
  return {
    clock: {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        await awake();
      },
      watch: async ms => {
        await (clock.watch?.(ms) ?? clock.sleep(ms));
        await awake();
      },
    },
    plugin: {
      applyToStack: stack => {
        plugin.applyToStack(stack);
        stack.add(wait, { step: 'initialize', priority: 'high', name: 'suspended' });
      },
    },
  };
}
