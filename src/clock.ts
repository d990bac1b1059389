import { uptime } from 'node:os';

/**
 * The one source of time for engine, retries, report and spinner. The real one is below; the simulator's is virtual.
 * Instants are milliseconds since 1970-01-01 UTC, durations are milliseconds.
 */
export interface Clock {
  /** The wall clock, for what is stored and shown. It may be wrong, and step either way at any moment. */
  now(): number;
  /** Milliseconds since some moment, for durations: it never steps back, and goes on while the machine sleeps. */
  elapsed(): number;
  /**
   * Resolves after `ms`, or at once when `signal` is aborted. Never rejects. A timer may wake a millisecond early, so
   * nobody may conclude from the time why it woke: ask the signal.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Resolves after `ms`, for who only watches over others: it keeps neither a process alive nor virtual time going.
   * Default: `sleep`.
   */
  watch?(ms: number): Promise<void>;
}

/** Seconds since a moment that `clock.elapsed` gave, to the millisecond. */
export const secondsSince = (clock: Clock, start: number): number => Math.round(clock.elapsed() - start) / 1000;

/** A moment by both hands of a clock. */
export interface Moment {
  now: number;
  elapsed: number;
}

export const momentOf = (clock: Clock): Moment => ({ now: clock.now(), elapsed: clock.elapsed() });

/**
 * How long ago a moment is at most, ms: for a lease, which must count as over where that is in doubt. A virtual machine
 * that was suspended sees it by the wall clock alone, one whose wall clock stepped back by the other alone.
 */
export const mostSince = (clock: Clock, { now, elapsed }: Moment): number =>
  Math.max(clock.now() - now, clock.elapsed() - elapsed);

/**
 * The same clock for who must not keep anybody waiting: once the signal is aborted, no sleep on it lasts any longer.
 */
export const hurriedBy = (signal: AbortSignal | undefined, clock: Clock): Clock =>
  signal === undefined
    ? clock
    : {
        now: () => clock.now(),
        elapsed: () => clock.elapsed(),
        sleep: (ms, other) => clock.sleep(ms, other ? AbortSignal.any([signal, other]) : signal),
      };

/**
 * What the two clocks of a machine may differ by without its having slept, ms: the coarser one counts whole seconds on
 * some.
 */
const tolerance = 2_000;

/**
 * Elapsed time from a fine clock that may stand still while the machine sleeps (Linux: CLOCK_MONOTONIC) and a coarse
 * one that does not (the time since it was started), both in ms.
 */
export function elapsedBy(fine: () => number, coarse: () => number): () => number {
  let asleep = 0;
  const apart = coarse() - fine();
  return () => {
    const awake = fine();
    const slept = coarse() - awake - apart;
    if (slept > asleep + tolerance) asleep = slept;
    return awake + asleep;
  };
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: elapsedBy(
    () => performance.now(),
    () => uptime() * 1_000,
  ),
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
  watch: ms =>
    new Promise(resolve => {
      setTimeout(resolve, ms).unref();
    }),
};
