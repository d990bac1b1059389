import type { Progress } from './outcome.ts';
import type { Patience } from './wait.ts';

/** What the engine works with. It knows no AWS service: what an error means is asked of the functions here. */
export interface Engine<L> extends Patience {
  newLook: () => L;
  progress: Progress;
  /** Whether a create may have taken effect although it failed. */
  isLostAnswer: (error: unknown) => boolean;
  /** Whether a create was refused because its natural key is taken. */
  isAlreadyThere: (error: unknown) => boolean;
}

export const defaultDeadline = 10 * 60_000;
