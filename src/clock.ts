/**
 * The one source of time for engine, retries, report and spinner. The real one is below; the simulator's is virtual.
 * Instants are milliseconds since 1970-01-01 UTC, durations are milliseconds.
 */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Seconds since an instant of the clock (ms), to the millisecond. */
export const secondsSince = (clock: Clock, start: number): number => Math.round(clock.now() - start) / 1000;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};
