import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleProgram } from '../../scripts/bundles.js';
import { bundledPackages } from '../../scripts/licences.js';

const root = resolve(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-up-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** The files of dist/ that a command line loads, as V8 counts them. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const env = { ...process.env, NODE_V8_COVERAGE: folder };
  await promisify(execFile)(process.execPath, [join(root, 'bin/salesreport.js'), ...args], { env });
  const [coverage] = await readdir(folder);
  const { result } = JSON.parse(await readFile(join(folder, coverage!), 'utf8')) as { result: { url: string }[] };
  const files = result
    .filter(({ url }) => url.startsWith('file:'))
    .map(({ url }) => relative(root, fileURLToPath(url)));
  return files.filter(file => file.startsWith('dist/'));
}

it('loads commander and nothing else for --help: no SDK, no driver, no terminal', async () => {
  const loaded = await loadedBy('--help');
  const { metafile } = await bundleProgram(root, { program: 'src/commands/main.ts' });
  const outputs = Object.fromEntries(loaded.map(file => [file, metafile.outputs[file]!]));
  expect(loaded).toContain('dist/program.js');
  expect([...new Set(bundledPackages([{ outputs }]))]).toEqual(['node_modules/commander']);
});
