import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSettings } from '../../src/settings/load.ts';

async function refusal(yaml: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'settings-')), 'salesreport.yaml');
  await writeFile(file, yaml);
  return loadSettings({ settings: file }, {}).then(
    () => 'taken',
    error => `${error.code}: ${error.message}`,
  );
}

it.each(['constructor', 'toString', 'hasOwnProperty'])('takes %s as a setting that is unknown, like any other', async key => {
  for (const yaml of [`${key}: 1\n`, `network:\n  ${key}: 1\n`])
    expect(await refusal(yaml)).toMatch(
      new RegExp(`^settings: .*${key} is not a setting; (see docs/settings.md|did you mean (network\\.)?[a-z]+\\?)`),
    );
  expect(await refusal(`${key}:\n  a: 1\n`)).not.toMatch(new RegExp(`\\.${key}\\?`));
});

it('compares no key with the settings that is longer than any of them', async () => {
  expect(await refusal(`${'a'.repeat(1000)}: 1\n`)).toContain('is not a setting; see docs/settings.md');
});

it('counts unknown keys beyond those that a person reads', async () => {
  const yaml = Array.from({ length: 2000 }, (_, i) => `zzqx${i}: 1`).join('\n');
  const file = join(await mkdtemp(join(tmpdir(), 'settings-')), 'salesreport.yaml');
  await writeFile(file, yaml);
  const error = await loadSettings({ settings: file }, {}).catch(cause => cause);
  expect(error.next.split('\n').at(-1).trim()).toBe('and 1950 more');
});
