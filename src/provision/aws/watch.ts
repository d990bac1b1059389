import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import type { Operation } from './operation.ts';

/** How long AWS may take, ms. `attempt` is for one answer, `total` for a call with all its attempts. */
export interface Limits {
  attempt: number;
  total: number;
}

export const limitsOf = {
  read: { attempt: 10_000, total: 60_000 },
  change: { attempt: 30_000, total: 60_000 },
  /** Of the lock: a renewal with an answer that was lost must fit between two ends of its lease. */
  lock: { attempt: 10_000, total: 20_000 },
} as const satisfies Record<string, Limits>;

/** What a run asks first is given up sooner: nothing has been done yet, ms. */
const firstTotal = 25_000;
/** A large body that goes on moving is not given up; this long after its last piece it is, ms. */
const stall = 60_000;
/**
 * How long credentials may take, ms: a little more than a `credential_process` has. While a person is asked the time
 * does not count.
 */
const credentialsBudget = 62_000;
/** From when on a wait for one answer is told, and how often, ms. */
const tellAfter = 10_000;
/**
 * After this much silence of everything a call that was given up ends the whole run, ms: less than its attempts take,
 * since others are answered after it began.
 */
const silenceBudget = 40_000;
/** So much silence altogether is enough: who begins a look-up after a long one has less time for it, ms. */
const longestSilence = 90_000;
/** After Ctrl-C: how long changes that were sent are waited for, and when the last call of the lock is over, ms. */
const afterInterrupt = { changes: 30_000, lock: 42_000 };
/** When AWS does not answer any more: how long the lock's release may take, ms. */
const afterSilence = 12_000;

/** No answer came in time. The SDK and the tool know lost answers by this name. */
class NoAnswer extends Error {
  override readonly name = 'TimeoutError';
}

/** What a person is told of a long wait. */
export interface Wait {
  operation: Operation;
  /** Since when the call is waited for, s. */
  seconds: number;
  /** How many other calls wait as long. */
  others: number;
}

interface Waiting {
  call: Call;
  kind: 'credentials' | 'answer';
  since: number;
  deadline: number;
  end(error: Error): void;
}

/** One call from its beginning to its end, with all its attempts. */
export interface Call {
  readonly operation: Operation;
  readonly limits: Limits;
  /** One of the lock: neither Ctrl-C nor AWS's silence ends it at once. */
  readonly isExempt: boolean;
  readonly isRead: boolean;
  readonly startedAt: number;
  /** How long nothing had been heard of AWS when it began, ms. */
  readonly silentBefore: number;
  /** Called when the credentials are there. */
  credentialsDone(): void;
}

export interface WatchOptions {
  /** One on which Ctrl-C wakes nobody. */
  clock: Clock;
  signal?: AbortSignal;
  onWait?: (wait: Wait) => void;
  /** Whether a person is asked for something at this moment. */
  isAsking?: () => boolean;
  /** Whether a failure is an answer of AWS, if not a good one. */
  isAnswer: (error: unknown) => boolean;
}

/**
 * Knows which calls AWS has not answered yet, gives up those that take too long, and the whole run once AWS answers
 * none any more. One timer serves all calls: tests make millions of them.
 */
export class Watch {
  readonly #options: WatchOptions;
  readonly #waiting = new Set<Waiting>();
  readonly #beganAt: number;
  /** When the waits are looked through next; nobody looks while nothing is waited for. */
  #nextLook = Number.POSITIVE_INFINITY;
  #heardAt: number | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** Until when changes that were sent, and calls of the lock, are waited for, ms on the clock. */
  #changesUntil = Number.POSITIVE_INFINITY;
  #exemptUntil = Number.POSITIVE_INFINITY;
  #over: Problem | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#beganAt = options.clock.elapsed();
    const { signal } = options;
    if (signal?.aborted) this.#interrupted();
    else signal?.addEventListener('abort', () => this.#interrupted(), { once: true });
  }

