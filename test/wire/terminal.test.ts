import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Given {
  /** How fast the terminal is read, bytes per second. */
  rate: number;
  on: 'stderr' | 'all';
  /** 0 where nobody has set the terminal's size. */
  columns?: number;
}

/** Plays a provision through on a real terminal. Closing `stdin` reads everything that the terminal was given. */
function onTerminal({ rate, on, columns = 80 }: Given, ...flags: string[]) {
  const child = spawn(
    'python3',
    [
      join(import.meta.dirname, 'helpers/terminal.py'),
      ...[String(rate), on, String(columns)],
      ...[process.execPath, join(root, 'bin/salesreport.js'), 'provision', '--simulate', ...flags],
    ],
    { stdio: ['pipe', 'pipe', 'ignore', 'pipe'], env: { ...process.env, TERM: 'xterm' } },
  );
  let stdout = '';
  let shown = '';
  child.stdout!.on('data', text => {
    stdout += text;
  });
  child.stdio[3]!.on('data', text => {
    shown += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, ended, stdout: () => stdout, shown: () => shown };
}

const patience = { timeout: 60_000, interval: 100 };

test.concurrent.each([
  [0, 80],
  [300, 80],
  [100_000, 80],
  [100_000, 0],
])('the work ends where stderr is a terminal that is read at %i B/s and has %i columns', async (rate, columns) => {
  const { child, ended, stdout, shown } = onTerminal({ rate, on: 'stderr', columns }, '--json');
  try {
    await expect.poll(stdout, patience).toMatch(/^\{.*\n\}\n$/s);
    child.stdin!.end();
    expect(await ended).toBe(0);
    expect(shown()).toMatch(/Provisioning.*\[\?25h$/s);
  } finally {
    child.stdin!.destroy();
    child.kill('SIGTERM');
  }
});

test.concurrent('lines are kept in their order for a terminal that both streams share', async () => {
  const { child, ended, shown } = onTerminal({ rate: 0, on: 'all' }, '--verbose');
  await sleep(15_000);
  child.stdin!.end();
  expect(await ended).toBe(0);
  expect(shown().indexOf('ec2:CreateVpc ')).toBeGreaterThan(0);
  expect(shown().trimEnd()).toMatch(/This was a simulation: nothing was built\..*$/);
});

test.concurrent('a signal ends a process that waits for its terminal', async () => {
  const { child, ended, stdout } = onTerminal({ rate: 0, on: 'stderr' }, '--json', '--verbose');
  await expect.poll(stdout, patience).toMatch(/\n\}\n$/s);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});
