import { AsyncLocalStorage } from 'node:async_hooks';
import type { AwsCredentialIdentity, FinalizeRequestMiddleware, Pluggable } from '@smithy/types';
import { type Clock, hurriedBy } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import { retryWhilePassing } from '../engine/retry.ts';
import { currentStep } from '../engine/step.ts';
import { factsOf, isMutating } from '../operations.ts';
import { type Connection, openConnection } from './connection/connection.ts';
import { passingOf } from './consistency.ts';
import { errorName } from './errors.ts';
import { type Input, type Operation, type Output, type ServiceName, services } from './operation.ts';
import { awsProblem } from './problems.ts';
import { retryStrategy } from './retry-strategy.ts';

/** One call that was answered or refused, for `--verbose`, the count of calls and tests. Holds no parameters, so no secrets. */
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
  /** How AWS is reached. Default: as the environment and `profile` say; where `plugin` stands under every client nothing is read. */
  connection?: Connection;
  /** How long IAM is waited for, s. Default 300. */
  iamBudget?: number;
  credentials?: AwsCredentialIdentity;
  /** Stands under every client: the simulator. */
  plugin?: Pluggable<object, object>;
  /** Aborted at Ctrl-C: no call is begun any more. */
  signal?: AbortSignal;
  onCall?: (call: CallRecord) => void;
}

interface Client {
  send(command: unknown): Promise<unknown>;
  destroy(): void;
  middlewareStack: { use(plugin: Pluggable<object, object>): void };
}

const isTrial = (input: { DryRun?: boolean }): boolean => input.DryRun === true;

/** What a header tells the time to, and an answer's way besides, ms. */
const precision = 5_000;

/** How long AWS may take to answer, ms. Without a limit a lost answer would be waited for without end. */
const answerBudget = 120_000;

/** Whose calls nothing holds back. One for all: every storage that was ever used costs something at each promise. */
const exempt = new AsyncLocalStorage<Aws>();

/** AWS as the tool calls it: one function, typed by the operation's name. Clients are loaded and made when first used. */
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

  constructor(options: AwsOptions) {
    this.#options = options;
    this.clock = hurriedBy(options.signal, options.clock);
    this.lastingClock = options.clock;
  }

  /** Whether Ctrl-C was pressed. */
  get isInterrupted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /**
   * The time by AWS's clock as its last answer told it, ms since 1970 UTC: for what hosts with clocks of their own compare. The SDK signs by it too, so AWS
   * serves also who is hours off.
   */
  time(): number {
    return this.clock.now() + this.#ahead;
  }

  get jitter(): () => number {
    return this.#options.jitter;
  }

  /**
   * Calls AWS once, with the retries that the operation's row in operations.ts allows. Throws AWS's own error, so that a resource can tell a
   * refusal that it expects by its name; credentials that are missing or expired and denied permissions are thrown as a Problem. An answer that
   * takes longer than `answerWithin` ms is a TimeoutError. A dry run is not tried again: whatever its answer is, nothing comes of it.
   */
  async call<O extends Operation>(operation: O, input: Input<O>, answerWithin = answerBudget): Promise<Output<O>> {
    const [service, name] = operation.split(':') as [ServiceName, string];
    const { kind, delays } = factsOf(operation);
    const { iamBudget = 300 } = this.#options;
    const { commands } = await services[service]();
    const Command = commands[name as keyof typeof commands] as unknown as new (input: Input<O>) => unknown;
    this.#verifyMayCall(operation);
    const client = await this.#client(service, kind !== 'create', answerWithin);
    const step = currentStep();
    return retryWhilePassing(() => this.#record(operation, () => client.send(new Command(input)) as Promise<Output<O>>), {
      clock: this.clock,
      jitter: this.jitter,
      passing: error => (isTrial(input) ? undefined : passingOf(error, delays, iamBudget)),
      onWait: reason => step?.waiting(reason),
    });
  }

  /**
   * Does `work`, whose every mutating call needs `guard` not to throw at the moment at which it is sent. Where the work fails the guard stays: what it had
   * begun in parallel may still be running.
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

  async #record<T>(operation: Operation, send: () => Promise<T>): Promise<T> {
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
      throw awsProblem(error, operation, this.#options.profile, this.#options.region) ?? error;
    } finally {
      this.#underWay.delete(answer);
    }
  }

  /** Throws Problem `interrupted` after Ctrl-C, and what the guard throws before a mutating call. */
  #verifyMayCall(operation: Operation): void {
    if (exempt.getStore() === this) return;
    if (this.#options.signal?.aborted) throw new Problem('interrupted', 'No further call was made.', { exit: 'interrupted' });
    if (isMutating(operation)) this.#guard?.();
  }

  #noteTime(response: unknown): void {
    const { date = '' } = (response as { headers?: { date?: string } }).headers ?? {};
    const ahead = Date.parse(date) - this.#options.clock.now();
    if (!Number.isNaN(ahead)) this.#ahead = Math.abs(ahead) < precision ? 0 : ahead;
  }

  #client(service: ServiceName, faults: boolean, answerWithin: number): Promise<Client> {
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

  async #make(service: ServiceName, faults: boolean, answerWithin: number): Promise<Client> {
    const { region, plugin, jitter } = this.#options;
    const { clock } = this;
    const [{ Client: ServiceClient }, connection] = await Promise.all([services[service](), this.#connection()]);
    const client = new ServiceClient({
      region,
      // The handler only warns of a late answer unless it is told to throw.
      ...connection.clientConfig(service, {
        connectionTimeout: 5_000,
        requestTimeout: answerWithin,
        throwOnRequestTimeout: true,
      }),
      retryStrategy: retryStrategy({ clock, faults, jitter, onRetry: reason => currentStep()?.waiting(reason) }),
      // One stack of middleware serves all calls of a command; not of S3, whose endpoint is another for each bucket.
      cacheMiddleware: service !== 's3',
    }) as unknown as Client;
    if (plugin) client.middlewareStack.use(plugin);
    const mayCall: FinalizeRequestMiddleware<object, object> = (next, context) => async args => {
      this.#verifyMayCall(`${service}:${(context.commandName ?? '').replace(/Command$/, '')}` as Operation);
      const answered = await next(args);
      this.#noteTime(answered.response);
      return answered;
    };
    client.middlewareStack.use({
      // Of two that stand after the retries the later added comes first: each attempt passes here on its way out.
      applyToStack: stack =>
        stack.addRelativeTo(mayCall, { relation: 'after', toMiddleware: 'retryMiddleware', name: 'mayCall' }),
    });
    return client;
  }
}
