import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../scripts/bundles.js';
import { bundledPackages } from '../../scripts/licences.js';
import { loadArtifacts } from '../../src/provision/artifacts.ts';
import { htmlOf } from '../../src/report/render/html.ts';
import { reported } from '../report/reported.ts';
import { lastHour, oddShop } from '../report/rows.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;

/** Unzips as Lambda does: the function into task/, its layer into opt/. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
  const { functionZip, layerZip } = await loadArtifacts();
  await unzip(functionZip, 'task');
  await unzip(layerZip, 'opt');
});

afterAll(() => rm(folder, { recursive: true }));

async function unzip(zip: Uint8Array, under: string): Promise<void> {
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    await mkdir(dirname(join(folder, under, name)), { recursive: true });
    await writeFile(join(folder, under, name), bytes);
  }
}

describe('the deployed function', () => {
  it('starts with nothing but its layer', async () => {
    const show = `console.log(typeof require('./index.js').handler)`;
    const env = { NODE_PATH: join(folder, 'opt/nodejs/node_modules'), AWS_REGION: 'eu-west-1' };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', show], {
      cwd: join(folder, 'task'),
      env,
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'function\n', stderr: '' });
  });

  it('is two files that tell nothing about the machine they were built on, below 1 MB', async () => {
    const { functionZip } = await loadArtifacts();
    const files = unzipSync(functionZip);
    expect(Object.keys(files)).toEqual(['html.js', 'index.js']);
    for (const bytes of Object.values(files)) expect(Buffer.from(bytes).includes(root)).toBe(false);
    expect(functionZip.length).toBeLessThan(1e6);
  });

  it('loads the code of the charts only with the page, which needs nothing beside it', async () => {
    const report = reported(oddShop, lastHour);
    const show = `
      require('./index.js');
      const loaded = Object.keys(require.cache).map(file => require('path').basename(file));
      const { htmlOf } = require('./html.js');
      console.log(JSON.stringify({ loaded, page: htmlOf(${JSON.stringify(report)}) }));`;
    const env = { NODE_PATH: join(folder, 'opt/nodejs/node_modules'), AWS_REGION: 'eu-west-1' };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', show], { cwd: join(folder, 'task'), env });
    const { loaded, page } = JSON.parse(stdout) as { loaded: string[]; page: string };
    expect(loaded).toContain('index.js');
    expect(loaded).not.toContain('html.js');
    expect(page).toBe(htmlOf(report));
  });

  it('leaves the driver to the layer', async () => {
    const { files, metafile } = await bundleFunction(root);
    expect(bundledPackages([metafile])).not.toContain('node_modules/mysql2');
    expect(Buffer.from(files.get('function/index.js')!).toString()).toContain('require("mysql2")');
  });
});

describe('loadArtifacts', () => {
  const under = (name: string) => loadArtifacts(pathToFileURL(join(folder, name, '/')));

  it('says which file is not built yet', async () => {
    await mkdir(join(folder, 'unbuilt/src'), { recursive: true });
    await writeFile(join(folder, 'unbuilt/package.json'), '{ "name": "salesreport" }');
    await expect(under('unbuilt/src')).rejects.toMatchObject({
      code: 'not-built',
      message: expect.stringContaining(join(folder, 'unbuilt/dist/function.zip')),
    });
  });

  it('takes no other package for its own', async () => {
    await mkdir(join(folder, 'other'), { recursive: true });
    await writeFile(join(folder, 'other/package.json'), '{ "name": "other" }');
    await expect(under('other')).rejects.toMatchObject({
      code: 'not-built',
      message: expect.stringContaining('install it again'),
    });
  });
});
