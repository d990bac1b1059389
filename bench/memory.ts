import { spawnSync } from 'node:child_process';
import { sizes, wholeTime, withShops } from './helpers/shops.ts';
import { executable } from './helpers/timing.ts';

export const name = 'Memory of a report at its peak';

const limit = 120;
const windows = {
  'one day': ['--window', '2026-11-20'],
  'all time': ['--from', wholeTime.from, '--to', wholeTime.to],
};

/** Linux counts what a process had in memory at most. */
const atExit = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync, writeSync } from 'node:fs';
  process.on('exit', () => writeSync(3, readFileSync('/proc/self/status')));
`)}`;

/** Of the whole process, as HTML with its charts. */
export const run = (): Promise<{ ok: boolean; lines: string[] }> =>
  withShops(shops => {
    const peaks = Object.entries(windows).flatMap(([of, window]) =>
      sizes.map(size => ({
        of,
        size,
        peak: peakOf([
          executable,
          'run',
          '--dry-run',
          '--format',
          'html',
          '--database-url',
          shops.url(size),
          ...window,
        ]),
      })),
    );
    return {
      ok: peaks.every(({ peak }) => peak < limit),
      lines: [
        `node -e 0                    ${peakOf(['-e', '0']).toFixed(0).padStart(4)} MiB`,
        ...peaks.map(
          ({ of, size, peak }) =>
            `${`${of}, ${size} items`.padEnd(28)} ${peak.toFixed(0).padStart(4)} MiB (below ${limit} MiB)`,
        ),
      ],
    };
  });

/** MiB. */
function peakOf(args: readonly string[]): number {
  const { output, status, stderr } = spawnSync(process.execPath, ['--import', atExit, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`The report failed: ${stderr}`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(output[3] ?? '')?.[1]) / 1024;
}
