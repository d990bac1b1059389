import { expect, it } from 'vitest';
import { namedSeeds, seeds, stormyLife, wrongIn } from './storm.ts';

it(`in a storm every command comes to its end, with nothing double and nothing left (${namedSeeds})`, async () => {
  expect(await wrongIn(stormyLife)).toEqual([]);
}, 3_600_000);

it('a seed replays a life exactly', async () => {
  expect(await stormyLife(seeds[0]!)).toEqual(await stormyLife(seeds[0]!));
}, 120_000);
