import { Argument, Option } from 'commander';
import { Problem } from '../problem.ts';
import type { Found, LedgerView } from '../report/deliver/ledger.ts';
import type { Settings } from '../settings/settings.ts';
import { salesreport } from '../suggest.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { formOption } from './form-option.ts';
import { ledgerOf } from './last-reports.ts';
import { outputOptions } from './output-option.ts';
import { openStack, type Session } from './session.ts';
import { type ShowOptions, showReport, verifyFileIn, verifyOut } from './show-report.ts';
import { spanOf } from './wanted-window.ts';

export interface HistoryOptions {
  last: number;
}

const [outOption, forceOption] = outputOptions(
  '--out <file>',
  'write to a file, or to a folder under the name of the day',
);

export const historyCommand = (act: Dispatch) =>
  (
    new UsageCommand('history')
      .helpCommand(false)
      .summary('list reports and what became of each')
      .description(
        'Lists the archived reports, newest first, with what became of each: sent, archived, held, blocked or failed.',
      )
      .addOption(new Option('--last <count>', 'number of reports').argParser(countOf).default(20))
      .action(act(history)) as UsageCommand
  )
    .addCommand(
      (
        new UsageCommand('show')
          .summary('show one report as it was sent')
          .description('Shows an archived report as it was sent.')
          .addArgument(new Argument('<time>', 'when the report was due, such as 2026-11-20 or 2026-11-20T16:00'))
          .addOption(formOption())
          .addOption(outOption)
          .addOption(forceOption)
          .addOption(new Option('--open', 'open the report as a page in a browser').conflicts(['format', 'out']))
          .action(act(historyShow)) as UsageCommand
      ).examples(
        ['salesreport history show 2026-11-20', "show that day's report"],
        ['salesreport history show 2026-11-20 --open', 'open it with charts'],
        ['salesreport history show 2026-11-20 --out day.csv', 'write a spreadsheet'],
      ),
    )
    .examples(
      ['salesreport history', 'list the last 20 reports'],
      ['salesreport history --last 100 --json', 'use it from a script'],
    );

function countOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new Problem('usage', `The flag --last is "${text}" but must be a number from 1 to 9999.`, { exit: 'usage' });
}

const history: Run<HistoryOptions> = async (session, { last }) => {
  const { pipeline, clock, settings } = await openStack(session);
  const { stack, account, region } = pipeline;
  const reading = session.terminal.progress('Reading the archive', clock);
  const entries = await (async () => {
    const ledger = await ledgerOf(pipeline.archive, settings);
    const [scheduled, asked] = await Promise.all([ledger.before(clock.now(), last), ledger.lastAsked(last)]);
    return [...scheduled, ...asked]
      .map(({ entry }) => entry)
      .sort((a, b) => (a.to < b.to ? 1 : -1))
      .slice(0, last);
  })().finally(() => reading.end());
  const { historyView } = await import('../terminal/views.ts');
  session.terminal.result({
    text: canvas => historyView({ stack, account, region, entries, settings }, canvas),
    document: { version: 1, ok: true, stack, account, region, reports: entries },
  });
  return 'done';
};

const historyShow: Run<ShowOptions> = async (session, options, [when = '']) => {
  await verifyOut(options);
  const { pipeline, settings } = await openStack(session);
  const { entry } = await entryDue(await ledgerOf(pipeline.archive, settings), settings, when);
  if (entry.state === 'unreadable') throw new Problem('unreadable', entry.why ?? '');
  await verifyFileIn(options, settings, async () => entry.to);
  const [{ keptReport }, { usingReport }] = await Promise.all([
    import('../report/deliver/archive.ts'),
    import('../report/deliver/parse-report.ts'),
  ]);
  const report = entry.folder === undefined ? undefined : await keptReport(pipeline.archive, entry.folder);
  if (!report)
    throw new Problem(
      'no-report',
      `The report of ${when} was not made (${entry.state}${entry.why ? `: ${entry.why}` : ''}).`,
    );
  // As it was sent, by whichever version.
  const text = (await pipeline.archive.get(`${entry.folder}report.txt`))?.text;
  const { renderedAs } = await import('../report/render/forms.ts');
  if (options.format === undefined && options.out === undefined) tellState(session, entry);
  return usingReport(`${entry.folder}report.json`, async () =>
    showReport(session, { report, text: text ?? (await renderedAs('text', report)) }, { ok: true, ...report }, options),
  );
};

function tellState({ terminal }: Session, { sent, state, at }: Found['entry']): void {
  const mail = sent.at(-1);
  terminal.note(
    mail
      ? `Sent at ${mail.at} as "${mail.subject}" (message ${mail.messageId}).\n`
      : `Sent to nobody: ${state} at ${at}.\n`,
  );
}

/**
 * The one report that was due at a time, or on a day. Throws Problem `no-report` where there is none, or `usage` where
 * there are more.
 */
async function entryDue(ledger: LedgerView, settings: Settings, when: string): Promise<Found> {
  const { from, to } = spanOf('<time>', when, settings.timezone);
  const endsThen = ({ entry }: Found) => Date.parse(entry.to) >= from && Date.parse(entry.to) < to;
  // One that ends as the time begins has no part in it.
  const due = (await ledger.overlapping(from - 1, to)).filter(endsThen);
  const [found, other] = due.length > 0 ? due : (await ledger.lastAsked(9999)).filter(endsThen);
  if (found && !other) return found;
  throw found
    ? new Problem('usage', `More than one report was due on ${when}: name its time too, such as ${when}T16:00.`, {
        exit: 'usage',
      })
    : new Problem('no-report', `No report of ${when} is in the archive: see ${salesreport`history`}.`);
}
