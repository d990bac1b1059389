import type { Hop } from '../../function-contract.ts';
import type { Canvas } from '../canvas.ts';
import { table } from '../layout.ts';

/** The way of the function to the shop and the topic, hop by hop. */
export function hopsView(hops: readonly Hop[], canvas: Canvas): string {
  const { style } = canvas;
  const rows = table(
    hops.map(({ hop, ok, skipped, ms, detail }) => {
      const name = skipped ? style.dim(`- ${hop}`) : ok ? style.green(`✓ ${hop}`) : style.red(`✗ ${hop}`);
      return [name, skipped ? '' : `${Math.round(ms)} ms`, detail ?? (skipped ? 'not tried' : '')];
    }),
    canvas,
  );
  return `${style.bold("The function's own way to the shop, the topic and the archive")}\n${rows}`;
}
