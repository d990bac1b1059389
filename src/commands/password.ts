import { salesreport } from '../suggest.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { databasePassword, openStack } from './session.ts';

export const passwordCommand = (act: Dispatch) =>
  new UsageCommand('password')
    .helpCommand(false)
    .summary('change the stored database password')
    .description('Changes the stored database password.')
    .addCommand(
      (
        new UsageCommand('set')
          .summary('store a new password and test it')
          .description(
            'Prompts for the password (or reads SALESREPORT_DATABASE_PASSWORD), stores it as a new version of the SSM parameter, and ' +
              'has the deployed function log in with it. If the login fails, the old password is put back.',
          )
          .action(act(passwordSet)) as UsageCommand
      ).examples(['salesreport password set', 'prompt for the new password']),
    );

const passwordSet: Run<object> = async session => {
  const { terminal, interrupt } = session;
  const { pipeline, clock, settings } = await openStack(session);
  const { stack, account, region } = pipeline;
  await pipeline.verifyPassword();
  const value = await databasePassword(session, settings.database, 'New password');
  const progress = terminal.progress('Changing the password', clock);
  const done = await interrupt
    .whileChanging(`Run ${salesreport`password set`} again: it finishes what this run began.`, () =>
      pipeline.setPassword(progress, value),
    )
    .finally(() => progress.end());
  const { hopsView, paragraph } = await import('../terminal/views.ts');
  const words = done.ok
    ? `The new password is stored and the database takes it (version ${done.version} of the parameter).`
    : `The new password was not proved, and the old one is put back: ${done.why}`;
  terminal.result({
    text: canvas => [hopsView(done.hops, canvas), paragraph(words, canvas)].join('\n\n'),
    document: {
      version: 1,
      ok: done.ok,
      stack,
      account,
      region,
      parameterVersion: done.version,
      hops: done.hops,
      why: done.why ?? null,
    },
  });
  return done.ok ? 'done' : 'failed';
};
