import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const inFolders = await Promise.all(
  ['bin', 'src', 'database', 'test', 'scripts'].map(async folder => [
    folder,
    ...(await readdir(`${root}/${folder}`, { recursive: true })).map(path => `${folder}/${path}`),
  ]),
);
const paths = [...inFolders.flat(), ...(await readdir(root))];

test.each(['docs/contributing/architecture.md', 'CONTRIBUTING.md'])(
  'each file and folder that %s names is there',
  async page => {
    const text = await readFile(`${root}/${page}`, 'utf8');
    const named = [...text.matchAll(/`([\w/.-]+(?:\/|\.ts|\.cjs|\.sql))`/g)].map(([, name]) =>
      name!.replace(/\/$/, ''),
    );
    expect(named.length).toBeGreaterThan(5);
    for (const name of named)
      expect(
        paths.some(path => path === name || path.endsWith(`/${name}`)),
        name,
      ).toBe(true);
  },
);
