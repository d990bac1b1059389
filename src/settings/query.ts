import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type OneSelect, oneSelect } from './one-select.ts';

/** The query that a setting or flag gives: a SELECT, or the name of a `.sql` file in `folder` that holds one. */
export async function readQuery(given: string, folder: string): Promise<OneSelect> {
  return isFile(given) ? readQueryFile(resolve(folder, given.trim()), given.trim()) : oneSelect(given);
}

/** `name` is what the file is called in words. */
export async function readQueryFile(file: string, name: string): Promise<OneSelect> {
  try {
    const found = oneSelect((await readFile(file, 'utf8')).replace(/^\ufeff/, ''));
    return 'words' in found ? { words: `is ${name}, which ${found.words}` } : found;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code})`;
    return { words: `is ${name}, but ${why}; name a file that holds the SELECT` };
  }
}

const isFile = (given: string): boolean => /^\S+\.sql$/i.test(given.trim());
