import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildChecksPage, buildJsonSchema, buildSettingsPage } from '../../src/settings/reference.ts';

test.each([
  ['docs/reference/settings.md', buildSettingsPage()],
  ['docs/reference/checks.md', buildChecksPage()],
  ['docs/reference/settings.schema.json', buildJsonSchema()],
])('%s is what the code says; npm run docs makes it so', async (file, wanted) => {
  expect(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(wanted);
});

test('each setting is described', () => {
  expect(buildSettingsPage()).not.toContain('undefined');
});
