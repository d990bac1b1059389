import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isMutating } from '../../../src/provision/operations.ts';
import { environment } from './emulator.ts';

const program = join(import.meta.dirname, '../../../bin/salesreport.js');

const environmentAt = (url: string): NodeJS.ProcessEnv => ({
  ...environment(),
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'wire',
  AWS_SECRET_ACCESS_KEY: 'wire',
});

/** The calls that `--verbose` names and that change something. */
function changesIn(stderr: string): string[] {
  const calls = [...stderr.matchAll(/^ {2}([a-z0-9]+:[A-Za-z]+) {2}\d+ ms/gm)].map(([, operation]) => operation!);
  return calls.filter(operation => isMutating(operation as Parameters<typeof isMutating>[0]));
}

/** Runs the built program as its own process against an emulator, without a terminal. */
export function runProgram(
  url: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ exit: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, ...args],
      {
        env: { ...environmentAt(url), ...env },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') return reject(error);
        resolve({ exit: (error?.code as number | undefined) ?? 0, stdout, stderr });
      },
    );
  });
}

export interface Ended {
  exit: number;
  /** What stood on stdout. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into documents of several shapes.
  document: any;
  stderr: string;
  /** The calls among those that `--verbose` names which change something. */
  changes: string[];
}

/** The same as a script would: `--json --verbose`. */
export async function salesreport(url: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const { exit, stdout, stderr } = await runProgram(url, [...args, '--json', '--verbose'], env);
  return { exit, document: JSON.parse(stdout), stderr, changes: changesIn(stderr) };
}

/** Runs it and ends it by SIGKILL as soon as it has said of so many calls that change something that they were answered. */
export async function killedAfter(url: string, changes: number, args: readonly string[]): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [program, ...args, '--json', '--verbose'], {
    env: environmentAt(url),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
    if (changesIn(stderr).length >= changes) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'exit');
  return signal;
}
