import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const run = promisify(execFile);
let folder: string;

/** Packs the project and installs the tarball alone, without a network. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pack-'));
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./salesreport-${manifest.version}.tgz`], {
    cwd: folder,
  });
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

const salesreport = (...args: string[]) => run('npx', ['--no-install', 'salesreport', ...args], { cwd: folder });

describe('the packed program', () => {
  it('needs no other package and takes less than 10 MB', async () => {
    const modules = join(folder, 'node_modules');
    const files = await readdir(modules, { recursive: true });
    const sizes = await Promise.all(files.map(async file => (await stat(join(modules, file))).size));
    expect((await readdir(modules)).filter(name => !name.startsWith('.'))).toEqual(['salesreport']);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(10e6);
  });

  it('holds what it runs on, deploys and owes to others, and no sources', async () => {
    const files = await readdir(join(folder, 'node_modules/salesreport'), { recursive: true });
    for (const file of [
      'dist/program.js',
      'dist/function.zip',
      'dist/layer.zip',
      'dist/THIRD-PARTY-LICENSES.txt',
      'LICENSE',
    ])
      expect(files).toContain(file);
    expect(files.filter(file => /^(src|test|scripts|bench|node_modules)/.test(file))).toEqual([]);
  });

  it('starts', async () => {
    expect((await salesreport('--version')).stdout.trim()).toBe(manifest.version);
    expect((await salesreport('--help')).stdout).toContain('provision');
  });

  it('plays the demo to its end', async () => {
    const { stdout } = await salesreport('demo', '--pace', '0');
    expect(stdout).toContain('Nothing of stack salesreport is left');
  }, 60_000);
});
