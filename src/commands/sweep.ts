import { Problem } from '../problem.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { openPipeline, type Session, settingsOf } from './session.ts';

export const sweepCommand = (act: Dispatch) =>
  (
    new UsageCommand('sweep')
      .summary('find what any stack left behind')
      .description(
        'Finds what salesreport made in the account, for any stack, by tags and names, in the lists of each AWS service. Changes ' +
          'nothing. Exits 5 if something belongs to no deployed stack and was not kept on purpose.',
      )
      .option('--all-regions', 'search every enabled region')
      .action(act(sweep)) as UsageCommand
  ).examples(
    ['salesreport sweep', "search your profile's region"],
    ['salesreport sweep --all-regions', 'search every region'],
  );

const sweep: Run<{ allRegions?: boolean }> = async (session, { allRegions = false }) => {
  const { terminal } = session;
  const { pipeline, clock } = await openAnywhere(session, allRegions);
  const progress = terminal.progress('Looking', clock);
  const swept = await pipeline.sweep(progress, { allRegions }).finally(() => progress.end());
  const { sweptView } = await import('../terminal/views.ts');
  const isClean = swept.stacks.every(({ state }) => state !== 'leftovers');
  const ok = isClean && swept.unseen.length === 0;
  terminal.result({
    text: canvas => sweptView({ ...swept, account: pipeline.account }, canvas),
    document: { version: 1, ok, account: pipeline.account, ...swept },
  });
  if (!isClean) return 'left';
  return ok ? 'done' : 'failed';
};

/** Who looks everywhere needs no region of their own. */
async function openAnywhere(session: Session, allRegions: boolean) {
  const loaded = await settingsOf(session);
  try {
    return await openPipeline(session, loaded);
  } catch (error) {
    if (!allRegions || !(error instanceof Problem) || error.code !== 'no-region') throw error;
    return openPipeline(session, { ...loaded, settings: { ...loaded.settings, region: 'us-east-1' } });
  }
}
