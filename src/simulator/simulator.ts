import type { FinalizeRequestMiddleware, InitializeMiddleware, Pluggable } from '@smithy/types';
import type { ServiceName } from '../provision/aws/operation.ts';
import { NotSimulated } from './aws-error.ts';
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

const isRead = /^(Describe|Get|Head|List)/;

/** A call that reached the simulated AWS, one entry an attempt. `at`: virtual ms since 1970. */
export interface SimulatedCall {
  service: ServiceName;
  operation: string;
  input: object;
  at: number;
  mutating: boolean;
  error?: string;
}

/** AWS in memory, under real SDK clients. */
export class Simulator {
  readonly world: World;
  readonly calls: SimulatedCall[] = [];
  /** Decides for each attempt whether it goes wrong; `nth` counts the attempts of this operation from 1. */
  fault: (call: SimulatedCall, nth: number) => Fault | undefined = () => undefined;

  /** Called when a fault has killed the process: none of its calls answers any more. */
  onKill: () => void = () => {};
  #process = 0;
  #isKilled = false;
  readonly #turnstile: Turnstile;
  readonly #passages = new WeakMap<object, Passage>();

  constructor(options: WorldOptions) {
    this.world = new World(options);
    this.#turnstile = new Turnstile(options.clock);
    // What runs in AWS itself outlives the caller's process.
    this.world.plugin = this.#pluginFor(() => false);
  }

  /** A new process begins, with a plugin of its own; what the killed one had under way stays dead. */
  restart(): void {
    this.#process++;
    this.#isKilled = false;
  }

  /**
   * The middleware that answers for AWS, to be `client.middlewareStack.use`d, on clients with a region and any credentials. It stands right
   * after the SDK's retry middleware, so each attempt of the client's own retry strategy comes here. It belongs to the process of the moment.
   *
   * The same seed gives the same calls at the same instants, with any number of clients in parallel: from a call's start to its first attempt,
   * where the SDK may read configuration files, virtual time stands still, and calls arrive in the order in which they started. So nothing
   * in between (a middleware, a credential provider, a strategy's first token) may sleep on the virtual clock, and whatever else takes real
   * time, such as importing a client's module, must be done before time runs or within `clock.exclusively`.
   */
  get plugin(): Pluggable<object, object> {
    const process = this.#process;
    return this.#pluginFor(() => this.#isKilled || process !== this.#process);
  }

  #pluginFor(isDead: () => boolean): Pluggable<object, object> {
    const enter: InitializeMiddleware<object, object> = (next, context) => async args => {
      const passage = this.#turnstile.enter();
      this.#passages.set(context, passage);
      try {
        return await next(args);
      } finally {
        passage.leave();
      }
    };
    const answer: FinalizeRequestMiddleware<object, object> = (_next, context) => async args => {
      const service = serviceOfClient[context.clientName ?? ''];
      const operation = (context.commandName ?? '').replace(/Command$/, '');
      if (!service) throw new NotSimulated(`the client ${context.clientName}`);
      await this.#passages.get(context)?.pass();
      if (isDead()) return forever();
      try {
        const output = await this.answer(service, operation, args.input);
        return { output: { ...output, $metadata: { httpStatusCode: 200, requestId: 'simulated' } }, response: {} };
      } finally {
        if (isDead()) await forever();
      }
    };
    return {
      applyToStack: stack => {
        stack.add(enter, { step: 'initialize', priority: 'low', name: 'simulatorEntry' });
        stack.addRelativeTo(answer, { relation: 'after', toMiddleware: 'retryMiddleware', name: 'simulator' });
      },
    };
  }

  /** Answers one attempt: half the latency before the effect and half after it. */
  async answer(service: ServiceName, operation: string, input: object): Promise<object> {
    const simulated = services[service][operation] as Simulated<object, object> | undefined;
    if (!simulated) throw new NotSimulated(`${service}:${operation}`);
    const call: SimulatedCall = { service, operation, input, at: this.world.now(), mutating: !isRead.test(operation) };
    this.calls.push(call);
    const nth = this.calls.filter(other => other.service === service && other.operation === operation).length;
    const latency = this.world.takes(call.mutating ? 'call.write' : 'call.read', operation, String(nth));
    const fault = this.fault(call, nth);
    try {
      await this.world.clock.sleep(latency / 2);
      if (fault === 'killed before') return await this.#kill();
      throwFault(fault, 'before');
      verifyKnown(service, operation, simulated, input);
      const output = await simulated.run(structuredClone(input), this.world);
      if (fault === 'killed after') return await this.#kill();
      throwFault(fault, 'after');
      await this.world.clock.sleep(latency / 2);
      // What AWS answered is the caller's own copy: a later change of the world must not show in it.
      const answer = structuredClone(output);
      return simulated.present?.(answer) ?? answer;
    } catch (error) {
      call.error = (error as Error).name;
      throw error;
    }
  }

  #kill(): Promise<never> {
    this.#isKilled = true;
    this.onKill();
    return forever();
  }
}

const forever = () => new Promise<never>(() => {});

function verifyKnown(service: string, operation: string, simulated: Simulated<object, object>, input: object): void {
  const unknown = Object.entries(input).filter(
    ([name, value]) => value !== undefined && !(simulated.takes as readonly string[]).includes(name),
  );
  if (unknown.length > 0)
    throw new NotSimulated(`the parameter ${unknown.map(([name]) => name).join(', ')} of ${service}:${operation}`);
}
