import { mkdtemp, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadSettings } from '../../src/settings/load.ts';
import { runs } from '../helpers/sampled.ts';

async function refusal(yaml: string | Uint8Array): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'settings-')), 'salesreport.yaml');
  await writeFile(file, yaml);
  return loadSettings({ settings: file }, {}).then(
    () => 'taken',
    error => `${error.code}: ${error.message}`,
  );
}

it.each(['constructor', 'toString', 'hasOwnProperty'])(
  'takes %s as a setting that is unknown, like any other',
  async key => {
    for (const yaml of [`${key}: 1\n`, `network:\n  ${key}: 1\n`])
      expect(await refusal(yaml)).toMatch(
        new RegExp(
          `^settings: .*${key} is not a setting; (see docs/reference/settings.md|did you mean (network\\.)?[a-z]+\\?)`,
        ),
      );
    expect(await refusal(`${key}:\n  a: 1\n`)).not.toMatch(new RegExp(`\\.${key}\\?`));
  },
);

it('compares no key with the settings that is longer than any of them', async () => {
  expect(await refusal(`${'a'.repeat(1000)}: 1\n`)).toContain('is not a setting; see docs/reference/settings.md');
});

it('counts unknown keys beyond those that a person reads', async () => {
  const yaml = Array.from({ length: 2000 }, (_, i) => `zzqx${i}: 1`).join('\n');
  const file = join(await mkdtemp(join(tmpdir(), 'settings-')), 'salesreport.yaml');
  await writeFile(file, yaml);
  const error = await loadSettings({ settings: file }, {}).catch(cause => cause);
  expect(error.next.split('\n').at(-1).trim()).toBe('and 1950 more');
});

it.each([
  ['a byte order mark', '\ufeffcurrency: EUR\n'],
  ['line ends of Windows', 'currency: EUR\r\nnetwork:\r\n  cidr: 10.0.0.0/16\r\n'],
  ['an alias', 'tags: &a {Team: x}\ncurrency: EUR\n'],
])('takes %s', async (_what, yaml) => {
  expect(await refusal(yaml)).toBe('taken');
});

const laughs = [
  'a: &a0 [x]',
  ...Array.from({ length: 12 }, (_, i) => `a${i}: &a${i + 1} [${`*a${i},`.repeat(9)}]`),
].join('\n');

it.each([
  ['tabs', 'network:\n\tcidr: 10.0.0.0/16\n'],
  ['what is not UTF-8', Buffer.from('stack: caf\xe9\n', 'latin1')],
  ['UTF-16', Buffer.from('\ufeffstack: shop\n', 'utf16le')],
  ['zeros', Buffer.alloc(2_000)],
  ['__proto__', '__proto__:\n  stack: x\n'],
  ['__proto__ in a section', 'network:\n  __proto__: {cidr: 1}\n'],
  ['__proto__ as a tag', 'tags: {__proto__: x}\n'],
  ['aliases that multiply', laughs],
  ['an alias of itself', 'tags: &a\n  x: *a\n'],
  ['an alias of nothing', 'stack: *a\n'],
  ['two documents', 'stack: a\n---\nstack: b\n'],
  ['a tag of YAML', 'stack: !!js/function "x"\n'],
  ['many levels', `stack: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`],
  ['many levels of sections', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['a merge key', '<<: {stack: shop}\n'],
  ['keys that are no names', '? [a, b]\n: 1\n? {c: d}\n: 2\nnull: 3\n'],
])('refuses %s with one sentence', async (_what, yaml) => {
  expect(await refusal(yaml)).toMatch(/^settings(-file)?: [^\n]{1,400}[.?]$/);
});

it.each([
  ['unknown', (i: number) => `zzqx${i}: 1`],
  ['alike', (i: number) => `stac${i}: 1`],
  ['in a section', (i: number) => `${i === 0 ? 'network:\n' : ''}  cidr${i}: 1`],
  ['tags', (i: number) => `${i === 0 ? 'tags:\n' : ''}  t${i}: 1`],
])('20,000 keys (%s) take no time that grows with their square', async (_what, line) => {
  const file = join(await mkdtemp(join(tmpdir(), 'settings-')), 'salesreport.yaml');
  await writeFile(file, Array.from({ length: 20_000 }, (_, i) => line(i)).join('\n'));
  // Other work on the machine does not count.
  const start = process.cpuUsage();
  await expect(loadSettings({ settings: file }, {})).rejects.toMatchObject({ code: 'settings' });
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1_000).toBeLessThan(3_000);
});

it('reads no more of a file than a settings file can have', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'settings-')), 'salesreport.yaml');
  const handle = await open(file, 'w');
  await handle.truncate(100 * 1024 * 1024);
  await handle.close();
  await expect(loadSettings({ settings: file }, {})).rejects.toThrow('was not used, because it has more than 1 MB');
  if (process.platform === 'linux')
    await expect(loadSettings({ settings: '/dev/zero' }, {})).rejects.toThrow(
      'was not used, because it has more than 1 MB',
    );
});

it('whatever the file holds, the failure is a sentence', async () => {
  const piece = fc.constantFrom(
    'stack',
    'network',
    'tags',
    ': ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '&a ',
    '*a',
    '<<',
    '!!',
    '|',
    '>',
    '#',
    '?',
    '~',
    '\t',
    '__proto__',
    '0x1',
    'null',
    '\u0000',
    '€',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async pieces => {
      expect(await refusal(pieces.join(''))).toMatch(/^(taken|settings(-file)?: .+)/);
    }),
    runs(300),
  );
});
