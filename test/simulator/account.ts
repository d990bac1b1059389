import type { Pluggable } from '@smithy/types';
import { zipSync } from 'fflate';
import { expect } from 'vitest';
import {
  type Input,
  type Operation,
  type Output,
  type ServiceName,
  services,
} from '../../src/provision/aws/operation.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import type { WorldOptions } from '../../src/simulator/world.ts';

interface Client {
  send(command: unknown): Promise<unknown>;
  middlewareStack: { use(plugin: Pluggable<object, object>): void };
}

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

/**
 * A simulated account and real SDK clients of every service on it. One attempt a call: what AWS refuses is seen at
 * once.
 */
export async function openAccount(options: Partial<Omit<WorldOptions, 'clock'>> & { clock?: VirtualClock } = {}) {
  const { clock = new VirtualClock({ start: Date.UTC(2026, 0, 5) }), ...world } = options;
  const simulator = new Simulator({ clock, seed: 7, ...world });
  const region = simulator.world.region;
  const modules = Object.fromEntries(
    await Promise.all(Object.entries(services).map(async ([name, load]) => [name, await load()] as const)),
  ) as unknown as Record<ServiceName, { Client: new (options: object) => Client; commands: Record<string, unknown> }>;
  const clients = Object.fromEntries(
    Object.entries(modules).map(([name, { Client }]) => {
      const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
      const client = new Client({ region, credentials, maxAttempts: 1 });
      client.middlewareStack.use(simulator.plugin);
      return [name, client];
    }),
  );

  const call = async <O extends Operation>(operation: O, input: Input<O>): Promise<Output<O>> => {
    const [service, name] = operation.split(':') as [ServiceName, string];
    const Command = modules[service].commands[name] as new (input: Input<O>) => unknown;
    return (await clients[service]!.send(new Command(input))) as Output<O>;
  };
  /** The name and message with which AWS refuses a call; the test fails when it does not. */
  const refusal = async <O extends Operation>(operation: O, input: Input<O>): Promise<string> => {
    const outcome = await call(operation, input).then(
      () => 'accepted',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(outcome).not.toBe('accepted');
    return outcome;
  };
  return { clock, simulator, world: simulator.world, clients, call, refusal };
}

export type Account = Awaited<ReturnType<typeof openAccount>>;

export const trust = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

export const allowing = (...actions: string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });

/** A zip of name -> text. */
export const zipOf = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)])));
