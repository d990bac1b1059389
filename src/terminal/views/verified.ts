import type { Part } from '../../provision/verify/path.ts';
import type { VerifiedHop } from '../../provision/verify/root-cause.ts';
import type { Verification } from '../../provision/verify/verify.ts';
import type { Canvas } from '../canvas.ts';
import { duration, paragraph, table } from '../layout.ts';
import { heading, type Place, remarks } from './place.ts';

export interface Verified extends Verification, Place {
  /** Who is changing the stack at this moment, where something is broken. */
  atWork?: string | undefined;
}

const titles: Record<Part, string> = {
  start: 'What starts the report',
  function: 'The function and its network path',
  shop: 'The way to the shop',
  delivery: 'What becomes of the report',
};

/** The whole path hop by hop, what is broken and what to do about it, and what is not proved. */
export function verifiedView({ hops, ok, unproved, seconds, atWork, ...place }: Verified, canvas: Canvas): string {
  const { style } = canvas;
  const width = Math.max(...hops.map(({ hop }) => hop.length));
  const parts = (Object.keys(titles) as Part[]).flatMap(part => {
    const rows = hops.filter(hop => hop.part === part).map(hop => rowOf(hop, width, canvas));
    return rows.length > 0 ? [`${style.bold(titles[part])}\n${table(rows, canvas)}`] : [];
  });
  const told = hops.filter(({ state, why }) => state === 'warning' && why !== undefined).map(({ why }) => why!);
  return [
    heading('Verified stack', place, canvas),
    ...parts,
    ...brokenParts(hops, canvas),
    ...(atWork ? [paragraph(`${atWork}: verify again when that is done.`, canvas)] : []),
    ...(told.length > 0 ? [remarks(told, canvas)] : []),
    `Not proved, because it would mail somebody:\n${remarks(unproved, canvas)}`,
    ...(ok ? [style.green(`Everything else works; it took ${duration(seconds)}.`)] : []),
  ].join('\n\n');
}

/** `Broken: private route`, and below it what is wrong and what to do; a command on a line of its own, to be copied. */
export const brokenParts = (hops: readonly VerifiedHop[], canvas: Canvas): string[] =>
  hops
    .filter(({ state }) => state === 'broken')
    .map(({ hop, why = '', command }) =>
      [canvas.style.red(`✗ Broken: ${hop}`), paragraph(why, canvas, 2), ...(command ? [`  ${command}`] : [])].join(
        '\n',
      ),
    );

/** Names and times are as wide in each part, so that all of them stand below each other. */
function rowOf({ hop, state, ms, detail }: VerifiedHop, width: number, { style }: Canvas): string[] {
  const name = hop.padEnd(width);
  const mark = {
    ok: style.green(`✓ ${name}`),
    warning: style.yellow(`! ${name}`),
    broken: style.red(`✗ ${name}`),
    skipped: style.dim(`- ${name}`),
  }[state];
  const time = ms === undefined ? '' : `${Math.round(ms)} ms`;
  const found = state === 'broken' ? 'see below' : (detail ?? (state === 'skipped' ? 'not tried' : ''));
  return [mark, time.padStart(8), style.dim(found)];
}
