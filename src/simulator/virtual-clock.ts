import type { Clock } from '../clock.ts';

interface Sleeper {
  due: number;
  order: number;
  wake: () => void;
  /** Only watches over others: time does not move for its sake. */
  isWatch: boolean;
}

export interface VirtualClockOptions {
  /** Where virtual time starts, ms since 1970 UTC. */
  start: number;
  /** Real milliseconds that a virtual second takes; 0 (default) is as fast as the machine can. */
  pace?: number;
}

/**
 * Time that moves only when everybody sleeps: the earliest sleeper is woken alone, and what it starts runs to its next
 * sleep before time moves again. No real I/O may be awaited meanwhile (time would run on without it): `exclusively`
 * holds time still for such a step.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #sleepers: Sleeper[] = [];
  #armed = false;
  /** How many of the sleepers only watch. */
  #watching = 0;
  #held = 0;
  readonly #pace: number;

  constructor(options: VirtualClockOptions) {
    this.#now = options.start;
    this.#pace = options.pace ?? 0;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.sleepUntil(this.#now + ms, signal);
  }

  /** Sleeps until an instant, ms since 1970; one that is past is now. */
  sleepUntil(instant: number, signal?: AbortSignal): Promise<void> {
    return this.#sleepUntil(instant, false, signal);
  }

  watch(ms: number): Promise<void> {
    return this.#sleepUntil(this.#now + ms, true);
  }

  #sleepUntil(instant: number, isWatch: boolean, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        this.#sleepers = this.#sleepers.filter(other => other !== sleeper);
        if (isWatch) this.#watching--;
        resolve();
      };
      const sleeper: Sleeper = { due: Math.max(this.#now, instant), order: this.#order++, wake, isWatch };
      if (isWatch) this.#watching++;
      signal?.addEventListener('abort', wake);
      this.#sleepers.push(sleeper);
      this.#arm();
    });
  }

  /**
   * Runs a step that awaits something real (a module, the function's bundle) while virtual time stands still. It must
   * not sleep on this clock.
   */
  async exclusively<T>(step: () => Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await step();
    } finally {
      this.#held--;
      this.#arm();
    }
  }

  #earliest(): Sleeper | undefined {
    if (this.#held > 0 || this.#sleepers.length === this.#watching) return undefined;
    return this.#sleepers.reduce((a, b) => (b.due < a.due || (b.due === a.due && b.order < a.order) ? b : a));
  }

  #arm(): void {
    if (this.#armed || !this.#earliest()) return;
    this.#armed = true;
    // Two turns of the event loop: everything that is only promises has then run to its next sleep.
    setImmediate(() => setImmediate(() => this.#advance()));
  }

  #advance(): void {
    const next = this.#earliest();
    const step = next ? Math.max(0, next.due - this.#now) : 0;
    if (this.#pace === 0 || step === 0) this.#wakeEarliest();
    else setTimeout(() => this.#wakeEarliest(), (step / 1000) * this.#pace);
  }

  /** Looks again who is first: in a paced second somebody may have come, gone, or begun an exclusive step. */
  #wakeEarliest(): void {
    this.#armed = false;
    const next = this.#earliest();
    if (!next) return;
    this.#now = Math.max(this.#now, next.due);
    next.wake();
    this.#arm();
  }
}
