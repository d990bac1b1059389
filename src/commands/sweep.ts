import { Problem } from '../problem.ts';
import { type Act, Cli, type Run } from './cli.ts';
import { openPipeline, type Session, settingsOf } from './session.ts';

export const sweepCommand = (act: Act) =>
  (
    new Cli('sweep')
      .summary('find what any stack has left behind')
      .description(
        'Finds what salesreport has made in the account, of any stack, by tags and by names, in the lists of each AWS service. Changes nothing. Exit 5 when something belongs to no standing stack and was not kept on purpose; exit 1 when nothing does, and a region could not be looked at in full.',
      )
      .option('--all-regions', 'look in every region of the account')
      .action(act(sweep)) as Cli
  ).examples(
    ['salesreport sweep', 'the region of your profile'],
    ['salesreport sweep --all-regions', 'all that there is'],
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
