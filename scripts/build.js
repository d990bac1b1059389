// Makes dist/: the program, the function and its layer as zips that are the same bytes on every machine, and the
// licences of what is in them.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunction, bundleProgram } from './bundles.js';
import { layerFiles, layerPackages } from './layer.js';
import { bundledPackages, licencesText } from './licences.js';
import { writeFolder } from './write-folder.js';
import { reproducibleZip } from './zip.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));

const [program, deployed, layer] = await Promise.all([
  bundleProgram(root, { program: 'src/commands/main.ts' }),
  bundleFunction(root),
  layerFiles(root, lock),
]);
const packages = [...bundledPackages([program.metafile, deployed.metafile]), ...layerPackages(lock)];
const files = new Map([
  ...program.files,
  ...deployed.files,
  ['function.zip', reproducibleZip(new Map([...deployed.files].map(([name, bytes]) => [basename(name), bytes])))],
  ['layer.zip', reproducibleZip(layer)],
  ['THIRD-PARTY-LICENSES.txt', Buffer.from(await licencesText(root, packages))],
]);
await writeFolder(dist, files);

if (process.argv.includes('--sizes')) {
  const sizes = [...files]
    .map(([name, bytes]) => `${(bytes.length / 1024).toFixed(0).padStart(7)} KB  ${name}`)
    .sort()
    .reverse();
  process.stdout.write(`${sizes.join('\n')}\n`);
}
