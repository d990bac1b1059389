import { Problem } from '../../problem.ts';
import type { Aws } from '../aws/aws.ts';
import { isLostAnswer } from '../aws/errors.ts';
import type { Look } from '../aws/look.ts';
import type { Intents } from '../engine/engine.ts';
import type { LockStore } from './lock-store.ts';
import { type Holder, holderWords, type LockRecord, type Seen, type Standing } from './record.ts';
import type { Self } from './self.ts';

/** How long a lock is good for without being renewed, ms. */
export const lease = 90_000;
/** How often its holder renews it, ms. */
const renewal = 20_000;
/** The holder itself stops this long before the lease ends: a call that it sent before may still be on its way, ms. */
const margin = 30_000;
/** How long AWS may take to show what was made, ms. */
const settling = 60_000;
/** Further apart clocks cannot be: AWS refuses the signature (SigV4, "Request expiration"), ms. */
const skew = 5 * 60_000;

interface Held {
  number: number;
  version: number;
  record: LockRecord;
  /** When the newest renewal that was answered had begun, ms since 1970. */
  renewedAt: number;
  lost: boolean;
  owesProof: boolean;
  /** Puts since then that may have been written or not. */
  unanswered: number;
  /** Why the last renewal failed, if it did. */
  trouble?: unknown;
}

/**
 * Keeps two operators of one stack apart. Whoever changes something holds a lock with a lease, renews it, and makes no changing call when it could not.
 * A lock whose holder is dead, or that nobody renewed for a lease, is taken over by making the next one: of two who try one wins.
 */
export class StackLock implements Intents {
  readonly #aws: Aws;
  readonly #store: LockStore;
  readonly #self: Self;
  readonly #who: string;
  #held: Held | undefined;
  /** What interrupted runs had begun, from the lock that was taken over. */
  #inherited: Record<string, number> = {};
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;
  #unreleased: string | undefined;

  constructor(aws: Aws, store: LockStore, self: Self, who: string) {
    this.#aws = aws;
    this.#store = store;
    this.#self = self;
    this.#who = who;
  }

