import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Cloud } from '../../src/commands/cloud.ts';
import { main } from '../../src/commands/main.ts';
import { loadArtifacts } from '../../src/provision/artifacts.ts';
import { openPipeline } from '../../src/provision/pipeline.ts';
import { sampleSource } from '../../src/report/sources/sample.ts';
import { draw } from '../../src/seeded-random.ts';
import { IamWorld } from '../../src/simulator/iam/state.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';

/** What every output of a story is searched for. */
export const password = "Tr0ub4dor&3' of the shop";

/** A person at a keyboard with an AWS account, one simulated region at a time, and the built function. */
export async function openShop() {
  const artifacts = await loadArtifacts();
  const iam = new IamWorld();
  const clock = new VirtualClock({ start: Date.UTC(2026, 10, 24, 9) });
  const regions = new Map<string, Simulator>();
  const folder = await mkdtemp(join(tmpdir(), 'story-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  let output = '';

  const regionOf = (region: string): Simulator => {
    const known = regions.get(region);
    if (known) return known;
    const functionSource = () => ({ ...sampleSource, kind: 'database' as const });
    const made = new Simulator({ clock, seed: 1, region, iam, functionSource });
    regions.set(region, made);
    return made;
  };

  const cloud: Cloud = async ({ settings, given, onCall }) => {
    const simulator = regionOf(settings.region ?? 'eu-west-1');
    let draws = 0;
    const pipeline = await openPipeline({
      settings,
      given,
      region: simulator.world.region,
      clock,
      jitter: () => draw(1, 'jitter', draws++),
      credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
      plugin: simulator.plugin,
      pluginIn: region => regionOf(region).plugin,
      artifacts,
      publicAddress: async () => '203.0.113.7',
      password: async () => password,
      onCall,
    });
    return { pipeline, clock };
  };

  /** Types a command line, without the program's name; there is no terminal. */
  const type = async (line: string) => {
    const seen = { stdout: '', stderr: '' };
    const stream = (name: keyof typeof seen) => ({
      columns: 100,
      isTTY: false,
      write: (text: string) => {
        seen[name] += text;
        output += text;
      },
    });
    const code = await main(line.split(' '), {
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      stdin: Object.assign(Readable.from([]), { isTTY: false }),
      env: { SALESREPORT_DATABASE_PASSWORD: password },
      cloud,
    });
    return { code, ...seen };
  };

  return {
    type,
    /** The same, for a command with `--json`. */
    json: async (line: string) => {
      const { code, stdout } = await type(`${line} --json`);
      return { code, document: JSON.parse(stdout) };
    },
    /** Writes a settings file and gives its path. */
    settings: async (yaml: string) => {
      const file = join(folder, 'salesreport.yaml');
      await writeFile(file, yaml);
      return file;
    },
    clock,
    aws: (region = 'eu-west-1') => regionOf(region),
    /** Everything printed so far. */
    output: () => output,
  };
}
