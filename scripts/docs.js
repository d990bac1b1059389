// Writes docs/settings.md and docs/settings.schema.json from the schema of the settings.
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);
const { outputFiles } = await build({
  entryPoints: [new URL('src/settings/reference.ts', root).pathname],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
});
const { buildJsonSchema, buildSettingsPage } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);
await writeFile(new URL('docs/settings.md', root), buildSettingsPage());
await writeFile(new URL('docs/settings.schema.json', root), buildJsonSchema());
