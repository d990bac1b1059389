import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../src/commands/cloud.ts';
import { main } from '../../../src/commands/main.ts';
import { loadArtifacts } from '../../../src/provision/artifacts.ts';
import type { Operation } from '../../../src/provision/aws/operation.ts';
import { openPipeline } from '../../../src/provision/pipeline.ts';
import { policyFor } from '../../../src/provision/policy/policy-for.ts';
import type { Policy } from '../../../src/provision/policy/policy-of.ts';
import { usesOf, type Verb } from '../../../src/provision/policy/verbs.ts';
import { sampleSource } from '../../../src/report/sources/sample.ts';
import { endInstance } from '../../../src/simulator/ec2/instances.ts';
import { attachVpnGateway } from '../../../src/simulator/ec2/network/attachments.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { fireSchedule } from '../../../src/simulator/trigger.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';
import { catalogueOf } from '../../helpers/catalogue-of.ts';
import { giveFilters, makeFormer } from '../../helpers/former-readers.ts';
import { sampled } from '../../helpers/sampled.ts';
import {
  newProcess,
  pipelineOn,
  settingsWith,
  silent,
  simulatedAws,
  smallArtifacts,
} from '../../helpers/simulated-stack.ts';

/** A zone, so that each kind of resource is there that the tool makes. */
const settings = { timezone: 'Europe/Berlin' };

interface Play {
  /** No settings file is named: the record of the last provision is read. */
  withoutSettings?: true;
  line: string | ((aws: Simulator) => string);
  /** Default: a stack that has sent its report stands. */
  nothingStands?: true;
  /** What else is so in the account. */
  where?: (aws: Simulator) => Promise<unknown> | unknown;
  /** Exit code when all is allowed. Default 0. */
  code?: number;
}

const locked = (aws: Simulator) =>
  aws.answer('ssm', 'PutParameter', { Name: '/salesreport/salesreport/lock/1', Type: 'String', Value: '{}' });

/** The lock of a run that was changing the password: its note is kept. */
function rotating(aws: Simulator) {
  const holder = {
    who: 'ann',
    host: 'elsewhere',
    pid: 1,
    run: 'r',
    verb: 'password set',
    since: '2026-11-24T09:00:00Z',
  };
  const Value = JSON.stringify({ ...holder, intents: {}, generations: {}, rotation: { before: 1 } });
  return aws.answer('ssm', 'PutParameter', { Name: '/salesreport/salesreport/lock/1', Type: 'String', Value });
}

/** Every verb that needs no more than what stands, as it is typed. */
const plays: Partial<Record<Verb, Play[]>> = {
  'provision --dry-run': [
    { line: 'provision --dry-run', where: aws => makeFormer(aws) },
    { line: 'provision --dry-run', nothingStands: true },
    { line: 'provision --dry-run', where: ended, code: 2 },
  ],
  run: [{ line: 'run --resend --reason refund' }, { line: 'run --resend --reason refund', where: unheard }],
  check: [{ line: 'check --remote' }],
  subscribe: [
    { line: 'subscribe email carol@example.com' },
    { line: 'subscribe email ann@example.com', where: deaf },
    { line: 'subscribe email ann@example.com --operator' },
    { line: aws => `subscribe confirm ${aws.world.sns.linkFor('bob@example.com')}` },
  ],
  status: [
    { line: 'status' },
    { line: 'status', where: ended, code: 4 },
    { line: 'status', where: aws => makeFormer(aws), code: 4 },
  ],
  settings: [{ line: 'settings' }],
  history: [{ line: 'history' }],
  backfill: [{ line: 'backfill --from 2026-11-19 --to 2026-11-20' }],
  verify: [{ line: 'verify' }, { line: 'verify', where: stuck, code: 4 }],
  unlock: [
    { line: 'unlock --yes', where: locked },
    { line: 'unlock --yes', where: rotating },
  ],
  sweep: [{ line: 'sweep --all-regions' }],
  teardown: [
    { line: 'teardown --snapshot --delete-archive --confirm salesreport', where: edited },
    { line: 'teardown --yes' },
    { line: 'teardown --confirm salesreport --delete-database', where: ended },
    { line: 'teardown --snapshot --delete-archive --confirm salesreport', where: held, code: 5 },
  ],
};
const verbs = Object.keys(plays) as Verb[];
for (const verb of verbs) {
  const [first] = plays[verb]!;
  if (verb !== 'sweep') plays[verb]!.push({ ...first!, withoutSettings: true });
}

