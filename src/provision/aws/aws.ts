import { AsyncLocalStorage } from 'node:async_hooks';
import type { AwsCredentialIdentity, FinalizeRequestMiddleware, InitializeMiddleware, Pluggable } from '@smithy/types';
import { type Clock, hurriedBy } from '../../clock.ts';
import { exchange } from '../../exchange.ts';
import { Problem } from '../../problem.ts';
import { retryWhileTransient } from '../engine/retry.ts';
import { currentStep } from '../engine/step.ts';
import { factsOf, isMutating } from '../operations.ts';
import { type Connection, openConnection } from './connection/connection.ts';
import { transientOf } from './consistency.ts';
import { errorName, isLostAnswer, statusOf } from './errors.ts';
import { type Input, type Operation, type Output, type ServiceName, services } from './operation.ts';
import { wholeAnswer } from './pages.ts';
import { awsProblem, unheardProblem } from './problems.ts';
import { retryStrategy } from './retry-strategy.ts';
import { type AttemptBounds, type Call, limitsOf, type Wait, Watch } from './watch.ts';

/**
 * One call that was answered or refused, for `--verbose`, the count of calls and tests. Holds no parameters, so no
 * secrets.
 */
export interface CallRecord {
  operation: Operation;
  /** The resource for which it was made. */
  resource?: string;
  ms: number;
  error?: string;
}

export interface AwsOptions {
  /** Nobody sleeps on it any longer after Ctrl-C, but who keeps the lock. */
  clock: Clock;
  /** In [0, 1). */
  jitter: () => number;
  region: string;
  profile?: string;
  /**
   * How AWS is reached. Default: as the environment and `profile` say; where `plugin` stands under every client nothing
   * is read.
   */
  connection?: Connection;
  /** How long IAM is waited for, s. Default 300. */
  iamBudget?: number;
  credentials?: AwsCredentialIdentity;
  /** Stands under every client: the simulator. */
  plugin?: Pluggable<object, object>;
  /** Aborted at Ctrl-C: no call is begun any more. */
  signal?: AbortSignal;
  onCall?: (call: CallRecord) => void;
  /** Called about every 10 s while an answer is waited for that long. */
  onWait?: (wait: Wait) => void;
  /** Whether a person is asked for something at this moment: the time does not count. */
  isAsking?: () => boolean;
}

interface Client {
  send(command: unknown): Promise<unknown>;
  destroy(): void;
  middlewareStack: { use(plugin: Pluggable<object, object>): void };
  config: object;
}

/** Where the middleware's arguments carry their call and attempt: contexts are shared by all calls of a command. */
const callOf = Symbol('call');
const boundsOf = Symbol('bounds');
type Args = { [callOf]: Call; [boundsOf]?: AttemptBounds };

/** What a header tells the time to, and an answer's way besides, ms. */
const precision = 5_000;

const isTrial = (input: { DryRun?: boolean }): boolean => input.DryRun === true;

/** Whose calls nothing holds back. One for all: every storage that was ever used costs something at each promise. */
const exempt = new AsyncLocalStorage<Aws>();

/**
 * AWS as the tool calls it: one function, typed by the operation's name. Clients are loaded and made when first used.
 */
export class Aws {
  /** On which no sleep lasts after Ctrl-C. */
  readonly clock: Clock;
  /** On which sleeps last also then. */
  readonly lastingClock: Clock;
  readonly calls: CallRecord[] = [];
  readonly #options: AwsOptions;
  readonly #clients = new Map<string, Promise<Client>>();
  #opened: Connection | Promise<Connection> | undefined;
  readonly #underWay = new Set<Promise<unknown>>();
  /** How far AWS's clock is ahead of ours, ms. */
  #ahead = 0;
  /** Asked before each attempt of a mutating call; throws where it must not be made. */
  #guard: (() => void) | undefined;
  readonly #watch: Watch;
  /** Why the run is over, where AWS answers nothing any more. */
  #lastUnheard: Problem | undefined;
  /** Failures after which there is no time for another attempt. */
  readonly #last = new WeakSet<object>();
  /** How long IAM is waited for, s. */
  iamBudget: number;

  constructor(options: AwsOptions) {
    this.#options = options;
    this.iamBudget = options.iamBudget ?? 300;
    this.clock = hurriedBy(options.signal, options.clock);
    this.lastingClock = options.clock;
    const { clock, signal, onWait, isAsking } = options;
    const isAnswer = (error: unknown) => statusOf(error) !== undefined;
    this.#watch = new Watch({ clock, signal, onWait, isAsking, isAnswer });
  }

