import type { Certificate } from '../../provision/engine/outcome.ts';
import type { Canvas } from '../canvas.ts';
import { counted, duration, paragraph, table, widthOf } from '../layout.ts';
import { heading, idBeside, type Place, remarks } from './place.ts';

/** What AWS answered when asked for each thing after its removal; what was kept on purpose; what was left. */
export function certificateView(certificate: Certificate, place: Place, canvas: Canvas): string {
  const { style } = canvas;
  const { removed, kept, left, pending, seconds } = certificate;
  const parts = [heading('Certificate of removal: stack', place, canvas)];
  const section = (title: string, rows: string) => parts.push(`${title}\n${rows}`);
  if (removed.length > 0)
    section(
      `${style.bold(`Removed: ${removed.length}`)}, and AWS's answer when each was asked for afterwards`,
      removedTable(removed, canvas),
    );
  if (kept.length > 0)
    section(
      style.bold(`Kept on purpose: ${kept.length}`),
      table(
        kept.map(({ id, awsId, why }) => [id, awsId, why]),
        canvas,
        [1, 2],
      ),
    );
  if (left.length > 0)
    section(
      style.red(style.bold(`Left behind: ${left.length}`)),
      table(
        left.map(({ id, awsId, why }) => [id, awsId, style.red(why)]),
        canvas,
        [1, 2],
      ),
    );
  if (pending.length > 0) section(style.bold('AWS ends this by itself'), remarks(pending, canvas));
  return [...parts, paragraph(verdict(certificate, place.stack, duration(seconds)), canvas)].join('\n\n');
}

/** Title, id and answer where there is room for them, else without the id; --json has it always, and the operation that was asked. */
function removedTable(removed: Certificate['removed'], canvas: Canvas): string {
  const { style } = canvas;
  const rows = removed.map(({ title, awsId, answer }) => [title, style.dim(idBeside(title, awsId)), style.green(answer)]);
  const whole = table(rows, canvas, []);
  return widthOf(whole) <= canvas.width
    ? whole
    : table(
        rows.map(([title, , answer]) => [title!, answer!]),
        canvas,
        [0, 1],
      );
}

function verdict({ removed, kept, left }: Certificate, stack: string, time: string): string {
  if (left.length > 0)
    return `${counted(left.length, 'thing')} of stack ${stack} ${left.length === 1 ? 'is' : 'are'} left after ${time}: run the same command again, or remove by hand what is named above.`;
  if (removed.length === 0 && kept.length === 0) return `There was nothing of stack ${stack} to remove.`;
  const keeping = kept.length > 0 ? `, but for the ${counted(kept.length, 'thing')} kept on purpose` : '';
  return `Nothing of stack ${stack} is left${keeping}: ${removed.length} removed and looked up in ${time}.`;
}
