import { randomBytes } from 'node:crypto';
import { type Clock, hurriedBy, systemClock } from '../clock.ts';
import type { CallRecord } from '../provision/aws/aws.ts';
import type { Wait } from '../provision/aws/watch.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import type { Source } from '../report/facts.ts';
import { draw } from '../seeded-random.ts';
import type { GivenSettings } from '../settings/given.ts';
import type { Settings } from '../settings/settings.ts';
import type { Simulator } from '../simulator/simulator.ts';

export interface CloudRequest {
  settings: Settings;
  /** What of them somebody has set. */
  given: GivenSettings;
  env: NodeJS.ProcessEnv;
  /** Aborted at Ctrl-C: calls in flight are finished and no other is begun. */
  signal: AbortSignal;
  onCall: (call: CallRecord) => void;
  /** Called about every 10 s while an answer of AWS is waited for that long. */
  onWait?: (wait: Wait) => void;
  /** Whether a person is asked for something at this moment. */
  isAsking?: () => boolean;
  /** On the simulator: how many real milliseconds one of its seconds takes. */
  simulate?: { pace: number };
  /** The password of a database that the user already has, asked for when it is first needed. */
  password: (settings: Settings) => Promise<string>;
  /** Asks for a code of an MFA device; undefined where there is nobody to ask. */
  mfaCode?: (device: string, profile: string) => Promise<string>;
  /** Whether signed calls may leave this computer unencrypted. */
  allowHttpEndpoint?: boolean;
}

/** Opens a stack's pipeline, and gives the clock that it lives by. */
export type Cloud = (request: CloudRequest) => Promise<{ pipeline: Pipeline; clock: Clock }>;

/** The one place that chooses between AWS and the simulator. */
export const chooseCloud: Cloud = request => (request.simulate ? openSimulated(request) : openAws(request));

async function openAws(request: CloudRequest): Promise<{ pipeline: Pipeline; clock: Clock }> {
  const { settings, given, env, signal, onCall, onWait, isAsking, mfaCode, allowHttpEndpoint } = request;
  const [{ openPipeline }, { loadArtifacts }, { openConnection }, { findPublicAddress }, region] = await Promise.all([
    import('../provision/pipeline.ts'),
    import('../provision/artifacts.ts'),
    import('../provision/aws/connection/connection.ts'),
    import('../provision/aws/public-address.ts'),
    regionOf(settings),
  ]);
  const connection = await openConnection({ region, env, profile: settings.profile, mfaCode, allowHttpEndpoint });
  // A person may take their time over a code; calls may not.
  await connection.credentials();
  const clock = systemClock;
  const pipeline = await openPipeline({
    settings,
    given,
    region,
    clock,
    jitter: Math.random,
    signal,
    connection,
    artifacts: await loadArtifacts(),
    publicAddress: () => findPublicAddress(connection),
    password: async settled =>
      settled.database.host === undefined ? randomBytes(24).toString('base64url') : request.password(settled),
    onCall,
    onWait,
    isAsking,
  });
  return { pipeline, clock: hurriedBy(signal, clock) };
}

/** AWS in memory, empty, with a clock of its own. The same settings and time give the same run. */
export async function openSimulated(
  request: CloudRequest,
): Promise<{ pipeline: Pipeline; clock: Clock; simulator: Simulator }> {
  const { settings, given, signal, onCall, onWait, isAsking, simulate } = request;
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
    given,
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
    onWait,
    isAsking,
  });
  return { pipeline, clock: hurriedBy(signal, clock), simulator };
}

/** The region of the settings, or the one that the AWS profile names. Throws Problem `no-region`. */
export async function regionOf({ region, profile }: Settings): Promise<string> {
  if (region !== undefined) return region;
  const { configuredRegion } = await import('../provision/aws/region.ts');
  return configuredRegion(profile);
}
