import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** What another build, running at the same time, is about to rename. */
const partial = '.partial';

/**
 * Makes a folder hold exactly these files (name -> bytes). A file that is already right is not touched, and a new one
 * appears whole, so that a program running from the folder is not disturbed by a build that changes nothing.
 */
export async function writeFolder(folder, files) {
  for (const [name, bytes] of files) await writeChanged(join(folder, name), bytes);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isExpected = files.has(relative(folder, path)) || path.endsWith(partial);
    if (entry.isFile() && !isExpected) await rm(path, { force: true });
  }
}

async function writeChanged(path, bytes) {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(bytes)) return;
  const unfinished = `${path}.${process.pid}${partial}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(unfinished, bytes);
  await rename(unfinished, path);
}
