import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { callsIn, changesIn } from '../../helpers/verbose-calls.ts';
import { environment } from './emulator.ts';

const program = join(import.meta.dirname, '../../../bin/salesreport.js');

const environmentAt = (url: string): NodeJS.ProcessEnv => ({
  ...environment(),
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'wire',
  AWS_SECRET_ACCESS_KEY: 'wire',
});

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
  return {
    exit,
    document: JSON.parse(stdout),
    stderr,
    changes: changesIn(callsIn(stderr)).map(({ operation }) => operation),
  };
}

/** Starts the built program against an emulator, so that it can be ended by its id. */
export function startProgram(url: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...environmentAt(url), ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  const ended = once(child, 'close').then(([exit, signal]) => ({ exit, signal, stdout }));
  return { pid: child.pid!, ended };
}
