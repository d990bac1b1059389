import { version } from '../version.ts';
import { backfillCommand } from './backfill.ts';
import { checkCommand } from './check.ts';
import { type Dispatch, globalOptions, UsageCommand } from './cli.ts';
import { demoCommand } from './demo.ts';
import { historyCommand } from './history.ts';
import { passwordCommand } from './password.ts';
import { policyCommand } from './policy.ts';
import { provisionCommand } from './provision.ts';
import { runCommand } from './run.ts';
import { settingsCommand } from './settings.ts';
import { statusCommand } from './status.ts';
import { subscribeCommand } from './subscribe.ts';
import { sweepCommand } from './sweep.ts';
import { teardownCommand } from './teardown.ts';
import { unlockCommand } from './unlock.ts';
import { verifyCommand } from './verify.ts';

/** Everything that can be typed. Loads nothing but commander: the rest is loaded by the verb that needs it. */
export function buildProgram(
  act: Dispatch,
  write: { out: (text: string) => void; err: (text: string) => void },
): UsageCommand {
  const program = new UsageCommand('salesreport')
    .description(
      'Turn one YAML file into a scheduled sales report on AWS. See every change first, prove that it works, and remove it without a trace.',
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: write.out, writeErr: write.err })
    .exitOverride() as UsageCommand;
  for (const option of globalOptions()) program.addOption(option);
  program.examples(
    ['salesreport demo', 'take a ten-second tour'],
    ['salesreport provision --dry-run', 'preview what would be built'],
    ['salesreport provision', 'build it'],
    ['salesreport run --dry-run', 'preview a report'],
    ['salesreport check', "check the report's data"],
    ['salesreport subscribe email ann@example.com', 'add a reader'],
    ['salesreport teardown', 'remove everything'],
  );
  const commands = [
    demoCommand,
    provisionCommand,
    runCommand,
    checkCommand,
    subscribeCommand,
    statusCommand,
    passwordCommand,
    settingsCommand,
    verifyCommand,
    historyCommand,
    backfillCommand,
    teardownCommand,
    sweepCommand,
    unlockCommand,
    policyCommand,
  ];
  for (const command of commands) program.addCommand(inherit(program, command(act)));
  return program;
}

/** Commander hands settings down only to commands that it made itself. */
function inherit(parent: UsageCommand, child: UsageCommand): UsageCommand {
  child.copyInheritedSettings(parent);
  for (const grandchild of child.commands) inherit(child, grandchild as UsageCommand);
  return child;
}
