import { Option } from 'commander';
import { Problem } from '../problem.ts';
import { isWhole, type Plan, shopChangeWords } from '../provision/engine/outcome.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import type { PlanDocument } from '../provision/plan/plan-file.ts';
import { readText, UnreadableFile } from '../read-text.ts';
import type { SettingsOrigin } from '../settings/given.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import { as, salesreport } from '../suggest.ts';
import type { Canvas } from '../terminal/canvas.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { type ConfirmFlag, confirmOption, consentByName, isGiven, verifyConsent } from './consent.ts';
import { nextRunsOf } from './next-runs.ts';
import { fillOutput, toStdout, verifyOutput } from './output-file.ts';
import { outputOptions } from './output-option.ts';
import {
  declined,
  openPipeline,
  openStack,
  passwordVariable,
  type Session,
  settingsOf,
  skipPermissionCheckOption,
} from './session.ts';

export interface ProvisionOptions extends ConfirmFlag {
  dryRun?: boolean;
  simulate?: boolean;
  exitCode?: boolean;
  skipPermissionCheck?: boolean;
  out?: string;
  force?: boolean;
  plan?: string;
  adopt?: boolean;
  replace?: string[];
  defaults?: boolean;
  removeSurplus?: string[];
}

const simulated = 'This was a simulation: nothing was built.';

/** Real milliseconds for a simulated second: slow enough to be watched. */
const simulatedPace = 15;

const [outOption, forceOption] = outputOptions('--out <file>', 'with --dry-run, write the plan to a file for --plan');

export const provisionCommand = (act: Dispatch) =>
  (
    new UsageCommand('provision')
      .summary('create or update the pipeline')
      .description(
        'Creates the pipeline, or updates it to match the settings: shows the plan, asks, applies it, and proves that it works. ' +
          'A second run changes nothing.',
      )
      .option('--dry-run', 'show the plan and its AWS operations, and change nothing')
      .option('--simulate', 'run the plan on a simulated AWS, without an account')
      .option('--adopt', "take over untagged resources that already use this stack's names")
      .option(
        '--replace <id>',
        'recreate a resource and its dependents; repeatable',
        (id: string, ids: string[] = []) => [...ids, id],
      )
      .option(
        '--remove-surplus <aws-id>',
        'remove a surplus resource that holds data, by its AWS id; repeatable',
        (id: string, ids: string[] = []) => [...ids, id],
      )
      .addOption(confirmOption())
      .addOption(skipPermissionCheckOption())
      .addOption(
        new Option(
          '--defaults',
          "without a settings file, use the defaults instead of the last provision's settings",
        ).conflicts('plan'),
      )
      .option('--exit-code', 'with --dry-run, exit 3 if there are changes')
      // A simulated plan fits no account.
      .addOption(outOption.conflicts('simulate'))
      .addOption(forceOption)
      .addOption(
        new Option('--plan <file>', 'apply exactly this plan; stop if anything changed since').conflicts([
          'dryRun',
          'simulate',
          'adopt',
          'replace',
          'removeSurplus',
        ]),
      )
      .action(act(provision)) as UsageCommand
  ).examples(
    ['salesreport provision --dry-run', 'preview what would be built'],
    ['salesreport provision --simulate', 'run it on a simulated AWS'],
    ['salesreport provision --dry-run --out plan.json', 'save a plan for review'],
    ['salesreport provision --plan plan.json', 'apply exactly that plan'],
    ['salesreport provision --yes --json', 'build it from a script'],
    ['salesreport provision --replace host.cli', 'recreate a host'],
  );

