import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { fileNameOf, writeOutput } from '../../src/commands/output-file.ts';

const folder = () => mkdtemp(join(tmpdir(), 'output-'));

it('writes a file that only its owner reads, and leaves nothing beside it', async () => {
  const within = await folder();
  await writeFile(join(within, 'a.csv'), 'before', { mode: 0o644 });
  await writeOutput(join(within, 'a.csv'), 'sales');
  expect(await readFile(join(within, 'a.csv'), 'utf8')).toBe('sales');
  expect((await stat(join(within, 'a.csv'))).mode & 0o777).toBe(0o600);
  expect(await readdir(within)).toEqual(['a.csv']);
});

it('does not follow a symbolic link', async () => {
  const within = await folder();
  await writeFile(join(within, 'other'), 'kept');
  await symlink(join(within, 'other'), join(within, 'a.csv'));
  await expect(writeOutput(join(within, 'a.csv'), 'sales')).rejects.toThrow('is a symbolic link');
  expect(await readFile(join(within, 'other'), 'utf8')).toBe('kept');
});

it('never writes over a file that must not be replaced', async () => {
  const within = await folder();
  await writeFile(join(within, 'proof'), 'first');
  await expect(writeOutput(join(within, 'proof'), 'second', { replace: false })).rejects.toMatchObject({
    code: 'EEXIST',
  });
  expect(await readFile(join(within, 'proof'), 'utf8')).toBe('first');
  expect(await readdir(within)).toEqual(['proof']);
});

it.skipIf(process.platform === 'win32')('leaves the file as it was when the disk takes only a part', async () => {
  const within = await folder();
  await writeFile(join(within, 'a.csv'), 'before');
  const module = new URL('../../src/commands/output-file.ts', import.meta.url).pathname;
  const script = `process.on('SIGXFSZ', () => {});
    const { writeOutput } = await import(${JSON.stringify(module)});
    await writeOutput('a.csv', 'x'.repeat(100_000)).catch(cause => console.log(cause.code));`;
  const outfile = join(within, 'script.mjs');
  await build({
    stdin: { contents: script, resolveDir: within },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  });
  const run = spawnSync('sh', ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, 'script.mjs'], {
    cwd: within,
    encoding: 'utf8',
  });
  expect(run.stdout.trim(), run.stderr).toBe('EFBIG');
  expect(await readFile(join(within, 'a.csv'), 'utf8')).toBe('before');
  expect((await readdir(within)).sort()).toEqual(['a.csv', 'script.mjs']);
});

it('makes one part of a path of whatever name', () => {
  expect(fileNameOf('../../etc/x-2026-11-20')).toBe('--..-etc-x-2026-11-20');
  expect(fileNameOf('..')).toBe('-');
  expect(fileNameOf('cafe-2026-11-20')).toBe('cafe-2026-11-20');
});