  /** The lock that stands, if one does, and whether its holder is known to be gone. */
  async seenIn(look: Look): Promise<Seen | undefined> {
    const newest = (await this.#store.seenIn(look)).at(-1);
    return newest && { ...newest, isStale: this.#isStale(newest) };
  }

  /**
   * Does `work` while it holds the lock. Throws Problem `locked` when somebody else is at work, `lock-lost` when the lock could not be renewed in time:
   * then the last calls had no effect on what somebody else does. Work that `proves` what it makes and comes to its end with that still owed leaves the
   * lock behind as a note, which holds nobody up.
   */
  async hold<T>(
    verb: string,
    onWait: (reason: string | undefined) => void,
    work: () => Promise<T>,
    { proves = false }: { proves?: boolean } = {},
  ): Promise<T> {
    await this.#take(verb, onWait);
    if (!proves) this.owesProof = false;
    const done = new AbortController();
    const renewing = this.#renewUntil(done.signal);
    try {
      return await this.#aws.guarded(() => this.#verifyHeld(), work);
    } catch (error) {
      throw this.#held?.lost ? lost() : error;
    } finally {
      done.abort();
      // A call that is still on its way may take effect: nobody else begins before it has been answered.
      await this.#aws.quiet();
      await renewing;
      await this.#release();
    }
  }

  /** Whether it is still to be proved that what was made works. Who takes over an interrupted run owes its proof too. */
  set owesProof(owes: boolean) {
    if (this.#held) this.#held.owesProof = owes;
  }

  /** The name of a lock that could not be removed when the work was over. */
  get unreleased(): string | undefined {
    return this.#unreleased;
  }

  async note(id: string): Promise<void> {
    if (!this.#held) return;
    this.#held.record.intents[id] = this.#aws.clock.now();
    await this.#write();
  }

  async retire(id: string, generation: string): Promise<void> {
    if (!this.#held) return;
    this.#held.record.generations[id] = generation;
    await this.#write();
  }

  generation(id: string): string | undefined {
    return this.#held?.record.generations[id];
  }

  lookUntil(id: string): number | undefined {
    const at = this.begunAt(id);
    return at === undefined ? undefined : at + settling;
  }

  /** When an interrupted run began the create of this, ms since 1970. */
  begunAt(id: string): number | undefined {
    return this.#inherited[id];
  }

  /** Until when AWS may not show everything that an interrupted run made, ms since 1970. */
  get settlesAt(): number {
    return this.#held?.record.settlesAt ?? 0;
  }

  /** Removes every lock, once what their holders may have begun is shown. For `unlock`: who holds one learns it at the next renewal. */
  async breakAll(onWait: (reason: string | undefined) => void): Promise<Standing[]> {
    const standing = await this.#store.standing();
    const youngest = Math.max(0, ...standing.flatMap(({ record }) => Object.values(record.intents)));
    const wait = youngest + settling - this.#aws.clock.now();
    if (wait > 0) {
      onWait('AWS is making known what the interrupted run made');
      await this.#aws.clock.sleep(wait);
    }
    for (const { number } of standing) await this.#store.remove(number);
    return standing;
  }

  async #take(verb: string, onWait: (reason: string | undefined) => void): Promise<void> {
    const { clock } = this.#aws;
    const begun = clock.now();
    let watched: { key: string; since: number } | undefined;
    for (;;) {
      const newest = (await this.#store.standing()).at(-1);
      if (newest?.record.run === this.#self.run && !newest.record.unproved)
        return this.#begin(newest.number, newest.version, newest.record, begun, true);
      const key = newest && `${newest.number} ${newest.version}`;
      if (key !== watched?.key) {
        // It was renewed, or another took it: somebody is at work.
        if (watched && newest && !this.#isStale(newest)) throw locked(newest.record);
        watched = key ? { key, since: clock.now() } : undefined;
      }
      const expired = watched && clock.now() - watched.since >= lease;
      if (!newest || expired || this.#isStale(newest)) {
        const number = (newest?.number ?? 0) + 1;
        const record = this.#recordFor(verb, newest?.record);
        const startedAt = clock.now();
        const made = await this.#store.make(number, record).catch(error => {
          if (!isLostAnswer(error)) throw error;
          return false;
        });
        if (made) return this.#begin(number, 1, record, startedAt, newest !== undefined);
        // Taken, by one that AWS does not show yet: perhaps by ourselves, if an answer was lost.
        if (clock.now() - begun > 2 * lease + settling) throw locked(newest?.record);
      }
      onWait(newest ? `${holderWords(newest.record)}; waiting whether it goes on` : 'AWS does not show yet who holds the lock');
      await clock.sleep(2_000 + this.#aws.jitter() * 3_000);
    }
  }

  #begin(number: number, version: number, record: LockRecord, renewedAt: number, owesProof: boolean): void {
    this.#held = { number, version, record, renewedAt, lost: false, owesProof, unanswered: 0 };
    this.#inherited = { ...record.intents };
  }

  #recordFor(verb: string, newest: LockRecord | undefined): LockRecord {
    // A run that is over has begun nothing that AWS may still show.
    const before = newest?.unproved ? undefined : newest;
    const now = this.#aws.clock.now();
    const { host, pid, run } = this.#self;
    const holder: Holder = { who: this.#who, host, pid, run };
    // What a teardown did not finish is removed anew; what anything else made may not be shown yet.
    const settlesAt = before && before.verb !== 'teardown' ? now + settling : before?.settlesAt;
    return {
      ...holder,
      verb,
      since: new Date(now).toISOString(),
      intents: { ...before?.intents },
      generations: { ...before?.generations },
      ...(settlesAt ? { settlesAt } : {}),
    };
  }

  /** Whether the holder cannot be at work any more: it died on this host, or let the lease run out long ago. */
  #isStale({ record, modifiedAt }: Standing): boolean {
    if (record.unproved) return true;
    const { host, pid, run, isAlive } = this.#self;
    if (record.run !== run && record.host === host && (record.pid === pid || !isAlive(record.pid))) return true;
    return this.#aws.clock.now() - modifiedAt > lease + skew;
  }

  async #renewUntil(done: AbortSignal): Promise<void> {
    const { clock } = this.#aws;
    for (;;) {
      const due = clock.now() + renewal;
      await clock.sleep(renewal, done);
      // Woken early: the work is over, or the operator pressed Ctrl-C and no other call is begun.
      if (done.aborted || clock.now() < due) return;
      try {
        // Another one there is somebody else's who took over; a put would not tell.
        const newest = (await this.#store.standing()).at(-1);
        if (this.#held && newest && newest.record.run !== this.#self.run) this.#held.lost = true;
        else await this.#write();
        if (this.#held) this.#held.trouble = undefined;
      } catch (error) {
        // The next renewal may be answered; if none is, the lease runs out and the work stops by itself.
        if (this.#held) this.#held.trouble = error;
      }
      if (this.#held?.lost) return;
    }
  }

  /** Writes the record; who comes while a put is under way is served by the one that follows. */
  #write(): Promise<void> {
    this.#queued ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#queued = undefined;
        this.#writing = this.#put();
        return this.#writing;
      });
    return this.#queued;
  }

  async #put(): Promise<void> {
    const held = this.#held;
    if (!held || held.lost) return;
    for (let attempt = 1; ; attempt++) {
      // Who slept past the lease may not write into what may be somebody else's by now.
      this.#verifyHeld();
      const startedAt = this.#aws.clock.now();
      try {
        const version = await this.#store.overwrite(held.number, held.record);
        // Any other version means that somebody removed it meanwhile: 1 that nobody has one, another that it is somebody else's.
        if (version <= held.version || version > held.version + 1 + held.unanswered) {
          held.lost = true;
          if (version === 1) await this.#insist(() => this.#removeRevived(held.number));
          throw lost();
        }
        Object.assign(held, { version, renewedAt: startedAt, unanswered: 0 });
        return;
      } catch (error) {
        if (!isLostAnswer(error)) throw error;
        held.unanswered++;
        if (attempt === 5) throw error;
        await this.#aws.clock.sleep(1_000);
      }
    }
  }

  #verifyHeld(): void {
    const held = this.#held;
    if (!held || held.lost) throw lost();
    if (this.#isInTime(held)) return;
    // Credentials that have expired are the better word for it.
    throw held.trouble instanceof Problem ? held.trouble : lost();
  }

  #isInTime({ renewedAt }: Held): boolean {
    return this.#aws.clock.now() < renewedAt + lease - margin;
  }

  async #release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (!held || held.lost) return;
    await this.#writing.catch(() => {});
    this.#unreleased = this.#store.nameOf(held.number);
    await this.#insist(() => this.#removeOwn(held));
  }

  /** Tries until it is done, or AWS has had the time to show what was made. What is still there then the next run finds, and takes over. */
  async #insist(attempt: () => Promise<boolean>): Promise<void> {
    const { clock } = this.#aws;
    const end = clock.now() + settling;
    for (;;) {
      try {
        if (await attempt()) return;
      } catch (error) {
        // Whether AWS was too busy or broke off, that passes; a denied permission does not.
        if (error instanceof Problem) return;
      }
      const due = clock.now() + 1_000;
      if (due > end) return;
      await clock.sleep(1_000);
      // Woken early: the operator is in a hurry.
      if (clock.now() < due) return;
    }
  }

  /** Whether the lock is gone that a late put made anew after somebody had removed it. */
  async #removeRevived(number: number): Promise<boolean> {
    const revived = (await this.#store.standing()).find(one => one.number === number);
    if (revived && revived.record.run !== this.#self.run) return true;
    return revived !== undefined && this.#store.remove(number);
  }

  /** Whether nothing of ours is left of the lock and of those that it took over, but the note that a proof is owed. */
  async #removeOwn(held: Held): Promise<boolean> {
    const standing = await this.#store.standing();
    const own = standing.find(({ number }) => number === held.number);
    // Past the lease the number may be somebody else's.
    if (own ? own.record.run === this.#self.run : this.#isInTime(held)) {
      for (const { number } of standing) if (number < held.number) await this.#store.remove(number);
      if (held.owesProof) await this.#leaveNote(held);
      else if (!(await this.#store.remove(held.number))) return false;
    }
    this.#unreleased = undefined;
    return true;
  }

  async #leaveNote({ number, record }: Held): Promise<void> {
    const version = await this.#store.overwrite(number, { ...record, intents: {}, generations: {}, unproved: true });
    // It had been removed by hand.
    if (version === 1) await this.#store.remove(number);
  }
}

const lost = () =>
  new Problem(
    'lock-lost',
    "The stack's lock could not be renewed in time and may be somebody else's by now: run the same command again, it goes on from here.",
  );

const locked = (record: LockRecord | undefined) =>
  new Problem(
    'locked',
    `${record ? holderWords(record) : 'Somebody else is at work on this stack'}: wait until it is done, or run salesreport unlock if that run is no more.`,
  );
