import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layerFiles, layerPackages } from '../../scripts/layer.js';

const root = resolve(import.meta.dirname, '../..');
const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
const files: Map<string, Buffer> = await layerFiles(root, lock);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-'));
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
});

afterAll(() => rm(folder, { recursive: true }));

describe('the layer', () => {
  it('is all that the driver needs: a query fails only because nobody listens', async () => {
    const query = `require('mysql2/promise').createConnection({ host: '127.0.0.1', port: 1 }).catch(error => console.log(error.code))`;
    const env = { NODE_PATH: join(folder, 'nodejs/node_modules') };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', query], { env, cwd: folder });
    expect(stdout).toBe('ECONNREFUSED\n');
  });

  it('knows every character set of the driver', async () => {
    const decode = `console.log(require('iconv-lite').decode(Buffer.from('834a8374834683', 'hex'), 'shift_jis').slice(0, 3))`;
    const env = { NODE_PATH: join(folder, 'nodejs/node_modules') };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', decode], { env, cwd: folder });
    expect(stdout).toBe('カフェ\n');
  });

  it('lies where Lambda looks, and holds no types, tests, documentation, source maps or executables', () => {
    const names = [...files.keys()];
    expect(names.filter(name => !name.startsWith('nodejs/node_modules/'))).toEqual([]);
    expect(
      names.filter(name => /\.d\.[cm]?ts$|\.map$|\.md$|\/\.|\/(test|typings|docs)(s?\/|s?\.js$)/.test(name)),
    ).toEqual([]);
  });

  it('keeps the licence of each package', () => {
    const licensed = [...files.keys()].filter(name => /\/licen[cs]e[^/]*$/i.test(name)).map(name => dirname(name));
    expect(licensed.sort()).toEqual(layerPackages(lock).map(name => `nodejs/${name}`));
  });

  it('refuses sources other than the locked ones', async () => {
    const other = structuredClone(lock);
    other.packages['node_modules/mysql2'].version = '0.0.1';
    await expect(layerFiles(root, other)).rejects.toThrow('run npm ci');
  });
});

describe('layerPackages', () => {
  it('resolves as Node does: nearest node_modules first', () => {
    const packages = {
      'node_modules/mysql2': { dependencies: { long: '1', lru: '1' } },
      'node_modules/mysql2/node_modules/long': { dependencies: { lru: '2' } },
      'node_modules/mysql2/node_modules/long/node_modules/lru': {},
      'node_modules/long': {},
      'node_modules/lru': { dependencies: { long: '2' } },
    };
    expect(layerPackages({ packages })).toEqual(Object.keys(packages).sort());
  });

  it('says which package the lock lacks', () => {
    expect(() => layerPackages({ packages: { 'node_modules/mysql2': { dependencies: { long: '1' } } } })).toThrow(
      /long/,
    );
  });
});
