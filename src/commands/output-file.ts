import { randomUUID } from 'node:crypto';
import { access, constants, link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '../problem.ts';
import { isTooManyFiles } from '../too-many-files.ts';

/** Only the owner reads what the tool writes: it holds sales, or what an account has. */
const mode = 0o600;

/** In place of a file: stdout. */
export const toStdout = '-';

/** A file that is to be written, the flag that names it, and whether it may take the place of another (`--force`). */
export interface Output {
  file: string;
  flag: `--${string}`;
  force?: boolean | undefined;
}

/** What a full disk has no room for: about as much as the largest output. */
const trial = Buffer.alloc(64 * 1024);

/**
 * Tries an output before the work that fills it. Throws Problem `file-exists` where another file would be lost, and
 * `out` where the file could not be written; both have exit code 2. Does nothing without an output.
 */
export async function verifyOutput({ file, flag, force }: Partial<Output> & Pick<Output, 'flag'>): Promise<void> {
  if (file === undefined) {
    if (force)
      throw refused('usage', `The flag --force replaces the file of ${flag}: add ${flag}, or leave --force out.`);
    return;
  }
  if (file === toStdout) return;
  const another = `name another file with ${flag}`;
  const unwritable = (cause: NodeJS.ErrnoException): never => {
    if (isTooManyFiles(cause)) throw cause;
    throw refused('out', unwritableWords(file, flag, cause), cause);
  };
  if (file === '') throw refused('out', `The flag ${flag} needs the name of a file, or - for stdout.`);
  if (await isStream(file)) return access(file, constants.W_OK).catch(unwritable);
  const there = await lstat(file).catch((cause: NodeJS.ErrnoException) =>
    cause.code === 'ENOENT' || cause.code === 'ENOTDIR' ? undefined : unwritable(cause),
  );
  if (there?.isSymbolicLink()) throw linked(file);
  if (there?.isDirectory()) throw refused('out', `${file} is a folder: name a file in it with ${flag}.`);
  const folder = /[/\\]$/.test(file) ? file : dirname(file);
  if (!(await isFolder(folder))) throw refused('out', `There is no folder ${folder}: make it, or ${another}.`);
  if (there && !force) throw taken(file, flag);
  const beside = besideOf(file);
  await writeTo(beside, trial, 'wx')
    .finally(() => rm(beside, { force: true }))
    .catch(unwritable);
}

/**
 * Writes an output that was tried before. Throws Problem `out`, or `file-exists` where another file came in between.
 */
export async function fillOutput({ file, flag, force = false }: Output, content: string | Uint8Array): Promise<void> {
  await writeOutput(file, content, { replace: force }).catch(cause => {
    if (cause instanceof Problem || isTooManyFiles(cause)) throw cause;
    if (cause.code === 'EEXIST') throw taken(file, flag);
    throw new Problem('out', unwritableWords(file, flag, cause), { cause });
  });
}

const refused = (code: string, words: string, cause?: unknown) => new Problem(code, words, { exit: 'usage', cause });

const taken = (file: string, flag: string) =>
  refused('file-exists', `The file ${file} exists: add --force to replace it, or name another file with ${flag}.`);

const linked = (file: string) =>
  refused('out', `${file} is a symbolic link, and links are not followed: name the file itself.`);

const unwritableWords = (file: string, flag: string, { code }: NodeJS.ErrnoException): string =>
  code === 'ENOSPC' || code === 'EDQUOT'
    ? `The file ${file} cannot be written, because the disk is full (${code}): free some space, or name another file with ${flag}.`
    : `The file ${file} cannot be written (${code}): name another file with ${flag}.`;

/** A new name in the same folder. The file's own name may be as long as a name can be. */
const besideOf = (file: string): string => join(dirname(file), `.salesreport.${randomUUID()}.tmp`);

/**
 * Writes a file whole or not at all: into a new file beside it, which then takes its name. Devices and pipes are
 * written directly. A symbolic link to a regular file is refused. Throws the system's error, `EEXIST` where the file is
 * there and `replace` is false, or Problem `out` for a link.
 */
export async function writeOutput(file: string, content: string | Uint8Array, { replace = true } = {}): Promise<void> {
  if (await isStream(file)) return writeTo(file, content, 'w');
  const there = await lstat(file).catch(() => undefined);
  if (there?.isSymbolicLink()) throw linked(file);
  const beside = besideOf(file);
  try {
    await writeTo(beside, content, 'wx');
    // A link, unlike a rename, never takes the place of a file that came in between.
    await (replace ? rename(beside, file) : link(beside, file).catch(cause => withoutLink(cause, file, content)));
  } finally {
    await rm(beside, { force: true });
  }
}

/**
 * Where the filesystem has no hard links (FAT, some network shares): a new file of its own, removed again if it cannot
 * be written whole.
 */
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

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  );

/**
 * A name from elsewhere as one part of a path: whatever is not a letter, a digit, `_`, `.` or `-` becomes `-`, and it
 * never begins with a dot.
 */
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