/** For the settings where no file is named: without it the defaults are taken, and a line says so. */
const isForRecord = (verb: Verb, { Action, Resource }: Policy['Statement'][number]): boolean =>
  [Resource].flat().every(one => one.endsWith('/settings/deployed.json')) ||
  (['run', 'check', 'subscribe', 'settings', 'backfill', 'unlock'].includes(verb) &&
    [Action].flat().join() === 's3:ListBucket');

/** Somebody's filter keeps the reports from a reader. */
function deaf(aws: Simulator): void {
  giveFilters(aws, () => '{"kind":["none"]}');
}

/** The answer of the function is lost: the ledger tells what it did. */
function unheard(aws: Simulator): void {
  aws.fault = ({ operation }) => (operation === 'Invoke' ? 'answer lost' : undefined);
}

/** AWS ended the host: its console tells whether it ever ran. */
function ended({ world }: Simulator): void {
  const host = world.ec2.instances.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!;
  const reason = { code: 'Server.InternalError', message: 'Internal error' };
  host.createdAt = world.now() - 60_000;
  host.runningAt = world.now() - 30_000;
  endInstance(world, host, { askedAt: world.now(), doneAt: world.now(), reason });
}

/** Somebody has attached a gateway to the VPC: it is asked what holds it. */
function held({ world }: Simulator): void {
  for (const vpc of world.ec2.vpcs.existing()) attachVpnGateway(world, vpc);
}

/** The set-up of the host never ends, which its console explains. */
function stuck({ world }: Simulator): void {
  for (const host of world.ec2.instances.existing()) {
    delete host.database;
    host.failure = 'SALESREPORT FAILED packages';
  }
}

const artifacts = await loadArtifacts();
/** The bucket hides its tags, as another account's does. */
function hiddenBucket(aws: Simulator): void {
  aws.fault = ({ operation }) => (operation === 'GetBucketTagging' ? 'denied' : undefined);
}

/** What somebody has added to it by hand goes too, and so does what Lambda leaves lying. */
async function edited(aws: Simulator): Promise<void> {
  const { ec2, iam } = aws.world;
  iam
    .role('salesAnalysisReportRole')!
    .attached.set('arn:aws:iam::aws:policy/AmazonSNSFullAccess', 'AmazonSNSFullAccess');
  const groupCalled = (wanted: string) => ec2.groups.existing().find(({ name }) => name === wanted)!.id;
  const rule = {
    GroupId: groupCalled('Web'),
    IpPermissions: [
      { IpProtocol: 'tcp', FromPort: 9_000, ToPort: 9_000, UserIdGroupPairs: [{ GroupId: groupCalled('Database') }] },
    ],
  };
  await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', rule);
  await aws.answer('ec2', 'AuthorizeSecurityGroupEgress', rule);
  const tables = ec2.routeTables.existing();
  const AssociationId = tables
    .flatMap(({ associations }) => associations)
    .find(({ subnetId }) => subnetId === undefined)!.id;
  const RouteTableId = tables.find(({ main }) => !main)!.id;
  await aws.answer('ec2', 'ReplaceRouteTableAssociation', { AssociationId, RouteTableId });
  const now = aws.world.now();
  ec2.releaseLambdaInterfaces('salesAnalysisReportDataExtractor', now, now + 1_000, { reclaim: false });
}

let standing: Simulator;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'denied-'));
  file = join(folder, 'salesreport.yaml');
  await writeFile(file, 'timezone: Europe/Berlin\n');
  standing = simulatedAws({ functionSource: () => ({ ...sampleSource, kind: 'database' as const }) });
  const { world } = standing;
  const pipeline = await pipelineOn(standing, { settings, given: settings, artifacts });
  await pipeline.provision(silent);
  await pipeline.probe(silent);
  await pipeline.subscribe('email', ['ann@example.com']);
  world.sns.confirm('ann@example.com');
  await pipeline.subscribe('email', ['bob@example.com']);
  const due = Date.UTC(2026, 10, 24, 15);
  await world.clock.sleep(due - world.now());
  await fireSchedule(world, 'salesAnalysisReport', 'salesAnalysisReportSchedule', due);
}, 30_000);
afterAll(() => rm(folder, { recursive: true }));