const provision: Run<ProvisionOptions> = async (session, options) => {
  const { terminal, flags, interrupt } = session;
  if (options.exitCode && !options.dryRun)
    throw new Problem('usage', 'The flag --exit-code tells whether a plan has changes; add --dry-run.', {
      exit: 'usage',
    });
  const { out, force } = options;
  if (out !== undefined && !options.dryRun)
    throw new Problem('usage', 'The flag --out writes a plan; add --dry-run.', { exit: 'usage' });
  await verifyOutput({ file: out, flag: '--out', force });
  const asks = !options.dryRun && !options.simulate;
  const { skipPermissionCheck } = options;
  const local = await settingsOf(session);
  if (asks)
    verifyConsent(session, 'provision', local.settings.stack, options, options.removeSurplus && '--remove-surplus');
  const written = options.plan === undefined ? undefined : await readPlan(options.plan);
  const opened = options.simulate
    ? await openPipeline(session, local, { simulate: { pace: simulatedPace } })
    : await openStack(session, { ignoresRecord: options.defaults });
  const { pipeline, clock, settings, password } = opened;
  const views = await import('../terminal/views.ts');
  const { stack, account, region } = pipeline;
  const place = { stack, account, region };
  const nextRuns = await nextRunsOf(settings, clock);
  if (nextRuns.instants.length === 0)
    throw new Problem('bad-schedule', `The schedule "${settings.schedule}" never fires again; choose another.`, {
      exit: 'usage',
    });
  const about = aboutOf(opened, nextRuns.words);
  const planned = { ...place, about, permissions: flags.verbose };
  const looking = terminal.progress('Looking at what is there', clock);
  const wanted = written?.basis.consent ?? {
    adopt: options.adopt,
    replace: options.replace,
    removeSurplus: options.removeSurplus,
  };
  const plan = await pipeline.plan(wanted).finally(() => looking.end());
  const { planDocument, verifyNotMoved } = await import('../provision/plan/plan-file.ts');
  const document = planDocument(plan, pipeline);
  if (written) verifyNotMoved(written, document);
  if (options.dryRun) {
    const result = {
      text: (canvas: Canvas) => views.planView(plan, planned, canvas),
      document: { ...document, ...playedOn(options) },
    };
    const file = planFile(document);
    if (out === toStdout) {
      terminal.note(canvas => `${result.text(canvas)}\n`);
      terminal.result({ text: () => file, document: result.document, isFile: true });
    } else {
      const { problemOf } = await import('../terminal/terminal.ts');
      const unwritten =
        out && (await fillOutput({ file: out, flag: '--out', force }, file).then(() => undefined, problemOf));
      if (unwritten) {
        terminal.partlyDone(unwritten, result);
        return unwritten.exit;
      }
      terminal.result(result);
    }
    if (options.simulate) terminal.note('\nThis was a simulation: no account was looked at.');
    if (out && out !== toStdout)
      terminal.note(() => `\nWritten to ${out}: ${salesreport`provision --plan ${as.file(out)}`} builds exactly this.`);
    return options.exitCode && plan.changes.length > 0 ? 'differences' : 'done';
  }
  if (plan.changes.length > 0) {
    terminal.note(canvas => `${views.planView(plan, planned, canvas)}\n`);
    if (asks) await consent(session, plan, place, options);
  }

  if (!options.simulate) await askPassword(session, settings, plan, () => password(settings));

  const progress = terminal.progress('Provisioning', clock);
  const { proof, ...done } = await interrupt
    .whileChanging(
      options.simulate ? simulated : `Run ${salesreport`provision`} again: it continues where this run stopped.`,
      () =>
        pipeline.provision(progress, {
          shown: plan,
          exactly: written,
          consent: wanted,
          proves: true,
          skipPermissionCheck,
        }),
    )
    .finally(() => progress.end());

  const { hops, broken = [] } = proof ?? {};
  const ok = isWhole(done.outcomes) && broken.length === 0;
  const next = ok
    ? nextStep(options)
    : `Correct what failed and run ${salesreport`provision`} again: it continues from here.`;
  terminal.result({
    text: canvas =>
      views.provisionedView(
        { ...place, ...done, ok, plan, hops, broken, nextRuns, next, host: settings.database.host },
        canvas,
      ),
    document: {
      version: 1,
      ok,
      ...playedOn(options),
      ...place,
      ...done,
      outboundAddress: done.outboundAddress ?? null,
      hops: hops ?? [],
      broken,
      nextRuns: nextRuns.instants.map(instant => new Date(instant).toISOString()),
    },
  });
  return ok ? 'done' : 'failed';
};

