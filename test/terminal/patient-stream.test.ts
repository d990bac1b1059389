import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PatientStream } from '../../src/terminal/patient-stream.ts';
import { LiveProgress } from '../../src/terminal/progress.ts';
import { plain } from './samples.ts';

/** A pipe that takes no more, in the place of a terminal that nobody reads. */
function fullPipe() {
  const folder = mkdtempSync(join(tmpdir(), 'salesreport-pipe-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  rmSync(folder, { recursive: true });
  const piece = Buffer.alloc(4096, 'x');
  expect(() => {
    for (;;) writeSync(fd, piece);
  }).toThrow(/EAGAIN/);
  const buffer = Buffer.alloc(65_536);
  const read = (): string => {
    try {
      return buffer.subarray(0, readSync(reader, buffer)).toString();
    } catch {
      return '';
    }
  };
  return { fd, read };
}

const ms = (duration: number) => new Promise(done => setTimeout(done, duration));

test('frames that a terminal does not take are left out, and once it takes again the newest is drawn', async () => {
  const { fd, read } = fullPipe();
  const stream = new PatientStream(fd, { on() {}, columns: 80, rows: 24 } as never);
  let now = 0;
  const clock = { now: () => now, elapsed: () => now, sleep: async () => {} };
  const progress = new LiveProgress({ title: 'Provisioning', clock, canvas: plain(), stream });
  await ms(150);
  const kept = stream.writableLength;
  expect(kept).toBeGreaterThan(0);
  for (; now < 60_000; now += 10_000) await ms(100);
  // Six frames later there is no more.
  expect(stream.writableLength).toBe(kept);

  let drawn = '';
  const reading = async (until: RegExp) => {
    for (const end = performance.now() + 10_000; !until.test(drawn) && performance.now() < end; ) {
      drawn += read();
      await ms(5);
    }
  };
  await reading(/1 min 00 s/);
  const times = drawn.match(/Provisioning (\d+ min )?\d+ s/g);
  expect(times?.slice(0, 2)).toEqual(['Provisioning 0 s', 'Provisioning 1 min 00 s']);
  progress.end();
  await reading(/\[\?25h/);
  stream.destroy();
});
