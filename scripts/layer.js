import { readdir, readFile } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';

/** The driver is all that the function finds in its layer; everything else is in the function's own bundle. */
const driver = 'mysql2';

const unneededFolder = /^(\.|(typings|test|tests|docs?|examples?|browser|node_modules)$)/;
const unneededFile = /^\.|\.(md|map|markdown)$|\.d\.[cm]?ts$|^(tests?|examples?)\.js$/i;

/**
 * Folders (`node_modules/...`) of the driver and of what it needs at run time, as package-lock.json has resolved them;
 * sorted.
 */
export function layerPackages(lock) {
  const found = new Set();
  const visit = folder => {
    if (found.has(folder)) return;
    found.add(folder);
    for (const name of Object.keys(lock.packages[folder].dependencies ?? {})) visit(resolveInLock(lock, folder, name));
  };
  visit(`node_modules/${driver}`);
  return [...found].sort();
}

/** Node's own way: the nearest node_modules upwards that holds the package. */
function resolveInLock(lock, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`;
    if (lock.packages[candidate]) return candidate;
    if (!folder) throw new Error(`package-lock.json does not hold ${name}, which ${from} needs; run npm install`);
  }
}

/**
 * The layer's content: path in the zip -> bytes. Licences are kept; types, tests, documentation and source maps are
 * not.
 */
export async function layerFiles(root, lock) {
  const files = new Map();
  for (const folder of layerPackages(lock)) {
    await verifyInstalled(root, lock, folder);
    for (const path of await runtimeFiles(join(root, folder))) {
      files.set(`nodejs/${folder}/${path.split(sep).join('/')}`, await readFile(join(root, folder, path)));
    }
  }
  return files;
}

/** Other sources would make another layer, and so a needless change of everybody's function. */
async function verifyInstalled(root, lock, folder) {
  const { version } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
  const wanted = lock.packages[folder].version;
  if (version !== wanted) throw new Error(`${folder} is ${version}, package-lock.json wants ${wanted}; run npm ci`);
}

async function runtimeFiles(folder, under = '') {
  const entries = await readdir(join(folder, under), { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(entry => {
      const path = join(under, entry.name);
      if (entry.isDirectory()) return unneededFolder.test(entry.name) ? [] : runtimeFiles(folder, path);
      return entry.isFile() && !unneededFile.test(basename(path)) ? [path] : [];
    }),
  );
  return nested.flat();
}