const printed = (verb: Verb): Policy => {
  const { account, region } = simulatedAws().world;
  return policyFor({ verb, settings: settingsWith(settings), account, region, artifacts: smallArtifacts });
};

/** Starting the function is no change; what it does then it does as itself. */
const ofFunction = ['Invoke', 'Publish', 'PutObject'];

/**
 * Types a command line where nothing is allowed but what these policies say; gives what it said, and which changes it
 * made.
 */
async function type({ line, where, nothingStands, withoutSettings }: Play, policies: Policy[] | undefined) {
  const aws = nothingStands ? simulatedAws() : standing.fork(new VirtualClock({ start: standing.world.now() }));
  await where?.(aws);
  aws.world.operator.policies = policies;
  const before = aws.calls.length;
  const called = new Set<Operation>();
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  const stream = { columns: 100, isTTY: false, write };
  const cloud: Cloud = async request => {
    const pipeline = await openPipeline({
      settings: request.settings,
      given: request.given,
      region: aws.world.region,
      clock: aws.world.clock,
      jitter: () => 0.5,
      credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
      plugin: aws.plugin,
      pluginIn: region => simulatedAws({ ...aws.world, region }).plugin,
      artifacts,
      publicAddress: async () => '203.0.113.7',
      password: async () => 'a secret',
      onCall: ({ operation }) => called.add(operation),
      self: newProcess(),
    });
    return { pipeline, clock: aws.world.clock };
  };
  const code = await main(
    [...(typeof line === 'string' ? line : line(aws)).split(' '), ...(withoutSettings ? [] : ['--settings', file])],
    {
      stdout: stream,
      stderr: stream,
      stdin: Object.assign(Readable.from([]), { isTTY: false }),
      env: {},
      cloud,
    },
  );
  const changes = aws.calls
    .slice(before)
    .filter(({ mutating, operation, error }) => mutating && error === undefined && !ofFunction.includes(operation));
  return { code, said, called, changes: changes.map(({ operation }) => operation) };
}

it.each(verbs)('salesreport %s works with nothing but what salesreport policy prints for it', async verb => {
  for (const play of plays[verb]!) {
    const { code, said } = await type(play, [printed(verb)]);
    expect({ line: play.line, code, said }).toMatchObject({ code: play.code ?? 0 });
    expect(said).not.toMatch(/may not|not checked|not asked/i);
  }
});

it.each(verbs)('salesreport %s calls everything that its policy is for', async verb => {
  const unused = new Set(usesOf(verb, catalogueOf(standing)).map(({ operation }) => operation));
  const somewhere = [...plays[verb]!, { ...plays[verb]![0]!, where: hiddenBucket }];
  for (const play of somewhere) for (const operation of (await type(play, undefined)).called) unused.delete(operation);
  expect([...unused]).toEqual([]);
});

const actionsOf = ({ Statement }: Policy, index: number): string[] => [Statement[index]!.Action].flat();

const isForAsking = (actions: readonly string[]) => actions.join() === 'iam:SimulatePrincipalPolicy';

describe.each(verbs)('salesreport %s with any one statement removed', verb => {
  const whole = printed(verb);
  const rows = whole.Statement.map((_, index) => [actionsOf(whole, index).join(' '), index] as const);

  it.each(
    sampled(
      rows.filter(([actions]) => !isForAsking([actions])),
      6,
    ),
  )('stops before its first change and names it: %s', async (_, index) => {
    const actions = actionsOf(whole, index);
    const rest: Policy = { ...whole, Statement: whole.Statement.filter((_, at) => at !== index) };
    for (const play of plays[verb]!) {
      const { code, said, changes } = await type(play, [rest]);
      const isNamed = actions.some(action => said.includes(action));
      if (isForRecord(verb, whole.Statement[index]!) && isNamed) return;
      // A line that needs less than others just works.
      const expected = isNamed ? { code: expect.toSatisfy(one => one !== 0), changes: [] } : { code: play.code ?? 0 };
      expect({ line: play.line, said, code, changes }).toMatchObject(expected);
      if (isNamed) return;
    }
    if (!isForRecord(verb, whole.Statement[index]!) || actions.includes('s3:GetObject'))
      expect.unreachable('no line needs it');
  });
});

