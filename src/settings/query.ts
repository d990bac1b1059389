import { resolve } from 'node:path';
import { readText, UnreadableFile } from '../read-text.ts';
import { type OneSelect, oneSelect } from './one-select.ts';

/** The query that a setting or flag gives: a SELECT, or the name of a `.sql` file in `folder` that holds one. */
export async function readQuery(given: string, folder: string): Promise<OneSelect> {
  return isFile(given) ? readQueryFile(resolve(folder, given.trim()), given.trim()) : oneSelect(given);
}

/** `name` is what the file is called in words. */
export async function readQueryFile(file: string, name: string): Promise<OneSelect> {
  try {
    const found = oneSelect(await readText(file, 1));
    return 'words' in found ? { words: `is ${name}, which ${found.words}` } : found;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { words: `is ${name}, but ${error.why}; name a file that holds the SELECT` };
  }
}

const isFile = (given: string): boolean => /^\S+\.sql$/i.test(given.trim());
