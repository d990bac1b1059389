import { whyNoRuns } from '../provision/verbs/deployment.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { lastReportsOf } from './last-reports.ts';
import { nextRunsOf } from './next-runs.ts';
import { openStack } from './session.ts';

export interface StatusOptions {
  exitCode?: boolean;
}

export const statusCommand = (act: Dispatch) =>
  (
    new UsageCommand('status')
      .summary("show the pipeline's state")
      .description(
        'Shows each resource, the readers, the last reports and the next runs. Exits 4 if anything is unhealthy.',
      )
      .option('--exit-code', 'exit 3 if the stack does not match the settings')
      .action(act(status)) as UsageCommand
  ).examples(
    ['salesreport status', "show the pipeline's state"],
    ['salesreport status --exit-code --quiet', 'check for drift every night'],
  );

const status: Run<StatusOptions> = async (session, options) => {
  const { pipeline, clock, settings, from } = await openStack(session);
  const { stack, account, region } = pipeline;
  const looking = session.terminal.progress('Looking at what is there', clock);
  const [found, reports] = await Promise.all([pipeline.status(), lastReportsOf(pipeline, settings, clock)]).finally(
    () => looking.end(),
  );
  const nextRuns = whyNoRuns(found.resources, settings.timezone) ?? (await nextRunsOf(settings, clock));
  const healthy = found.healthy && reports.trouble === undefined;
  const { statusView } = await import('../terminal/views.ts');
  session.terminal.result({
    text: canvas =>
      statusView(
        { stack, account, region, status: found, nextRuns, reports, host: settings.database.host, settings, from },
        canvas,
      ),
    document: {
      version: 1,
      ok: true,
      stack,
      account,
      region,
      resources: found.resources,
      subscribers: found.subscribers,
      moreSubscribers: found.moreSubscribers,
      operators: found.operators,
      moreOperators: found.moreOperators,
      strangers: found.strangers,
      notes: found.notes,
      nextRuns: (typeof nextRuns === 'string' ? [] : nextRuns.instants).map(instant => new Date(instant).toISOString()),
      lastRuns: reports.entries,
      trouble: reports.trouble ?? null,
      outboundAddress: found.outboundAddress ?? null,
      healthy,
      settingsFrom: from.kind,
    },
  });
  if (options.exitCode && found.resources.some(({ state }) => state === 'differs' || state === 'missing'))
    return 'differences';
  return healthy ? 'done' : 'unhealthy';
};
