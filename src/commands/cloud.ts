import { randomBytes } from 'node:crypto';
import { type Clock, hurriedBy, systemClock } from '../clock.ts';
import { draw } from '../draw.ts';
import { Problem } from '../problem.ts';
import type { CallRecord } from '../provision/aws/aws.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import type { Source } from '../report/facts.ts';
import type { Settings } from '../settings/settings.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { findPublicAddress } from './public-address.ts';

export interface CloudRequest {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  /** Aborted at Ctrl-C: calls in flight are finished and no other is begun. */
  signal: AbortSignal;
  onCall: (call: CallRecord) => void;
  /** On the simulator: how many real milliseconds one of its seconds takes. */
  simulate?: { pace: number };
  /** The password of a database that the user already has, asked for when it is first needed. */
  password: () => Promise<string>;
}

/** Opens a stack's pipeline, and gives the clock that it lives by. */
export type Cloud = (request: CloudRequest) => Promise<{ pipeline: Pipeline; clock: Clock }>;

/** The one place that chooses between AWS and the simulator. */
export const chooseCloud: Cloud = request => (request.simulate ? openSimulated(request) : openAws(request));

async function openAws(request: CloudRequest): Promise<{ pipeline: Pipeline; clock: Clock }> {
  const { settings, env, signal, onCall } = request;
  const [{ openPipeline }, { loadArtifacts }, region] = await Promise.all([
    import('../provision/pipeline.ts'),
    import('../provision/artifacts.ts'),
    regionOf(settings),
  ]);
  const clock = systemClock;
  const pipeline = await openPipeline({
    settings,
    region,
    clock,
    jitter: Math.random,
    signal,
    endpoint: endpointOf(env),
    artifacts: await loadArtifacts(),
    publicAddress: findPublicAddress,
    password: async () => (settings.database.host === undefined ? randomBytes(24).toString('base64url') : request.password()),
    onCall,
  });
  return { pipeline, clock: hurriedBy(signal, clock) };
}

/** AWS in memory, empty, with a clock of its own. The same settings and time give the same run. */
export async function openSimulated(request: CloudRequest): Promise<{ pipeline: Pipeline; clock: Clock; simulator: Simulator }> {
  const { settings, signal, onCall, simulate } = request;
  const [{ openPipeline }, { loadArtifacts }, { Simulator }, { VirtualClock }, { sampleSource }] = await Promise.all([
    import('../provision/pipeline.ts'),
    import('../provision/artifacts.ts'),
    import('../simulator/simulator.ts'),
    import('../simulator/virtual-clock.ts'),
    import('../report/sources/sample.ts'),
  ]);
  const seed = 1;
  const region = settings.region ?? 'eu-west-1';
  const artifacts = await loadArtifacts();
  const clock = new VirtualClock({ start: Math.floor(Date.now() / 60_000) * 60_000, pace: simulate?.pace });
  // The sample shop stands in the simulated host's database: as far as the function can see, it is the shop's own.
  const functionSource = (): Source => ({ ...sampleSource, kind: 'database' });
  const simulator = new Simulator({ clock, seed, region, functionSource });
  let draws = 0;
  const pipeline = await openPipeline({
    settings,
    region,
    clock,
    jitter: () => draw(seed, 'jitter', draws++),
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    plugin: simulator.plugin,
    signal,
    artifacts,
    publicAddress: async () => '203.0.113.7',
    password: async () => `simulated-${draw(seed, 'password')}`,
    onCall,
  });
  return { pipeline, clock: hurriedBy(signal, clock), simulator };
}

/** The region of the settings, or the one that the AWS profile names. Throws Problem `no-region`. */
export async function regionOf({ region, profile }: Settings): Promise<string> {
  if (region !== undefined) return region;
  const { services } = await import('../provision/aws/operation.ts');
  const { Client } = await services.sts();
  try {
    return await new Client({ ...(profile ? { profile } : {}) }).config.region();
  } catch (cause) {
    throw new Problem(
      'no-region',
      `No AWS region is set${profile ? ` for the profile ${profile}` : ''}: add --region, such as --region eu-west-1, or set region in salesreport.yaml.`,
      { exit: 'usage', cause },
    );
  }
}

/** The first endpoint in the environment that stands in for AWS or one of its services. Throws Problem `endpoint`. */
function endpointOf(env: NodeJS.ProcessEnv): string | undefined {
  const name = Object.keys(env)
    .filter(key => /^AWS_ENDPOINT_URL(_|$)/.test(key) && env[key])
    .sort()[0];
  if (name === undefined || env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  if (!/^https?:\/\/[^/]/.test(env[name]!) || !URL.canParse(env[name]!))
    throw new Problem('endpoint', `${name} is "${env[name]}" but must be a URL such as http://127.0.0.1:4566.`, {
      exit: 'usage',
    });
  return env[name];
}