  /** How long nothing has been heard of AWS, ms. */
  get silent(): number {
    return this.#options.clock.elapsed() - (this.#heardAt ?? this.#beganAt);
  }

  /** Whether AWS answers nothing: it never did, or has not for a long time. */
  get isSilent(): boolean {
    return this.#heardAt === undefined || this.silent >= silenceBudget;
  }

  /** Throws where no call may be begun any more, because AWS answers none. */
  verifyMayCall(isExempt: boolean): void {
    if (this.#over && (!isExempt || this.#options.clock.elapsed() >= this.#exemptUntil)) throw this.#over;
  }

  /**
   * Ends the run: what is under way fails with `problem`, and so does what is begun; the lock has a moment to be
   * released.
   */
  endRun(problem: Problem): void {
    if (this.#over) return;
    this.#over = problem;
    this.#exemptUntil = Math.min(this.#exemptUntil, this.#options.clock.elapsed() + afterSilence);
    this.#endAll(({ call }) => !call.isExempt, problem);
    this.#lookIn(afterSilence);
  }

  /** A call of one operation begins: `work` gets it, and its attempts are made by `attempt`. */
  async call<T>(
    given: Pick<Call, 'operation' | 'limits' | 'isExempt' | 'isRead'>,
    work: (call: Call) => Promise<T>,
  ): Promise<T> {
    const startedAt = this.#options.clock.elapsed();
    let credentialsDone = () => {};
    const call: Call = { ...given, startedAt, silentBefore: this.silent, credentialsDone: () => credentialsDone() };
    const late = new Promise<never>((_resolve, reject) => {
      const waiting: Waiting = {
        call,
        kind: 'credentials',
        since: startedAt,
        deadline: Math.min(startedAt + credentialsBudget, this.#endOf(call)),
        end: reject,
      };
      this.#waiting.add(waiting);
      credentialsDone = () => this.#waiting.delete(waiting);
      this.#look(waiting);
    });
    try {
      return await Promise.race([work(call), late]);
    } finally {
      credentialsDone();
    }
  }

  /** One attempt of a call. `isLast` is told of a failure after which there is no time for another attempt. */
  async attempt<T>(
    call: Call,
    send: (bounds: AttemptBounds) => Promise<T>,
    isLast: (error: unknown) => void,
  ): Promise<T> {
    call.credentialsDone();
    this.verifyMayCall(call.isExempt);
    const since = this.#options.clock.elapsed();
    const bounds = new AttemptBounds(() => {
      waiting.deadline = Math.min(this.#options.clock.elapsed() + stall, this.#endOf(call));
    });
    const deadline = Math.min(since + call.limits.attempt, this.#endOf(call));
    const waiting: Waiting = { call, kind: 'answer', since, deadline, end: () => {} };
    const ended = new Promise<never>((_resolve, reject) => {
      waiting.end = error => {
        reject(error);
        bounds.abort();
      };
    });
    this.#waiting.add(waiting);
    this.#look(waiting);
    try {
      const answer = await Promise.race([send(bounds), ended]);
      this.#heardAt = this.#options.clock.elapsed();
      return answer;
    } catch (error) {
      if (this.#options.isAnswer(error)) this.#heardAt = this.#options.clock.elapsed();
      if (!this.#hasTimeForAnother(call)) isLast(error);
      throw error;
    } finally {
      this.#waiting.delete(waiting);
    }
  }

  #hasTimeForAnother({ startedAt, limits: { attempt, total }, silentBefore }: Call): boolean {
    const whole =
      this.#heardAt === undefined ? firstTotal : Math.min(total, Math.max(attempt, longestSilence - silentBefore));
    return this.#options.clock.elapsed() + attempt <= startedAt + whole + 1_000;
  }

  /** When a call is over whatever comes. */
  #endOf({ isExempt }: Call): number {
    return isExempt ? this.#exemptUntil : this.#changesUntil;
  }

  /** Nothing is lost with a read; a change may take effect yet, and the lock is still to be released. */
  #interrupted(): void {
    const now = this.#options.clock.elapsed();
    this.#changesUntil = now + afterInterrupt.changes;
    this.#exemptUntil = Math.min(this.#exemptUntil, now + afterInterrupt.lock);
    const interrupted = new Problem('interrupted', 'No answer was waited for any longer.', { exit: 'interrupted' });
    this.#endAll(({ call, kind }) => !call.isExempt && (call.isRead || kind === 'credentials'), interrupted);
    for (const one of this.#waiting) one.deadline = Math.min(one.deadline, this.#endOf(one.call));
    this.#lookIn(afterInterrupt.changes);
    this.#lookIn(afterInterrupt.lock);
  }

  #endAll(which: (waiting: Waiting) => boolean, error: Error): void {
    for (const one of [...this.#waiting]) if (which(one)) this.#end(one, error);
  }

  #end(waiting: Waiting, error: Error): void {
    this.#waiting.delete(waiting);
    waiting.end(error);
  }

  #lookIn(ms: number): void {
    void this.#pass(ms).then(() => this.#check());
  }

  #pass(ms: number): Promise<void> {
    const { clock } = this.#options;
    return clock.watch?.(ms) ?? clock.sleep(ms);
  }

  /** Looks as long as anything is waited for. What begins meanwhile is seldom due before the look that was set. */
  #look({ deadline }: Waiting): void {
    if (this.#nextLook === Number.POSITIVE_INFINITY) void this.#lookOn();
    else if (deadline < this.#nextLook) this.#lookIn(deadline - this.#options.clock.elapsed());
  }

  async #lookOn(): Promise<void> {
    const { clock } = this.#options;
    while (this.#waiting.size > 0) {
      const at = clock.elapsed();
      let next = at + tellAfter;
      for (const { since, deadline } of this.#waiting)
        next = Math.min(next, deadline, since + tellAfter > at ? since + tellAfter : deadline);
      this.#nextLook = next;
      await this.#pass(Math.max(1, next - at));
      this.#check();
    }
    this.#nextLook = Number.POSITIVE_INFINITY;
  }

  #check(): void {
    const { clock, isAsking } = this.#options;
    const at = clock.elapsed();
    this.#tell(at);
    for (const one of [...this.#waiting]) {
      if (at < one.deadline) continue;
      if (one.kind === 'credentials' && isAsking?.()) one.deadline = at + credentialsBudget;
      else this.#end(one, lateOf(one, at));
    }
  }

  #tell(at: number): void {
    const long = [...this.#waiting].filter(({ since }) => at >= since + tellAfter);
    const [first] = long;
    if (!first || at < this.#toldAt + tellAfter || this.#options.isAsking?.()) return;
    this.#toldAt = at;
    const seconds = Math.round((at - first.call.startedAt) / 1_000);
    this.#options.onWait?.({ operation: first.call.operation, seconds, others: long.length - 1 });
  }
}

const lateOf = ({ kind, since, call }: Waiting, at: number): Error => {
  const seconds = Math.round((at - since) / 1_000);
  if (kind === 'answer') return new NoAnswer(`No answer to ${call.operation} within ${seconds} s`);
  return new Problem(
    'credentials-late',
    `The AWS credentials did not come within ${seconds} s: check the credential_process or the sign-in of your profile, then run the same command again.`,
  );
};

/** What the last step before the wire has to keep to. */
export class AttemptBounds {
  readonly #moved: () => void;
  #controller: AbortController | undefined;
  #isAborted = false;

  constructor(moved: () => void) {
    this.#moved = moved;
  }

  /** Made when it is asked for: the simulator needs none. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isAborted) this.#controller.abort();
    return this.#controller.signal;
  }

  get moved(): () => void {
    return this.#moved;
  }

  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort();
  }
}
