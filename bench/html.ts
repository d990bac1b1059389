import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { executable, inTurns, seconds } from './helpers/timing.ts';

export const name = 'HTML with its charts, and what the function carries for it';

const rounds = 15;
const limit = 0.5;
const zipLimit = 1024;

/** The page as a whole process, against the mail's text; what the function loads when it starts. */
export function run(): { ok: boolean; lines: string[] } {
  const sample = (form: string) => () =>
    seconds([
      process.execPath,
      executable,
      'run',
      '--dry-run',
      '--sample',
      '--from',
      '2026-11-20',
      '--to',
      '2026-11-21',
      '--format',
      form,
    ]);
  const { html, text } = inTurns(rounds, { html: sample('html'), text: sample('text') });
  const zip = statSync('dist/function.zip').size / 1024;
  const loaded = loadedAtStart();
  const charts = loaded.filter(file => readFileSync(file, 'utf8').includes('zrender'));
  return {
    ok: html <= limit && zip < zipLimit && charts.length === 0,
    lines: [
      `HTML of the sample shop   ${html.toFixed(2)} s (at most ${limit} s), whole process, medians of ${rounds} in turns`,
      `text of the sample shop   ${text.toFixed(2)} s`,
      `the function's zip        ${zip.toFixed(0)} KB (below ${zipLimit} KB)`,
      `loaded at its start       ${loaded.reduce((bytes, file) => bytes + statSync(file).size / 1024, 0).toFixed(0)} KB, ${charts.length === 0 ? 'without the charts' : 'with the charts'}`,
    ],
  };
}

/** The files of the built function that are loaded before its first event. */
function loadedAtStart(): string[] {
  const program =
    "require('./dist/function/index.js'); process.stdout.write(JSON.stringify(Object.keys(require.cache)))";
  return JSON.parse(spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' }).stdout);
}
