import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../bin/salesreport.js');

/**
 * Plays a provision through and sends each signal when the first change has been made. Gives the exit code and what was
 * said.
 */
async function interruptedBy(...signals: NodeJS.Signals[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [program, 'provision', '--simulate', '--verbose'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let sent = 0;
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text;
    const due = sent === 0 ? /ec2:CreateVpc/.test(said) : /press Ctrl-C again/.test(said);
    if (sent < signals.length && due) child.kill(signals[sent++]);
  });
  const [code] = (await once(child, 'exit')) as [number];
  return { code, said };
}

it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])(
  'T2: after %s the calls under way are finished, and it says how to go on',
  async signal => {
    const { code, said } = await interruptedBy(signal);
    expect(code).toBe(130);
    expect(said).toContain('Finishing the calls that are in flight; press Ctrl-C again to end at once.');
    expect(said.trimEnd().split('\n').at(-1)).toMatch(/This was a simulation: nothing was built\.$/);
  },
);

it('T2: a second signal ends it at once', async () => {
  const { code, said } = await interruptedBy('SIGINT', 'SIGTERM');
  expect(code).toBe(130);
  expect(said).toMatch(/The last calls may still take effect|nothing was built/);
});
