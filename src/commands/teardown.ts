import { type Act, Cli, type Run } from './cli.ts';
import { declined, openPipeline, settingsOf, verifyCanAsk } from './session.ts';

export const teardownCommand = (act: Act) =>
  (
    new Cli('teardown')
      .summary('remove everything, with a certificate')
      .description(
        'Removes everything of the stack, asks AWS for each thing afterwards, and ends with a certificate of the answers. Exit 5 when something is left.',
      )
      .action(act(teardown)) as Cli
  ).examples(
    ['salesreport teardown', 'asks for the name of the stack first'],
    ['salesreport teardown --stack trial --yes', 'removes the stack trial from a script'],
  );

export const teardown: Run<object> = async session => {
  const { terminal, flags, interrupt } = session;
  verifyCanAsk(session, 'teardown');
  const { pipeline, clock } = await openPipeline(session, await settingsOf(session));
  const { stack, account, region } = pipeline;
  if (!flags.yes) {
    const question = `This removes everything of stack ${stack} in account ${account}, region ${region}, with the database and its sales.`;
    if (!(await terminal.confirmByName(question, stack))) throw declined();
  }
  const progress = terminal.progress('Removing', clock);
  const certificate = await interrupt
    .whileChanging('Run salesreport teardown again: it removes what is still there.', () => pipeline.teardown(progress))
    .finally(() => progress.end());
  const { certificateView } = await import('../terminal/views.ts');
  const ok = certificate.left.length === 0;
  terminal.result({
    text: canvas => certificateView(certificate, { stack, account, region }, canvas),
    document: { version: 1, ok, stack, account, region, ...certificate },
  });
  return ok ? 'done' : 'left';
};
