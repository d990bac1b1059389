import { Option } from 'commander';
import { systemClock } from '../clock.ts';
import type { RunAnswer } from '../function-contract.ts';
import { Problem } from '../problem.ts';
import type { CheckResult } from '../report/checks.ts';
import type { Source, Window } from '../report/facts.ts';
import type { Report } from '../report/report.ts';
import type { Plans } from '../report/sources/mysql-plans.ts';
import type { Settings } from '../settings/settings.ts';
import { salesreport } from '../suggest.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { openStack, type Session, settingsOf } from './session.ts';
import { openSource, sampleHint } from './shop-source.ts';
import { passedOf, passedRun, scheduledWindow, type WindowOptions, wantedRun, wantedWindow } from './wanted-window.ts';

export interface CheckOptions extends WindowOptions {
  remote?: boolean;
  sample?: boolean;
  databaseUrl?: string;
  query?: string;
  explain?: boolean;
}

export const checkCommand = (act: Dispatch) =>
  (
    new UsageCommand('check')
      .summary("check the report's data")
      .description(
        'Runs the checks that decide whether a report is sent, and sends nothing. Reads --database-url, else the database in the ' +
          'settings, else the sample shop. Exits 4 if a report would be blocked or held.',
      )
      .addOption(new Option('--remote', 'run the checks in the deployed function, which can reach a private database'))
      .addOption(new Option('--sample', "use the sample shop's data").conflicts(['databaseUrl', 'remote']))
      .addOption(
        new Option(
          '--database-url <url>',
          'read this database, mysql://USER@HOST:3306/NAME; asks for the password',
        ).conflicts('remote'),
      )
      .option(
        '--from <time>',
        'start of the window, such as 2026-11-23 or 2026-11-23T16:00Z (default: the last finished window)',
      )
      .option('--to <time>', 'end of the window, exclusive')
      .addOption(new Option('--window <day>', 'use the window of the report due on this day').conflicts(['from', 'to']))
      .addOption(
        new Option('--query <file>', "check the order lines this file's SELECT returns").conflicts([
          'remote',
          'sample',
        ]),
      )
      .addOption(new Option('--explain', "show the database's query plans").conflicts(['sample', 'remote']))
      .action(act(check)) as UsageCommand
  ).examples(
    ['salesreport check', "check the last window's data"],
    ['salesreport check --remote', 'check from the function'],
    ['salesreport check --window 2026-11-20 --json', 'check one day, from a script'],
    ['salesreport check --explain', 'look for missing indexes'],
  );

/** What the checks found, and of what. `plans` where they were asked for. */
interface Findings {
  settings: Settings;
  source: Source['kind'];
  window: Window;
  checks: CheckResult[];
  plans?: Plans;
}

const check: Run<CheckOptions> = async (session, options) => {
  const { settings, source, window, checks, plans } = options.remote
    ? await checkRemote(session, options)
    : await checkHere(session, options);
  const [{ decisionOf }, { checksView, plansView }] = await Promise.all([
    import('../report/checks.ts'),
    import('../terminal/views.ts'),
  ]);
  const decision = decisionOf(checks);
  const { timezone, locale } = settings;
  session.terminal.result({
    text: canvas =>
      [
        checksView({ source, window: { ...window, timezone }, locale, checks, decision }, canvas),
        ...(plans ? [plansView(plans, canvas)] : []),
      ].join('\n\n'),
    document: {
      version: 1,
      ok: decision === 'send',
      source,
      window: { ...window, timezone },
      decision,
      checks,
      ...plans,
    },
  });
  if (source === 'sample' && !options.sample) session.terminal.note(sampleHint);
  return decision === 'send' ? 'done' : 'unhealthy';
};

async function checkHere(session: Session, options: CheckOptions): Promise<Findings> {
  const { settings } = await settingsOf(session);
  const [{ compute }, { blockingCheck }, { reportOptionsOf }] = await Promise.all([
    import('../report/run.ts'),
    import('../report/checks.ts'),
    import('../settings/report-options.ts'),
  ]);
  const now = systemClock.now();
  const { window, isCut } = passedOf(
    (await wantedWindow(options, settings)) ?? (await scheduledWindow(settings, false)),
    now,
  );
  const source = await openSource(session, settings, options);
  if (options.explain && !source.explain)
    throw new Problem('usage', 'Only a database has query plans: name yours with --database-url.', { exit: 'usage' });
  try {
    const checks = await compute(
      window,
      source,
      { ...settings, report: reportOptionsOf(settings) },
      { now, partial: isCut },
    ).then(
      ({ report }) => report.checks,
      error => {
        const blocking = blockingCheck(error);
        if (!blocking) throw error;
        return [blocking];
      },
    );
    const plans = options.explain ? await source.explain?.(window, now) : undefined;
    return { settings, source: source.kind, window, checks, ...(plans && { plans }) };
  } finally {
    await source.close();
  }
}

/** A dry run of the function answers with the report, which has the checks. */
async function checkRemote(session: Session, options: CheckOptions): Promise<Findings> {
  const { pipeline, clock, settings } = await openStack(session);
  const wanted = await wantedRun(options, settings);
  const working = session.terminal.progress('The function is checking the sales', clock);
  const answer = (await pipeline
    .invoke({ run: { ...passedRun(wanted, clock.now()), dryRun: true } })
    .finally(() => working.end())) as RunAnswer;
  const report = answer.report as Report | undefined;
  if (!report)
    throw new Problem(
      'no-report',
      answer.why ?? `The function answered without a report: run ${salesreport`provision`}, which deploys it again.`,
      { exit: 'unhealthy' },
    );
  const { from, to } = report.window;
  return { settings, source: report.source, window: { from, to }, checks: report.checks };
}
