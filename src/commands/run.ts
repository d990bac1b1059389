import { Option } from 'commander';
import type { RunAnswer } from '../function-contract.ts';
import { type ExitReason, Problem } from '../problem.ts';
import type { Window } from '../report/facts.ts';
import type { Report } from '../report/report.ts';
import type { Settings } from '../settings/settings.ts';
import { type Act, Cli, type Run } from './cli.ts';
import { type PreviewOptions, preview } from './preview.ts';
import { openPipeline, type Session, settingsOf } from './session.ts';
import { showReport } from './show-report.ts';
import { type WindowOptions, wantedWindow } from './wanted-window.ts';

export interface RunOptions extends PreviewOptions, WindowOptions {
  dryRun?: boolean;
  remote?: boolean;
}

export const runCommand = (act: Act) =>
  (
    new Cli('run')
      .summary('publish the report, or show it with --dry-run')
      .description(
        'Has the deployed function publish the report. With --dry-run it is computed here and only shown: from --database-url, the database in the settings, or else the sample shop.',
      )
      .option('--dry-run', 'show the report and publish nothing')
      .addOption(
        new Option('--remote', 'with --dry-run: let the deployed function compute it, which reaches the database in its network'),
      )
      .addOption(new Option('--sample', 'of the sample shop').conflicts(['databaseUrl', 'remote']))
      .addOption(new Option('--database-url <url>', 'of the database mysql://USER:PASSWORD@HOST:3306/NAME').conflicts('remote'))
      .option(
        '--from <time>',
        'begin of the window, such as 2026-11-23 or 2026-11-23T16:00Z (default: the last window that has ended)',
      )
      .option('--to <time>', 'end of the window, not included')
      .addOption(new Option('--window <day>', 'the window of the report that was due on this day').conflicts(['from', 'to']))
      .addOption(new Option('--partial', 'the window that goes on, so far').conflicts(['from', 'to', 'window']))
      .addOption(
        new Option('--format <format>', 'in which form').choices(['text', 'json', 'markdown', 'html', 'csv', 'sms', 'subject']),
      )
      .option('--out <file>', 'write it there; a folder gets a file named after the day')
      .option('--bom', 'begin a CSV with a byte order mark, which Excel wants')
      .addOption(new Option('--open', 'show the page in a browser').conflicts(['format', 'out']))
      .action(act(run)) as Cli
  ).examples(
    ['salesreport run', 'publish the report now'],
    ['salesreport run --dry-run', 'see it first'],
    ['salesreport run --dry-run --from 2026-11-01 --to 2026-12-01', 'see a month'],
    ['salesreport run --dry-run --partial', 'see today so far'],
    ['salesreport run --dry-run --window 2026-11-20 --out report.csv', 'a spreadsheet of one day'],
    ['salesreport run --dry-run --open', 'the page with charts, in a browser'],
  );

export const run: Run<RunOptions> = async (session, options) => {
  verifyOptions(options);
  const settings = await settingsOf(session);
  const window = await wantedWindow(options, settings);
  return options.remote || !options.dryRun
    ? runRemote(session, settings, window, options)
    : preview(session, settings, window, options);
};

/** Has the deployed function compute the report, and publish it unless it is a dry run. */
async function runRemote(
  session: Session,
  settings: Settings,
  window: Window | undefined,
  options: RunOptions,
): Promise<ExitReason> {
  const { terminal, interrupt } = session;
  const { pipeline, clock } = await openPipeline(session, settings);
  const working = terminal.progress('The function is reading the sales', clock);
  const invoke = () =>
    pipeline.invoke({
      run: { ...window, ...(options.partial ? { partial: true } : {}), dryRun: options.dryRun ?? false },
    }) as Promise<RunAnswer>;
  const answer = await (options.dryRun
    ? invoke()
    : interrupt.whileChanging('The function may still publish the report.', invoke)
  ).finally(() => working.end());
  const { subject = '', text = '', messageId } = answer;
  const report = answer.report as Report;
  if (messageId) terminal.note(`Published as "${subject}" (message ${messageId}).\n`);
  const document = options.dryRun
    ? { ok: true, ...report }
    : { version: 1, ok: true, stack: pipeline.stack, subject, messageId, report };
  await showReport(session, { report, text }, document, options);
  return 'done';
}

const refusal = (sentence: string) => new Problem('usage', sentence, { exit: 'usage' });

function verifyOptions({ dryRun, sample, databaseUrl, bom, format, out }: RunOptions): void {
  if (sample && !dryRun) throw refusal('Sample data is never published; add --dry-run to see the report of the sample shop.');
  if (bom && format !== 'csv' && !(format === undefined && out?.endsWith('.csv')))
    throw refusal('The flag --bom is for a CSV: add --format csv.');
  if (databaseUrl && !dryRun)
    throw refusal(
      'Only the deployed function publishes, from the database in its settings; add --dry-run to see the report of --database-url.',
    );
}
