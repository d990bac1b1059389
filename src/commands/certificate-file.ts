import { extname } from 'node:path';
import { Problem } from '../problem.ts';
import type { Result } from '../terminal/terminal.ts';
import { fillOutput, type Output } from './output-file.ts';

/** Columns of a certificate in a file: each thing has its row, with its id and AWS's answer. */
const width = 140;

/**
 * Writes a certificate as text, or as the JSON document where the file ends in .json. Throws Problem `certificate`
 * where the file cannot be written.
 */
export async function writeCertificate(output: Output, { text, document }: Result): Promise<void> {
  const { canvasOf } = await import('../terminal/canvas.ts');
  const canvas = canvasOf({ write: () => {}, columns: width }, { env: {}, color: false });
  const isJson = extname(output.file).toLowerCase() === '.json';
  await fillOutput(output, `${isJson ? JSON.stringify(document, null, 2) : text(canvas).trimEnd()}\n`).catch(cause => {
    if (!(cause instanceof Problem)) throw cause;
    throw new Problem('certificate', cause.message, { next: 'The certificate is on stdout.', cause });
  });
}
