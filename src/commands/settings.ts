import { Problem } from '../problem.ts';
import { salesreport } from '../suggest.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { openPipeline, settingsOf } from './session.ts';

export const settingsCommand = (act: Dispatch) =>
  (
    new UsageCommand('settings')
      .summary('print the settings of the last provision')
      .description(
        'Prints the settings of the last provision as a settings file, without defaults, passwords and the profile. They are kept ' +
          'in the archive.',
      )
      .action(act(settings)) as UsageCommand
  ).examples(
    ['salesreport settings > salesreport.yaml', "recover a stack's settings file"],
    ['salesreport settings --json', 'use it from a script'],
  );

const settings: Run<object> = async session => {
  const { pipeline } = await openPipeline(session, await settingsOf(session));
  const { stack, account, region } = pipeline;
  const record = await pipeline.deployed();
  const { recordName } = await import('../provision/resources/settings-record.ts');
  if (!record)
    throw new Problem(
      'no-record',
      `There is no record of the settings of stack ${stack} in ${region}: the next ${salesreport`provision`} writes one.`,
    );
  if ('hidden' in record) throw new Problem('access-denied', record.hidden);
  if ('damaged' in record)
    throw new Problem(
      'bad-record',
      `${recordName} ${record.damaged}: ${salesreport`provision`} with the settings file of stack ${stack} writes it again.`,
    );
  const { stringify } = await import('yaml');
  const { tool, settings: given } = record;
  session.terminal.note(`What the last provision of stack ${stack} was given, by salesreport ${tool}.`);
  session.terminal.result({
    text: () => (Object.keys(given).length === 0 ? '# All settings have their defaults.' : stringify(given)),
    document: { version: 1, ok: true, stack, account, region, tool, settings: given },
  });
  return 'done';
};