it('a teardown that may not ask is done, and says that it did not', async () => {
  const whole = printed('teardown');
  const Statement = whole.Statement.filter((_, index) => !isForAsking(actionsOf(whole, index)));
  expect(whole.Statement.length - Statement.length).toBe(1);
  const { code, said } = await type({ line: 'teardown --yes' }, [{ ...whole, Statement }]);
  expect(code).toBe(0);
  expect(said).toContain('Whether you may do all of it was not asked: you may not iam:SimulatePrincipalPolicy.');
});

it('a teardown needs nothing for what is not there', async () => {
  const whole = printed('teardown');
  const Statement = whole.Statement.map(one =>
    [one.Action].flat().includes('lambda:DeleteFunction')
      ? { ...one, Action: [one.Action].flat().filter(action => /:(Get|List)/.test(action)) }
      : one,
  );
  const gone = async (aws: Simulator) => {
    await (await pipelineOn(aws, { settings })).teardown(silent, { deleteDatabase: true });
  };
  const { code, said } = await type({ line: 'teardown --delete-archive --confirm salesreport', where: gone }, [
    { ...whole, Statement },
  ]);
  expect(said).toContain('1 removed');
  expect(code).toBe(0);
});

it('a teardown that keeps the log needs no permission to delete it', async () => {
  const whole = printed('teardown');
  const Statement = whole.Statement.map(one => ({
    ...one,
    Action: [one.Action].flat().filter(action => action !== 'logs:DeleteLogGroup'),
  }));
  const denied = await type({ line: 'teardown --yes' }, [{ ...whole, Statement }]);
  expect(denied).toMatchObject({ code: 1, said: expect.stringContaining('logs:DeleteLogGroup') });
  const { code, said } = await type({ line: 'teardown --yes --keep-logs' }, [{ ...whole, Statement }]);
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('Kept on purpose: 2') });
});

it('with --skip-permission-check a teardown asks nothing, removes what it may, and names the rest', async () => {
  const whole = printed('teardown');
  const Statement = whole.Statement.map(one => ({
    ...one,
    Action: [one.Action].flat().filter(action => action !== 'logs:DeleteLogGroup'),
  }));
  const stopped = await type({ line: 'teardown --yes' }, [{ ...whole, Statement }]);
  expect(stopped).toMatchObject({ code: 1, said: expect.stringContaining('--skip-permission-check') });
  const { code, said, called } = await type({ line: 'teardown --yes --skip-permission-check' }, [
    { ...whole, Statement },
  ]);
  expect({ code, said }).toMatchObject({ code: 5, said: expect.stringContaining('You may not logs:DeleteLogGroup') });
  expect(said).toContain('was not asked, because of --skip-permission-check');
  expect([...called]).not.toContain('iam:SimulatePrincipalPolicy');
});

it('a teardown that only the organization forbids stops at the dry run, before anything is removed', async () => {
  const where = (aws: Simulator) => {
    aws.fault = ({ operation, mutating }) => (operation === 'DeleteNatGateway' && !mutating ? 'denied' : undefined);
  };
  const { code, said, changes } = await type({ line: 'teardown --yes', where }, undefined);
  expect(code).toBe(1);
  expect(said).toMatch(/You may not ec2:DeleteNatGateway.* Nothing was changed\./);
  // The lock.
  expect(changes).toEqual(['PutParameter', 'DeleteParameter']);
});

it('with a path for roles a stack is built with nothing but the printed policy, and taken down without the settings file', async () => {
  const aws = simulatedAws();
  const { account, region } = aws.world;
  const iam = { path: '/reports/' };
  const allow = (verb: Verb) => {
    aws.world.operator.policies = [
      policyFor({ verb, settings: settingsWith({ iam }), account, region, artifacts: smallArtifacts }),
    ];
  };
  allow('provision');
  const { outcomes, unchecked } = await (await pipelineOn(aws, { settings: { iam } })).provision(silent);
  expect({ failed: outcomes.filter(({ outcome }) => outcome === 'failed'), unchecked }).toEqual({
    failed: [],
    unchecked: undefined,
  });
  allow('teardown');
  const certificate = await (await pipelineOn(aws)).teardown(silent, { deleteDatabase: true });
  expect(certificate).toMatchObject({ left: [] });
  expect(certificate).not.toHaveProperty('unchecked');
});
