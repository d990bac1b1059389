import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { main } from '../../src/commands/main.ts';
import { greeting, ok, packet, type Rogue, rogueServer } from '../report/rogue-server.ts';

const program = join(import.meta.dirname, '../../bin/salesreport.js');

/** A server that lets in whoever comes, and answers statements as told. */
const server = (answer: Parameters<typeof rogueServer>[0] = () => {}): Promise<Rogue & { asked: () => boolean }> => {
  let asked = false;
  return rogueServer((socket, turn, chunk) => {
    if (turn === 0) socket.write(greeting('mysql_native_password'));
    else if (turn === 1) socket.write(ok(2));
    else {
      asked = true;
      answer(socket, turn, chunk);
    }
  }).then(rogue => ({ ...rogue, asked: () => asked }));
};

const commandLine = (verb: string, { port }: Rogue) =>
  `${verb} --from 2026-11-23 --to 2026-11-24 --database-url mysql://reader@127.0.0.1:${port}/shop`.split(' ');

const env = { SALESREPORT_DATABASE_PASSWORD: 'secret' };

/** Starts the program as a process of its own. */
function started(line: string[]) {
  const child = spawn(process.execPath, [program, ...line], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text;
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal, said }));
  return { child, ended };
}

test.each(
  ['run --dry-run', 'check'].flatMap(verb =>
    (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(signal => [verb, signal] as const),
  ),
)('%s ends at once at %s while the database does not answer', { timeout: 60_000 }, async (verb, signal) => {
  const database = await server();
  const { child, ended } = started(commandLine(verb, database));
  await vi.waitFor(() => expect(database.asked()).toBe(true), { timeout: 40_000, interval: 20 });
  const start = performance.now();
  child.kill(signal);
  const { code, said } = await ended;
  // The statement itself would be waited for two minutes.
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(code).toBe(130);
  expect(said.match(/Nothing was left half-done\./g)).toHaveLength(1);
  await vi.waitFor(async () => expect(await database.open()).toBe(0), { timeout: 5_000, interval: 20 });
});

test('the process ends with the sentence of the database', { timeout: 60_000 }, async () => {
  const database = await server(socket => {
    socket.write(packet(1, Buffer.from([0xff, 0x15, 0x04]), Buffer.from('#28000Access denied for user')));
  });
  const { code, said } = await started(commandLine('run --dry-run', database)).ended;
  expect(code).toBe(1);
  expect(said).toContain('The database at 127.0.0.1 refuses reader: check the user and the password.');
});

test.each(['run --dry-run', 'check'])('%s closes its connection itself when it is interrupted', async verb => {
  const database = await server();
  const quiet = { write: () => true };
  let press = () => {};
  const ended = main(commandLine(verb, database), {
    stdout: quiet,
    stderr: quiet,
    stdin: Readable.from([]),
    env,
    onInterrupt: given => {
      press = given;
    },
  });
  await vi.waitFor(() => expect(database.asked()).toBe(true), { timeout: 20_000, interval: 20 });
  press();
  expect(await ended).toBe(130);
  await vi.waitFor(async () => expect(await database.open()).toBe(0), { timeout: 2_000, interval: 20 });
});
