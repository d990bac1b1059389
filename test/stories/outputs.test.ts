import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../bin/salesreport.js');
const isFull = existsSync('/dev/full');

/**
 * Runs a command whose outputs are a pipe, a pipe that nobody reads any more, or a full disk. Gives its exit code and
 * what it wrote.
 */
async function runs(args: string[], to: Record<'stdout' | 'stderr', 'pipe' | 'closed' | 'full'>) {
  const full = isFull ? openSync('/dev/full', 'w') : undefined;
  const stdio = ([to.stdout, to.stderr] as const).map(output => (output === 'full' ? full! : 'pipe'));
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', ...stdio] });
  const seen = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    if (to[name] === 'closed') child[name]!.destroy();
    child[name]?.setEncoding('utf8').on('data', text => {
      seen[name] += text;
    });
  }
  const [code, signal] = await once(child, 'close');
  if (full !== undefined) closeSync(full);
  return { code, signal, ...seen };
}

const simulated = ['provision', '--simulate', '--json'];

it('nobody reads the progress any more: the work goes on to its end', async () => {
  const { code, stdout } = await runs(simulated, { stdout: 'pipe', stderr: 'closed' });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, simulated: true });
}, 60_000);

it.runIf(isFull)(
  'the progress goes to a full disk: the code and the document are the same',
  async () => {
    const { code, stdout } = await runs([...simulated, '--exit-code', '--dry-run'], { stdout: 'pipe', stderr: 'full' });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1 });
  },
  60_000,
);

it('nobody reads the result any more: the code stays', async () => {
  const { code } = await runs([...simulated, '--exit-code', '--dry-run'], { stdout: 'closed', stderr: 'pipe' });
  expect(code).toBe(3);
}, 60_000);

it.runIf(isFull)(
  'the result goes to a full disk: it is no success, and says so',
  async () => {
    const { code, stderr } = await runs([...simulated, '--dry-run'], { stdout: 'full', stderr: 'pipe' });
    expect(stderr).toContain('The output cannot be written (ENOSPC)');
    expect(code).toBe(1);
  },
  60_000,
);

it.runIf(isFull)(
  'a failure keeps its own code on a full disk',
  async () => {
    const { code, stderr } = await runs(['provision', '--nonsense', '--json'], { stdout: 'full', stderr: 'pipe' });
    expect(code).toBe(2);
    expect(stderr).toContain('There is no flag --nonsense');
  },
  60_000,
);
