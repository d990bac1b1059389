import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Problem } from '../../src/problem.ts';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { certificate, checked, outcomes, plan, unchangedPlan } from '../terminal/samples.ts';
import { fakePipeline, type } from './typed.ts';

const brokenProof = {
  hops: [{ hop: 'tcp' as const, ok: false, ms: 2000 }],
  broken: [
    { hop: 'host', part: 'shop' as const, state: 'broken' as const, why: 'The database host is stopped: start it.' },
  ],
};

describe('provision', () => {
  test('--dry-run shows the plan and changes nothing', async () => {
    const { pipeline, asked } = fakePipeline();
    const { code, stdout } = await type('provision --dry-run', { pipeline });
    expect({ code, asked }).toEqual({ code: 0, asked: ['plan'] });
    expect(stdout).toContain('+ 3 to create, ~ 1 to update, - 2 to remove; 2 stay as they are.');
  });

  test('--dry-run --exit-code tells whether there are changes', async () => {
    expect((await type('provision --dry-run --exit-code')).code).toBe(3);
    const { pipeline } = fakePipeline({
      plan: async () => unchangedPlan,
    });
    expect((await type('provision --dry-run --exit-code', { pipeline })).code).toBe(0);
  });

  test('--dry-run --json has the operations of each change', async () => {
    const document = JSON.parse((await type('provision --dry-run --json')).stdout);
    expect(document).toMatchObject({
      version: 1,
      ok: true,
      stack: 'salesreport',
      account: '123456789012',
      region: 'eu-west-1',
      unchanged: 2,
    });
    expect(document.changes[0]).toEqual({
      id: 'vpc',
      title: 'VPC Lab VPC',
      action: 'create',
      operations: ['ec2:CreateVpc', 'ec2:ModifyVpcAttribute'],
      differences: [],
      permissions: ['ec2:CreateTags', 'ec2:CreateVpc', 'ec2:ModifyVpcAttribute'],
      monthly: '0.00',
      seconds: 1,
    });
  });

  test('--out writes the document, and --plan gives it to the provision', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plan-'));
    const file = join(folder, 'plan.json');
    try {
      const dry = await type(`provision --dry-run --json --out ${file}`);
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(dry.stdout));
      expect(dry.stderr).toContain(`salesreport provision --plan ${file}`);
      const given: unknown[] = [];
      const provision: Pipeline['provision'] = async (_progress, request) => {
        given.push(request?.exactly);
        return { outcomes: outcomes.slice(0, 3), calls: 9, seconds: 121 };
      };
      expect((await type(`provision --plan ${file} --yes`, fakePipeline({ provision }))).code).toBe(0);
      expect(given).toEqual([JSON.parse(dry.stdout)]);
      const moved = fakePipeline({ plan: async () => unchangedPlan });
      const refused = await type(`provision --plan ${file} --yes`, moved);
      expect({ code: refused.code, asked: moved.asked }).toEqual({ code: 1, asked: ['plan'] });
      expect(refused.stderr).toContain(
        'The plan does not hold any more: VPC Lab VPC: it says "create", and now it would be "nothing".',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('what loses data goes with the name alone, and a plan file does not carry that', async () => {
    const lost = {
      ...plan.changes[0]!,
      id: 'host.database',
      title: 'Database host Web Server 1',
      action: 'replace' as const,
      awsId: 'i-0a1b',
      loses: 'the sales go with its disk',
    };
    const losing = { ...plan, changes: [lost], basis: { ...plan.basis, consent: { replace: ['host.database'] } } };
    const folder = await mkdtemp(join(tmpdir(), 'plan-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'plan.json');
    const { pipeline, asked } = fakePipeline({ plan: async () => losing });
    expect((await type(`provision --dry-run --replace host.database --out ${file}`, { pipeline })).code).toBe(0);
    for (const line of ['provision --replace host.database', `provision --plan ${file}`]) {
      const refused = await type(`${line} --yes`, { pipeline });
      expect({ code: refused.code, stdout: refused.stdout }, line).toEqual({ code: 2, stdout: '' });
      expect(refused.stderr.replace(/\s+/g, ' ')).toContain(
        'This replaces Database host Web Server 1 (i-0a1b) in account 123456789012, region eu-west-1: the sales go with its disk, and --yes does not consent to that: add --confirm salesreport.',
      );
      expect((await type(line, { pipeline, typed: 'y' })).code, line).toBe(1);
      expect((await type(`${line} --confirm shop`, { pipeline })).code, line).toBe(2);
      expect(asked, line).not.toContain('provision');
    }
    for (const line of ['provision --replace host.database', `provision --plan ${file}`]) {
      expect((await type(`${line} --confirm salesreport`, { pipeline })).code, line).toBe(0);
      expect((await type(line, { pipeline, typed: 'salesreport' })).code, line).toBe(0);
    }
    expect(asked.filter(name => name === 'provision')).toHaveLength(4);
  });

  test('--verbose names the IAM actions of each change', async () => {
    expect((await type('provision --dry-run --verbose')).stdout).toContain('needs ec2:CreateNatGateway ec2:CreateTags');
  });

  test('builds, proves, and says what comes next', async () => {
    const { pipeline, asked } = fakePipeline();
    const { code, stdout, stderr } = await type('provision --yes', { pipeline });
    expect({ code, asked }).toEqual({ code: 0, asked: ['plan', 'provision'] });
    expect(stderr).toContain('Plan for stack salesreport');
    expect(stdout).toContain('2 created, 1 unchanged in 2 min 01 s, with 9 AWS calls.');
    expect(stdout).toContain('✓ tcp');
    expect(stdout).toContain('Tue 24 Nov 2026 16:00 UTC\n  Wed 25 Nov 2026 16:00 UTC\n  Thu 26 Nov 2026 16:00 UTC');
    expect(stdout).toContain('Next: salesreport subscribe email NAME@HOST, then salesreport run for a report.');
  });

  test('--json is one document', async () => {
    const document = JSON.parse((await type('provision --yes --json')).stdout);
    expect(document).toMatchObject({ version: 1, ok: true, calls: 9, seconds: 121, hops: [{ hop: 'tcp', ok: true }] });
    expect(document.outcomes[0]).toEqual({
      id: 'vpc',
      title: 'VPC Lab VPC',
      outcome: 'created',
      awsId: 'vpc-0a1b2c3d4e5f60718',
      seconds: 2.13,
    });
    expect(document.nextRuns[0]).toBe('2026-11-24T16:00:00.000Z');
  });

  test('nothing to change is said, and nothing is asked or proved', async () => {
    const { pipeline, asked } = fakePipeline({
      plan: async () => unchangedPlan,
      provision: async () => ({ outcomes: outcomes.slice(2, 3), calls: 40, seconds: 4 }),
    });
    const { code, stdout } = await type('provision', { pipeline, typed: '' });
    expect({ code, asked }).toEqual({ code: 0, asked: ['plan', 'provision'] });
    expect(stdout).toContain('Nothing to change: 31 resources match the settings.');
  });

  test('a proof that is still owed is given where nothing is to change, and shown', async () => {
    const { pipeline } = fakePipeline({ plan: async () => unchangedPlan });
    const { code, stdout } = await type('provision --yes', { pipeline });
    expect(code).toBe(0);
    expect(stdout).toContain("The function's own way to the shop, the topic and the archive\n  ✓ tcp");
  });

  test('asks at a terminal, and no means that nothing is done', async () => {
    const { pipeline, asked } = fakePipeline();
    const refused = await type('provision', { pipeline, typed: 'n' });
    expect({ code: refused.code, asked }).toEqual({ code: 1, asked: ['plan'] });
    expect(refused.stderr).toContain('Change this in account 123456789012, region eu-west-1? [y/N] ');
    expect(refused.stderr).toMatch(/Stopped\. Nothing was changed\.\n$/);
    expect((await type('provision', { pipeline, typed: 'y' })).code).toBe(0);
  });

  test.each([
    ['a failed resource', { outcomes }],
    ['a broken hop', { outcomes: outcomes.slice(0, 1), proof: brokenProof }],
  ])('%s is exit 1', async (_what, done) => {
    const { pipeline, asked } = fakePipeline({ provision: async () => ({ ...done, calls: 9, seconds: 9 }) });
    const { code, stdout } = await type('provision --yes', { pipeline });
    expect({ code, asked }).toEqual({ code: 1, asked: ['plan', 'provision'] });
    expect(stdout).toContain('Correct what failed and run salesreport provision again: it continues from here.');
    expect(JSON.parse((await type('provision --yes --json', { pipeline })).stdout).ok).toBe(false);
  });

  test('a simulated plan is told from a real one', async () => {
    const { stdout, stderr } = await type('provision --dry-run --simulate --json');
    expect(JSON.parse(stdout)).toMatchObject({ simulated: true });
    expect(stderr).toContain('This was a simulation: no account was looked at.');
    expect(JSON.parse((await type('provision --dry-run --json')).stdout)).not.toHaveProperty('simulated');
  });

  test('--simulate asks for the simulator, and needs no yes', async () => {
    const { code, stdout, requests } = await type('provision --simulate');
    expect(code).toBe(0);
    expect(requests[0]!.simulate).toEqual({ pace: 15 });
    expect(stdout).toContain('This was a simulation: nothing was built.');
  });

  test.each([
    ['ends', async () => ({ outcomes: outcomes.slice(0, 1), calls: 1, seconds: 1 })],
    ['fails', async () => Promise.reject(new Error('No further call was made.'))],
  ])('Ctrl-C lets the calls in flight finish, and says how to go on when the engine %s', async (_how, end) => {
    let press = () => {};
    const { pipeline } = fakePipeline({
      provision: () => {
        press();
        return end();
      },
    });
    const { code, stderr, requests } = await type('provision --yes', {
      pipeline,
      onInterrupt: given => {
        press = given;
      },
    });
    expect(code).toBe(130);
    expect(requests[0]!.signal.aborted).toBe(true);
    expect(stderr).toContain('Finishing the calls that are in flight; press Ctrl-C again to end at once.');
    expect(stderr).toMatch(/Stopped\. Run salesreport provision again: it continues where this run stopped\.\n$/);
  });

  test('Ctrl-C while nothing is changed, and a second one, end at once', async () => {
    let press = () => {};
    const onInterrupt = (given: () => void) => {
      press = given;
    };
    const never = () => {
      press();
      return new Promise<never>(() => {});
    };
    const early = await type('status', { pipeline: fakePipeline({ status: never }).pipeline, onInterrupt });
    expect(early.code).toBe(130);
    expect(early.stderr).toMatch(/Stopped\. Nothing was left half-done\.\n$/);
    const twice = () => {
      press();
      return never();
    };
    const late = await type('provision --yes', { pipeline: fakePipeline({ provision: twice }).pipeline, onInterrupt });
    expect(late.code).toBe(130);
    expect(late.stderr).toMatch(/Stopped\. The last calls may still take effect\. Run salesreport provision again/);
  });
});

describe('subscribe email', () => {
  test('adds each address once', async () => {
    const { code, stdout } = await type('subscribe email ann@example.com ann@example.com');
    expect(code).toBe(0);
    expect(stdout).toContain('  … pending  ann@example.com  AWS has just asked for confirmation\n\nAWS has mailed');
  });

  test('--json', async () => {
    expect(JSON.parse((await type('subscribe email ann@example.com --json')).stdout)).toEqual({
      version: 1,
      ok: true,
      stack: 'salesreport',
      subscribers: [{ protocol: 'email', endpoint: 'ann@example.com', state: 'pending', added: true }],
    });
  });
});

describe('subscribe confirm', () => {
  const token = 'a1'.repeat(144);
  const link = `https://sns.eu-west-1.amazonaws.com/confirmation.html?TopicArn=arn:aws:sns:eu-west-1:1:t&Token=${token}&Endpoint=a@b.c`;

  test('sends what the link holds, and says who alone can unsubscribe the reader', async () => {
    const given: unknown[] = [];
    const { pipeline } = fakePipeline();
    const confirm: typeof pipeline.confirm = async confirmation => {
      given.push(confirmation);
      return pipeline.confirm(confirmation);
    };
    const { code, stdout } = await type(`subscribe confirm ${link}`, { pipeline: { ...pipeline, confirm } });
    expect(code).toBe(0);
    expect(given).toEqual([{ token, topicArn: 'arn:aws:sns:eu-west-1:1:t' }]);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      '✓ confirmed ann@example.com email No link in a mail can unsubscribe ann@example.com. Only your account can: aws sns unsubscribe --region eu-west-1 --subscription-arn arn:aws:sns:eu-west-1:1:t:s',
    );
    expect(stdout).not.toContain(token);
  });

  test('--json', async () => {
    expect(JSON.parse((await type(`subscribe confirm ${token} --json`)).stdout)).toEqual({
      version: 1,
      ok: true,
      stack: 'salesreport',
      subscribers: [
        { protocol: 'email', endpoint: 'ann@example.com', state: 'confirmed', arn: 'arn:aws:sns:eu-west-1:1:t:s' },
      ],
    });
  });
});

describe('status', () => {
  const of = (state: 'ready' | 'missing' | 'differs' | 'waiting', healthy: boolean) =>
    fakePipeline({
      status: async () => ({
        resources: [{ id: 'schedule.rule', title: 'Schedule', state, differences: [] }],
        subscribers: [],
        moreSubscribers: 0,
        operators: [],
        moreOperators: 0,
        strangers: [],
        notes: [],
        healthy,
      }),
    }).pipeline;

  test.each([
    ['status', 'ready', true, 0],
    ['status', 'differs', false, 4],
    ['status --exit-code', 'ready', true, 0],
    ['status --exit-code', 'differs', false, 3],
    ['status --exit-code', 'missing', false, 3],
    ['status --exit-code', 'waiting', false, 4],
  ] as const)('%s of a stack that is %s', async (line, state, healthy, code) => {
    expect((await type(line, { pipeline: of(state, healthy) })).code).toBe(code);
  });

  test('--json', async () => {
    expect(JSON.parse((await type('status --json', { pipeline: of('ready', true) })).stdout)).toMatchObject({
      version: 1,
      ok: true,
      stack: 'salesreport',
      resources: [{ id: 'schedule.rule', title: 'Schedule', state: 'ready', differences: [] }],
      subscribers: [],
      nextRuns: ['24', '25', '26', '27', '28'].map(day => `2026-11-${day}T16:00:00.000Z`),
      lastRuns: [],
      trouble: null,
      healthy: true,
    });
  });

  test('names no next runs where the schedule is missing, neither in words nor in the document', async () => {
    const pipeline = of('missing', false);
    const resources = [
      ...(await pipeline.status()).resources,
      { id: 'vpc', title: 'VPC', state: 'ready' as const, differences: [] },
    ];
    const some = { ...pipeline, status: async () => ({ ...(await pipeline.status()), resources }) };
    expect(JSON.parse((await type('status --json', { pipeline: some })).stdout)).toMatchObject({
      nextRuns: [],
      healthy: false,
    });
    const { code, stdout } = await type('status', { pipeline: some });
    expect(stdout).toContain('Next runs\n  none: the schedule is missing\n');
    expect(code).toBe(4);
  });
});

describe('teardown', () => {
  test('wants the name of the stack', async () => {
    const { pipeline, asked } = fakePipeline();
    const refused = await type('teardown', { pipeline, typed: 'y' });
    expect({ code: refused.code, asked }).toEqual({ code: 1, asked: ['data'] });
    expect(refused.stderr.replaceAll('\n', ' ')).toContain(
      'This removes everything of stack salesreport in account 123456789012, region eu-west-1, with the database, which holds no sales of yours, but for the archive of reports. ',
    );
    expect((await type('teardown', { pipeline, typed: 'salesreport' })).code).toBe(0);
    expect(asked).toEqual(['data', 'data', 'teardown']);
  });

  test.each([
    ['--keep-logs', "but for the archive of reports and the function's log."],
    ['--keep-logs --delete-archive', "and the archive with every report, but for the function's log."],
  ])('says of %s what stays', async (flags, words) => {
    const { stderr } = await type(`teardown ${flags}`, { typed: 'y' });
    expect(stderr.replace(/\s+/g, ' ')).toContain(`which holds no sales of yours, ${words} `);
  });

  test('keeps the archive unless it is told to delete it, and says so before', async () => {
    const given: unknown[] = [];
    const teardown = async (_progress: unknown, options?: object) => {
      given.push(options);
      return certificate;
    };
    const { pipeline } = fakePipeline({ teardown });
    await type('teardown --yes', { pipeline });
    const { stderr } = await type('teardown --delete-archive --delete-database', { pipeline, typed: 'salesreport' });
    expect(given).toEqual([{ data: { kind: 'seed' } }, { deleteArchive: true, deleteDatabase: true }]);
    expect(stderr.replaceAll('\n', ' ')).toContain(
      'with the database and its sales, and the archive with every report.',
    );
  });

  test.each(['--delete-archive', '--delete-database'])('of %s wants the name from a script too', async flag => {
    const { pipeline, asked } = fakePipeline();
    const refused = await type(`teardown ${flag} --yes`, { pipeline });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(
      `The flag ${flag} loses data, and --yes does not consent to that: add --confirm salesreport. Nothing was changed.`,
    );
    expect((await type(`teardown ${flag} --yes`, { pipeline, typed: 'salesreport' })).code).toBe(2);
    expect((await type(`teardown ${flag}`, { pipeline })).stderr).toContain(
      'there is no terminal to ask at: add --confirm salesreport',
    );
    const other = await type(`teardown ${flag} --confirm other`, { pipeline });
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('names "other", and this is stack salesreport'),
    });
    expect(asked).toEqual([]);
    expect((await type(`teardown ${flag} --confirm salesreport`, { pipeline })).code).toBe(0);
    expect(asked.at(-1)).toBe('teardown');
  });

  test('says before what becomes of the database', async () => {
    const words = async (line: string, kind: 'no host' | 'seed') => {
      const { pipeline } = fakePipeline({ data: async () => ({ kind }) });
      return (await type(line, { pipeline, typed: 'n' })).stderr.replaceAll('\n', ' ');
    };
    expect(await words('teardown --snapshot', 'seed')).toContain(
      'with the database, of which a snapshot is kept, but for',
    );
    expect(await words('teardown', 'no host')).toContain('region eu-west-1, but for the archive of reports.');
    const { pipeline } = fakePipeline({ hasDatabaseHost: async () => false });
    for (const flag of ['--snapshot', '--delete-database'])
      expect((await type(`teardown ${flag}`, { pipeline, typed: 'n' })).stderr.replaceAll('\n', ' '), flag).toContain(
        'region eu-west-1, but for the archive of reports.',
      );
  });

  test('shows the certificate in one document where its file cannot be written any more', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { pipeline } = fakePipeline({
      teardown: async () => {
        await rm(folder, { recursive: true });
        return certificate;
      },
    });
    const { code, stdout } = await type(`teardown --yes --json --certificate ${join(folder, 'gone.txt')}`, {
      pipeline,
    });
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'certificate' }, left: [] });
    expect(code).toBe(1);
  });

  test('writes the certificate into a file, as text or as JSON, and never over another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [text, json] = [join(folder, 'gone.txt'), join(folder, 'gone.json')];
    const { stdout, stderr } = await type(`teardown --yes --certificate ${text}`);
    expect(stderr).toContain(`The certificate was written to ${text}.`);
    const written = await readFile(text, 'utf8');
    expect(written).toMatch(/^Certificate of removal: stack salesreport\n/);
    for (const { answer, ...thing } of certificate.removed)
      expect(written).toMatch(new RegExp(`^ .* ${thing.awsId.split(':').at(-1)} +${answer}$`, 'm'));
    expect(stdout).toMatch(/^Certificate of removal/);
    await type(`teardown --yes --certificate ${json}`, {
      pipeline: fakePipeline({
        teardown: async () => ({
          ...certificate,
          left: [{ id: 'vpc', title: 'Lab VPC', awsId: 'vpc-1', why: 'in use' }],
        }),
      }).pipeline,
    });
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ ok: false, left: [{ awsId: 'vpc-1' }] });
    const { pipeline, asked } = fakePipeline();
    expect(await type(`teardown --yes --certificate ${json}`, { pipeline })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('exists: add --force to replace it'),
    });
    expect(await type('teardown --yes --certificate nowhere/gone.txt', { pipeline })).toMatchObject({ code: 2 });
    expect(asked).toEqual([]);
  });

  test('ends with the certificate', async () => {
    const { code, stdout } = await type('teardown --yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Certificate of removal: stack salesreport\n[\s\S]*Nothing of stack salesreport is left/);
    expect(JSON.parse((await type('teardown --yes --json')).stdout)).toEqual({
      version: 1,
      ok: true,
      stack: 'salesreport',
      account: '123456789012',
      region: 'eu-west-1',
      ...certificate,
    });
  });

  test('what is left is exit 5', async () => {
    const { pipeline } = fakePipeline({
      teardown: async () => ({
        ...certificate,
        left: [{ id: 'vpc', title: 'Lab VPC', awsId: 'vpc-1', why: 'in use' }],
      }),
    });
    const { code, stdout } = await type('teardown --yes --json', { pipeline });
    expect(code).toBe(5);
    expect(JSON.parse(stdout).ok).toBe(false);
  });
});

