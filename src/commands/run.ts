import { randomUUID } from 'node:crypto';
import { Option } from 'commander';
import type { Clock } from '../clock.ts';
import type { RunAnswer } from '../function-contract.ts';
import { type ExitReason, Problem } from '../problem.ts';
import type { Report } from '../report/report.ts';
import type { Settings } from '../settings/settings.ts';
import { salesreport } from '../suggest.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { formOption } from './form-option.ts';
import { outputOptions } from './output-option.ts';
import { type PreviewOptions, preview } from './preview.ts';
import { openStack, type Session, settingsOf } from './session.ts';
import { showReport, verifyFileIn, verifyOut } from './show-report.ts';
import {
  passedRun,
  scheduledWindow,
  type WantedRun,
  type WindowOptions,
  wantedRun,
  wantedWindow,
} from './wanted-window.ts';

export interface RunOptions extends PreviewOptions, WindowOptions {
  dryRun?: boolean;
  remote?: boolean;
  resend?: boolean;
  /** Replaces the file of `--out`. */
  force?: boolean;
  sendAnyway?: boolean;
  reason?: string;
}

const [outOption, forceOption] = outputOptions(
  '--out <file>',
  'write to a file, or to a folder under the name of the day',
);

export const runCommand = (act: Dispatch) =>
  (
    new UsageCommand('run')
      .summary('send the report, or preview it with --dry-run')
      .description(
        'Has the deployed function send the report. With --dry-run, computes it on this computer and only shows it: from ' +
          '--database-url, else the database in the settings, else the sample shop.',
      )
      .option('--dry-run', 'show the report and send nothing')
      .addOption(
        new Option(
          '--remote',
          'with --dry-run, compute it in the deployed function, which can reach a private database',
        ),
      )
      .addOption(new Option('--sample', "use the sample shop's data").conflicts(['databaseUrl', 'remote']))
      .addOption(
        new Option(
          '--database-url <url>',
          'read this database, mysql://USER@HOST:3306/NAME; asks for the password',
        ).conflicts('remote'),
      )
      .addOption(
        new Option('--query <file>', "with --dry-run, report on the order lines this file's SELECT returns").conflicts([
          'remote',
          'sample',
        ]),
      )
      .option(
        '--from <time>',
        'start of the window, such as 2026-11-23 or 2026-11-23T16:00Z (default: the last finished window)',
      )
      .option('--to <time>', 'end of the window, exclusive')
      .addOption(new Option('--window <day>', 'use the window of the report due on this day').conflicts(['from', 'to']))
      .addOption(new Option('--partial', 'use the current, unfinished window').conflicts(['from', 'to', 'window']))
      .addOption(formOption())
      .option('--resend', 'send a report again, marked as revised; needs --reason')
      .addOption(
        new Option('--send-anyway', 'send a report that a check blocks or holds; needs --reason').conflicts(['resend']),
      )
      .option('--reason <words>', 'reason, printed in the report')
      .addOption(outOption)
      .addOption(forceOption)
      .option('--bom', 'start a CSV with a byte order mark, for Excel')
      .addOption(new Option('--open', 'open the report as a page in a browser').conflicts(['format', 'out']))
      .action(act(run)) as UsageCommand
  ).examples(
    ['salesreport run', 'send it now'],
    ['salesreport run --dry-run', 'preview it'],
    ['salesreport run --dry-run --from 2026-10-01 --to 2026-11-01', 'a month'],
    ['salesreport run --dry-run --partial', 'today so far'],
    ['salesreport run --dry-run --window 2026-11-20 --out day.csv', 'a spreadsheet'],
    ['salesreport run --dry-run --open', 'with charts'],
  );

const run: Run<RunOptions> = async (session, options) => {
  verifyOptions(options);
  await verifyOut(options);
  if (options.remote || !options.dryRun) return runRemote(session, options);
  const { settings } = await settingsOf(session);
  return preview(session, settings, await wantedWindow(options, settings), options);
};

