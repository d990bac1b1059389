import { Problem } from '../../problem.ts';
import type { Window } from '../facts.ts';
import { asked, askedKey, chain, chainKey, type Entry, stampOf, startIn } from './entry.ts';
import { parseBegin, parseEntry } from './parse-entry.ts';
import type { Store } from './store.ts';

/** An entry as it was found; what is written over it needs to know that nobody else did so meanwhile. */
export interface Found {
  key: string;
  entry: Entry;
  etag: string;
  /** What stands under the key is no entry, and `entry` stands in for it. */
  isDamaged?: boolean;
}

const day = 86_400_000;
/** How far back the ledger is looked through before it is looked through whole. */
const spans = [2 * day, 40 * day, Number.POSITIVE_INFINITY];
/** How often an entry is written that S3 refuses although nobody else has written. */
const writes = 3;
const json = { type: 'application/json' };

/** What became of each window, kept in the archive's bucket, for who only looks. */
export class LedgerView {
  readonly #store: Pick<Store, 'get' | 'list'>;
  readonly #endAfter: (from: number) => number;

  /**
   * `endAfter`: where the schedule ends a window that begins then, for one whose entry cannot be read; both in ms since
   * 1970 UTC.
   */
  constructor(store: Pick<Store, 'get' | 'list'>, endAfter: (from: number) => number) {
    this.#store = store;
    this.#endAfter = endAfter;
  }

  /** The last windows by the schedule that begin before an instant, the oldest first; `count` at most. */
  async before(instant: number, count: number): Promise<Found[]> {
    return this.#readAll(await this.#keysBefore(instant, count));
  }

  /** The last windows by the schedule that begin in a span of ms since 1970 UTC, the oldest first; `count` at most. */
  async within(from: number, to: number, count: number): Promise<Found[]> {
    const keys = await this.#keys(chain, keyAt(from));
    return this.#readAll(keys.filter(key => key < keyAt(to)).slice(-count));
  }

  /** All windows by the schedule that have a part in a span of ms since 1970 UTC, the oldest first. */
  async overlapping(from: number, to: number): Promise<Found[]> {
    const later = (await this.#keys(chain, keyAt(from - 60_000))).filter(key => key >= keyAt(from) && key < keyAt(to));
    // No two have a part in common, so of those that begin before it only the last can reach into it.
    const found = [...(await this.before(from, 1)), ...(await this.#readAll(later))];
    return found.filter(({ entry }) => Date.parse(entry.to) > from);
  }

  /** A window that somebody asked for by its bounds. */
  asked(window: Window): Promise<Found | undefined> {
    return this.#read(askedKey(window));
  }

  /** The last windows that somebody asked for by their bounds, by their ends, the oldest first; `count` at most. */
  async lastAsked(count: number): Promise<Found[]> {
    return this.#readAll((await this.#keys(asked)).slice(-count));
  }

  async #keysBefore(instant: number, count: number): Promise<string[]> {
    for (const span of spans) {
      const keys = await this.#keys(chain, Number.isFinite(span) ? keyAt(instant - span) : undefined);
      const earlier = keys.filter(key => key < keyAt(instant));
      if (earlier.length >= count || !Number.isFinite(span)) return earlier.slice(-count);
    }
    return [];
  }

  /** What else somebody put there is no affair of the ledger. */
  async #keys(prefix: string, after?: string): Promise<string[]> {
    return (await this.#store.list(prefix, after)).filter(key => !Number.isNaN(startIn(key)));
  }

  /**
   * Entries whose keys were listed. Nobody removes one, so who left out what cannot be read yet would take its window
   * for free.
   */
  async #readAll(keys: readonly string[]): Promise<Found[]> {
    return Promise.all(
      keys.map(async (key, index) => {
        const found = await this.#read(key, keys[index + 1]);
        if (found) return found;
        throw new Problem(
          'archive',
          `The archive lists ${key} and does not give it, as S3 may in the first 15 minutes of a bucket: try again then.`,
        );
      }),
    );
  }

  /** `next`: the key of the window that follows. */
  async #read(key: string, next?: string): Promise<Found | undefined> {
    const there = await this.#store.get(key);
    if (!there) return undefined;
    const end = (from: number) => (next === undefined ? this.#endAfter(from) : startIn(next));
    return { key, etag: there.etag, ...parseEntry(key, there.text, end) };
  }
}

/**
 * The ledger, for a run. Entries are only ever written where nobody else has written meanwhile, and the answer of that
 * write decides who has a window, never a look before it.
 */
export class Ledger extends LedgerView {
  readonly #store: Store;

  constructor(store: Store, endAfter: (from: number) => number) {
    super(store, endAfter);
    this.#store = store;
  }

  /** Writes an entry, over the one that was found or where none is. Undefined where somebody else was first. */
  async write(entry: Entry, over?: Found): Promise<Found | undefined> {
    const key = over?.key ?? (entry.schedule === null ? askedKey(entry) : chainKey(entry));
    const condition = over ? { etag: over.etag } : ('absent' as const);
    const text = `${JSON.stringify(entry, null, 2)}\n`;
    for (let nth = 1; ; nth++) {
      const etag = await this.#store.put(key, text, { ...json, if: condition });
      if (etag !== 'refused') return { key, entry, etag };
      const there = await this.#store.get(key);
      // Refused is also who writes a second time because the answer to the first was lost.
      if (there?.text === text) return { key, entry, etag: there.etag };
      // And who came while S3 was at another write that came to nothing, or at our own whose answer was late.
      if (there?.etag !== over?.etag || nth === writes) return undefined;
    }
  }

  /** When the pipeline first looked at an empty ledger, ms since 1970 UTC: what was due before is not its affair. */
  async begin(now: number): Promise<number> {
    const key = 'ledger/begin.json';
    const text = JSON.stringify({ at: new Date(now).toISOString() });
    await this.#store.put(key, text, { ...json, if: 'absent' });
    const there = await this.#store.get(key);
    if (!there) return now;
    const at = parseBegin(there.text);
    // It is written anew where it cannot be read: the ledger is still empty.
    if (at === undefined) await this.#store.put(key, text, { ...json, if: { etag: there.etag } });
    return at ?? now;
  }
}

const keyAt = (instant: number): string => `${chain}${stampOf(new Date(instant).toISOString())}`;