describe('run', () => {
  test('has the function publish the report, and shows it', async () => {
    const events: unknown[] = [];
    const invoke = async (event: unknown) => {
      events.push(event);
      return { outcome: 'sent', report: { version: 1 }, subject: 'Sales', text: 'the report', messageId: 'm-1' };
    };
    const { code, stdout, stderr } = await type('run', { pipeline: fakePipeline({ invoke }).pipeline });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'the report\n',
      stderr: 'Published as "Sales" (message m-1).\n\n',
    });
    await type('run --remote --dry-run --from 2026-10-01 --to 2026-11-01', {
      pipeline: fakePipeline({ invoke }).pipeline,
    });
    expect(events).toEqual([
      { run: { dryRun: false, id: expect.any(String) } },
      {
        run: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', dryRun: true, id: expect.any(String) },
      },
    ]);
  });

  test('--json is what was published; of a dry run it is the report itself', async () => {
    expect(JSON.parse((await type('run --json')).stdout)).toEqual({
      version: 1,
      ok: true,
      stack: 'salesreport',
      outcome: 'sent',
      window: { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' },
      subject: 'Sales',
      messageId: 'm-1',
      report: {},
    });
    expect(JSON.parse((await type('run --remote --dry-run --json')).stdout)).toEqual({ ok: true });
  });

  const window = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' };
  const answering = (answer: object) => fakePipeline({ invoke: async () => ({ window, ...answer }) }).pipeline;

  test('of a window that was sent says which message it was, and is well', async () => {
    const pipeline = answering({ outcome: 'already sent', subject: 'Sales', messageId: 'm-1' });
    expect(await type('run', { pipeline })).toMatchObject({
      code: 0,
      stdout: 'Already sent as "Sales" (message m-1); --resend --reason "…" sends it again, marked as revised.\n',
      stderr: '',
    });
    expect(JSON.parse((await type('run --json', { pipeline })).stdout)).toMatchObject({
      outcome: 'already sent',
      report: null,
    });
  });

  test.each([
    [{ outcome: 'paused' }, /^Error: The function answers "paused", which this version of salesreport does not know: /],
    [{}, /^Error: The function gives no outcome, /],
  ])('an answer of another version of the function is said to be one: %j', async (answer, words) => {
    const { code, stdout, stderr } = await type('run', { pipeline: answering(answer) });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(words);
  });

  test.each([
    ['blocked', /^Blocked, and sent to nobody: 3 orders have no amount\. .* --send-anyway --reason/],
    ['held', /^Held: 3 orders have no amount\. Send it now with --send-anyway/],
  ])('of a window that is %s is not healthy, and says how to go on', async (outcome, words) => {
    const pipeline = answering({ outcome, why: '3 orders have no amount.', report: {}, text: 'the report' });
    const { code, stdout, stderr } = await type('run', { pipeline });
    expect({ code, stdout }).toEqual({ code: 4, stdout: 'the report\n' });
    expect(stderr).toMatch(words);
  });

  test('names what it wants of the function', async () => {
    const events: object[] = [];
    const invoke = async (event: object) => {
      events.push(event);
      return { outcome: 'already sent', window };
    };
    const { pipeline } = fakePipeline({ invoke });
    await type('run --window 2026-11-20 --send-anyway --reason checked', { pipeline });
    await type('run --resend --reason late', { pipeline });
    expect(events).toEqual([
      { run: { due: '2026-11-20T16:00:00.000Z', dryRun: false, force: 'checked', id: expect.any(String) } },
      { run: { dryRun: false, resend: 'late', id: expect.any(String) } },
    ]);
  });

  test('an empty window is refused', async () => {
    const { code, stderr } = await type('run --remote --from 2026-12-01 --to 2026-11-01');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'Error: The window from 2026-12-01 to 2026-11-01 is empty: --to must be later than --from.\n',
    });
  });
});

