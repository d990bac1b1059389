import { type Act, Cli, type Run } from './cli.ts';
import { declined, openPipeline, settingsOf, verifyCanAsk } from './session.ts';

export const teardownCommand = (act: Act) =>
  (
    new Cli('teardown')
      .summary('remove everything, with a certificate')
      .description(
        'Removes everything of the stack but the archive of reports, asks AWS for each thing afterwards, and ends with a certificate of the answers. Exit 5 when something is left.',
      )
      .option('--delete-archive', 'remove the archive too, with every report and the record of what was sent')
      .action(act(teardown)) as Cli
  ).examples(
    ['salesreport teardown', 'asks for its name first'],
    ['salesreport teardown --stack trial --yes', 'the stack trial, from a script'],
    ['salesreport teardown --delete-archive', 'leaves nothing at all'],
  );

export const teardown: Run<{ deleteArchive?: boolean }> = async (session, { deleteArchive = false }) => {
  const { terminal, flags, interrupt } = session;
  verifyCanAsk(session, 'teardown');
  const { pipeline, clock } = await openPipeline(session, await settingsOf(session));
  const { stack, account, region } = pipeline;
  if (!flags.yes) {
    const question = `This removes everything of stack ${stack} in account ${account}, region ${region}, with the database and its sales, ${
      deleteArchive ? 'and the archive with every report' : 'but for the archive of reports'
    }.`;
    if (!(await terminal.confirmByName(question, stack))) throw declined();
  }
  const progress = terminal.progress('Removing', clock);
  const certificate = await interrupt
    .whileChanging('Run salesreport teardown again: it removes what is still there.', () =>
      pipeline.teardown(progress, { deleteArchive }),
    )
    .finally(() => progress.end());
  const { certificateView } = await import('../terminal/views.ts');
  const ok = certificate.left.length === 0;
  terminal.result({
    text: canvas => certificateView(certificate, { stack, account, region }, canvas),
    document: { version: 1, ok, stack, account, region, ...certificate },
  });
  return ok ? 'done' : 'left';
};
