import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { provisioned, tornDown } from '../helpers/commands.ts';
import { type Act, dieEverywhere } from '../helpers/deaths.ts';
import { pipelineOn, silent } from '../helpers/simulated-stack.ts';

const built = async (aws: Simulator) => {
  await provisioned(await pipelineOn(aws));
  // What was made is known everywhere by now.
  await aws.world.clock.sleep(60_000);
};

const changed = {
  timezone: 'Europe/Berlin',
  hosts: { cli: false },
  function: { memory: 512 },
  network: { webPorts: false },
  logs: { retentionDays: 30 },
  tags: { team: 'sales' },
};

const acts: [what: string, act: Act, fewest: number][] = [
  ['an update', { before: built, command: provisioned, options: { settings: changed }, afterwards: tornDown }, 30],
  [
    'a replacement',
    {
      before: built,
      command: async pipeline => {
        const consent = { replace: ['host.cli', 'nat-gateway'] };
        const { outcomes } = await pipeline.provision(silent, { consent });
        const bad = outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped');
        if (bad.length > 0) throw new Error(bad.map(({ title, why }) => `${title}: ${why}`).join('; '));
      },
      afterwards: tornDown,
    },
    10,
  ],
  ['a teardown', { before: built, command: tornDown }, 120],
];

describe.each([0, 2_000, 15_000])('where AWS shows what is new %i ms late', lag => {
  it.each(acts)(
    'T1: killed before and after every change of %s, the same command at once ends as if undisturbed',
    async (_what, act, fewest) => {
      const { deaths, wrong } = await dieEverywhere(lag, act);
      expect(wrong).toEqual([]);
      expect(deaths).toBeGreaterThanOrEqual(fewest);
    },
    600_000,
  );
});