describe('check', () => {
  const invoked = (answer: object) => fakePipeline({ invoke: async () => answer }).pipeline;
  const window = { ...checked.window };
  const report = { source: 'database', window, checks: checked.checks };

  test('--remote takes the checks from a dry run of the function', async () => {
    const events: object[] = [];
    const invoke = async (event: object) => {
      events.push(event);
      return { outcome: 'shown', window, report };
    };
    const { code, stdout } = await type('check --remote --from 2026-10-01 --to 2026-11-01', {
      pipeline: fakePipeline({ invoke }).pipeline,
    });
    expect(code).toBe(4);
    expect(stdout).toContain('Done. PASS=1 WARN=1 FAIL=1 ERROR=1');
    expect(events).toEqual([
      { run: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', dryRun: true } },
    ]);
  });

  test('--json has the decision and every check', async () => {
    const { code, stdout } = await type('check --remote --json', {
      pipeline: invoked({ outcome: 'shown', window, report }),
    });
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      ok: false,
      source: 'database',
      window: { ...window, timezone: 'UTC' },
      decision: 'block',
      checks: checked.checks,
    });
  });

  test('warnings alone exit 0', async () => {
    const checks = checked.checks.filter(({ outcome }) => outcome !== 'fail');
    const { code, stdout } = await type('check --remote', { pipeline: invoked({ report: { ...report, checks } }) });
    expect(code).toBe(0);
    expect(stdout).toContain('A report of these data would be sent with a notice.');
  });

  test('a function that has no report to show says why', async () => {
    const why = 'The database cafe lacks the table order: make it.';
    const { code, stderr } = await type('check --remote', { pipeline: invoked({ outcome: 'blocked', window, why }) });
    expect({ code, stderr }).toEqual({ code: 4, stderr: `Error: ${why}\n` });
  });

  test('of the sample shop, which is sound', async () => {
    const { code, stdout } = await type('check --sample --window 2026-11-20');
    expect(code).toBe(0);
    expect(stdout).toContain('Done. PASS=21 WARN=0 FAIL=0 ERROR=0');
  });
});

