import { Problem } from './problem.ts';

/** Descriptors were used up: of the process, or of the whole computer (Node.js, "Common system errors"). */
const codes = /^(EMFILE|ENFILE)$/;

/** Whether a file or a connection was not opened because too many are open. Nothing was sent then. */
export const isTooManyFiles = (error: unknown): boolean => codes.test(codeOf(error) ?? '');

/** The sentence for it; undefined for any other error. */
export function tooManyFiles(error: unknown): Problem | undefined {
  const code = codeOf(error);
  if (code === 'EMFILE')
    return new Problem(
      'too-many-files',
      'This process may not open as many files and connections as it needs (EMFILE): raise the limit, for instance with ulimit -n 1024, then run the same command again.',
      { cause: error },
    );
  if (code === 'ENFILE')
    return new Problem(
      'too-many-files',
      'Too many files and connections are open on this computer (ENFILE): close some programs, then run the same command again.',
      { cause: error },
    );
  return undefined;
}

/** Of an error or of what caused it. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  const { code, cause } = error as Error & { code?: string };
  return code !== undefined && codes.test(code) ? code : codeOf(cause, depth + 1);
}
