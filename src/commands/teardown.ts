import { Option } from 'commander';
import type { DataOptions, ShopData } from '../provision/verbs/shop-data.ts';
import { salesreport } from '../suggest.ts';
import { writeCertificate } from './certificate-file.ts';
import { type Dispatch, type Run, UsageCommand } from './cli.ts';
import { type ConfirmFlag, confirmOption, consentByName, isGiven, verifyConsent } from './consent.ts';
import { toStdout, verifyOutput } from './output-file.ts';
import { outputOptions } from './output-option.ts';
import { openStack, settingsOf, skipPermissionCheckOption } from './session.ts';

export interface TeardownFlags extends DataOptions, ConfirmFlag {
  deleteArchive?: boolean;
  keepLogs?: boolean;
  skipPermissionCheck?: boolean;
  certificate?: string;
  force?: boolean;
}

const [certificateOption, forceOption] = outputOptions(
  '--certificate <file>',
  'write the certificate into a file too, as text or, if it ends in .json, as JSON',
);

export const teardownCommand = (act: Dispatch) =>
  (
    new UsageCommand('teardown')
      .summary('remove everything and print a certificate')
      .description(
        'Removes everything of the stack but the archive of reports, then asks AWS for each resource and prints a certificate of ' +
          'the answers. A database holding your own sales needs --snapshot or --delete-database. Exits 5 if something is left.',
      )
      .addOption(skipPermissionCheckOption())
      .option('--delete-archive', 'also remove the archive, with every report and the ledger')
      .option('--keep-logs', "keep the function's log")
      .option('--delete-database', 'remove the database even if it holds your own sales')
      .addOption(new Option('--snapshot', "keep a snapshot of the database's disk").conflicts('deleteDatabase'))
      .addOption(confirmOption())
      .addOption(certificateOption)
      .addOption(forceOption)
      .action(act(teardown)) as UsageCommand
  ).examples(
    ['salesreport teardown', "ask for the stack's name first"],
    ['salesreport teardown --stack trial --yes', 'from a script'],
    ['salesreport teardown --snapshot', 'keep your own sales'],
    ['salesreport teardown --certificate gone.txt', 'keep the certificate'],
  );

const teardown: Run<TeardownFlags> = async (session, { certificate: file, force, confirm, ...options }) => {
  const { terminal, interrupt } = session;
  const { settings } = await settingsOf(session);
  verifyConsent(session, 'teardown', settings.stack, { confirm }, lossOf(options));
  const flag = '--certificate' as const;
  await verifyOutput({ file, flag, force });
  const { pipeline, clock } = await openStack(session);
  const { stack, account, region } = pipeline;
  const asks = !options.deleteDatabase && !options.snapshot;
  const data = asks ? await pipeline.data() : undefined;
  if (data) {
    const { verifyMayGo } = await import('../provision/verbs/shop-data.ts');
    verifyMayGo(stack, data);
  }
  if (!isGiven(session, { confirm })) {
    const isHost = data ? data.kind !== 'no host' : await pipeline.hasDatabaseHost();
    const database = isHost ? databaseWords(options, data) : '';
    const what = `This removes everything of stack ${stack} in account ${account}, region ${region}, ${database}${keptWords(options)}`;
    await consentByName(session, what, stack, { confirm });
  }
  const progress = terminal.progress('Removing', clock);
  const certificate = await interrupt
    .whileChanging(`Run ${salesreport`teardown`} again: it removes what is still there.`, () =>
      pipeline.teardown(progress, { ...options, ...(data ? { data } : {}) }),
    )
    .finally(() => progress.end());
  const { certificateView } = await import('../terminal/views.ts');
  const ok = certificate.left.length === 0;
  const result = {
    text: (canvas: Parameters<typeof certificateView>[2]) =>
      certificateView(certificate, { stack, account, region }, canvas),
    document: { version: 1, ok, stack, account, region, ...certificate },
  };
  const { problemOf } = await import('../terminal/terminal.ts');
  const output = file === undefined || file === toStdout ? undefined : { file, flag, force };
  const unwritten = output && (await writeCertificate(output, result).then(() => undefined, problemOf));
  if (unwritten) {
    terminal.partlyDone(unwritten, result);
    return ok ? unwritten.exit : 'left';
  }
  terminal.result(result);
  if (output) terminal.note(`The certificate was written to ${file}.`);
  return ok ? 'done' : 'left';
};

/** The first flag by which something goes that is nowhere else. */
const lossOf = ({ deleteDatabase, deleteArchive }: TeardownFlags): string | undefined =>
  deleteDatabase ? '--delete-database' : deleteArchive ? '--delete-archive' : undefined;

/** What becomes of the database on our own host, as a part of the question. */
function databaseWords({ snapshot }: TeardownFlags, data: ShopData | undefined): string {
  if (snapshot) return 'with the database, of which a snapshot is kept, ';
  return data?.kind === 'seed'
    ? 'with the database, which holds no sales of yours, '
    : 'with the database and its sales, ';
}

/** What stays, as the last part of the question. */
function keptWords({ deleteArchive, keepLogs }: TeardownFlags): string {
  if (deleteArchive) return `and the archive with every report${keepLogs ? ", but for the function's log" : ''}`;
  return `but for the archive of reports${keepLogs ? " and the function's log" : ''}`;
}
