import { Problem } from '../problem.ts';

/**
 * Ctrl-C. While something is being changed the first one lets the calls in flight finish (the engine hears `signal`);
 * at any other time, and the second time, the command ends at once.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #over = new AbortController();
  #stop: (problem: Problem) => void = () => {};
  #changing: string | undefined;
  /** Rejects with Problem `interrupted` when the command has to end at once. */
  readonly stopped: Promise<never> = new Promise((_resolve, reject) => {
    this.#stop = reject;
  });

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborted when the command ends at once: who holds a connection that nobody waits for any more closes it then. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Called at each Ctrl-C. Returns what to tell the person, where the command goes on for a moment. */
  press(): string | undefined {
    if (this.#changing === undefined || this.signal.aborted) {
      const words =
        this.#changing === undefined
          ? 'Nothing was left half-done.'
          : `The last calls may still take effect. ${this.#changing}`;
      this.#stop(new Problem('interrupted', words, { exit: 'interrupted' }));
      this.#over.abort();
      return undefined;
    }
    this.#controller.abort();
    return 'Finishing the calls that are in flight; press Ctrl-C again to end at once.';
  }

  /** Runs work that changes something at AWS. `goOn` says how to go on after it was interrupted. */
  async whileChanging<T>(goOn: string, work: () => Promise<T>): Promise<T> {
    this.#changing = goOn;
    const interrupted = () => new Problem('interrupted', goOn, { exit: 'interrupted' });
    try {
      const result = await work();
      if (this.signal.aborted) throw interrupted();
      return result;
    } catch (error) {
      // What failed after Ctrl-C failed because of it.
      throw this.signal.aborted ? interrupted() : error;
    } finally {
      this.#changing = undefined;
    }
  }
}
