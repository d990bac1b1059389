import { pipelineOn, silent, simulatedAws } from '../test/helpers/simulated-stack.ts';
import { callsOf } from '../test/helpers/waves.ts';

export const name = 'Calls of a stack that is as the settings want it';

const limit = { reads: 60, waves: 5 };

/** How many questions `provision` and `status` ask when there is nothing to do, and how often they wait for an answer before they can ask on. */
export async function run(): Promise<{ ok: boolean; lines: string[] }> {
  const aws = simulatedAws();
  await (await pipelineOn(aws)).provision(silent);
  const provision = await callsOf(aws, {}, async pipeline => pipeline.provision(silent, { shown: await pipeline.plan() }));
  const status = await callsOf(aws, {}, pipeline => pipeline.status());
  const all = Object.entries({ provision, status });
  return {
    ok: all.every(([, { reads, mutating, waves }]) => reads <= limit.reads && waves <= limit.waves && mutating === 0),
    lines: all.map(
      ([verb, { reads, mutating, waves }]) =>
        `${verb.padEnd(10)} ${reads} reads (at most ${limit.reads}) in ${waves} waves (at most ${limit.waves}), ${mutating} changes`,
    ),
  };
}
