import { lstat, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { Problem } from '../problem.ts';
import type { Result } from '../terminal/terminal.ts';
import { isStream, writeOutput } from './output-file.ts';

/** Columns of a certificate in a file: each thing has its row, with its id and AWS's answer. */
const width = 140;

/** Refuses a file that could not be written, or that is there already: a certificate is proof, and no run writes over another's. */
export async function verifyCertificateFile(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const isFolder = await stat(dirname(file)).then(
    found => found.isDirectory(),
    () => false,
  );
  if (!isFolder)
    throw new Problem('usage', `There is no folder ${dirname(file)}: make it, or name another file with --certificate.`, {
      exit: 'usage',
    });
  const isThere = await lstat(file).then(
    () => true,
    () => false,
  );
  if (isThere && !(await isStream(file))) throw taken(file);
}

/** Writes a certificate as text, or as the JSON document where the file ends in .json. Throws Problem `certificate` where the file cannot be written. */
export async function writeCertificate(file: string, { text, document }: Result): Promise<void> {
  const { canvasOf } = await import('../terminal/canvas.ts');
  const canvas = canvasOf({ write: () => {}, columns: width }, { env: {}, color: false });
  const content = extname(file).toLowerCase() === '.json' ? JSON.stringify(document, null, 2) : text(canvas).trimEnd();
  await writeOutput(file, `${content}\n`, { replace: false }).catch(cause => {
    if (cause.code === 'EEXIST') throw taken(file);
    throw new Problem('certificate', `The file ${file} could not be written (${cause.code}): the certificate stands above.`, {
      cause,
    });
  });
}

const taken = (file: string) =>
  new Problem('certificate', `${file} is there already and certificates are not written over: name another file.`, {
    exit: 'usage',
  });
