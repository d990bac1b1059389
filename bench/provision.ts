import type { Clock } from '../src/clock.ts';
import { longestPath } from '../src/provision/engine/graph.ts';
import { graphOf } from '../src/provision/engine/inventory.ts';
import { catalogueOf } from '../test/helpers/catalogue-of.ts';
import { pipelineOn, silent, simulatedAws } from '../test/helpers/simulated-stack.ts';
import { median } from './helpers/timing.ts';

export const name = 'Provision, in virtual seconds on the simulator';

const seeds = Array.from({ length: 100 }, (_, index) => index + 1);
/** Of which the longest path is measured too. */
const measured = seeds.slice(0, 21);
const limit = 1.1;
/** How far the plan's estimate may be from the median. */
const tolerance = 0.1;

/**
 * How near provision comes to the time that AWS itself needs: the longest path through the graph, where each resource
 * takes what it takes in a run whose every pause is a tenth of a second, with the same latencies. Provision counts from
 * its first look to the last resource that is ready; the probe comes after. And how near the plan's estimate comes to
 * the whole, which ends with the probe.
 */
export async function run(): Promise<{ ok: boolean; lines: string[] }> {
  const usual: Awaited<ReturnType<typeof build>>[] = [];
  for (const seed of seeds) usual.push(await build(seed, clock => clock));
  const longest: ReturnType<typeof longestPath>[] = [];
  for (const seed of measured) longest.push(await longestOf(seed));
  const ratios = longest.map(({ length }, index) => usual[index]!.seconds / length);
  const whole = median(usual.map(({ proved }) => proved));
  const { expected } = usual[0]!;
  const error = expected / whole - 1;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  return {
    ok: median(ratios) <= limit && Math.abs(error) <= tolerance,
    lines: [
      `longest path    ${seconds(median(longest.map(({ length }) => length)))}   ${longest[0]!.path.join(' > ')}`,
      `provision       ${seconds(median(usual.slice(0, measured.length).map(one => one.seconds)))}`,
      `ratio           ${median(ratios).toFixed(3)} (at most ${limit}), median of seeds 1 to ${measured.length}; ${Math.max(...ratios).toFixed(3)} at worst`,
      `with the probe  ${seconds(whole)}, median of seeds 1 to ${seeds.length}; the plan expects ${seconds(expected)}, which is ${(100 * error).toFixed(1)} % off (at most ${100 * tolerance} %)`,
    ],
  };
}

async function longestOf(seed: number) {
  const hasty = await build(seed, clock => ({
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    // The lock is renewed every 20 s: nobody waits for that.
    sleep: (ms, signal) => clock.sleep(ms < 20_000 ? Math.min(ms, 100) : ms, signal),
  }));
  const seconds = new Map(hasty.outcomes.map(one => [one.id, one.seconds]));
  const graph = graphOf(catalogueOf(simulatedAws({ seed })).filter(({ id }) => seconds.has(id)));
  return longestPath(graph, id => seconds.get(id)!);
}

/** Builds a stack. `clockOf`: the clock of the tool, made of AWS's. */
async function build(seed: number, clockOf: (clock: Clock) => Clock) {
  const aws = simulatedAws({ seed });
  const { clock } = aws.world;
  const pipeline = await pipelineOn(aws, { clock: clockOf(clock) });
  const { time } = await pipeline.plan();
  const start = clock.now();
  const { outcomes, seconds } = await pipeline.provision(silent);
  const hops = await pipeline.probe(silent);
  if (!outcomes.every(({ outcome }) => outcome === 'created') || !hops.every(({ ok }) => ok))
    throw new Error(`Seed ${seed}: the stack was not built.`);
  return { outcomes, seconds, expected: time.seconds, proved: (clock.now() - start) / 1000 };
}
