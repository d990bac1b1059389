import { open } from 'node:fs/promises';
import { isTooManyFiles } from './too-many-files.ts';

const megabyte = 1024 * 1024;

/** Why a file is no text that can be used, as the end of a sentence: `there is no such file`. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  constructor(
    readonly why: string,
    readonly code?: string,
    cause?: unknown,
  ) {
    super(why, { cause });
  }
}

/**
 * A text file in UTF-8, without a byte order mark. Reads at most `megabytes`, whatever the file is. Throws
 * UnreadableFile.
 */
export async function readText(file: string, megabytes: number): Promise<string> {
  const bytes = await readBytes(file, megabytes * megabyte).catch((cause: NodeJS.ErrnoException) => {
    if (isTooManyFiles(cause)) throw cause;
    const { code } = cause;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : `it cannot be read (${code})`;
    throw new UnreadableFile(why, code, cause);
  });
  if (bytes.length > megabytes * megabyte) throw new UnreadableFile(`it has more than ${megabytes} MB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnreadableFile('it is not text in UTF-8', undefined, cause);
  }
}

/** A file up to one byte more than `most`. */
async function readBytes(file: string, most: number): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let length = 0; length <= most; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(megabyte, most + 1 - length)));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}
