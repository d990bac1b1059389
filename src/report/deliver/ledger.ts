import type { Window } from '../facts.ts';
import { asked, askedKey, chain, chainKey, type Entry, stampOf } from './entry.ts';
import type { Store } from './store.ts';

/** An entry as it was found; what is written over it needs to know that nobody else did so meanwhile. */
export interface Found {
  key: string;
  entry: Entry;
  etag: string;
}

const day = 86_400_000;
/** How far back the ledger is looked through before it is looked through whole. */
const spans = [2 * day, 40 * day, Number.POSITIVE_INFINITY];
const json = { type: 'application/json' };

/** What became of each window, kept in the archive's bucket, for who only looks. */
export class LedgerView {
  readonly #store: Pick<Store, 'get' | 'list'>;

  constructor(store: Pick<Store, 'get' | 'list'>) {
    this.#store = store;
  }

  /** The last windows by the schedule that begin before an instant, the oldest first; `count` at most. */
  async before(instant: number, count: number): Promise<Found[]> {
    const keys = await this.#keysBefore(instant, count);
    const found = await Promise.all(keys.map(key => this.#read(key)));
    return found.filter(one => one !== undefined);
  }

  /** All windows that begin in a span of ms since 1970 UTC, the oldest first. */
  async between(from: number, to: number): Promise<Found[]> {
    const keys = (await this.#store.list(chain, keyAt(from - 60_000))).filter(key => key >= keyAt(from) && key < keyAt(to));
    const found = await Promise.all(keys.map(key => this.#read(key)));
    return found.filter(one => one !== undefined);
  }

  /** A window that somebody asked for by its bounds. */
  asked(window: Window): Promise<Found | undefined> {
    return this.#read(askedKey(window));
  }

  /** The last windows that somebody asked for by their bounds, by their ends, the oldest first; `count` at most. */
  async lastAsked(count: number): Promise<Found[]> {
    const keys = (await this.#store.list(asked)).slice(-count);
    const found = await Promise.all(keys.map(key => this.#read(key)));
    return found.filter(one => one !== undefined);
  }

  async #keysBefore(instant: number, count: number): Promise<string[]> {
    for (const span of spans) {
      const keys = await this.#store.list(chain, Number.isFinite(span) ? keyAt(instant - span) : undefined);
      const earlier = keys.filter(key => key < keyAt(instant));
      if (earlier.length >= count || !Number.isFinite(span)) return earlier.slice(-count);
    }
    return [];
  }

  async #read(key: string): Promise<Found | undefined> {
    const there = await this.#store.get(key);
    return there && { key, entry: JSON.parse(there.text) as Entry, etag: there.etag };
  }
}

/**
 * The ledger, for a run. Entries are only ever written where nobody else has written meanwhile, and the answer of that write decides who has a window,
 * never a look before it.
 */
export class Ledger extends LedgerView {
  readonly #store: Store;

  constructor(store: Store) {
    super(store);
    this.#store = store;
  }

  /** Writes an entry, over the one that was found or where none is. Undefined where somebody else was first. */
  async write(entry: Entry, over?: Found): Promise<Found | undefined> {
    const key = over?.key ?? (entry.schedule === null ? askedKey(entry) : chainKey(entry));
    const condition = over ? { etag: over.etag } : ('absent' as const);
    const text = `${JSON.stringify(entry, null, 2)}\n`;
    const etag = await this.#store.put(key, text, { ...json, if: condition });
    if (etag !== 'refused') return { key, entry, etag };
    // Refused is also who writes a second time because the answer to the first was lost.
    const there = await this.#store.get(key);
    return there?.text === text ? { key, entry, etag: there.etag } : undefined;
  }

  /** When the pipeline first looked at an empty ledger, ms since 1970 UTC: what was due before is not its affair. */
  async begin(now: number): Promise<number> {
    const key = 'ledger/begin.json';
    await this.#store.put(key, JSON.stringify({ at: new Date(now).toISOString() }), { ...json, if: 'absent' });
    const there = await this.#store.get(key);
    return there ? Date.parse((JSON.parse(there.text) as { at: string }).at) : now;
  }
}

const keyAt = (instant: number): string => `${chain}${stampOf(new Date(instant).toISOString())}`;
