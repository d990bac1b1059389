// Writes the pages of docs/ that are made from code.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleProgram } from './bundles.js';
import { writeFolder } from './write-folder.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'node_modules', '.cache', 'salesreport-docs');
const entryPoints = {
  settings: 'src/settings/reference.ts',
  simulator: 'src/simulator/reference.ts',
  report: 'src/report/report-schema.ts',
};
await writeFolder(folder, (await bundleProgram(root, entryPoints)).files);
const [settings, simulator, report] = await Promise.all(
  Object.keys(entryPoints).map(name => import(pathToFileURL(join(folder, `${name}.js`)).href)),
);

const pages = {
  'reference/settings.md': settings.buildSettingsPage(),
  'reference/settings.schema.json': settings.buildJsonSchema(),
  'reference/checks.md': settings.buildChecksPage(),
  'reference/report.schema.json': report.buildReportSchema(),
  'contributing/simulator.md': simulator.buildSimulatorPage(),
};
for (const [name, text] of Object.entries(pages)) await writeFile(join(root, 'docs', name), text);
