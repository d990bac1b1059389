import type { Operation } from '../aws/operation.ts';
import type { BillableItem } from '../plan/prices.ts';
import type { TimingName } from '../timings.ts';
import type { Held } from './held.ts';
import type { Difference } from './outcome.ts';

/** A thing that is there: its AWS id, and whether it belongs to this stack in this region. */
export interface Found {
  awsId: string;
  ours: boolean;
  /** Whose it looks like when it is not ours: `stack shop in eu-west-1`, `nobody's: it has no owner tags`. */
  owner?: string;
  /** What it is in, where that tells two of them apart: `vpc-0a1b`. */
  where?: string;
  /** Not ours and nobody else's either: it carries no owner at all. */
  nobodys?: true;
  /** It was nobody's, and is being made ours. */
  adopting?: true;
  /** Of ours, but not what is wanted any more: a successor is made beside it, and it goes once that is in use. */
  outdated?: boolean;
}

/**
 * Whether a thing can be used yet. `failed` never becomes ready: it is removed and created again; `lost` says that what it
 * held went with it, and nobody had asked for that. `idle` is up to somebody to start: nothing waits for it.
 */
export type Readiness =
  | { state: 'ready' }
  | { state: 'waiting'; why: string }
  | { state: 'failed'; why: string; lost?: boolean }
  | { state: 'idle'; why: string };

export const ready: Readiness = { state: 'ready' };

/** Whether a resource that was found can be used yet; one that says nothing of it can. */
export const readinessOf = (resource: Pick<AnyResource, 'readiness'>, found: Found): Readiness =>
  resource.readiness?.(found) ?? ready;

/** AWS's answer when asked for a thing that was removed. */
export interface Answer {
  /** The question: `ec2:DescribeVpcs vpc-0a1b`. */
  asked: string;
  /** `InvalidVpcID.NotFound`, or a state such as `terminated`. */
  answer: string;
  gone: boolean;
}

/** What resources read through: only they know what it is. */
export type Reader = object;

export type Needs = { readonly [name: string]: Resource<Found, Needs> };

type FoundOf<R> = R extends { find(...args: never[]): Promise<(infer F)[]> } ? F : never;
/** What the needs of a resource are, once they are made. A need that the settings do not want is undefined. */
export type Made<N> = { [K in keyof N]: FoundOf<N[K]> };
/** What is known of them before. */
export type Known<N> = { [K in keyof N]: FoundOf<N[K]> | undefined };

/** What AWS works on after a call was answered, by names of timings.ts. */
export interface Durations {
  /** Until a new one can be used by what needs it. */
  readonly create?: readonly TimingName[];
  readonly update?: readonly TimingName[];
  /** Until one is gone. */
  readonly remove?: readonly TimingName[];
  /** From its create until what runs on it serves: nothing is made later for it, but the proof waits. */
  readonly serve?: readonly TimingName[];
}

/**
 * One AWS resource: what it is called, what it needs, and how to find, make, mend and remove it. AWS knowledge and
 * nothing else: the engine decides what is done and what came of it. `F` is what `find` knows of it, `N` the resources
 * it needs.
 */
export interface Resource<F extends Found, N extends Needs> {
  /** Kind and name: `subnet.private-a`. */
  readonly id: string;
  /** For people: `Private subnet a`. */
  readonly title: string;
  /** Whether these settings want it. What is ours and not wanted is removed. */
  readonly wanted: boolean;
  /** AWS makes it by itself for another resource: never made by us, but it must be gone before what it needs can go. */
  readonly madeByAws?: true;
  /** Others make it: it is mended where it is there, and nothing is made, removed or told where it is not. */
  readonly updateOnly?: true;
  /**
   * It records what was done inside of another resource: written once everything else is made and what is not wanted
   * has gone, and only where nothing failed. It is no part of what stands: it goes with what holds it, and nobody asks
   * for its state.
   */
  readonly record?: true;
  /**
   * It holds data that are nowhere else, so it is replaced only where a person names it. Says what goes with it, and
   * how to keep that.
   */
  stateful?(found: F): string;
  /** AWS may make it again by itself up to so long after its removal, ms: it is looked for once more then. */
  readonly mayReturnWithin?: number;
  /** How long AWS takes to let go of it, usually and at worst, s, where that is so long that a person should know. */
  readonly release?: { readonly usual: number; readonly worst: number };
  /**
   * AWS has neither a ClientToken nor a natural key for it: a create is noted before it begins, so that an interrupted
   * run's is found and not repeated.
   */
  readonly needsIntent?: true;
  readonly needs: N;
  /** What it is compared with besides, as that was found: neither made before it nor waited for. */
  readonly comparedWith?: Needs;
  /**
   * Mutating operations that the work on it calls: `create` until a new one is whole, `update` to mend one that was
   * found.
   */
  readonly operations: {
    readonly create: readonly Operation[];
    readonly update: readonly Operation[];
    readonly remove: readonly Operation[];
    readonly adopt?: readonly Operation[];
  };
  /** What takes time at AWS beyond the calls, one after the other. */
  readonly durations?: Durations;
  /**
   * What of it costs as long as it is there, as found or as the settings want it. Without this it costs next to
   * nothing.
   */
  billableItems?(found?: F): readonly BillableItem[];
  /** Longest time to become ready or to be gone, ms. Default 10 minutes. */
  readonly deadline?: number;
  /** Everything of this name or with our tags that is there now, the one in use first. */
  find(snapshot: Reader): Promise<F[]>;
  /**
   * Makes it, bare: what `differences` then finds missing is added by `update`, as it is for one that an interrupted
   * run left half-made. A natural key that is taken already throws AWS's error.
   */
  create(needs: Made<N>): Promise<F>;
  readiness?(found: F): Readiness;
  /** What `update` can mend. A need that is not made yet is undefined: what depends on it is compared once it is. */
  differences?(found: F, needs: Known<N>): Difference[];
  update?(found: F, needs: Made<N>, differences: Difference[]): Promise<void>;
  /** What a person should know of it, one sentence each, that is no difference. */
  notes?(found: F, needs: Known<N>): string[];
  /** It will be replaced because a person wants it: the next one is made of what is newest by then. */
  useLatestImage?(): void;
  /** Makes a thing ours that has our name and belongs to nobody. Absent where nothing on it can say whose it is. */
  adopt?(found: F): Promise<void>;
  /**
   * It holds what people may want to have when everything else is gone. A teardown that keeps it gives this as the
   * reason, with what it costs.
   */
  keep?(found: F): Promise<string>;
  /** Begins to remove it; `ask` tells when it is gone. Ignores nothing but that it is gone already. */
  remove(found: F): Promise<void>;
  /**
   * What keeps it from going, whose that looks like, and what was looked for in vain: looked up once AWS has refused
   * because something uses it.
   */
  holders?(found: F): Promise<Held>;
  ask(found: F): Promise<Answer>;
}

/** A resource whatever its kind, as the engine handles it. */
export type AnyResource = Resource<Found, Needs>;
