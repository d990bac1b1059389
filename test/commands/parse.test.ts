import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type Dispatch, globalFlagsOf, UsageCommand } from '../../src/commands/cli.ts';
import { main } from '../../src/commands/main.ts';
import { buildProgram } from '../../src/commands/program.ts';

interface Seen {
  options: object;
  flags: object;
  args: string[];
}

/** Reads a command line without doing what it says. */
async function read(line: string): Promise<Record<string, Seen>> {
  const seen: Record<string, Seen> = {};
  const act: Dispatch = run =>
    async function (...given) {
      seen[run.name] = {
        options: this.opts(),
        flags: globalFlagsOf(this),
        args: given.slice(0, -2).flat().filter(Boolean) as string[],
      };
    };
  await buildProgram(act, { out: () => {}, err: () => {} }).parseAsync(line.split(' ').filter(Boolean), {
    from: 'user',
  });
  return seen;
}

const type = async (line: string) => {
  let stdout = '';
  let stderr = '';
  const code = await main(line.split(' ').filter(Boolean), {
    stdout: { write: text => (stdout += text) },
    stderr: { write: text => (stderr += text) },
    stdin: Readable.from([]),
    env: {},
    cloud: () => expect.unreachable('a wrong command line must not reach the cloud'),
  });
  return { code, stdout, stderr };
};

describe('command lines that are right', () => {
  test.each([
    ['provision', 'provision', {}, {}, []],
    ['provision --dry-run --json', 'provision', { dryRun: true }, { json: true }, []],
    ['--json provision --dry-run', 'provision', { dryRun: true }, { json: true }, []],
    ['provision --simulate --exit-code --yes', 'provision', { simulate: true, exitCode: true }, { yes: true }, []],
    [
      '--stack dev --region eu-west-1 provision --profile shop',
      'provision',
      {},
      { stack: 'dev', region: 'eu-west-1', profile: 'shop' },
      [],
    ],
    [
      'provision --settings dev.yaml --quiet --no-color',
      'provision',
      {},
      { settings: 'dev.yaml', quiet: true, color: false },
      [],
    ],
    ['unlock --yes', 'unlock', {}, { yes: true }, []],
    ['run --dry-run --sample', 'run', { dryRun: true, sample: true }, {}, []],
    ['run --dry-run --query shop.sql', 'run', { dryRun: true, query: 'shop.sql' }, {}, []],
    ['run --remote --dry-run', 'run', { dryRun: true, remote: true }, {}, []],
    ['run --resend --reason late', 'run', { resend: true, reason: 'late' }, {}, []],
    [
      'run --window 2026-11-20 --send-anyway --reason checked',
      'run',
      { window: '2026-11-20', sendAnyway: true, reason: 'checked' },
      {},
      [],
    ],
    ['history', 'history', { last: 20 }, {}, []],
    ['history --last 100 --json', 'history', { last: 100 }, { json: true }, []],
    ['history show 2026-11-20', 'historyShow', {}, {}, ['2026-11-20']],
    [
      'history show 2026-11-20T16:00 --format csv --out a.csv',
      'historyShow',
      { format: 'csv', out: 'a.csv' },
      {},
      ['2026-11-20T16:00'],
    ],
    ['backfill --from 2026-01-01 --to 2026-11-01', 'backfill', { from: '2026-01-01', to: '2026-11-01' }, {}, []],
    [
      'run --dry-run --database-url mysql://u@h/d --format text',
      'run',
      { dryRun: true, databaseUrl: 'mysql://u@h/d', format: 'text' },
      {},
      [],
    ],
    [
      'run --dry-run --from 2026-11-01 --to 2026-12-01',
      'run',
      { dryRun: true, from: '2026-11-01', to: '2026-12-01' },
      {},
      [],
    ],
    ['check', 'check', {}, {}, []],
    ['check --remote --window 2026-11-20 --json', 'check', { remote: true, window: '2026-11-20' }, { json: true }, []],
    ['check --sample', 'check', { sample: true }, {}, []],
    ['check --explain --database-url mysql://u@h/d', 'check', { explain: true, databaseUrl: 'mysql://u@h/d' }, {}, []],
    ['check --from 2026-11-01 --to 2026-12-01', 'check', { from: '2026-11-01', to: '2026-12-01' }, {}, []],
    ['subscribe email a@b.c d@e.f --verbose', 'subscribeEmail', {}, { verbose: true }, ['a@b.c', 'd@e.f']],
    ['subscribe email a@b.c --operator', 'subscribeEmail', { operator: true }, {}, ['a@b.c']],
    ['subscribe confirm abc --json', 'subscribeConfirm', {}, { json: true }, ['abc']],
    ['provision --dry-run --out plan.json', 'provision', { dryRun: true, out: 'plan.json' }, {}, []],
    ['provision --plan plan.json --yes', 'provision', { plan: 'plan.json' }, { yes: true }, []],
    ['status --exit-code', 'status', { exitCode: true }, {}, []],
    ['verify', 'verify', {}, {}, []],
    ['verify --json --stack dev', 'verify', {}, { json: true, stack: 'dev' }, []],
    ['teardown --yes --stack dev', 'teardown', {}, { yes: true, stack: 'dev' }, []],
    ['teardown --delete-archive', 'teardown', { deleteArchive: true }, {}, []],
    ['teardown --keep-logs', 'teardown', { keepLogs: true }, {}, []],
    ['teardown --delete-database', 'teardown', { deleteDatabase: true }, {}, []],
    ['teardown --snapshot --certificate gone.txt', 'teardown', { snapshot: true, certificate: 'gone.txt' }, {}, []],
    ['sweep', 'sweep', {}, {}, []],
    ['sweep --all-regions --json', 'sweep', { allRegions: true }, { json: true }, []],
    ['policy', 'policy', {}, {}, []],
    ['policy provision --dry-run', 'policy', { dryRun: true }, {}, ['provision']],
    [
      'policy teardown --account 123456789012 --part 2',
      'policy',
      { account: '123456789012', part: 2 },
      {},
      ['teardown'],
    ],
    ['demo', 'demo', { pace: 15 }, {}, []],
    ['demo --pace 0', 'demo', { pace: 0 }, {}, []],
  ])('%s', async (line, verb, options, flags, args) => {
    expect(await read(line)).toEqual({ [verb]: { options, flags: { color: true, ...flags }, args } });
  });
});

