import { Argument, Option } from 'commander';
import { failsEverywhere, Problem } from '../problem.ts';
import type { Verb } from '../provision/policy/verbs.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { salesreport } from '../suggest.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { openPipeline, type Session, settingsOf } from './session.ts';

export interface PolicyOptions {
  dryRun?: boolean;
  account?: string;
  part?: number;
}

/** The verbs that call AWS. */
const choices = [
  'provision',
  'run',
  'check',
  'subscribe',
  'status',
  'settings',
  'password',
  'verify',
  'history',
  'backfill',
  'teardown',
  'sweep',
  'unlock',
] as const;

export const policyCommand = (act: Dispatch) =>
  (
    new UsageCommand('policy')
      .summary('print the IAM policy that a command needs')
      .description(
        'Prints the least-privilege IAM policy for one command, or for all of them, to attach to the user or role that runs it. ' +
          'Changes nothing.',
      )
      .addArgument(new Argument('[verb]', 'the command (default: all of them)').choices(choices))
      .option('--dry-run', 'for provision --dry-run, which only looks')
      .option('--account <id>', '12-digit account id (default: the account of your credentials)')
      .addOption(
        new Option('--part <number>', 'print one part of a policy that is too large for one managed policy').argParser(
          wholeNumber,
        ),
      )
      .action(act(policy)) as UsageCommand
  ).examples(
    ['salesreport policy provision > policy.json', 'print what provision needs'],
    ['salesreport policy status --account 123456789012', 'print it for another account'],
    ['salesreport policy provision --part 2', 'print the second part of a long one'],
  );

const policy: Run<PolicyOptions> = async (session, options, [named]) => {
  const { terminal } = session;
  const verb = verbOf(named, options);
  if (options.account !== undefined && !/^\d{12}$/.test(options.account))
    throw new Problem('usage', `The flag --account is "${options.account}" but must be twelve digits.`, {
      exit: 'usage',
    });
  const loaded = await settingsOf(session);
  const { settings } = loaded;
  const place = await placeOf(session, loaded, options.account);
  const [{ policyFor }, { partsOf, sizeOf, managedPolicySize }, { loadArtifacts }] = await Promise.all([
    import('../provision/policy/policy-for.ts'),
    import('../provision/policy/policy-of.ts'),
    import('../provision/artifacts.ts'),
  ]);
  const whole = policyFor({ verb, settings, ...place, artifacts: await loadArtifacts() });
  const parts = partsOf(whole);
  const printed = options.part === undefined ? whole : parts[options.part - 1];
  if (!printed)
    throw new Problem(
      'usage',
      `The flag --part is ${options.part} but this policy has ${parts.length === 1 ? 'one part' : `${parts.length} parts`}.`,
      { exit: 'usage' },
    );
  const words = [
    `Allows ${verb ? `salesreport ${verb}` : 'every verb'} for stack ${settings.stack} in ${place.account === '*' ? 'any account' : `account ${place.account}`}, region ${place.region}.`,
    place.account === '*' ? 'AWS does not say which account it is for: name it with --account.' : '',
    options.part === undefined && parts.length > 1
      ? `It has ${sizeOf(whole).toLocaleString('en-US')} characters and a managed policy holds ${managedPolicySize.toLocaleString('en-US')}: print ${parts.map((_, index) => `--part ${index + 1}`).join(', ')} and attach each.`
      : '',
  ];
  terminal.note(words.filter(Boolean).join(' '));
  terminal.result({
    text: () => JSON.stringify(printed, null, 2),
    document: {
      version: 1,
      ok: true,
      stack: settings.stack,
      ...place,
      verb: verb ?? null,
      characters: sizeOf(printed),
      parts: options.part ? [printed] : parts,
    },
  });
  return 'done';
};

function verbOf(named: string | undefined, { dryRun }: PolicyOptions): Verb | undefined {
  if (!dryRun) return named as Verb | undefined;
  if (named !== 'provision')
    throw new Problem('usage', `The flag --dry-run goes with provision: ${salesreport`policy provision --dry-run`}.`, {
      exit: 'usage',
    });
  return 'provision --dry-run';
}

/** Where the policy is for. Asks AWS whose the credentials are, unless that is said. */
async function placeOf(
  session: Session,
  loaded: LoadedSettings,
  account: string | undefined,
): Promise<{ account: string; region: string }> {
  const { regionOf } = await import('./cloud.ts');
  if (account !== undefined) return { account, region: await regionOf(loaded.settings) };
  try {
    const { pipeline } = await openPipeline(session, loaded);
    return { account: pipeline.account, region: pipeline.region };
  } catch (error) {
    if (!failsEverywhere(error)) throw error;
    if (error.code !== 'no-credentials') session.terminal.warn(error.message);
    return { account: '*', region: await regionOf(loaded.settings) };
  }
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new Problem('usage', `The flag --part is "${text}" but must be a number such as 1.`, { exit: 'usage' });
}
