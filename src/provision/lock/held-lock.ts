import { type Moment, momentOf, mostSince } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import type { Aws } from '../aws/aws.ts';
import { isLostAnswer, isThrottled } from '../aws/errors.ts';
import { endsTheRun } from '../engine/engine.ts';
import type { LockStore } from './lock-store.ts';
import { isOwed, type LockRecord } from './record.ts';

/** How long a lock is good for without being renewed, ms. */
export const lease = 90_000;
/** How often its holder renews it, ms; and how soon again where that failed. */
const renewal = 20_000;
const repeat = 5_000;
/** The holder itself stops this long before the lease ends: a call that it sent before may still be on its way, ms. */
const margin = 30_000;
/** How long AWS may take to show what was made, ms. */
export const settling = 60_000;

/** A lock as it was taken. */
export interface Taken {
  number: number;
  version: number;
  record: LockRecord;
  /** When the put that was answered had begun. */
  renewedAt: Moment;
  /** Whether it is still to be proved that what was made works. */
  owesProof: boolean;
}

/** A lock in the hands of its holder, who renews it, writes into it what it begins, and lets it go. */
export class HeldLock {
  owesProof: boolean;
  readonly record: LockRecord;
  readonly #aws: Aws;
  readonly #store: LockStore;
  readonly #number: number;
  #version: number;
  #renewedAt: Moment;
  #isLost = false;
  /** Puts since the last renewal that may have been written or not. */
  #unanswered = 0;
  /** Why the last renewal failed, if it did. */
  #trouble: unknown;
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(aws: Aws, store: LockStore, { number, version, record, renewedAt, owesProof }: Taken) {
    this.#aws = aws;
    this.#store = store;
    this.#number = number;
    this.#version = version;
    this.#renewedAt = renewedAt;
    this.record = record;
    this.owesProof = owesProof;
  }

  /** Whether it is somebody else's by now. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Throws Problem `lock-lost`, or what kept it from being renewed, where nothing may be changed under it any more. */
  verify(): void {
    if (this.#isLost) throw lost();
    if (this.#isInTime()) return;
    // Credentials that have expired are the better word for it.
    throw this.#trouble instanceof Problem && !isLostAnswer(this.#trouble) ? this.#trouble : lost();
  }

  /** Renews it until the signal, or until it is lost. */
  async renewUntil(done: AbortSignal): Promise<void> {
    const clock = this.#aws.lastingClock;
    for (let begunAt = this.#renewedAt.elapsed; !this.#isLost; ) {
      const pause = this.#trouble === undefined ? renewal - (clock.elapsed() - begunAt) : repeat;
      await clock.sleep(Math.max(0, pause), done);
      if (done.aborted) return;
      begunAt = clock.elapsed();
      try {
        // One of this number or above is somebody else's who took over; a put would not tell. One below is what was
        // taken over, which AWS may show before ours.
        const newest = (await this.#store.standing()).at(-1);
        if (newest && newest.number >= this.#number && !this.#isOurs(newest)) this.#isLost = true;
        else await this.write();
        this.#trouble = undefined;
      } catch (error) {
        // The next renewal may be answered; if none is, the lease runs out and the work stops by itself.
        this.#trouble = error;
      }
    }
  }

  /**
   * Writes the record; who comes while a put is under way is served by the one that follows. Throws Problem
   * `lock-lost`.
   */
  write(): Promise<void> {
    this.#queued ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#queued = undefined;
        this.#writing = this.#put();
        return this.#writing;
      });
    return this.#queued;
  }

  /** Removes it, or leaves it as the note that a proof is owed. Gives its name where AWS did not do that. */
  async release(): Promise<string | undefined> {
    if (this.#isLost) return undefined;
    await this.#writing.catch(() => {});
    return (await this.#insist(() => this.#remove())) ? undefined : this.#store.nameOf(this.#number);
  }

  #isInTime(): boolean {
    return mostSince(this.#aws.clock, this.#renewedAt) < lease - margin;
  }

  #isOurs({ record }: { record: LockRecord }): boolean {
    return record.run === this.record.run;
  }

  async #put(): Promise<void> {
    if (this.#isLost) return;
    for (let attempt = 1; ; attempt++) {
      // Who slept past the lease may not write into what may be somebody else's by now.
      this.verify();
      const startedAt = momentOf(this.#aws.clock);
      try {
        const version = await this.#store.overwrite(this.#number, this.record);
        // Any other version means that somebody removed it meanwhile: 1 that nobody has one, another that it is
        // somebody else's.
        if (version <= this.#version || version > this.#version + 1 + this.#unanswered) {
          this.#isLost = true;
          if (version === 1) await this.#insist(() => this.#removeRevived());
          throw lost();
        }
        this.#version = version;
        this.#renewedAt = startedAt;
        this.#unanswered = 0;
        return;
      } catch (error) {
        if (!isLostAnswer(error) || endsTheRun(error)) throw error;
        this.#unanswered++;
        if (attempt === 5) throw error;
        await this.#aws.lastingClock.sleep(1_000);
      }
    }
  }

  /**
   * Tries until it is done, or AWS has had the time to show what was made. What is still there then the next run finds,
   * and takes over.
   */
  async #insist(attempt: () => Promise<boolean>): Promise<boolean> {
    const { clock } = this.#aws;
    const end = clock.elapsed() + settling;
    for (;;) {
      try {
        if (await attempt()) return true;
      } catch (error) {
        // Whether AWS was too busy or broke off, that passes; a denied permission does not.
        if (error instanceof Problem && (endsTheRun(error) || !(isLostAnswer(error) || isThrottled(error))))
          return false;
      }
      // After Ctrl-C the operator is in a hurry.
      if (this.#aws.isInterrupted || clock.elapsed() + 1_000 > end) return false;
      await clock.sleep(1_000);
    }
  }

  /** Whether the lock is gone that a late put made anew after somebody had removed it. */
  async #removeRevived(): Promise<boolean> {
    const revived = (await this.#store.standing()).find(({ number }) => number === this.#number);
    if (revived && !this.#isOurs(revived)) return true;
    return revived !== undefined && this.#store.remove(this.#number);
  }

  /**
   * Whether nothing of ours is left of it and of those that it took over, but the note of what the next run must know.
   */
  async #remove(): Promise<boolean> {
    const standing = await this.#store.standing();
    const own = standing.find(({ number }) => number === this.#number);
    // Past the lease the number may be somebody else's.
    if (own && !this.#isOurs(own)) return true;
    // What AWS does not show then has been removed; but a lock that was never renewed may have been made a moment ago,
    // by a call that was held up.
    if (!own && !this.#isInTime()) return this.#version > 1;
    for (const { number } of standing) if (number < this.#number) await this.#store.remove(number);
    if (!this.owesProof && !isOwed(this.record)) return this.#store.remove(this.#number);
    await this.#leaveNote();
    return true;
  }

  async #leaveNote(): Promise<void> {
    const note: LockRecord = { ...this.record, generations: {}, unproved: true };
    // Version 1: it had been removed by hand.
    if ((await this.#store.overwrite(this.#number, note)) === 1) await this.#store.remove(this.#number);
  }
}

const lost = () =>
  new Problem('lock-lost', "The stack's lock could not be renewed in time and may be somebody else's by now.", {
    next: 'Run the same command again: it continues from here.',
  });
