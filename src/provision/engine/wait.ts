import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';

/** How to wait: on which clock, how often to poll. */
export interface Patience {
  clock: Clock;
  /** Shortest and longest pause between two looks, ms. */
  every: readonly [number, number];
  /** In [0, 1): spreads the looks of parallel steps. */
  jitter: () => number;
}

/** What a poll found: the result, or why there is none yet. */
export type Seen<T> = { result: T } | { waiting: string };

/**
 * Looks until there is a result, at once and then every 2-5 s. Throws what `poll` throws, and Problem `timed-out` after
 * `deadline` ms with the last reason in it.
 */
export async function waitFor<T>(
  options: Patience & {
    what: string;
    deadline: number;
    poll: () => Promise<Seen<T>>;
    onWait?: (reason: string | undefined) => void;
  },
): Promise<T> {
  const { clock, every, jitter, what, deadline, poll, onWait } = options;
  const end = clock.elapsed() + deadline;
  for (;;) {
    const seen = await poll();
    if ('result' in seen) {
      onWait?.(undefined);
      return seen.result;
    }
    onWait?.(seen.waiting);
    if (clock.elapsed() >= end)
      throw new Problem(
        'timed-out',
        `${what} took longer than ${Math.round(deadline / 60_000)} minutes: ${seen.waiting}. Run the same command again to go on.`,
      );
    await clock.sleep(every[0] + jitter() * (every[1] - every[0]));
  }
}
