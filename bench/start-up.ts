import { executable, inTurns, seconds } from './helpers/timing.ts';

export const name = 'Start-up';

const pairs = 25;
const limit = 1.5;

/** What `--help` costs over Node itself. */
export function run(): { ok: boolean; lines: string[] } {
  const { bare, help } = inTurns(pairs, {
    bare: () => seconds([process.execPath, '-e', '0']),
    help: () => seconds([process.execPath, executable, '--help']),
  });
  const ratio = help / bare;
  const lines = [
    `node -e 0            ${(bare * 1000).toFixed(1)} ms`,
    `salesreport --help   ${(help * 1000).toFixed(1)} ms`,
    `ratio                ${ratio.toFixed(2)} (at most ${limit.toFixed(2)}), medians of ${pairs} runs in turns`,
  ];
  return { ok: ratio <= limit, lines };
}
