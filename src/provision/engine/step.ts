import { AsyncLocalStorage } from 'node:async_hooks';

/** The work on one resource, known to every call that is made for it. */
export interface Step {
  id: string;
  /** Says what the step waits for; undefined when it goes on. */
  waiting(reason: string | undefined): void;
  /** Says what a person should know about how it was done: the outcome shows it. */
  remark?(words: string): void;
}

const storage = new AsyncLocalStorage<Step>();

/** Runs `work` so that what it calls can say for which resource it calls and what it waits for. */
export const withinStep = <T>(step: Step, work: () => Promise<T>): Promise<T> => storage.run(step, work);

export const currentStep = (): Step | undefined => storage.getStore();