  /** Whether Ctrl-C was pressed. */
  get isInterrupted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /**
   * The time by AWS's clock as its last answer told it, ms since 1970 UTC: for what hosts with clocks of their own
   * compare. The SDK signs by it too, so AWS serves also who is hours off.
   */
  time(): number {
    return this.clock.now() + this.#ahead;
  }

  get jitter(): () => number {
    return this.#options.jitter;
  }

  /**
   * Calls AWS once, with the retries that the operation's row in operations.ts allows. Throws AWS's own error, so that
   * a resource can tell a refusal that it expects by its name; credentials that are missing or expired and denied
   * permissions are thrown as a Problem, and so are answers that were lost (Unanswered). `answerWithin` ms are given to
   * one answer where it takes longer than others. A dry run is not tried again: whatever its answer is, nothing comes
   * of it. What comes in pages is answered whole.
   */
  async call<O extends Operation>(operation: O, input: Input<O>, answerWithin?: number): Promise<Output<O>> {
    const [service, name] = operation.split(':') as [ServiceName, string];
    const { kind, delays } = factsOf(operation);
    const { commands } = await services[service]();
    const Command = commands[name as keyof typeof commands] as unknown as new (input: Input<O>) => unknown;
    this.#verifyMayCall(operation);
    const client = await this.#client(service, kind !== 'create' || isTrial(input), answerWithin);
    const step = currentStep();
    const send = (page: Input<O>) =>
      retryWhileTransient(
        () =>
          this.#record(
            operation,
            () => client.send(new Command(page)) as Promise<Output<O>>,
            answerWithin !== undefined,
          ),
        {
          clock: this.clock,
          jitter: this.jitter,
          passing: error => (isTrial(input) ? undefined : transientOf(error, delays, this.iamBudget)),
          onWait: reason => step?.waiting(reason),
        },
      );
    return wholeAnswer(operation, input, send);
  }

  /**
   * Does `work`, whose every mutating call needs `guard` not to throw at the moment at which it is sent. Where the work
   * fails the guard stays: what it had begun in parallel may still be running.
   */
  async guarded<T>(guard: () => void, work: () => Promise<T>): Promise<T> {
    this.#guard = guard;
    const result = await work();
    this.#guard = undefined;
    return result;
  }

  /** Makes calls that neither the guard nor Ctrl-C holds back. */
  exempt<T>(calls: () => Promise<T>): Promise<T> {
    return exempt.run(this, calls);
  }

  /** Resolves when no call is under way any more. */
  async quiet(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  destroy(): void {
    for (const client of this.#clients.values()) void client.then(made => made.destroy());
  }

  async #record<T>(operation: Operation, send: () => Promise<T>, isLong: boolean): Promise<T> {
    this.#watch.verifyMayCall(this.#isExempt());
    const start = this.clock.elapsed();
    const done = (error?: unknown) => {
      const call: CallRecord = { operation, resource: currentStep()?.id, ms: this.clock.elapsed() - start };
      if (error) call.error = errorName(error);
      this.calls.push(call);
      this.#options.onCall?.(call);
    };
    const answer = send();
    this.#underWay.add(answer);
    try {
      const given = await answer;
      done();
      return given;
    } catch (error) {
      done(error);
      const { profile, region: here } = this.#options;
      throw awsProblem(error, operation, profile, here) ?? this.#unheard(error, operation, start, isLong) ?? error;
    } finally {
      this.#underWay.delete(answer);
    }
  }

  /** The sentence for a call without an answer. Where AWS answers nothing at all any more, the run is over with it. */
  #unheard(error: unknown, operation: Operation, start: number, isLong: boolean): Problem | undefined {
    // That one long call was not answered says nothing of the others: the next shows whether AWS answers.
    const isSilent = !isLong && statusOf(error) === undefined && isLostAnswer(error) && this.#watch.isSilent;
    const { attempts = 1 } = (error as { $metadata?: { attempts?: number } }).$metadata ?? {};
    const problem = unheardProblem(error, {
      operation,
      attempts,
      seconds: (this.clock.elapsed() - start) / 1_000,
      isSilent,
    });
    if (problem?.endsRun) {
      this.#watch.endRun(problem);
      this.#lastUnheard = problem;
    }
    return problem;
  }

  #isExempt(): boolean {
    return exempt.getStore() === this;
  }

  /** Throws Problem `interrupted` after Ctrl-C, and what the guard throws before a mutating call. */
  #verifyMayCall(operation: Operation): void {
    if (this.#isExempt()) return;
    if (this.#options.signal?.aborted)
      throw new Problem('interrupted', 'No further call was made.', { exit: 'interrupted' });
    if (!isMutating(operation)) return;
    try {
      this.#guard?.();
    } catch (error) {
      // A lock is lost too where AWS answers nothing.
      throw this.#watch.isSilent ? (this.#lastUnheard ?? error) : error;
    }
  }

  #noteTime(response: unknown): void {
    const { date = '' } = (response as { headers?: { date?: string } }).headers ?? {};
    const ahead = Date.parse(date) - this.#options.clock.now();
    if (!Number.isNaN(ahead)) this.#ahead = Math.abs(ahead) < precision ? 0 : ahead;
  }

  #client(service: ServiceName, faults: boolean, answerWithin: number | undefined): Promise<Client> {
    const key = `${service} ${faults} ${answerWithin}`;
    const made = this.#clients.get(key) ?? this.#make(service, faults, answerWithin);
    this.#clients.set(key, made);
    return made;
  }

  #connection(): Connection | Promise<Connection> {
    const { connection, region, profile, credentials, plugin } = this.#options;
    this.#opened ??= connection ?? openConnection({ region, profile, credentials, env: plugin ? {} : process.env });
    return this.#opened;
  }

  async #make(service: ServiceName, faults: boolean, answerWithin: number | undefined): Promise<Client> {
    const { region, plugin, jitter } = this.#options;
    const { clock } = this;
    const [{ Client: ServiceClient }, connection] = await Promise.all([services[service](), this.#connection()]);
    const isLast = (error: unknown) => this.#last.has(error as object);
    const client = new ServiceClient({
      region,
      ...connection.clientConfig(service, { connectionTimeout: 5_000 }),
      retryStrategy: retryStrategy({
        clock,
        faults,
        jitter,
        isLast,
        onRetry: reason => currentStep()?.waiting(reason),
      }),
      // One stack of middleware serves all calls of a command; not of S3, whose endpoint is another for each bucket.
      cacheMiddleware: service !== 's3',
    }) as unknown as Client;
    // The SDK copies the configuration twice a call, which takes ten times as long while `credentials` is an accessor.
    client.config = { ...client.config };
    client.middlewareStack.use(exchange(client, args => (args as Args)[boundsOf] ?? {}));
    if (plugin) client.middlewareStack.use(plugin);
    const operationOf = (context: { commandName?: string }) =>
      `${service}:${(context.commandName ?? '').replace(/Command$/, '')}` as Operation;
    const begin: InitializeMiddleware<object, object> = (next, context) => args =>
      this.#watch.call(this.#boundsOf(operationOf(context), isTrial(args.input), answerWithin), call =>
        next(Object.assign(args, { [callOf]: call })),
      );
    const attempt: FinalizeRequestMiddleware<object, object> = (next, context) => async args => {
      this.#verifyMayCall(operationOf(context));
      const send = (bounds: AttemptBounds) => next(Object.assign(args, { [boundsOf]: bounds }));
      const answered = await this.#watch.attempt((args as unknown as Args)[callOf], send, error =>
        this.#last.add(error as object),
      );
      this.#noteTime(answered.response);
      return answered;
    };
    client.middlewareStack.use({
      applyToStack: stack => {
        stack.add(begin, { step: 'initialize', name: 'begin' });
        // Of two that stand after the retries the later added comes first: each attempt passes here on its way out.
        stack.addRelativeTo(attempt, { relation: 'after', toMiddleware: 'retryMiddleware', name: 'attempt' });
      },
    });
    return client;
  }

  #boundsOf(
    operation: Operation,
    isHarmless: boolean,
    answerWithin: number | undefined,
  ): Pick<Call, 'operation' | 'limits' | 'isExempt' | 'isRead'> {
    const isRead = isHarmless || !isMutating(operation);
    const isExempt = this.#isExempt();
    // While work is guarded the lock is held, and its lease goes on.
    const usual = isExempt && this.#guard ? limitsOf.lock : isRead ? limitsOf.read : limitsOf.change;
    const limits = answerWithin === undefined ? usual : { attempt: answerWithin, total: answerWithin };
    return { operation, limits, isExempt, isRead };
  }
}
