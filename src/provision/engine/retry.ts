import type { Clock } from '../../clock.ts';

/** Why a refusal is expected to pass: how long to go on, s, and what the user reads meanwhile. */
export interface Transient {
  budget: number;
  reason: string;
  /** What to do when it has not passed: a sentence, which the failure then ends with. */
  advice?: string;
}

/**
 * Repeats a call that AWS refuses for a while: asks `passing` about each failure, pauses 0.5 to 2 s, and throws the
 * failure itself when it is no passing one or the call was begun after its budget was over: what passes within the
 * budget is never missed.
 */
export async function retryWhileTransient<T>(
  call: () => Promise<T>,
  options: {
    clock: Clock;
    jitter: () => number;
    passing: (error: unknown) => Transient | undefined;
    onWait?: (reason: string | undefined) => void;
  },
): Promise<T> {
  const start = options.clock.elapsed();
  let waited = false;
  for (let attempt = 1; ; attempt++) {
    const elapsed = (options.clock.elapsed() - start) / 1000;
    try {
      const answer = await call();
      if (waited) options.onWait?.(undefined);
      return answer;
    } catch (error) {
      const passing = options.passing(error);
      if (!passing) throw error;
      if (elapsed >= passing.budget) throw advised(error, passing);
      waited = true;
      options.onWait?.(`${passing.reason} (${attempt} tries, up to ${passing.budget} s)`);
      await options.clock.sleep(Math.min(2_000, 500 * 2 ** (attempt - 1)) * (0.75 + options.jitter() / 2));
    }
  }
}

/** The same failure, by whose name callers know it. */
function advised(error: unknown, { advice }: Transient): unknown {
  if (advice && error instanceof Error) error.message = `${error.message.replace(/\.?$/, '.')} ${advice}`;
  return error;
}
