import type { FinalizeRequestMiddleware, InitializeMiddleware, Pluggable } from '@smithy/types';
import type { Clock } from '../clock.ts';
import type { ServiceName } from '../provision/aws/operation.ts';
import { verifyAuthorized } from './authorization/operator.ts';
import { AwsError, NotSimulated } from './aws-error.ts';
import { copyOf } from './copy.ts';
import { ec2 } from './ec2/service.ts';
import { events } from './events/service.ts';
import type { Fault } from './fault.ts';
import { throwFault } from './fault.ts';
import { iam } from './iam/service.ts';
import { lambda } from './lambda/service.ts';
import { logs } from './logs/service.ts';
import { s3 } from './s3/service.ts';
import { scheduler } from './scheduler/service.ts';
import type { Simulated } from './service.ts';
import { servicequotas } from './servicequotas/service.ts';
import { sns } from './sns/service.ts';
import { ssm } from './ssm/service.ts';
import { sts } from './sts/service.ts';
import { type Passage, Turnstile } from './turnstile.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { World, type WorldOptions } from './world.ts';

/** Each operation that is known, by service and SDK name. */
export const services: Record<ServiceName, Record<string, unknown>> = {
  ec2,
  events,
  iam,
  lambda,
  logs,
  s3,
  scheduler,
  servicequotas,
  sns,
  ssm,
  sts,
};

/** SDK client names, as the middleware context gives them. */
const serviceOfClient: Record<string, ServiceName> = {
  EC2Client: 'ec2',
  EventBridgeClient: 'events',
  IAMClient: 'iam',
  LambdaClient: 'lambda',
  CloudWatchLogsClient: 'logs',
  S3Client: 's3',
  SchedulerClient: 'scheduler',
  ServiceQuotasClient: 'servicequotas',
  SNSClient: 'sns',
  SSMClient: 'ssm',
  STSClient: 'sts',
};

/**
 * The SDK's middleware that dresses or logs a request, and gives the simulator nothing; tests make millions of calls.
 */
const onlyForTheWire = [
  'contentLengthMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'httpAuthSchemeMiddleware',
  'loggerMiddleware',
  'recursionDetectionMiddleware',
];

/**
 * Where a call carries its passage: its context is not its own, since clients may share one among all calls of a
 * command.
 */
const passageOf = Symbol('passage');

const isRead = /^(Describe|Get|Head|List|Simulate)/;

/**
 * Whose call it is: one of the tool, which may do what the operator's policies allow, or one of AWS itself, of a
 * function with its own role, or of a test.
 */
type Caller = 'operator' | 'other';

/** A call that reached the simulated AWS, one entry an attempt. `at`: virtual ms since 1970. */
export interface SimulatedCall {
  service: ServiceName;
  operation: string;
  input: object;
  at: number;
  mutating: boolean;
  error?: string;
}

/** A call that was sent, and whose effect is still to come. */
interface Attempt {
  call: SimulatedCall;
  caller: Caller;
  fault: Fault | undefined;
  /** The instant of the effect. */
  effectAt: number;
}

/** AWS in memory, under real SDK clients. */
export class Simulator {
  readonly world: World;
  readonly calls: SimulatedCall[] = [];
  /** Decides for each attempt whether it goes wrong; `nth` counts the attempts of this operation from 1. */
  fault: (call: SimulatedCall, nth: number) => Fault | undefined = () => undefined;

  /** Called at the instant of each effect, right before it and, where there was one, right after it. */
  onEffect: (call: SimulatedCall, side: 'before' | 'after') => void = () => {};

  /** Called when a fault has killed the process: none of its calls answers any more. */
  onKill: () => void = () => {};
  #process = 0;
  #isKilled = false;
  readonly #turnstile: Turnstile;
  /** How many attempts each operation has seen. */
  readonly #counts = new Map<string, number>();
  readonly #sent = new Set<Attempt>();

  constructor(world: WorldOptions | World) {
    this.world = world instanceof World ? world : new World(world);
    this.#turnstile = new Turnstile(this.world.clock);
    // What runs in AWS itself outlives the caller's process.
    this.world.plugin = this.#pluginFor(() => false, 'other');
  }

