import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const program = join(import.meta.dirname, '../../bin/salesreport.js');

/** Runs the built program as a process of its own that may open only so many files. */
const salesreport = (files: number, line: string) =>
  new Promise<{ code: number; stderr: string }>(done =>
    execFile(
      'bash',
      ['-c', `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, program, ...line.split(' ')],
      { env: { PATH: process.env.PATH, HOME: '/nonexistent' }, timeout: 60_000 },
      (error, _stdout, stderr) =>
        done({ code: error ? Number(error.code ?? -1) : 0, stderr: stderr.replace(/\s+/g, ' ') }),
    ),
  );

test.each([20, 26])('a process that may open %i files says what to do', async files => {
  const { code, stderr } = await salesreport(files, 'run --dry-run --sample');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^Error: This process may not open as many files (and connections )?as it needs \(EMFILE\): raise the limit, for instance with ulimit -n 1024/,
  );
});
