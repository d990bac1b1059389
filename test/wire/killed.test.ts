import { expect, test } from 'vitest';
import { listingOf } from './helpers/listing.ts';
import { startMoto } from './helpers/moto.ts';
import { own, ownSettings } from './helpers/own.ts';
import { killedAfter, salesreport } from './helpers/salesreport.ts';
import { namesOf, region, simulatedNames } from './helpers/same.ts';

// Among the first creates, with the network half made, and with the function on its way.
test.concurrent.each([4, 22, 36])(
  'killed after %i changes, the same command finishes the work with one of each',
  async changes => {
    const moto = await own(startMoto());
    const provision = ['provision', '--yes', '--settings', ownSettings()];
    const before = new Set((await listingOf(moto.url, region)).map(({ id }) => id));
    expect(await killedAfter(moto.url, changes, provision)).toBe('SIGKILL');

    const { exit, document } = await salesreport(moto.url, provision);
    expect(exit, JSON.stringify(document.error ?? document.outcomes)).toBe(0);
    const stood = (await listingOf(moto.url, region)).filter(({ id }) => !before.has(id));
    expect(namesOf(stood)).toEqual(await simulatedNames({}));
  },
);
