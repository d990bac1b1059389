import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Call, callsIn, changesIn } from '../helpers/verbose-calls.ts';

/** What came of one process of the tool. */
export interface Ended {
  exit: number | null;
  signal: NodeJS.Signals | null;
  /** What stood on stdout; undefined where the process was killed before. */
  // biome-ignore lint/suspicious/noExplicitAny: documents of several shapes.
  document: any;
  /** The end of what it said, without the calls. */
  said: string;
  calls: Call[];
  seconds: number;
}

export interface Limits {
  /** Killed by SIGKILL when so many changing calls have been answered. */
  killAfter?: number;
  /** Ended as by Ctrl-C at this instant, ms since 1970. */
  until?: number;
}

export type Tool = (args: readonly string[], limits?: Limits) => Promise<Ended>;

/** The built program of this folder, as a process of its own for each command. */
export const toolIn =
  (root: string, env: NodeJS.ProcessEnv): Tool =>
  async (args, { killAfter = Number.POSITIVE_INFINITY, until } = {}) => {
    const start = Date.now();
    const child = spawn(process.execPath, [join(root, 'bin/salesreport.js'), ...args, '--json', '--verbose'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A Ctrl-C at the terminal is for the run, which passes it on.
      detached: true,
    });
    const end = () => child.kill('SIGINT');
    process.on('SIGINT', end);
    const timer = until === undefined ? undefined : setTimeout(end, Math.max(0, until - Date.now()));
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text;
      if (changesIn(callsIn(stderr)).length >= killAfter) child.kill('SIGKILL');
    });
    const [exit, signal] = await once(child, 'close');
    clearTimeout(timer);
    process.off('SIGINT', end);
    const lines = stderr.split('\n').filter(line => line.trim() !== '' && callsIn(`${line}\n`).length === 0);
    return {
      exit,
      signal,
      document: signal === null && stdout.trim() !== '' ? JSON.parse(stdout) : undefined,
      said: lines.slice(-5).join('\n'),
      calls: callsIn(stderr),
      seconds: (Date.now() - start) / 1_000,
    };
  };
