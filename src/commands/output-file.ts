import { randomUUID } from 'node:crypto';
import { link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Problem } from '../problem.ts';

/** Only the owner reads what the tool writes: it holds sales, or what an account has. */
const mode = 0o600;

/**
 * Writes a file whole or not at all: into a new file beside it, which then takes its name. Devices and pipes are written directly. A symbolic link to a
 * regular file is refused. Throws the system's error, `EEXIST` where the file is there and `replace` is false, or Problem `usage` for a link.
 */
export async function writeOutput(file: string, content: string | Uint8Array, { replace = true } = {}): Promise<void> {
  if (await isStream(file)) return writeTo(file, content, 'w');
  const there = await lstat(file).catch(() => undefined);
  if (there?.isSymbolicLink())
    throw new Problem('usage', `${file} is a symbolic link, and links are not followed: name the file itself.`, {
      exit: 'usage',
    });
  const beside = join(dirname(file), `.${basename(file).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    await writeTo(beside, content, 'wx');
    // A link, unlike a rename, never takes the place of a file that came in between.
    await (replace ? rename(beside, file) : link(beside, file).catch(cause => withoutLink(cause, file, content)));
  } finally {
    await rm(beside, { force: true });
  }
}

/** Where the filesystem has no hard links (FAT, some network shares): a new file of its own, removed again if it cannot be written whole. */
async function withoutLink(cause: NodeJS.ErrnoException, file: string, content: string | Uint8Array): Promise<void> {
  if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(cause.code ?? '')) throw cause;
  await writeTo(file, content, 'wx').catch(async failure => {
    if (failure.code !== 'EEXIST') await rm(file, { force: true });
    throw failure;
  });
}

/** Whether a path is a device, a pipe or a socket, which cannot be replaced and is written as it is. */
export const isStream = (file: string): Promise<boolean> =>
  stat(file).then(
    found => !found.isFile() && !found.isDirectory(),
    () => false,
  );

/** A name from elsewhere as one part of a path: whatever is not a letter, a digit, `_`, `.` or `-` becomes `-`, and it never begins with a dot. */
export const fileNameOf = (name: string): string =>
  name
    .replace(/[^\w.-]/g, '-')
    .replace(/^\.+/, '-')
    .slice(0, 100);

async function writeTo(file: string, content: string | Uint8Array, flag: 'w' | 'wx'): Promise<void> {
  const handle = await open(file, flag, mode);
  try {
    await handle.writeFile(content);
    if (flag === 'wx') await handle.sync();
  } finally {
    await handle.close();
  }
}
