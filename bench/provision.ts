import type { Clock } from '../src/clock.ts';
import { longestPath } from '../src/provision/engine/graph.ts';
import { graphOf } from '../src/provision/engine/survey.ts';
import { catalogueOf } from '../test/helpers/catalogue-of.ts';
import { pipelineOn, silent, simulatedAws } from '../test/helpers/simulated-stack.ts';
import { median as middle } from './helpers/timing.ts';

export const name = 'Provision, in virtual seconds on the simulator';

const seeds = Array.from({ length: 21 }, (_, index) => index + 1);
const limit = 1.15;

/**
 * How near provision comes to the time that AWS itself needs: the longest path through the graph, where each resource takes what it takes in a run
 * whose every pause is 10 ms, with the same latencies. Provision counts from its first look to the last resource that is ready; the probe comes after.
 */
export async function run(): Promise<{ ok: boolean; lines: string[] }> {
  const runs: Awaited<ReturnType<typeof measure>>[] = [];
  for (const seed of seeds) runs.push(await measure(seed));
  const median = (of: (one: (typeof runs)[number]) => number) => middle(runs.map(of));
  const ratio = median(({ provision, longest }) => provision / longest.length);
  const worst = Math.max(...runs.map(({ provision, longest }) => provision / longest.length));
  return {
    ok: ratio <= limit,
    lines: [
      `longest path    ${median(({ longest }) => longest.length).toFixed(1)} s   ${runs[0]!.longest.path.join(' > ')}`,
      `provision       ${median(({ provision }) => provision).toFixed(1)} s`,
      `ratio           ${ratio.toFixed(3)} (at most ${limit}), median of seeds 1 to ${seeds.length}; ${worst.toFixed(3)} at worst`,
      `with the probe  ${median(({ proved }) => proved).toFixed(1)} s, and ${median(({ provedWithoutPauses }) => provedWithoutPauses).toFixed(1)} s without pauses`,
    ],
  };
}

async function measure(seed: number) {
  const usual = await build(seed, clock => clock);
  const hasty = await build(seed, clock => ({
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(Math.min(ms, 10), signal),
  }));
  const seconds = new Map(hasty.outcomes.map(one => [one.id, one.seconds]));
  const graph = graphOf(catalogueOf(simulatedAws({ seed })).filter(({ id }) => seconds.has(id)));
  return {
    provision: usual.seconds,
    proved: usual.proved,
    provedWithoutPauses: hasty.proved,
    longest: longestPath(graph, id => seconds.get(id)!),
  };
}

/** Builds a stack. `clockOf`: the clock of the tool, made of AWS's. */
async function build(seed: number, clockOf: (clock: Clock) => Clock) {
  const aws = simulatedAws({ seed });
  const { clock } = aws.world;
  const pipeline = await pipelineOn(aws, { clock: clockOf(clock) });
  const start = clock.now();
  const { outcomes, seconds } = await pipeline.provision(silent);
  const hops = await pipeline.probe(silent);
  if (!outcomes.every(({ outcome }) => outcome === 'created') || !hops.every(({ ok }) => ok))
    throw new Error(`Seed ${seed}: the stack was not built.`);
  return { outcomes, seconds, proved: (clock.now() - start) / 1000 };
}