describe('backfill', () => {
  const command = 'backfill --from 2026-11-01 --to 2026-11-03';

  test('asks the function until the whole time is done', async () => {
    const events: object[] = [];
    const invoke = async (event: { backfill: { from: string; to: string } }) => {
      events.push(event);
      const { from, to } = event.backfill;
      const done = from.startsWith('2026-11-01') ? '2026-11-02T00:00:00.000Z' : to;
      return { windows: [{ from, to: done, outcome: 'archived' }], done };
    };
    const { code, stdout } = await type(command, { pipeline: fakePipeline({ invoke: invoke as never }).pipeline });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '2 reports archived and sent to nobody: salesreport history lists them.\n',
    });
    expect(events).toEqual([
      { backfill: { from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' } },
      { backfill: { from: '2026-11-02T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' } },
    ]);
  });

  test('ends where the function comes no further', async () => {
    const invoke = async () => ({ windows: [], done: '2026-11-01T00:00:00.000Z' });
    expect(await type(command, { pipeline: fakePipeline({ invoke }).pipeline })).toMatchObject({
      code: 1,
      stderr:
        'Error: The function came no further than 2026-11-01T00:00:00.000Z: give it more time with function.timeout.\n',
    });
  });
});

test("a problem of the pipeline ends the command with its exit code and AWS's words", async () => {
  const plan = async () => {
    throw new Problem('access-denied', 'You may not ec2:DescribeVpcs: have it allowed.', {
      aws: { operation: 'ec2:DescribeVpcs', name: 'UnauthorizedOperation', message: 'No.' },
    });
  };
  const { code, stdout, stderr } = await type('provision --dry-run --json', {
    pipeline: fakePipeline({ plan }).pipeline,
  });
  expect(code).toBe(1);
  expect(JSON.parse(stdout).error.code).toBe('access-denied');
  expect(stderr).toBe(
    'Error: You may not ec2:DescribeVpcs: have it allowed.\n  AWS to ec2:DescribeVpcs: UnauthorizedOperation: No.\n',
  );
});

