import { expect, it } from 'vitest';
import { type Life, seedsOf, stormyLife, twoOperators } from './storm.ts';

const seeds = seedsOf(process.env.STORM, '1-8');
const named = `STORM=${seeds[0]}-${seeds.at(-1)}`;
const anHour = 3_600_000;

/** The lives that went wrong, and how to live one of them again. */
async function wrongIn(live: (seed: number) => Promise<Life>): Promise<string[]> {
  const wrong: string[] = [];
  for (const seed of seeds) wrong.push(...(await live(seed)).wrong.map(what => `STORM=${seed}: ${what}`));
  return wrong;
}

it(
  `in a storm every command comes to its end, with nothing double and nothing left (${named})`,
  async () => {
    expect(await wrongIn(stormyLife)).toEqual([]);
  },
  anHour,
);

it(
  `two operators at once make one of each, also when one sleeps past its lease (${named})`,
  async () => {
    expect(await wrongIn(twoOperators)).toEqual([]);
  },
  anHour,
);

it('a seed replays a life exactly', async () => {
  for (const live of [stormyLife, twoOperators]) expect(await live(seeds[0]!)).toEqual(await live(seeds[0]!));
}, 120_000);
