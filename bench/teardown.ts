import type { Clock } from '../src/clock.ts';
import { longestPath, reversed } from '../src/provision/engine/graph.ts';
import { graphOf } from '../src/provision/engine/inventory.ts';
import type { Outcome } from '../src/provision/engine/outcome.ts';
import { lookAgainAfter } from '../src/provision/engine/remove.ts';
import { catalogueOf } from '../test/helpers/catalogue-of.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../test/helpers/simulated-stack.ts';
import { median as middle } from './helpers/timing.ts';

export const name = 'Teardown, in virtual seconds on the simulator';

const seeds = Array.from({ length: 21 }, (_, index) => index + 1);
const limit = 1.1;

/**
 * How near teardown comes to the time that AWS itself needs: the longest path through the graph turned round, where
 * each resource takes what it takes in a run that polls twice a second, but for the ten seconds between two looks that
 * prove an absence. Teardown counts from its first look to its certificate.
 */
export async function run(): Promise<{ ok: boolean; lines: string[] }> {
  const runs: Awaited<ReturnType<typeof measure>>[] = [];
  for (const seed of seeds) runs.push(await measure(seed));
  const median = (of: (one: (typeof runs)[number]) => number) => middle(runs.map(of));
  const ratio = median(({ teardown, longest }) => teardown / longest.length);
  const worst = Math.max(...runs.map(({ teardown, longest }) => teardown / longest.length));
  return {
    ok: ratio <= limit,
    lines: [
      `longest path    ${median(({ longest }) => longest.length).toFixed(1)} s   ${runs[0]!.longest.path.join(' > ')}`,
      `teardown        ${median(({ teardown }) => teardown).toFixed(1)} s`,
      `ratio           ${ratio.toFixed(3)} (at most ${limit}), median of seeds 1 to ${seeds.length}; ${worst.toFixed(3)} at worst`,
    ],
  };
}

async function measure(seed: number) {
  const usual = await take(seed, clock => clock);
  // Pauses from ten seconds on are no polls: they prove an absence, or renew the lock.
  const hasty = await take(seed, clock => ({
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    sleep: (ms, signal) => clock.sleep(ms >= lookAgainAfter ? ms : Math.min(ms, 500), signal),
  }));
  const graph = reversed(graphOf(catalogueOf(simulatedAws({ seed })).filter(({ id }) => hasty.seconds.has(id))));
  return { teardown: usual.total, longest: longestPath(graph, id => hasty.seconds.get(id)!) };
}

/** Builds a stack and takes it down. `clockOf`: the clock of the tool while it does, made of AWS's. */
async function take(seed: number, clockOf: (clock: Clock) => Clock) {
  const aws = simulatedAws({ seed });
  const { clock } = aws.world;
  await (await pipelineOn(aws)).provision(silent);
  const pipeline = await pipelineOn(aws, { clock: clockOf(clock) });
  const seconds = new Map<string, number>();
  const finished = ({ id, seconds: took }: Outcome) => seconds.set(id, took);
  const start = clock.now();
  const { left } = await pipeline.teardown({ ...silent, finished }, everything);
  if (left.length > 0) throw new Error(`Seed ${seed}: ${left.length} things were left.`);
  return { seconds, total: (clock.now() - start) / 1000 };
}