test('an endpoint that stands in for AWS is named', async () => {
  const standIns = [{ url: 'http://127.0.0.1:4566', origin: 'AWS_ENDPOINT_URL', services: [] }];
  const pipeline = { ...fakePipeline().pipeline, standIns };
  expect((await type('status', { pipeline })).stderr).toContain(
    'Note: http://127.0.0.1:4566 stands in for AWS, because of AWS_ENDPOINT_URL.',
  );
});

test('a plan is the same document for the same plan', async () => {
  const [one, other] = [await type('provision --dry-run --json'), await type('provision --dry-run --json')];
  expect(one.stdout).toBe(other.stdout);
  expect(plan.changes).toHaveLength(JSON.parse(one.stdout).changes.length);
});

test('a provision whose function does not reach everything says what is broken', async () => {
  const provision = async () => ({ outcomes: outcomes.slice(0, 1), calls: 9, seconds: 9, proof: brokenProof });
  const { pipeline } = fakePipeline({ provision });
  expect((await type('provision --yes', { pipeline })).stdout).toContain(
    '✗ Broken: host\n  The database host is stopped: start it.',
  );
  expect(JSON.parse((await type('provision --yes --json', { pipeline })).stdout).broken).toEqual(brokenProof.broken);
});

describe('verify', () => {
  test('shows the path with what became of the last report, and what is not proved', async () => {
    const { pipeline, asked } = fakePipeline();
    const { code, stdout } = await type('verify', { pipeline });
    expect({ code, asked }).toEqual({ code: 0, asked: ['verify'] });
    expect(stdout).toMatch(/ {2}✓ tcp +3 ms\n/);
    expect(stdout).toContain('- last report            none yet');
    expect(stdout).toContain('Not proved, because it would mail somebody:\n- That a mail arrives.');
  });

  const held = {
    who: 'ann',
    host: 'shop',
    pid: 4711,
    run: 'r',
    verb: 'provision',
    since: '2026-11-24T09:00:00.000Z',
    intents: {},
    generations: {},
  };

  test('what is broken is exit 4, in the document too, and who is at work is named', async () => {
    const { pipeline } = fakePipeline({
      verify: async () => ({ ok: false, hops: brokenProof.broken, unproved: ['That a mail arrives.'], seconds: 3 }),
      lock: async () => ({ ...held, name: '/salesreport/salesreport/lock/1', words: 'ann is at work' }),
    });
    const { code, stdout } = await type('verify', { pipeline });
    expect(code).toBe(4);
    expect(stdout).toContain('✗ Broken: host\n  The database host is stopped: start it.');
    expect(stdout).toContain('ann is at work: verify again when that is done.');
    const json = await type('verify --json', { pipeline });
    expect(json.code).toBe(4);
    expect(JSON.parse(json.stdout)).toEqual({
      version: 1,
      stack: 'salesreport',
      account: '123456789012',
      region: 'eu-west-1',
      ok: false,
      hops: brokenProof.broken,
      unproved: ['That a mail arrives.'],
      seconds: 3,
    });
  });
});
