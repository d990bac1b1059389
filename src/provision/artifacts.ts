import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Problem } from '../problem.ts';

/** What is built with the package and deployed as it is: zips, the same bytes on every machine. */
export interface Artifacts {
  functionZip: Uint8Array;
  layerZip: Uint8Array;
}

/**
 * Reads the zips of the package that holds the folder `from`: this code's own, bundled or not. Throws Problem
 * `not-built`.
 */
export async function loadArtifacts(from = new URL('.', import.meta.url)): Promise<Artifacts> {
  const root = await packageRoot(from);
  return { functionZip: await readBuilt(root, 'function.zip'), layerZip: await readBuilt(root, 'layer.zip') };
}

/** The bundle lies elsewhere below the package than its sources do, so the package is recognised by its name. */
async function packageRoot(folder: URL): Promise<URL> {
  const manifest = await readFile(new URL('package.json', folder), 'utf8').catch(() => '{}');
  if (JSON.parse(manifest).name === 'salesreport') return folder;
  const parent = new URL('..', folder);
  if (parent.href === folder.href)
    throw new Problem('not-built', 'The package of salesreport is incomplete; install it again.');
  return packageRoot(parent);
}

async function readBuilt(root: URL, name: string): Promise<Uint8Array> {
  const file = new URL(`dist/${name}`, root);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new Problem(
      'not-built',
      `${fileURLToPath(file)} is missing; run \`npm run build\`, or install salesreport again.`,
      {
        cause,
      },
    );
  }
}
