import type { Certificate } from '../../provision/engine/outcome.ts';
import type { Canvas } from '../canvas.ts';
import { counted, duration, paragraph, table, widthOf } from '../layout.ts';
import { heading, idBeside, named, type Place, remarks } from './place.ts';

/**
 * What AWS answered when asked for each thing after its removal; what was kept on purpose; what was left; what is not
 * ours.
 */
export function certificateView(certificate: Certificate, place: Place, canvas: Canvas): string {
  const { style } = canvas;
  const { removed, kept, left, strangers, pending, unchecked = [], at } = certificate;
  const time = style.dim(`  ${at.replace('T', ' ').replace(/\.\d+Z$/, '')} UTC`);
  const parts = [`${heading('Certificate of removal: stack', place, canvas)}\n${time}`];
  const section = (title: string, rows: string) => parts.push(`${title}\n${rows}`);
  if (left.length > 0)
    section(style.red(style.bold(`Left behind: ${left.length}${priceOf(left)}`)), leftList(left, canvas));
  if (kept.length > 0) section(style.bold(`Kept on purpose: ${kept.length}${priceOf(kept)}`), keptList(kept, canvas));
  if (removed.length > 0)
    section(
      `${style.bold(`Removed: ${removed.length}`)}, and AWS's answer when each was asked for afterwards`,
      removedTable(removed, canvas),
    );
  if (strangers.length > 0)
    section(
      style.bold(`Not of this stack, and not touched: ${strangers.length}`),
      remarks(
        strangers.map(
          ({ title, awsId, owner }) => `${[title, idBeside(title, awsId)].filter(Boolean).join(' ')}: ${owner}`,
        ),
        canvas,
      ),
    );
  if (pending.length > 0) section(style.bold('AWS ends this by itself'), remarks(pending, canvas));
  if (unchecked.length > 0) parts.push(remarks(unchecked, canvas));
  return [...parts, paragraph(verdict(certificate, place.stack), canvas)].join('\n\n');
}

/** `, about $32.85 a month`: of those whose price is known. */
function priceOf(things: readonly { monthly?: string }[]): string {
  const known = things.flatMap(({ monthly }) => (monthly === undefined ? [] : [Number(monthly)]));
  const sum = known.reduce((total, one) => total + one, 0);
  return sum < 0.01 ? '' : `, about $${sum.toFixed(2)} a month`;
}

const moneyOf = ({ monthly }: { monthly?: string }): string => (monthly === undefined ? '' : `$${monthly} a month`);

/** Each with its id, then why it is there, then what holds it: no column is too narrow for a sentence. */
function leftList(left: Certificate['left'], canvas: Canvas): string {
  const { style } = canvas;
  return left
    .map(one => {
      const { title, awsId, why, heldBy = [] } = one;
      const { what, id } = named(title, awsId);
      const head = table([[style.red('✗'), what, style.dim(id), moneyOf(one)]], canvas, [1, 2]);
      const reasons = heldBy.length > 0 ? heldBy.map(holder => `held by ${holder}`) : [why];
      return [head, ...reasons.map(reason => paragraph(reason, canvas, 5))].join('\n');
    })
    .join('\n');
}

function keptList(kept: Certificate['kept'], canvas: Canvas): string {
  return kept
    .map(({ title, awsId, why }) => {
      const { what, id } = named(title, awsId);
      const head = table([['=', what, canvas.style.dim(id)]], canvas, [1, 2]);
      return `${head}\n${paragraph(why, canvas, 5)}`;
    })
    .join('\n');
}

/** What, id and answer of each: in a row where there is room for it, else with the id on a line of its own. */
function removedTable(removed: Certificate['removed'], canvas: Canvas): string {
  const { style } = canvas;
  const rows = removed.map(({ title, awsId, answer }) => ({ ...named(title, awsId), answer: style.green(answer) }));
  const whole = table(
    rows.map(({ what, id, answer }) => [what, style.dim(id), answer]),
    canvas,
    [],
  );
  if (widthOf(whole) <= canvas.width) return whole;
  const widest = Math.max(...rows.map(({ what }) => what.length));
  return rows
    .map(
      ({ what, id, answer }) =>
        `${table([[what.padEnd(widest), answer]], canvas)}\n${paragraph(style.dim(id), canvas, 4)}`,
    )
    .join('\n');
}

function verdict({ removed, kept, left, seconds }: Certificate, stack: string): string {
  const time = duration(seconds);
  if (left.length > 0)
    return `${counted(left.length, 'thing')} of stack ${stack} ${left.length === 1 ? 'is' : 'are'} left after ${time}: run the same command again, or remove what is named above yourself.`;
  if (removed.length === 0 && kept.length === 0) return `There was nothing of stack ${stack} to remove.`;
  const keeping = kept.length > 0 ? `, but for the ${counted(kept.length, 'thing')} kept on purpose` : '';
  return `Nothing of stack ${stack} is left${keeping}: ${removed.length} removed and looked up in ${time}.`;
}
