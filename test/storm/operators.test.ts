import { expect, it } from 'vitest';
import { namedSeeds, seeds, twoOperators, wrongIn } from './storm.ts';

it(`two operators at once make one of each, also when one sleeps past its lease (${namedSeeds})`, async () => {
  expect(await wrongIn(twoOperators)).toEqual([]);
}, 3_600_000);

it('a seed replays them exactly', async () => {
  expect(await twoOperators(seeds[0]!)).toEqual(await twoOperators(seeds[0]!));
}, 120_000);
