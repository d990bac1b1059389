import type { VirtualClock } from './virtual-clock.ts';

/** One call on its way from the SDK's first middleware to the simulated AWS. */
export interface Passage {
  /** Resolves when every call that came earlier is through, or has given up. */
  pass(): Promise<void>;
  /** For a call that ended without getting there; harmless after `pass`. */
  leave(): void;
}

/**
 * Lets calls through in the order in which they came and holds virtual time while one is on its way: the SDK reads
 * configuration files at a client's first call, which takes real time, and as long as it happens to.
 */
export class Turnstile {
  readonly #clock: VirtualClock;
  #last: Promise<void> = Promise.resolve();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  enter(): Passage {
    const before = this.#last;
    let leave = () => {};
    const through = new Promise<void>(resolve => {
      leave = resolve;
    });
    this.#last = before.then(() => through);
    void this.#clock.exclusively(() => through);
    return {
      leave,
      async pass() {
        await before;
        leave();
      },
    };
  }
}