describe('command lines that are wrong', () => {
  test.each([
    ['teardown --snapshot --delete-database', 'The flags --snapshot and --delete-database exclude each other.'],
    ['teardown --certificate', 'The flag --certificate needs a value: --certificate <file>.'],
    ['provison', 'There is no command "provison"; did you mean provision?'],
    ['deploy-everything', 'There is no command "deploy-everything"; see salesreport --help.'],
    ['provision --dryrun', 'There is no flag --dryrun; did you mean --dry-run?'],
    ['provision --stak dev', 'There is no flag --stak; did you mean --stack?'],
    ['--jsn provision', 'There is no flag --jsn; did you mean --json?'],
    ['verfy', 'There is no command "verfy"; did you mean verify?'],
    ['status --frobnicate', 'There is no flag --frobnicate; see salesreport status --help.'],
    ['provision --stack', 'The flag --stack needs a value: --stack <name>.'],
    ['provision --out plan.json', 'The flag --out writes a plan; add --dry-run.'],
    ['provision --dry-run --plan plan.json', 'The flags --plan and --dry-run exclude each other.'],
    ['provision --adopt --plan plan.json', 'The flags --plan and --adopt exclude each other.'],
    ['provision --simulate --plan plan.json', 'The flags --plan and --simulate exclude each other.'],
    ['provision --dry-run --simulate --out plan.json', 'The flags --out and --simulate exclude each other.'],
    [
      'provision --yes --plan no-such-plan.json',
      'The plan no-such-plan.json was not used, because there is no such file: name the file that --out wrote.',
    ],
    ['provision production', 'salesreport provision takes no argument "production"; see salesreport provision --help.'],
    ['subscribe email', 'salesreport subscribe email needs an address; see salesreport subscribe email --help.'],
    ['subscribe mail a@b.c', 'There is no command "mail"; did you mean email?'],
    ['subscribe email ann', '"ann" is not an e-mail address; write it as ann@example.com. Nobody was added.'],
    [
      'subscribe email a@b.c ann@host',
      '"ann@host" is not an e-mail address; write it as ann@example.com. Nobody was added.',
    ],
    ['subscribe confirm', 'salesreport subscribe confirm needs a link; see salesreport subscribe confirm --help.'],
    [
      'subscribe confirm https://sns.eu-west-1.amazonaws.com/confirmation.html?TopicArn=arn:aws:sns:eu-west-1:123456789012:t',
      'The link ends before its token: put it between single quotes, because a shell ends it at its first &.',
    ],
    [
      'subscribe confirm ann@example.com',
      "That is no confirmation link: copy the address behind 'Confirm subscription' in AWS's mail, without a click on it.",
    ],
    [
      'policy demo',
      'salesreport policy takes no "demo"; it takes provision, run, check, subscribe, status, settings, password, verify, history, backfill, teardown, sweep, unlock.',
    ],
    ['policy status --dry-run', 'The flag --dry-run goes with provision: salesreport policy provision --dry-run.'],
    ['policy provision --account mine', 'The flag --account is "mine" but must be twelve digits.'],
    ['policy provision --part 0', 'The flag --part is "0" but must be a number such as 1.'],
    ['demo --pace fast', 'The flag --pace is "fast" but must be a number of milliseconds.'],
    ['run --format xml', 'The flag --format cannot be "xml"; it takes text, json, markdown, html, csv, sms, subject.'],
    [
      'run --dry-run --sample --database-url mysql://u@h/d',
      'The flags --sample and --database-url exclude each other.',
    ],
    ['check --sample --remote', 'The flags --sample and --remote exclude each other.'],
    ['check --explain --remote', 'The flags --explain and --remote exclude each other.'],
    ['check --explain', 'Only a database has query plans: name yours with --database-url.'],
    ['check --to 2026-11-01', 'The flags --from and --to go together; add --from.'],
    ['run --sample', 'Sample data is never published; add --dry-run to see the report of the sample shop.'],
    [
      'run --query shop.sql',
      'Only the deployed function publishes, by the query in its settings; add --dry-run to see the report of --query.',
    ],
    ['run --dry-run --query shop.sql', 'The flag --query needs a database to ask: name yours with --database-url.'],
    ['run --dry-run --sample --query shop.sql', 'The flags --query and --sample exclude each other.'],
    ['run --dry-run --from 2026-11-01', 'The flags --from and --to go together; add --to.'],
    ['run --resend', 'The flag --resend needs a reason, which the report shows: add --reason "…".'],
    ['run --reason late', 'The flag --reason goes with --resend or --send-anyway.'],
    [
      'run --dry-run --send-anyway --reason x',
      'The flag --send-anyway is for a report that is sent; leave it or --dry-run out.',
    ],
    ['run --resend --send-anyway --reason x', 'The flags --send-anyway and --resend exclude each other.'],
    ['history --last none', 'The flag --last is "none" but must be a number from 1 to 9999.'],
    ['history show', 'salesreport history show needs a time; see salesreport history show --help.'],
    ['backfill --from 2026-01-01', 'salesreport backfill needs --to <time>; see salesreport backfill --help.'],
    [
      'backfill --from 2026-02-01 --to 2026-01-01',
      'The window from 2026-02-01 to 2026-01-01 is empty: --to must be later than --from.',
    ],
    ['provision', 'provision asks before it changes anything, and there is no terminal to ask at: add --yes.'],
    ['teardown', 'teardown asks before it changes anything, and there is no terminal to ask at: add --yes.'],
    [
      'status --settings none.yaml',
      'The settings file none.yaml was not used, because there is no such file; name another with --settings.',
    ],
    [
      'status --stack Shop',
      '--stack: stack is "Shop" but must be 1 to 19 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen.',
    ],
    ['status --region Ireland', '--region: region is "Ireland" but must be an AWS region such as eu-west-1.'],
  ])('%s', async (line, sentence) => {
    expect(await type(line)).toEqual({ code: 2, stdout: '', stderr: `Error: ${sentence}\n` });
  });

  test('with --json the sentence is a document too', async () => {
    const { code, stdout } = await type('provison --json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      ok: false,
      error: { code: 'usage', message: 'There is no command "provison"; did you mean provision?', next: null },
    });
  });
});

describe('help', () => {
  test.each([
    '--help',
    '',
    'provision --help',
    'subscribe email --help',
    'subscribe confirm --help',
    'run --help',
    'check --help',
    'status --help',
    'verify --help',
    'teardown --help',
    'history --help',
    'history show --help',
    'backfill --help',
  ])('"%s" has examples and global flags, in lines for 80 columns', async line => {
    const { code, stdout, stderr } = await type(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: salesreport');
    expect(stdout).toContain('--settings <file>');
    expect(stdout).toContain('\nExamples:\n  $ salesreport');
    expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([]);
  });

  test('the version is that of the package', async () => {
    expect((await type('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('a command is made of ours all the way down', () => {
    expect(new UsageCommand('a').createCommand('b')).toBeInstanceOf(UsageCommand);
  });
});
