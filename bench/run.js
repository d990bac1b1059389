// Prints the figures that the project promises, and fails where one does not hold. Each other file of this folder
// measures one: it exports `name` and `run()`, which gives `{ ok, lines }`.
import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleProgram } from '../scripts/bundles.js';
import { writeFolder } from '../scripts/write-folder.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv.slice(2);
const measures = (await readdir(join(root, 'bench')))
  .filter(file => file.endsWith('.ts') && (only.length === 0 || only.includes(parse(file).name)))
  .sort();

// Inside the package, so that what looks for the built function finds it; outside dist, so that it is not packed.
const folder = join(root, 'node_modules', '.cache', 'salesreport-bench');
const entryPoints = Object.fromEntries(measures.map(file => [parse(file).name, join('bench', file)]));
await writeFolder(folder, (await bundleProgram(root, entryPoints)).files);

process.chdir(root);
for (const file of measures) {
  const { name, run } = await import(pathToFileURL(join(folder, `${parse(file).name}.js`)).href);
  const { ok, lines } = await Promise.resolve()
    .then(run)
    .catch(({ message }) => ({ ok: false, lines: [message] }));
  process.stdout.write(`${name}: ${ok ? 'holds' : 'DOES NOT HOLD'}\n${lines.map(line => `  ${line}\n`).join('')}\n`);
  if (!ok) process.exitCode = 1;
}
