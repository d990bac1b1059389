// Makes dist/: the program, the function and its layer as zips that are the same bytes on every machine, and the licences of what is in them.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode, bundleFunction } from './bundles.js';
import { layerFiles, layerPackages } from './layer.js';
import { bundledPackages, licencesText } from './licences.js';
import { writeFolder } from './write-folder.js';
import { reproducibleZip } from './zip.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));

const [program, deployed, layer] = await Promise.all([
  bundleForNode(root, { program: 'src/commands/main.ts' }, { minify: true }),
  bundleFunction(root),
  layerFiles(root, lock),
]);
const packages = [...bundledPackages([program.metafile, deployed.metafile]), ...layerPackages(lock)];
const files = new Map([
  ...[...program.outputFiles, ...deployed.outputFiles].map(({ path, contents }) => [relative(dist, path), contents]),
  ['function.zip', reproducibleZip(new Map([['index.js', deployed.outputFiles[0].contents]]))],
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