  /** A new process begins, with a plugin of its own; what the killed one had under way stays dead. */
  restart(): void {
    this.#process++;
    this.#isKilled = false;
  }

  /**
   * A copy of the whole account at this instant, living on by itself on `clock`, which must show the same instant;
   * bytes are shared. It is what the caller's process leaves behind when it dies now: what it has sent still has its
   * effect, at the instant at which it would have had it, and nobody hears the answer. A new process goes on through
   * the copy's `plugin`. With the same calls, copy and original do the same. `fault` and the callbacks are not copied.
   * Throws NotSimulated while a function runs.
   */
  fork(clock: VirtualClock): Simulator {
    const { world } = this;
    if (clock.now() !== world.now())
      throw new Error(`The clock of a copy must show ${world.now()} and shows ${clock.now()}.`);
    if (world.lambda.running > 0) throw new NotSimulated('how to copy a function at work');
    const copy = new Simulator(copyOf(world, new Map<object, unknown>([[world.clock, clock]])));
    const calls = new Map(this.calls.map(call => [call, { ...call }]));
    copy.calls.push(...calls.values());
    for (const [operation, count] of this.#counts) copy.#counts.set(operation, count);
    for (const attempt of this.#sent) copy.#orphan({ ...attempt, call: calls.get(attempt.call)! });
    return copy;
  }

  /** Lets a call of a process that is no more have its effect. */
  #orphan({ fault, ...attempt }: Attempt): void {
    if (fault === 'killed before') return;
    this.#arrive({ ...attempt, fault: fault === 'killed after' ? undefined : fault }).catch((error: Error) => {
      attempt.call.error = error.name;
    });
  }

  /**
   * The middleware that answers for AWS, to be `client.middlewareStack.use`d, on clients with a region and any
   * credentials. It stands right after the SDK's retry middleware, so each attempt of the client's own retry strategy
   * comes here. It belongs to the process of the moment.
   *
   * The same seed gives the same calls at the same instants, with any number of clients in parallel: from a call's
   * start to its first attempt, where the SDK may read configuration files, virtual time stands still, and calls arrive
   * in the order in which they started. So nothing in between (a middleware, a credential provider, a strategy's first
   * token) may sleep on the virtual clock, and whatever else takes real time, such as importing a client's module, must
   * be done before time runs or within `clock.exclusively`.
   */
  get plugin(): Pluggable<object, object> {
    const process = this.#process;
    return this.#pluginFor(() => this.#isKilled || process !== this.#process, 'operator');
  }

  /** The clock as the process of the moment sees it: once it is dead, none of its sleeps ends. */
  get clock(): Clock {
    const { clock } = this.world;
    const process = this.#process;
    const isDead = () => this.#isKilled || process !== this.#process;
    return {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      async sleep(ms, signal) {
        await clock.sleep(ms, signal);
        if (isDead()) await forever();
      },
      async watch(ms) {
        await clock.watch(ms);
        if (isDead()) await forever();
      },
    };
  }

  #pluginFor(isDead: () => boolean, caller: Caller): Pluggable<object, object> {
    const enter: InitializeMiddleware<object, object> = next => async args => {
      const passage = this.#turnstile.enter();
      try {
        return await next(Object.assign(args, { [passageOf]: passage }));
      } finally {
        passage.leave();
      }
    };
    const answer: FinalizeRequestMiddleware<object, object> = (_next, context) => async args => {
      const service = serviceOfClient[context.clientName ?? ''];
      const operation = (context.commandName ?? '').replace(/Command$/, '');
      if (!service) throw new NotSimulated(`the client ${context.clientName}`);
      await (args as unknown as { [passageOf]: Passage })[passageOf].pass();
      if (isDead()) return forever();
      try {
        const output = await this.answer(service, operation, args.input, caller);
        return {
          output: { ...output, $metadata: { httpStatusCode: 200, requestId: 'simulated' } },
          response: this.#response(),
        };
      } finally {
        if (isDead()) await forever();
      }
    };
    return {
      applyToStack: stack => {
        for (const name of onlyForTheWire) stack.remove(name);
        stack.add(enter, { step: 'initialize', priority: 'low', name: 'simulatorEntry' });
        stack.addRelativeTo(answer, { relation: 'after', toMiddleware: 'retryMiddleware', name: 'simulator' });
      },
    };
  }

  /** Answers one attempt: half the latency before the effect and half after it. */
  async answer(service: ServiceName, operation: string, input: object, caller: Caller = 'other'): Promise<object> {
    const simulated = simulatedOf(service, operation);
    const { clock } = this.world;
    const mutating = !isRead.test(operation) && !isDryRun(input);
    const call: SimulatedCall = { service, operation, input, at: this.world.now(), mutating };
    this.calls.push(call);
    const nth = this.#count(`${service}:${operation}`);
    const latency = this.world.takes(call.mutating ? 'call.write' : 'call.read', operation, String(nth));
    try {
      const output = await this.#arrive({
        call,
        caller,
        fault: this.fault(call, nth),
        effectAt: clock.now() + latency / 2,
      });
      await clock.sleep(latency / 2);
      // What AWS answered is the caller's own copy: a later change of the world must not show in it.
      const answer = copyOf(output);
      return simulated.present?.(answer) ?? answer;
    } catch (error) {
      call.error = (error as Error).name;
      throw error;
    }
  }

  /** Waits for the instant of the effect, and has it. */
  async #arrive(attempt: Attempt): Promise<object> {
    const { call, caller, fault, effectAt } = attempt;
    const { service, operation, input } = call;
    const simulated = simulatedOf(service, operation);
    this.#sent.add(attempt);
    await this.world.clock.sleepUntil(effectAt);
    this.#sent.delete(attempt);
    this.onEffect(call, 'before');
    if (fault === 'killed before') return this.#kill();
    if (fault === 'hangs') await this.#hang();
    throwFault(fault, 'before');
    verifyKnown(service, operation, simulated, input);
    if (caller === 'operator') verifyAuthorized(this.world, service, operation, input);
    if (isDryRun(input))
      throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    const output = await simulated.run(copyOf(input), this.world);
    this.onEffect(call, 'after');
    if (fault === 'killed after') return this.#kill();
    if (fault === 'hangs after') await this.#hang();
    throwFault(fault, 'after');
    return output;
  }

  /** As much of an answer as HTTP tells of it: the time. */
  #response(): object {
    return { headers: { date: new Date(this.world.now()).toUTCString() } };
  }

  #count(operation: string): number {
    const nth = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, nth);
    return nth;
  }

  /** The connection stands and nothing comes; time goes on for whoever waits. */
  async #hang(): Promise<never> {
    await this.world.clock.sleep(longestWait);
    return forever();
  }

  #kill(): Promise<never> {
    this.#isKilled = true;
    this.onKill();
    return forever();
  }
}

function simulatedOf(service: ServiceName, operation: string): Simulated<object, object> {
  const simulated = services[service][operation] as Simulated<object, object> | undefined;
  if (!simulated) throw new NotSimulated(`${service}:${operation}`);
  return simulated;
}

/**
 * EC2 only looks whether the caller may, and its answer is an error either way (API reference, Common Query
 * Parameters).
 */
const isDryRun = (input: { DryRun?: boolean }): boolean => input.DryRun === true;

/**
 * Longer than anybody waits for one answer, and no longer: it passes at once where who gave up does something real, ms.
 */
const longestWait = 20 * 60_000;

const forever = () => new Promise<never>(() => {});

function verifyKnown(service: string, operation: string, simulated: Simulated<object, object>, input: object): void {
  const unknown = Object.entries(input).filter(
    ([name, value]) =>
      value !== undefined && name !== 'DryRun' && !(simulated.takes as readonly string[]).includes(name),
  );
  if (unknown.length > 0)
    throw new NotSimulated(`the parameter ${unknown.map(([name]) => name).join(', ')} of ${service}:${operation}`);
}
