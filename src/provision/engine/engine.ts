import { Problem } from '../../problem.ts';
import type { Progress } from './outcome.ts';
import type { Reader } from './resource.ts';
import type { Patience } from './wait.ts';

/** What the engine works with. It knows no AWS service: what an error means is asked of the functions here. */
export interface Engine extends Patience {
  newSnapshot: () => Reader;
  progress: Progress;
  intents: Intents;
  /** Whether a create may have taken effect although it failed. */
  isLostAnswer: (error: unknown) => boolean;
  /** Whether a create was refused because its natural key is taken. */
  isAlreadyThere: (error: unknown) => boolean;
  /** Whether a remove was refused because something else uses the thing. */
  isInUse: (error: unknown) => boolean;
}

export const defaultDeadline = 10 * 60_000;

/** Notes of creates that AWS would do twice, kept where the next run finds them when this one dies. */
export interface Intents {
  /** Notes that the create of this resource begins. */
  note(id: string): Promise<void>;
  /** Nothing more of this resource may turn up: its create was answered. Without this the note outlives the run. */
  settled(id: string): void;
  /** How much longer what an interrupted run may have made of it is looked for, ms; undefined where none had begun. */
  lookWithin(id: string): number | undefined;
  /** Notes by which generation the ClientToken of a resource is made from now on. */
  rotateToken(id: string, generation: string): Promise<void>;
  /** The generation that was noted, by this run or an interrupted one. */
  generation(id: string): string | undefined;
}

/** For who changes nothing. */
export const noIntents: Intents = {
  note: async () => {},
  settled: () => {},
  lookWithin: () => undefined,
  rotateToken: async () => {},
  generation: () => undefined,
};

/** After Ctrl-C, without the lock, or where AWS does not answer at all, nothing else can be done either. */
export const endsTheRun = (error: unknown): boolean =>
  error instanceof Problem && (error.exit === 'interrupted' || error.code === 'lock-lost' || error.endsRun);

/** Somebody else has to allow it first. */
export const isDenial = (error: unknown): boolean => error instanceof Problem && error.code === 'access-denied';
