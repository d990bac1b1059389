import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../bin/salesreport.js');

/**
 * Runs the command with a pseudo-terminal for its input and its words, which is read only if `words` are awaited: when
 * they come the signal is sent. Prints the exit code, what stood on stdout and what was read.
 */
const driver = `
import json, os, pty, select, signal, subprocess, sys, time
words, name, args = sys.argv[1].encode(), sys.argv[2], sys.argv[3:]
ours, theirs = pty.openpty()
with open(os.path.join('/tmp', 'terminals.%d' % os.getpid()), 'w+b') as out:
    os.unlink(out.name)
    child = subprocess.Popen(args, stdin=theirs, stdout=out, stderr=theirs, env={**os.environ, 'TERM': 'xterm'})
    seen, sent, end = b'', False, time.time() + 120
    while child.poll() is None and time.time() < end:
        if words and select.select([ours], [], [], 0.1)[0]:
            seen += os.read(ours, 65536)
        elif not words:
            time.sleep(0.1)
        if words and not sent and words in seen:
            child.send_signal(getattr(signal, name))
            sent = True
    code = child.poll()
    if code is None:
        child.kill()
    out.seek(0)
    print(json.dumps({'code': code, 'stdout': out.read().decode(), 'seen': seen.decode()}))
`;

async function atTerminal(args: string[], { words = '', signal = 'SIGTERM' } = {}) {
  const { stdout } = await promisify(execFile)('python3', [
    '-c',
    driver,
    words,
    signal,
    process.execPath,
    program,
    ...args,
  ]);
  return JSON.parse(stdout) as { code: number | null; stdout: string; seen: string };
}

it('a terminal that nobody reads keeps neither the work nor its end waiting', async () => {
  const { code, stdout } = await atTerminal(['provision', '--simulate', '--verbose', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true });
});

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s ends a command that waits for an answer', async signal => {
  const question = { words: 'Password of ann', signal };
  const { code, seen } = await atTerminal(
    ['run', '--dry-run', '--database-url', 'mysql://ann@127.0.0.1:9/shop'],
    question,
  );
  expect(code).toBe(130);
  expect(seen).toContain('Nothing was left half-done.');
});
