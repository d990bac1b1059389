import { strToU8, zipSync } from 'fflate';
import type { Clock } from '../../src/clock.ts';
import type { Artifacts } from '../../src/provision/artifacts.ts';
import type { CallRecord } from '../../src/provision/aws/aws.ts';
import { openConnection } from '../../src/provision/aws/connection/connection.ts';
import type { Wait } from '../../src/provision/aws/watch.ts';
import type { Progress } from '../../src/provision/engine/outcome.ts';
import type { Self } from '../../src/provision/lock/self.ts';
import { openPipeline, type Pipeline } from '../../src/provision/pipeline.ts';
import type { Source } from '../../src/report/facts.ts';
import { draw } from '../../src/seeded-random.ts';
import type { GivenSettings } from '../../src/settings/given.ts';
import { schema } from '../../src/settings/schema.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import type { WorldOptions } from '../../src/simulator/world.ts';

import { type Nap, suspended } from './suspended.ts';

/** What the tests search every output for. */
export const secretPassword = 'Secret-0f-the-shop';

/**
 * A function that answers the probe and what its shop holds beyond the seed: enough where the report itself is not
 * looked at.
 */
const handlerCode = `
exports.createHandler = ({ source, environment }) => async event => {
  if (event.beyondSeed) return source(environment).beyondSeed(event.beyondSeed);
  if (!event.probe) throw new Error('only the probe');
  // A password that every database takes.
  const hops = await source(environment, { reveal() {} }).probe();
  return { ok: hops.every(hop => hop.ok), hops };
};
exports.handler = () => {};`;

export const smallArtifacts: Artifacts = {
  functionZip: zipSync({ 'index.js': strToU8(handlerCode) }),
  layerZip: zipSync({ 'nodejs/node_modules/mysql2/package.json': strToU8('{}') }),
};

const wellSource = (): Source => ({
  kind: 'sample',
  read: () => Promise.reject(new Error('nothing is read in this test')),
  probe: async () => [
    { hop: 'name', ok: true, ms: 1 },
    { hop: 'tcp', ok: true, ms: 1 },
    { hop: 'login', ok: true, ms: 1 },
  ],
  beyondSeed: async () => ({ orders: 0, last: null, products: 0, tables: [] }),
  close: async () => {},
});

/** A simulated AWS. Several pipelines can work on it. */
export function simulatedAws(options: Partial<WorldOptions> = {}): Simulator {
  const clock = new VirtualClock({ start: Date.UTC(2026, 10, 24, 9) });
  return new Simulator({ clock, seed: 1, functionSource: wellSource, ...options });
}

export const settingsWith = (given: object = {}): Settings => schema.parse(given);

export interface StackOptions {
  settings?: object;
  /** What of them is kept in the record. Default: nothing. */
  given?: GivenSettings;
  artifacts?: Artifacts;
  publicAddress?: string;
  /** The tool's own clock, where it is not AWS's. */
  clock?: Clock;
  every?: readonly [number, number];
  onCall?: (call: CallRecord) => void;
  onWait?: (wait: Wait) => void;
  /** What stands in for AWS in another region. */
  pluginIn?: (region: string) => Simulator['plugin'];
  /** Said to stand in for AWS, which is then not asked what the operator may do. */
  endpoint?: string;
  /** When the operator's process sleeps. */
  nap?: Nap;
  /** Aborted at Ctrl-C. */
  signal?: AbortSignal;
  /** Who the lock says is at work: a process of its own for each pipeline, all of them alive. */
  self?: Self;
}

let processes = 0;

/** A new process on the host `host`; `isAlive` says which others still live there. */
export function newProcess(host = 'shop', isAlive: Self['isAlive'] = () => true): Self {
  processes++;
  return { host, pid: processes, run: `run-${processes}`, isAlive };
}

export async function pipelineOn(simulator: Simulator, options: StackOptions = {}): Promise<Pipeline> {
  const { world } = simulator;
  const { region } = world;
  const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
  const env = { AWS_ENDPOINT_URL: options.endpoint };
  let draws = 0;
  const { clock, plugin } = suspended(options.clock ?? simulator.clock, options.nap ?? [0, 0], simulator.plugin);
  return openPipeline({
    settings: settingsWith(options.settings),
    given: options.given ?? {},
    region,
    clock,
    jitter: () => draw(world.seed, 'jitter', draws++),
    credentials,
    plugin,
    pluginIn: options.pluginIn,
    artifacts: options.artifacts ?? smallArtifacts,
    publicAddress: async () => ('publicAddress' in options ? options.publicAddress : '203.0.113.7'),
    password: async () => secretPassword,
    onCall: options.onCall,
    onWait: options.onWait,
    self: options.self ?? newProcess(),
    signal: options.signal,
    every: options.every,
    ...(options.endpoint ? { connection: await openConnection({ region, env, credentials }) } : {}),
  });
}

const built = new Map<string, Promise<Simulator>>();

/**
 * A simulated AWS on which a stack with these settings stands, to do with as one likes: each caller has a copy of its
 * own, as it was when the build was over.
 */
export async function builtAws(options: StackOptions = {}): Promise<Simulator> {
  const key = JSON.stringify([
    options.settings ?? {},
    'publicAddress' in options && (options.publicAddress ?? 'unknown'),
  ]);
  const build = async () => {
    const aws = simulatedAws();
    await (await pipelineOn(aws, options)).provision(silent);
    return aws;
  };
  const first = built.get(key) ?? build();
  built.set(key, first);
  const { world } = await first;
  return (await first).fork(new VirtualClock({ start: world.now() }));
}

/** A teardown after which nothing is left, neither the archive nor the shop's data. */
export const everything = { deleteArchive: true, deleteDatabase: true };

export const silent: Progress = { begin() {}, started() {}, waiting() {}, finished() {} };
