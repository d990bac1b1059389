import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const inDocs = await readdir(join(root, 'docs'), { recursive: true });
const pages = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  ...inDocs.filter(file => file.endsWith('.md')).map(file => join('docs', file)),
];

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (page: string): string[] => Array.from(page.matchAll(/^#+ (.+)$/gm), ([, title]) => anchorOf(title!));

test.each(pages)('each link of %s leads to a page and a heading that are there', async page => {
  const text = await readFile(join(root, page), 'utf8');
  for (const [, link = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
    const [file = '', anchor] = link.split('#');
    const target = file ? normalize(join(dirname(page), file)) : page;
    await expect(access(join(root, target)), link).resolves.toBeUndefined();
    if (anchor) expect(anchorsIn(await readFile(join(root, target), 'utf8')), link).toContain(anchor);
  }
});

test('every page of the docs is named on the first page or by one that it names', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  for (const page of pages.filter(one => one.startsWith('docs/'))) expect(readme).toContain(`(${page})`);
});

test('the documents that messages point to are in the package', async () => {
  const { files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { files: string[] };
  const sources = (await readdir(join(root, 'src'), { recursive: true })).filter(file => file.endsWith('.ts'));
  const named = await Promise.all(
    sources.map(
      async file => (await readFile(join(root, 'src', file), 'utf8')).match(/(?<=')[^'\n]*\bdocs\/[\w/.-]+/g) ?? [],
    ),
  );
  const documents = named.flat().flatMap(text => text.match(/docs\/[\w/-]+\.(md|json)/) ?? []);
  for (const document of documents.filter(name => name.startsWith('docs/')))
    expect(
      files.some(folder => document.startsWith(`${folder}/`)),
      document,
    ).toBe(true);
});
