import { extname, join } from 'node:path';
import { type ExitReason, Problem } from '../problem.ts';
import type { Form } from '../report/render/forms.ts';
import type { Report } from '../report/report.ts';
import type { Settings } from '../settings/settings.ts';
import type { Canvas } from '../terminal/canvas.ts';
import { fileNameOf, fillOutput, isFolder, toStdout, verifyOutput } from './output-file.ts';
import type { Session } from './session.ts';

export interface ShowOptions {
  format?: Form;
  out?: string;
  /** Whether the file of `out` may take the place of another. */
  force?: boolean;
  /** Whether a CSV begins with a byte order mark. */
  bom?: boolean;
  /** Whether the page is shown in a browser. */
  open?: boolean;
}

/**
 * Shows a report in the form that is wanted, at a terminal in columns and elsewhere as the mail's text, which comes
 * with the report from whoever computed it. Or writes it into a file, whose ending decides where `format` does not; or
 * has a browser show it as a page. A file that cannot be written is said, with the document: the report may have been
 * sent.
 */
export async function showReport(
  session: Session,
  { report, text }: { report: Report; text: string },
  document: object,
  options: ShowOptions,
): Promise<ExitReason> {
  const { format, out, force, bom = false, open = false } = options;
  const { terminal, flags, streams } = session;
  const { renderedAs } = await import('../report/render/forms.ts');
  const inForm = async (form: Form) => (form === 'text' ? text : renderedAs(form, report, { bom }));
  if (!open && (out === undefined || out === toStdout)) {
    const shown = flags.json ? '' : await inForm(format ?? 'text');
    const { reportView } = await import('../terminal/views.ts');
    const isWatched = (canvas: Canvas) => format === undefined && out === undefined && canvas.folds;
    terminal.result({
      text: canvas => (isWatched(canvas) ? reportView(report, canvas) : shown),
      document,
      isFile: format !== undefined && format !== 'text',
    });
    return 'done';
  }
  const write = open ? await toBrowser() : await toFile();
  try {
    const { file, words } = await write();
    terminal.result({ text: () => words, document: { ...document, file } });
    return 'done';
  } catch (error) {
    const { problemOf } = await import('../terminal/terminal.ts');
    const problem = problemOf(error);
    terminal.partlyDone(problem, { text: () => '', document });
    return problem.exit;
  }

  async function toBrowser() {
    const [page, name, { openPage }] = await Promise.all([inForm('html'), nameOf(report), import('./open-page.ts')]);
    return async () => {
      const file = await openPage(page, name, terminal, streams.env);
      return { file, words: file };
    };
  }

  async function toFile() {
    const { file, form } = await fileOf(options, report);
    const content = await inForm(form);
    return async () => {
      await fillOutput({ file, flag: '--out', force }, content);
      return { file, words: `Written to ${file}.` };
    };
  }
}

/** Which report a file is of. */
type Named = Pick<Report, 'stack' | 'window'>;

async function nameOf(report: Named): Promise<string> {
  const { dayDue } = await import('../report/render/footer.ts');
  return fileNameOf(`${report.stack}-${dayDue(report)}`);
}

/** The file that `--out` names, and the form that it gets; in a folder one named after the day. */
async function fileOf({ format, out = '' }: ShowOptions, report: Named): Promise<{ file: string; form: Form }> {
  const { endings, formOfFile } = await import('../report/render/forms.ts');
  const form = format ?? formOfFile(out) ?? 'text';
  return { file: (await isFolder(out)) ? join(out, `${await nameOf(report)}.${endings[form]}`) : out, form };
}

/**
 * Refuses the file in the folder of `--out`, as soon as `end` tells when the report was due: a file there is not
 * written over.
 */
export async function verifyFileIn(
  options: ShowOptions,
  { stack, timezone }: Settings,
  end: () => Promise<string | undefined>,
): Promise<void> {
  const { out, force } = options;
  if (out === undefined || out === toStdout || !(await isFolder(out))) return;
  const to = await end();
  if (to === undefined) return;
  const { file } = await fileOf(options, { stack, window: { from: to, to, timezone } });
  await verifyOutput({ file, flag: '--out', force });
}

/**
 * Refuses a file that could not be written, or whose ending names no form, before a report is made and perhaps sent.
 */
export async function verifyOut({ format, out, force }: ShowOptions): Promise<void> {
  if (out !== undefined && (await isFolder(out))) return;
  if (out !== undefined && out !== toStdout) await verifyForm(format, out);
  await verifyOutput({ file: out, flag: '--out', force });
}

async function verifyForm(format: Form | undefined, out: string): Promise<void> {
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
