import { momentOf } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import type { Aws } from '../aws/aws.ts';
import { isLostAnswer } from '../aws/errors.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import type { Intents } from '../engine/engine.ts';
import type { Recorded, Records } from '../stack.ts';
import { HeldLock, lease, settling, type Taken } from './held-lock.ts';
import type { LockStore } from './lock-store.ts';
import { type Holder, holderWords, isOwed, type LockEntry, type LockRecord, type Seen } from './record.ts';
import type { Self } from './self.ts';

/** What two hosts may differ by in what they take for AWS's time, ms. */
const skew = 5 * 60_000;

/**
 * Keeps two operators of one stack apart. Whoever changes something holds a lock with a lease, renews it, and makes no
 * changing call when it could not. A lock whose holder is dead, or that nobody renewed for a lease, is taken over by
 * making the next one: of two who try one wins.
 */
export class StackLock implements Intents, Records {
  readonly #aws: Aws;
  readonly #store: LockStore;
  readonly #self: Self;
  readonly #who: string;
  #held: HeldLock | undefined;
  /** What interrupted runs had begun, from the lock that was taken over. */
  #inherited: Record<string, number> = {};
  /** Of the intents of the record, those whose create may still turn up when this run is over. */
  #open = new Set<string>();
  #unreleased: string | undefined;

  constructor(aws: Aws, store: LockStore, self: Self, who: string) {
    this.#aws = aws;
    this.#store = store;
    this.#self = self;
    this.#who = who;
  }