/**
 * Asks for the password of the user's own database before the work begins, where it is to be stored; a stored one is
 * never overwritten.
 */
async function askPassword(
  { streams, terminal }: Session,
  { database }: Settings,
  { changes }: Plan,
  password: () => Promise<string>,
): Promise<void> {
  if (database.host === undefined) return;
  if (changes.some(({ id, action }) => id === 'parameter.password' && action !== 'update')) {
    await password();
    return;
  }
  if (streams.env[passwordVariable] === undefined) return;
  const { passwordParameter } = database;
  terminal.note(
    passwordParameter === undefined
      ? `${passwordVariable} is ignored: a password is stored. ${salesreport`password set`} changes it.`
      : `${passwordVariable} is ignored: the password is in ${passwordParameter}, which salesreport never writes.`,
  );
}

/**
 * Asks for the plan; where data go with it, or the report would be of another shop, for the stack's name, which a plan
 * file cannot carry. Throws Problem `declined`, and `confirmation-needed` where nobody can be asked.
 */
async function consent(
  session: Session,
  { changes, shop }: Plan,
  { stack, account, region }: Pick<Pipeline, 'stack' | 'account' | 'region'>,
  flag: ConfirmFlag,
): Promise<void> {
  const lost = changes.filter(({ loses }) => loses);
  const where = `in account ${account}, region ${region}`;
  if (lost.length === 0 && !shop) {
    if (!isGiven(session, flag) && !(await session.terminal.confirm(`Change this ${where}?`))) throw declined();
    return;
  }
  const things = lost.map(({ action, title, awsId, loses }) => `${action}s ${title} (${awsId}) ${where}: ${loses}`);
  const other = shop ? [`${shopChangeWords(shop)} ${where}`] : [];
  await consentByName(session, `This ${[...other, ...things].join('; and it ')}`, stack, flag);
}

/** What is built, in the words of the settings. */
function aboutOf({ settings: { database }, from }: LoadedSettings, schedule: string): [string, string][] {
  const { host, port, name, seed } = database;
  const own = `${name}, on a host that is made for it, ${seed === 'cafe' ? "with the sample café's sales" : 'empty'}`;
  return [
    ['schedule', schedule],
    ['database', host === undefined ? own : `${name} at ${host}:${port}`],
    ['settings', originWords(from)],
  ];
}

function originWords(from: SettingsOrigin): string {
  if (from.kind === 'file') return from.name;
  return from.kind === 'record'
    ? 'those of the last provision'
    : 'the defaults, since there is no salesreport.yaml here';
}

async function readPlan(file: string): Promise<PlanDocument> {
  const text = await readText(file, 32).catch(cause => {
    if (!(cause instanceof UnreadableFile)) throw cause;
    throw new Problem(
      'plan-file',
      `The plan ${file} was not used, because ${cause.why}: name the file that --out wrote.`,
      {
        exit: 'usage',
        cause,
      },
    );
  });
  const { parsePlan } = await import('../provision/plan/plan-file.ts');
  return parsePlan(text, file);
}

const planFile = (document: PlanDocument): string => `${JSON.stringify(document, null, 2)}\n`;

/** What the documents say of a simulation. */
const playedOn = ({ simulate }: ProvisionOptions) => (simulate ? { simulated: true } : {});

function nextStep(options: ProvisionOptions): string {
  if (options.simulate) return `${simulated} ${salesreport`provision`} builds it.`;
  return `Next: ${salesreport`subscribe email NAME@HOST`}, then ${salesreport`run`} for a report.`;
}
