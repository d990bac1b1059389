import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './mariadb.ts';

/** The folder that run.sh fills: the emulators' Python and Node 24. */
export const work = join(import.meta.dirname, '../../../.work');

/** The folder of the files that start the emulators corrected. */
export const patches = join(import.meta.dirname, '../patches');

/** A public emulator of AWS that runs as a process of its own on 127.0.0.1. */
export interface Emulator {
  readonly name: string;
  readonly url: string;
  /** Ends the process and removes its temporary files. */
  stop(): Promise<void>;
}

export interface Command {
  name: string;
  /** The Python file that starts it. */
  script: string;
  /** What makes it listen on a port of 127.0.0.1. */
  on(port: number): { args?: readonly string[]; env?: NodeJS.ProcessEnv };
  /** Answers 200 when the emulator serves. */
  readyPath: string;
}

/** How long an emulator may take to serve, ms. */
const startBudget = 60_000;

/**
 * Starts an emulator on a free port and resolves when it serves. Rejects with the end of its output when it ends
 * before, or does not serve in time.
 */
export async function startEmulator(command: Command): Promise<Emulator> {
  const { name, script, on, readyPath } = command;
  const port = await freePort();
  const { args = [], env = {} } = on(port);
  const url = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'salesreport-emulator-'));
  const server = spawn(join(work, 'venv/bin/python'), [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(), ...env, TMPDIR: folder, STATE_DIR: join(folder, 'state') },
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', text => {
      output = (output + text).slice(-10_000);
    });
  const ended = once(server, 'exit');
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };

  const deadline = Date.now() + startBudget;
  while (!(await serves(url + readyPath))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      // Another process was given the same free port a moment ago.
      if (/address already in use/i.test(output)) return startEmulator(command);
      throw new Error(`${name} does not serve at ${url}:\n${output}`);
    }
    await pause(100);
  }
  return { name, url, stop };
}

const serves = (url: string): Promise<boolean> =>
  fetch(url).then(
    answer => answer.ok,
    () => false,
  );

/** This process's environment without what AWS's tools would read: nothing here may reach a real account. */
export function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(kept),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}
