import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { modelled } from '../../src/simulator/coverage.ts';
import { buildSimulatorPage } from '../../src/simulator/reference.ts';
import { services } from '../../src/simulator/simulator.ts';

test('docs/contributing/simulator.md is what the code says; npm run docs makes it so', async () => {
  expect(await readFile(new URL('../../docs/contributing/simulator.md', import.meta.url), 'utf8')).toBe(
    buildSimulatorPage(),
  );
});

test.each(Object.keys(services) as (keyof typeof services)[])('each operation of %s is described once', service => {
  const described = modelled[service].flatMap(({ operations }) => operations);
  expect(described.toSorted()).toEqual(Object.keys(services[service]).toSorted());
});

test('each description has a source', () => {
  const rows = Object.values(modelled).flat();
  expect(rows.filter(({ what, source }) => !what.endsWith('.') || source === '')).toEqual([]);
});
