import type { Clock } from '../clock.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import type { Finding } from '../provision/verify/root-cause.ts';
import { clockTime } from '../schedule/clock-time.ts';
import type { Settings } from '../settings/settings.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { lastReportsOf } from './last-reports.ts';
import { openStack } from './session.ts';

export const verifyCommand = (act: Dispatch) =>
  (
    new UsageCommand('verify')
      .summary('prove that the pipeline works, or name what is broken')
      .description(
        'Asks the deployed function whether it reaches the shop, the topics and the archive, checks the configuration of its ' +
          'network path, and names the broken hop with what to do. Mails nobody and changes nothing. Exits 4 if a hop is broken.',
      )
      .action(act(verify)) as UsageCommand
  ).examples(
    ['salesreport verify', 'test the whole path'],
    ['salesreport verify --json --quiet', 'use it from a script or a monitor'],
  );

const verify: Run<object> = async session => {
  const { pipeline, clock, settings, from } = await openStack(session);
  const { stack, account, region } = pipeline;
  const progress = session.terminal.progress('Verifying', clock);
  const done = await pipeline.verify(progress, lastReport(pipeline, settings, clock)).finally(() => progress.end());
  const holder = done.ok ? undefined : await pipeline.lock();
  if (!done.ok && from.kind === 'defaults')
    session.terminal.warn(
      `There is no salesreport.yaml here and no record of the last provision: stack ${stack} is compared with the defaults, and what is called broken may be as its settings say. Name its settings file with --settings.`,
    );
  const { verifiedView } = await import('../terminal/views.ts');
  session.terminal.result({
    text: canvas => verifiedView({ stack, account, region, ...done, atWork: holder?.words }, canvas),
    document: { version: 1, stack, account, region, ...done },
  });
  return done.ok ? 'done' : 'unhealthy';
};

/** What became of the last report, as the last hop of the path. */
async function lastReport(pipeline: Pipeline, settings: Settings, clock: Clock): Promise<Finding> {
  const hop = 'last report';
  const { entries, trouble } = await lastReportsOf(pipeline, settings, clock);
  const [last] = entries;
  if (!last) return { hop, state: 'skipped', detail: 'none yet' };
  const detail = `${last.state}, until ${clockTime(Date.parse(last.to), settings.timezone)}`;
  return trouble ? { hop, state: 'broken', detail, why: trouble } : { hop, state: 'ok', detail };
}
