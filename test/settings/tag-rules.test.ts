import { expect, it } from 'vitest';
import { schema } from '../../src/settings/schema.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import { pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const tagsTaken = (tags: Record<string, string>): boolean => schema.safeParse({ tags }).success;
const numbered = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`tag ${at}`, 'x']));

it.each([
  ['a key of 1 character', { k: 'v' }, true],
  ["a key of 127 characters, EC2's most", { ['k'.repeat(127)]: 'v' }, true],
  ['a key of 128 characters, which all others take', { ['k'.repeat(128)]: 'v' }, false],
  ['an empty key', { '': 'v' }, false],
  ["a value of 1 character, the Scheduler's least", { k: 'v' }, true],
  ['an empty value, which all others take', { k: '' }, false],
  ['a value of 256 characters', { k: 'v'.repeat(256) }, true],
  ['a value of 257 characters', { k: 'v'.repeat(257) }, false],
  ['letters of any alphabet, digits, spaces and _.:/=+-@', { 'Größe 大_.:/=+-@': 'Ä 9_.:/=+-@' }, true],
  ['another character in a key', { 'a&b': 'v' }, false],
  ['another character in a value', { k: 'a&b' }, false],
  ['a key that begins with aws:', { 'aws:x': 'v' }, false],
  ['the same in capitals', { 'AWS:x': 'v' }, false],
  ['aws: in the middle of a key', { 'x-aws:x': 'v' }, true],
  ["the tool's own", { 'SalesReport:stack': 'v' }, false],
  ["two keys that differ by case only, which are one of IAM's", { Team: 'v', team: 'v' }, false],
  ['37 tags', numbered(37), true],
  ['38 tags', numbered(38), false],
])('tags: %s', (_name, tags, isTaken) => {
  expect(tagsTaken(tags)).toBe(isTaken);
});

it("every service takes the longest, the shortest, the oddest and the most that the settings take, beside the tool's own", async () => {
  const edge = { ['k'.repeat(127)]: 'v'.repeat(256), k: 'v', 'Größe 大_.:/=+-@': 'Ä 9_.:/=+-@' };
  const settings = { timezone: 'Europe/Berlin', tags: { ...numbered(34), ...edge } };
  const aws = simulatedAws();
  for (let run = 1; run <= 2; run++) {
    const { outcomes } = await (await pipelineOn(aws, { settings })).provision(silent);
    expect(outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped')).toEqual([]);
  }
  const standing = inventory(aws.world).filter(row => !isEnded(row) && row.tags['salesreport:stack'] !== undefined);
  expect(standing.length).toBeGreaterThan(30);
  for (const { tags } of standing) expect(tags).toMatchObject(settings.tags);
  expect(Math.max(...standing.map(({ tags }) => Object.keys(tags).length))).toBeLessThanOrEqual(50);
});
