import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const name = 'Start-up';

const pairs = 25;
const limit = 1.5;
const executable = fileURLToPath(new URL('bin/salesreport.js', `file://${process.cwd()}/`));

/** What `--help` costs over Node itself. The two are run in turns, so that a busy machine slows both alike. */
export function run(): { ok: boolean; lines: string[] } {
  const bare: number[] = [];
  const help: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    bare.push(timed(['-e', '0']));
    help.push(timed([executable, '--help']));
  }
  const ratio = median(help) / median(bare);
  const lines = [
    `node -e 0            ${median(bare).toFixed(1)} ms`,
    `salesreport --help   ${median(help).toFixed(1)} ms`,
    `ratio                ${ratio.toFixed(2)} (at most ${limit.toFixed(2)}), medians of ${pairs} runs in turns`,
  ];
  return { ok: ratio <= limit, lines };
}

function timed(args: string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