  /** The lock that stands, if one does, and whether its holder is known to be gone. */
  async seenIn(snapshot: Snapshot): Promise<Seen | undefined> {
    const newest = (await this.#store.seenIn(snapshot)).at(-1);
    return newest && { ...newest, isStale: this.#isStale(newest) };
  }

  /**
   * Does `work` while it holds the lock. Throws Problem `locked` when somebody else is at work, `lock-lost` when the
   * lock could not be renewed in time: then the last calls had no effect on what somebody else does. Work that `proves`
   * what it makes and comes to its end with that still owed leaves the lock behind as a note, which holds nobody up.
   */
  async hold<T>(
    verb: string,
    onWait: (reason: string | undefined) => void,
    work: () => Promise<T>,
    { proves = false }: { proves?: boolean } = {},
  ): Promise<T> {
    const held = await this.#take(verb, onWait);
    if (!proves) held.owesProof = false;
    this.#held = held;
    this.#inherited = { ...held.record.intents };
    this.#open = new Set(Object.keys(this.#inherited));
    const done = new AbortController();
    const renewing = held.renewUntil(done.signal);
    try {
      return await this.#aws.guarded(() => held.verify(), work);
    } catch (error) {
      // What failed then did so because of that, and `verify` says it.
      if (held.isLost) held.verify();
      throw error;
    } finally {
      done.abort();
      // A call that is still on its way may take effect: nobody else begins before it has been answered.
      await this.#aws.quiet();
      await renewing;
      this.#held = undefined;
      const open = Object.entries(held.record.intents).filter(([id]) => this.#open.has(id));
      held.record.intents = Object.fromEntries(open);
      this.#unreleased = await held.release();
    }
  }

  /**
   * Whether it is still to be proved that what was made works. Who takes over an interrupted run owes its proof too.
   */
  set owesProof(owes: boolean) {
    if (this.#held) this.#held.owesProof = owes;
  }

  /** The name of a lock that could not be removed when the work was over. */
  get unreleased(): string | undefined {
    return this.#unreleased;
  }

  async note(id: string): Promise<void> {
    if (!this.#held) return;
    this.#open.add(id);
    this.#held.record.intents[id] = this.#aws.time();
    await this.#held.write();
  }

  settled(id: string): void {
    this.#open.delete(id);
  }

  /** A change of the password that was begun and is not proved, by this run or an interrupted one. */
  get rotation(): LockRecord['rotation'] {
    return this.#held?.record.rotation;
  }

  async setRotation(rotation: LockRecord['rotation']): Promise<void> {
    if (!this.#held) return;
    const { record } = this.#held;
    if (rotation) record.rotation = rotation;
    else delete record.rotation;
    await this.#held.write();
  }

  async rotateToken(id: string, generation: string): Promise<void> {
    if (!this.#held) return;
    this.#held.record.generations[id] = generation;
    await this.#held.write();
  }

  async remember(id: string, awsIds: readonly string[]): Promise<void> {
    if (!this.#held) return;
    this.#held.record.free = { ...this.#held.record.free, [id]: [...awsIds] };
    await this.#held.write();
  }

  forget(id: string): void {
    this.settled(id);
    const record = this.#held?.record;
    if (record?.free?.[id]) record.free = { ...record.free, [id]: [] };
  }

  async recorded(id: string, snapshot: Snapshot): Promise<Recorded> {
    const record = this.#held?.record ?? (await this.#store.seenIn(snapshot)).at(-1)?.record;
    return { begunAt: record?.intents[id], awsIds: record?.free?.[id] ?? [] };
  }

  generation(id: string): string | undefined {
    return this.#held?.record.generations[id];
  }

  lookWithin(id: string): number | undefined {
    const at = this.begunAt(id);
    return at === undefined ? undefined : this.#settlesWithin(at + settling);
  }

  /** When an interrupted run began the create of this, ms since 1970. */
  begunAt(id: string): number | undefined {
    return this.#inherited[id] ?? this.#held?.record.unknownSince;
  }

  /** How much longer AWS may not show everything that an interrupted run made, ms. */
  get settlesWithin(): number {
    return this.#settlesWithin(this.#held?.record.settlesAt ?? 0);
  }

  /**
   * How long it is until an instant that a run wrote down: no longer than from any such instant, whatever its clock
   * was.
   */
  #settlesWithin(instant: number): number {
    return Math.min(Math.max(instant - this.#aws.time(), 0), settling);
  }

  /**
   * Removes every lock, once what their holders may have begun is shown. For `unlock`: who holds one learns it at the
   * next renewal. What the next run has to finish, or must know is the stack's, stays behind as a note.
   */
  async breakAll(onWait: (reason: string | undefined) => void): Promise<LockEntry[]> {
    const standing = await this.#store.standing();
    const youngest = Math.max(0, ...standing.flatMap(begunIn));
    const wait = this.#settlesWithin(youngest + settling);
    if (wait > 0) {
      onWait('AWS is making known what the interrupted run made');
      await this.#aws.clock.sleep(wait);
    }
    const newest = standing.at(-1);
    const owed = standing.findLast(({ record }) => isOwed(record));
    const isNoted = newest !== undefined && newest === owed && newest.record.unproved;
    if (owed && !isNoted) {
      const { host, pid, run } = this.#self;
      const note: LockRecord = { ...owed.record, who: this.#who, host, pid, run, generations: {}, unproved: true };
      // Not written: another has taken over meanwhile, and with it what is owed.
      await this.#store.make(newest!.number + 1, note);
    }
    for (const { number } of isNoted ? standing.slice(0, -1) : standing) await this.#store.remove(number);
    return standing;
  }

  async #take(verb: string, onWait: (reason: string | undefined) => void): Promise<HeldLock> {
    const { clock } = this.#aws;
    const begun = momentOf(clock);
    let watched: { key: string; since: number } | undefined;
    for (;;) {
      const newest = (await this.#store.standing()).at(-1);
      if (newest?.record.run === this.#self.run && !newest.record.unproved)
        return this.#heldAs({ ...newest, renewedAt: begun, owesProof: true });
      const key = newest && `${newest.number} ${newest.version}`;
      if (key !== watched?.key) {
        // It was renewed, or another took it: somebody is at work.
        if (watched && newest && !this.#isStale(newest)) throw locked(newest);
        watched = key ? { key, since: clock.elapsed() } : undefined;
      }
      const expired = watched && clock.elapsed() - watched.since >= lease;
      if (!newest || expired || this.#isStale(newest)) {
        const number = (newest?.number ?? 0) + 1;
        const record = this.#recordFor(verb, newest);
        const startedAt = momentOf(clock);
        const made = await this.#store.make(number, record).catch(error => {
          if (!isLostAnswer(error)) throw error;
          return false;
        });
        if (made)
          return this.#heldAs({ number, version: 1, record, renewedAt: startedAt, owesProof: newest !== undefined });
        // Taken, by one that AWS does not show yet: perhaps by ourselves, if an answer was lost.
        if (clock.elapsed() - begun.elapsed > 2 * lease + settling) throw locked(newest);
      }
      onWait(
        newest ? `${holderWords(newest)}; waiting to see if it continues` : 'AWS does not show yet who holds the lock',
      );
      await clock.sleep(2_000 + this.#aws.jitter() * 3_000);
    }
  }

  #heldAs(taken: Taken): HeldLock {
    return new HeldLock(this.#aws, this.#store, taken);
  }

  #recordFor(verb: string, newest: LockEntry | undefined): LockRecord {
    // A run that is over has begun nothing that AWS may still show, but for creates of which it never learned what
    // became of them.
    const isOver = newest?.record.unproved && Object.keys(newest.record.intents).length === 0;
    const before = isOver ? undefined : newest?.record;
    const now = this.#aws.time();
    const { host, pid, run } = this.#self;
    const holder: Holder = { who: this.#who, host, pid, run };
    // What a teardown did not finish is removed anew; what anything else made may not be shown yet.
    const unknownSince = newest?.isDamaged ? now : before?.unknownSince;
    const settlesAt = before && before.verb !== 'teardown' ? now + settling : before?.settlesAt;
    return {
      ...holder,
      verb,
      since: new Date(now).toISOString(),
      intents: { ...before?.intents },
      generations: { ...before?.generations },
      ...(newest?.record.rotation ? { rotation: newest.record.rotation } : {}),
      ...(newest?.record.free ? { free: newest.record.free } : {}),
      ...(settlesAt ? { settlesAt } : {}),
      ...(unknownSince ? { unknownSince } : {}),
    };
  }

  /** Whether the holder cannot be at work any more: it died on this host, or let the lease run out long ago. */
  #isStale({ record, modifiedAt }: LockEntry): boolean {
    if (record.unproved) return true;
    const { host, pid, run, isAlive } = this.#self;
    if (record.run !== run && record.host === host && (record.pid === pid || !isAlive(record.pid))) return true;
    return this.#aws.time() - modifiedAt > lease + skew;
  }
}

/** When the creates began that a lock tells of, ms since 1970. */
const begunIn = ({ record, isDamaged, modifiedAt }: LockEntry): number[] =>
  isDamaged || record.rotation ? [modifiedAt] : Object.values(record.intents);

const locked = (newest: LockEntry | undefined) =>
  new Problem(
    'locked',
    `${newest ? holderWords(newest) : 'Somebody else is at work on this stack'}: wait until it is done, or run ${salesreport`unlock`} if that run is no more.`,
  );
