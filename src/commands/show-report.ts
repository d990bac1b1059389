import { stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { Problem } from '../problem.ts';
import type { Form } from '../report/render/forms.ts';
import type { Report } from '../report/report.ts';
import type { Canvas } from '../terminal/canvas.ts';
import { fileNameOf, writeOutput } from './output-file.ts';
import type { Session } from './session.ts';

export interface ShowOptions {
  format?: Form;
  out?: string;
  /** Whether a CSV begins with a byte order mark. */
  bom?: boolean;
  /** Whether the page is shown in a browser. */
  open?: boolean;
}

/**
 * Shows a report in the form that is wanted, at a terminal in columns and elsewhere as the mail's text, which comes with the report from whoever computed
 * it. Or writes it into a file, whose ending decides where `format` does not; or has a browser show it as a page.
 */
export async function showReport(
  session: Session,
  { report, text }: { report: Report; text: string },
  document: object,
  { format, out, bom = false, open = false }: ShowOptions,
): Promise<void> {
  const { endings, formOfFile, renderedAs } = await import('../report/render/forms.ts');
  const inForm = async (form: Form) => (form === 'text' ? text : renderedAs(form, report, { bom }));
  const { dayDue } = await import('../report/render/foot.ts');
  const name = () => fileNameOf(`${report.stack}-${dayDue(report)}`);
  if (open) {
    const { openPage } = await import('./open-page.ts');
    const file = await openPage(await inForm('html'), name(), session.terminal, session.streams.env);
    return session.terminal.result({ text: () => file, document: { ...document, file } });
  }
  if (out === undefined || out === '-') {
    const shown = session.flags.json ? '' : await inForm(format ?? 'text');
    const { reportView } = await import('../terminal/views.ts');
    const isWatched = (canvas: Canvas) => format === undefined && out === undefined && canvas.folds;
    return session.terminal.result({
      text: canvas => (isWatched(canvas) ? reportView(report, canvas) : shown),
      document,
      isFile: format !== undefined && format !== 'text',
    });
  }
  const form = format ?? formOfFile(out) ?? 'text';
  const file = (await isFolder(out)) ? join(out, `${name()}.${endings[form]}`) : out;
  await writeOutput(file, await inForm(form)).catch(cause => {
    if (cause instanceof Problem) throw cause;
    throw new Problem('out', `The file ${file} cannot be written (${cause.code}): name another with --out.`, { cause });
  });
  session.terminal.result({ text: () => `Written to ${file}.`, document: { ...document, file } });
}

/** Refuses a file that could not be written, or whose ending names no form, before a report is made and perhaps sent. */
export async function verifyOut({ format, out }: ShowOptions): Promise<void> {
  if (out === undefined || out === '-' || (await isFolder(out))) return;
  if (!(await isFolder(dirname(out))))
    throw new Problem('usage', `There is no folder ${dirname(out)}: make it, or name another file with --out.`, {
      exit: 'usage',
    });
  const { contradicts, endings, formOfFile } = await import('../report/render/forms.ts');
  if (format !== undefined && contradicts(format, out))
    throw new Problem(
      'usage',
      `--format ${format} and the ending of --out ${out} name two forms: leave --format out, or let --out end in .${endings[format]}.`,
      { exit: 'usage' },
    );
  if (format === undefined && extname(out) !== '' && formOfFile(out) === undefined)
    throw new Problem(
      'usage',
      `No form of a report ends in ${extname(out)}: let --out end in .html, .csv, .md, .json or .txt, or add --format.`,
      { exit: 'usage' },
    );
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  );
