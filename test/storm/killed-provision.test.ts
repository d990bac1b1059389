import { expect, it } from 'vitest';
import { provisioned, tornDown } from '../helpers/commands.ts';
import { dieEverywhere } from '../helpers/deaths.ts';

it.each([0, 2_000, 15_000])(
  'T1: killed before and after every change of a provision, where AWS shows what is new %i ms late, the same command at once leaves one of each, and a teardown none',
  async lag => {
    const { deaths, wrong } = await dieEverywhere(lag, { command: provisioned, afterwards: tornDown });
    expect(wrong).toEqual([]);
    expect(deaths).toBeGreaterThan(130);
  },
  600_000,
);