/** Has the deployed function compute the report, and publish it unless it is a dry run. */
async function runRemote(session: Session, options: RunOptions): Promise<ExitReason> {
  const { terminal, interrupt } = session;
  const { pipeline, clock, settings } = await openStack(session);
  const wanted = await wantedRun(options, settings);
  await verifyFileIn(options, settings, () => endOf(passedRun(wanted, clock.now()), options, settings, clock));
  const working = terminal.progress('The function is reading the sales', clock);
  const { partial, dryRun = false, resend, sendAnyway, reason } = options;
  const request = {
    id: randomUUID(),
    ...passedRun(wanted, clock.now()),
    ...(partial && { partial }),
    dryRun,
    ...(resend && { resend: reason }),
    ...(sendAnyway && { force: reason }),
  };
  const startedAt = clock.elapsed();
  const invoke = () => pipeline.invoke({ run: request }) as Promise<RunAnswer>;
  const found: string[] = [];
  const published = () =>
    invoke().catch(async (error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'no-answer') throw error;
      const { lookedUp } = await import('./lost-run.ts');
      return lookedUp({ pipeline, settings, clock, request, startedAt, tell: words => found.push(words) }, error);
    });
  const answer = await (dryRun
    ? invoke()
    : interrupt.whileChanging('The function may still publish the report.', published)
  ).finally(() => working.end());
  for (const words of found) terminal.note(words);
  verifyKnown(answer, dryRun);
  const told = tell(answer);
  if (told) terminal.note(told);
  const exit = await showAnswer(session, pipeline.stack, answer, options);
  return answer.outcome === 'blocked' || answer.outcome === 'held' ? 'unhealthy' : exit;
}

/**
 * When the report that the function makes was due, or until when it goes, as far as the settings tell; undefined where
 * they do not.
 */
async function endOf(wanted: WantedRun, { partial = false }: RunOptions, settings: Settings, clock: Clock) {
  if (wanted) return 'due' in wanted ? wanted.due : wanted.to;
  return scheduledWindow(settings, partial, clock).then(
    ({ to }) => to,
    () => undefined,
  );
}

/**
 * Throws Problem `foreign-function` for an answer that only another version of the function gives: what became of the
 * report is not told by it.
 */
function verifyKnown(answer: RunAnswer | null, dryRun: boolean): void {
  const { outcome, report } = answer ?? {};
  if (dryRun ? report !== undefined : outcome !== undefined && known.has(outcome)) return;
  const gave = outcome === undefined ? 'gives no outcome' : `answers "${outcome}"`;
  throw new Problem(
    'foreign-function',
    `The function ${gave}, which this version of salesreport does not know: deploy its own with ${salesreport`provision`}, and see with ${salesreport`history`} whether the report went out.`,
  );
}

const known: ReadonlySet<string> = new Set<RunAnswer['outcome']>([
  'sent',
  'already sent',
  'blocked',
  'held',
  'archived',
]);

/** What became of it, before the report itself is shown. */
function tell({ outcome, subject, messageId, why }: RunAnswer): string | undefined {
  switch (outcome) {
    case 'sent':
      return `Published as "${subject}" (message ${messageId}).\n`;
    case 'blocked':
      return `Blocked, and sent to nobody: ${why} Correct the data and run it again, or send it as it is with --send-anyway --reason "…".\n`;
    case 'held':
      return `Held: ${why} Send it now with --send-anyway --reason "…".\n`;
    default:
      return undefined;
  }
}

async function showAnswer(
  session: Session,
  stack: string,
  answer: RunAnswer,
  options: RunOptions,
): Promise<ExitReason> {
  const { outcome, window, subject, text = '', messageId, why, report } = answer;
  const ok = outcome !== 'blocked' && outcome !== 'held';
  const document = options.dryRun
    ? { ok, ...report }
    : { version: 1, ok, stack, outcome, window, subject, messageId, ...(why ? { why } : {}), report: report ?? null };
  if (report) return showReport(session, { report: report as Report, text }, document, options);
  const words =
    outcome === 'already sent'
      ? `Already sent as "${subject}" (message ${messageId}); --resend --reason "…" sends it again, marked as revised.`
      : '';
  session.terminal.result({ text: () => words, document });
  return 'done';
}

const refusal = (sentence: string) => new Problem('usage', sentence, { exit: 'usage' });

function verifyOptions(options: RunOptions): void {
  const { dryRun, sample, databaseUrl, query, resend, sendAnyway, reason, bom, format, out } = options;
  if (sample && !dryRun)
    throw refusal('Sample data is never published; add --dry-run to see the report of the sample shop.');
  if (bom && format !== 'csv' && !(format === undefined && out?.toLowerCase().endsWith('.csv')))
    throw refusal('The flag --bom is for a CSV: add --format csv.');
  if (databaseUrl && !dryRun)
    throw refusal(
      'Only the deployed function publishes, from the database in its settings; add --dry-run to see the report of --database-url.',
    );
  if (query && !dryRun)
    throw refusal(
      'Only the deployed function publishes, by the query in its settings; add --dry-run to see the report of --query.',
    );
  const flag = resend ? '--resend' : sendAnyway ? '--send-anyway' : undefined;
  if (flag && dryRun) throw refusal(`The flag ${flag} is for a report that is sent; leave it or --dry-run out.`);
  if (flag && !reason?.trim())
    throw refusal(`The flag ${flag} needs a reason, which the report shows: add --reason "…".`);
  if (reason !== undefined && !flag) throw refusal('The flag --reason goes with --resend or --send-anyway.');
}
