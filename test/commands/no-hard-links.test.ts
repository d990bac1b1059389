import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writeOutput } from '../../src/commands/output-file.ts';

vi.mock('node:fs/promises', async original => ({
  ...(await original<typeof import('node:fs/promises')>()),
  link: () => Promise.reject(Object.assign(new Error('link'), { code: 'EPERM' })),
}));

it('writes a new file where the filesystem has no hard links, and never over another', async () => {
  const within = await mkdtemp(join(tmpdir(), 'output-'));
  await writeOutput(join(within, 'proof'), 'first', { replace: false });
  await expect(writeOutput(join(within, 'proof'), 'second', { replace: false })).rejects.toMatchObject({
    code: 'EEXIST',
  });
  expect(await readFile(join(within, 'proof'), 'utf8')).toBe('first');
  expect(await readdir(within)).toEqual(['proof']);
});
