import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { checkRules } from '../../src/check-limits.ts';
import type { Problem } from '../../src/problem.ts';
import { loadSettings } from '../../src/settings/load.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFile(new URL(file, root), 'utf8');
const docs = (await readdir(new URL('docs/', root), { recursive: true }))
  .filter(file => file.endsWith('.md'))
  .map(file => `docs/${file}`);

let file: string;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'documented-'));
  file = join(folder, 's.yaml');
  await writeFile(join(folder, 'lines.sql'), 'SELECT 1\n');
  return () => rm(folder, { recursive: true });
});

/** Null where the settings are taken, else the sentence that refuses them. */
const refusal = async (settings: unknown): Promise<string | null> => {
  await writeFile(file, typeof settings === 'string' ? settings : stringify(settings));
  return loadSettings({ settings: file }, {}).then(
    () => null,
    (error: Problem) => error.message.replace(`${file}:`, ''),
  );
};

/** A setting as the page lists it. */
interface Row {
  section: string;
  name: string;
  default: string;
  takes: string;
}

const rows: Row[] = [];
let section = '';
for (const line of (await read('docs/reference/settings.md')).split('\n')) {
  const title = /^## (?:`(.+)`|.+)$/.exec(line);
  if (title) section = title[1] ?? '';
  const cells = /^\| `([^`]+)` \| (.+?) \| (.+?) \| [^|]*\|$/.exec(line);
  if (cells && !line.includes('| `--')) {
    const [, name = '', byDefault = '', takes = ''] = cells;
    rows.push({ section, name, default: byDefault, takes });
  }
}

/** The values that a row names: its default, and one at least of each kind that it takes. */
function valuesOf({ default: byDefault, takes }: Row): unknown[] {
  const named = [...`${byDefault} ${takes}`.matchAll(/`([^`]+)`/g)].map(([, words]) => parse(words!));
  const range = /^(\d+) to (\d+)$/.exec(takes);
  return [
    ...named,
    ...(range ? range.slice(1).map(Number) : []),
    ...(takes.includes('a count') ? [0, 5] : []),
    ...(takes.includes('a percentage') ? ['0%', '1%', '0.5%'] : []),
    ...(takes.includes('hours,') ? ['3h', '0.5h'] : []),
  ];
}

const inSection = (path: string, inner: object): object =>
  path === '' ? inner : path.split('.').reduceRight((value, name) => ({ [name]: value }), inner);

describe('the page of settings', () => {
  test('lists every limit of every check', () => {
    const listed = rows.filter(row => row.section === 'checks').map(({ name }) => name);
    const limits = Object.entries(checkRules).flatMap(([id, rule]) => [
      `${id}.warn`,
      'hold' in rule ? `${id}.hold` : `${id}.block`,
    ]);
    expect(listed).toEqual(limits);
    expect(rows.length).toBeGreaterThan(70);
  });

  test('names only what is taken, in its section', async () => {
    const refused: (string | null)[] = [];
    for (const row of rows)
      for (const value of valuesOf(row)) refused.push(await refusal(inSection(row.section, { [row.name]: value })));
    expect(refused.filter(Boolean)).toEqual([]);
  });

  test('names only what is taken, by its whole name', async () => {
    const refused: (string | null)[] = [];
    for (const row of rows.filter(({ section }) => section !== ''))
      for (const value of valuesOf(row)) refused.push(await refusal({ [`${row.section}.${row.name}`]: value }));
    expect(refused.filter(Boolean)).toEqual([]);
  });
});

describe('the examples', () => {
  test('are taken, each block', async () => {
    const refused: (string | null)[] = [];
    let count = 0;
    for (const page of ['README.md', ...docs])
      for (const [, block = ''] of (await read(page)).matchAll(/^ *```yaml\n([\s\S]*?)^ *```$/gm)) {
        count++;
        const why = await refusal(block);
        if (why) refused.push(`${page}: ${why}`);
      }
    expect({ refused, enough: count >= 5 }).toEqual({ refused: [], enough: true });
  });

  test('are taken, each `name: value` in a sentence of the docs or of a message', async () => {
    const sources = (await readdir(new URL('src/', root), { recursive: true })).filter(name => name.endsWith('.ts'));
    const refused: (string | null)[] = [];
    let count = 0;
    for (const page of ['README.md', ...docs, ...sources.map(name => `src/${name}`)])
      for (const [, name = '', value = ''] of (await read(page)).matchAll(
        /\b((?:network|hosts|database|report|archive|checks|function|logs|iam|patience)\.[A-Za-z.]+): (true|false|auto|never|day|env|\d+[h%]?)\b/g,
      )) {
        count++;
        const why = await refusal(`${name}: ${value}\n`);
        if (why) refused.push(`${page}: ${why}`);
      }
    expect({ refused, enough: count >= 3 }).toEqual({ refused: [], enough: true });
  });
});

describe('a setting by its whole name', () => {
  const load = async (settings: string) => {
    await writeFile(file, settings);
    return (await loadSettings({ settings: file }, {})).settings;
  };

  test('is the same as in its section, and stands beside others of it', async () => {
    const settings = await load('network:\n  webPorts: false\nnetwork.adminCidr: none\nchecks.day.zero.warn: 5\n');
    expect(settings.network).toMatchObject({ webPorts: false, adminCidr: 'none' });
    expect(settings.checks['day.zero']).toEqual({ warn: 5, block: 'never' });
    expect((await load('network.subnets.publicA: 10.0.0.0/24\n')).network.subnets.publicA).toBe('10.0.0.0/24');
  });

  test.each([
    ['stack: a\nfunction.memory: 1\n', '2: function.memory is 1 but must be a whole number from 128 to 10240 MB.'],
    ['checks:\n  day.zero.warn: 3h\n', '2: checks.day.zero.warn is "3h" but must be a count such as 0 or never.'],
    ['checks:\n  day.zero.wran: 3\n', '2: checks.day.zero.wran is not a setting; did you mean checks.day.zero.warn?'],
    [
      'logs:\n  retentionDays: 7\nlogs.retentionDays: 14\n',
      '3: logs.retentionDays is given twice; leave one of the two out.',
    ],
    [
      'logs.retentionDays: 14\nlogs:\n  retentionDays: 7\n',
      '1: logs.retentionDays is given twice; leave one of the two out.',
    ],
    [
      'network.__proto__: 1\n',
      '1: network.__proto__ is not a setting; see docs/reference/settings.md for those there are.',
    ],
  ])('%j is refused by its line', async (settings, sentence) => {
    expect(await refusal(settings)).toBe(sentence);
  });
});
