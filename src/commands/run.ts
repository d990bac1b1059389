import { Option } from 'commander';
import type { RunAnswer } from '../function-contract.ts';
import { type ExitReason, Problem } from '../problem.ts';
import type { Window } from '../report/facts.ts';
import type { Settings } from '../settings/settings.ts';
import { type Act, Cli, type Run } from './cli.ts';
import { parseInstant } from './instant.ts';
import { type PreviewOptions, preview } from './preview.ts';
import { openPipeline, type Session, settingsOf } from './session.ts';

export interface RunOptions extends PreviewOptions {
  dryRun?: boolean;
  remote?: boolean;
  from?: string;
  to?: string;
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
      .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']))
      .action(act(run)) as Cli
  ).examples(
    ['salesreport run', 'publish the report now'],
    ['salesreport run --dry-run', 'see it first'],
    ['salesreport run --dry-run --from 2026-11-01 --to 2026-12-01', 'see a month'],
  );

export const run: Run<RunOptions> = async (session, options) => {
  verifyOptions(options);
  const settings = await settingsOf(session);
  const window = options.from && options.to ? windowOf(options.from, options.to, settings.timezone) : undefined;
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
  const invoke = () => pipeline.invoke({ run: { ...window, dryRun: options.dryRun ?? false } }) as Promise<RunAnswer>;
  const answer = await (options.dryRun
    ? invoke()
    : interrupt.whileChanging('The function may still publish the report.', invoke)
  ).finally(() => working.end());
  const { report, subject, text, messageId } = answer;
  if (messageId) terminal.note(`Published as "${subject}" (message ${messageId}).\n`);
  terminal.result({
    text: () => (options.format === 'json' ? JSON.stringify(report, null, 2) : text),
    document: options.dryRun ? report : { version: 1, ok: true, stack: pipeline.stack, subject, messageId, report },
  });
  return 'done';
}

function windowOf(from: string, to: string, zone: string): Window {
  const [begin, end] = [parseInstant('--from', from, zone), parseInstant('--to', to, zone)];
  if (begin >= end) throw refusal(`The window from ${from} to ${to} is empty: --to must be later than --from.`);
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

const refusal = (sentence: string) => new Problem('usage', sentence, { exit: 'usage' });

function verifyOptions({ dryRun, sample, databaseUrl, from, to }: RunOptions): void {
  if (sample && !dryRun) throw refusal('Sample data is never published; add --dry-run to see the report of the sample shop.');
  if (databaseUrl && !dryRun)
    throw refusal(
      'Only the deployed function publishes, from the database in its settings; add --dry-run to see the report of --database-url.',
    );
  if ((from === undefined) !== (to === undefined))
    throw refusal(`The flags --from and --to go together; add ${from === undefined ? '--from' : '--to'}.`);
}
