import { describe, expect, it } from 'vitest';
import { loadArtifacts } from '../../src/provision/artifacts.ts';
import type { Finding } from '../../src/provision/verify/root-cause.ts';
import { sampleSource } from '../../src/report/sources/sample.ts';
import { AwsError } from '../../src/simulator/aws-error.ts';
import { newNetworkAcl, putBefore } from '../../src/simulator/ec2/network/network-acls.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const artifacts = await loadArtifacts();
const functionName = 'salesAnalysisReportDataExtractor';
const delivered = Promise.resolve<Finding>({ hop: 'last report', state: 'ok' });

const stacks = new Map<string, Promise<Simulator>>();

async function buildStack(settings: object): Promise<Simulator> {
  const aws = simulatedAws({ functionSource: () => ({ ...sampleSource, kind: 'database' }) });
  const pipeline = await pipelineOn(aws, { artifacts, settings });
  await pipeline.provision(silent);
  await pipeline.probe(silent);
  await pipeline.subscribe('email', ['ann@example.com']);
  aws.world.sns.confirm('ann@example.com');
  return aws;
}

/** A stack that works, with a reader who has confirmed. */
async function openStack(settings: object = {}) {
  const key = JSON.stringify(settings);
  stacks.set(key, stacks.get(key) ?? buildStack(settings));
  const built = (await stacks.get(key))!;
  const aws = built.fork(new VirtualClock({ start: built.world.now() }));
  const pipeline = await pipelineOn(aws, { artifacts, settings });
  return { aws, pipeline, verify: () => pipeline.verify(silent, delivered) };
}

const hopsThat = (state: string, { hops }: { hops: Finding[] }) =>
  hops.filter(one => one.state === state).map(({ hop }) => hop);

/** Things of the simulated world, to break them by hand. */
const thingsOf = ({ world }: Simulator) => {
  const { ec2, events, iam, lambda, sns, ssm, s3 } = world;
  const table = (kind: 'igw-' | 'nat-') =>
    ec2.routeTables.existing().find(({ routes }) => routes.some(({ target }) => target.startsWith(kind)))!;
  const group = (name: string) => ec2.groups.existing().find(one => one.name === name)!;
  return {
    privateTable: table('nat-'),
    publicTable: table('igw-'),
    nat: ec2.natGateways.existing()[0]!,
    internet: ec2.internetGateways.existing()[0]!,
    vpc: ec2.vpcs.existing()[0]!,
    acl: ec2.networkAcls.existing()[0]!,
    privateSubnets: ec2.subnets.existing().filter(({ tags }) => tags.asOf(world.now()).Name?.includes('private')),
    host: ec2.instances.existing().find(({ isProtected }) => isProtected)!,
    group,
    interfaces: ec2.interfaces.existing().filter(({ type }) => type === 'lambda'),
    one: lambda.functions.get(functionName)!,
    rule: events.rules.get('salesAnalysisReportSchedule')!,
    watch: events.rules.get('salesAnalysisReportWatch')!,
    topic: [...sns.topics.values()].find(({ name }) => name === 'salesAnalysisReportTopic')!,
    parameter: [...ssm.parameters.values()].find(({ type }) => type === 'SecureString')!,
    role: iam.roles.get('salesanalysisreportrole')!,
    bucket: [...s3.buckets.values()][0]!,
  };
};
type Things = ReturnType<typeof thingsOf>;

/** Takes a statement out of the function's own role. */
function forbid({ role }: Things, sid: string): void {
  const [name, policy] = [...role.policies][0]!;
  const document = JSON.parse(policy.document);
  document.Statement = document.Statement.filter(({ Sid }: { Sid: string }) => Sid !== sid);
  role.policies.set(name, { ...policy, document: JSON.stringify(document) });
}

const withoutRoute = (table: Things['privateTable'], kind: string) => {
  table.routes = table.routes.filter(({ target }) => !target.startsWith(kind));
};

it('a stack that works is all well, and says what nobody can prove', async () => {
  const { verify, aws } = await openStack();
  const before = aws.calls.length;
  const done = await verify();
  expect(done.ok).toBe(true);
  expect(done.hops.map(({ hop, state }) => `${hop} ${state}`)).toEqual(
    [
      ['schedule', 'target', 'permission', 'watch'],
      [
        'function',
        'answer',
        'interfaces',
        'network acl',
        'private route',
        'nat gateway',
        'public route',
        'internet gateway',
        's3 endpoint',
      ],
      ['secret', 'groups', 'host', 'set-up', 'name', 'tcp', 'login'],
      ['select product_group', 'select product', 'select order', 'select order_item'],
      ['topic', 'operators topic', 'archive', 'readers', 'operators', 'last report'],
    ]
      .flat()
      .map(hop => `${hop} ok`),
  );
  expect(done.unproved).toEqual([
    'That the topic takes what the function publishes: its readers would be mailed.',
    'That a mail arrives: only a report shows it, which salesreport run sends.',
  ]);
  const called = aws.calls.slice(before).filter(({ mutating }) => mutating);
  expect(called.map(({ operation, error }) => `${operation} ${error ?? 'done'}`).sort()).toEqual([
    'Invoke done',
    'Publish InvalidParameterException',
    'Publish done',
    'PutObject NoSuchKey',
    'PutObject NoSuchKey',
  ]);
  expect(aws.world.sns.mailbox.filter(({ subject }) => subject.includes('Probe'))).toEqual([]);
});

describe('T18: what is broken is named, and nothing else', () => {
  it.each<[what: string, hop: string, doIt: (things: Things, aws: Simulator) => void, sentence: RegExp]>([
    [
      'the route to the NAT gateway is gone',
      'private route',
      ({ privateTable }) => withoutRoute(privateTable, 'nat-'),
      /^The private route table rtb-\w+ has no route to the NAT gateway: run salesreport provision, which restores it\.$/,
    ],
    [
      'the route leads to the internet gateway',
      'private route',
      ({ privateTable, internet }) => {
        privateTable.routes.find(({ target }) => target.startsWith('nat-'))!.target = internet.id;
      },
      /leads to igw-\w+ and not to the NAT gateway/,
    ],
    [
      'a private subnet has lost its table',
      'private route',
      ({ privateTable }) => {
        privateTable.associations.pop();
      },
      /does not route the subnet subnet-/,
    ],
    [
      'a rule of the network ACL keeps the function from the database',
      'network acl',
      ({ acl }) => {
        acl.entries.push({
          number: 90,
          egress: false,
          protocol: '6',
          allow: false,
          cidr: '10.0.128.0/17',
          from: 3306,
          to: 3306,
        });
      },
      /^The network ACL acl-\w+ of subnet-\w+ does not let tcp 3306 in from 10\.0\.\d+\.0\/20 \(rule 90: deny tcp 3306 from 10\.0\.128\.0\/17\): run salesreport provision, which opens it again\.$/,
    ],
    [
      'a rule of the network ACL keeps the answers of AWS out',
      'network acl',
      ({ acl }) => {
        acl.entries.push({ number: 1, egress: false, protocol: '-1', allow: false, cidr: '192.0.0.0/8' });
      },
      /does not let tcp 1024-65535 in from 0\.0\.0\.0\/0 \(rule 1: deny everything from 192\.0\.0\.0\/8\)/,
    ],
    [
      'the private subnets have a network ACL without rules',
      'network acl',
      ({ vpc, privateSubnets }, { world }) => {
        const acl = newNetworkAcl(world, vpc, false);
        for (const subnet of privateSubnets) putBefore(world, acl, subnet);
      },
      /does not let tcp 3306 out to 10\.0\.0\.0\/20 \(no rule allows that\): run salesreport provision, which gives the subnet that of its VPC again\.$/,
    ],
    [
      'the NAT gateway has failed',
      'nat gateway',
      ({ nat }, { world }) => {
        nat.failure = { code: 'InternalError', message: 'Oops' };
        nat.settledAt = world.now();
      },
      /^The NAT gateway nat-\w+ is failed \(Oops\): run salesreport provision, which makes another\.$/,
    ],
    [
      'the NAT gateway is gone',
      'nat gateway',
      ({ nat }, { world }) => {
        nat.deletion = { askedAt: 0, doneAt: 0 };
        nat.goneAt = world.now();
      },
      /^There is no NAT gateway/,
    ],
    [
      'the internet gateway is detached',
      'internet gateway',
      ({ internet }) => {
        delete internet.vpcId;
        delete internet.attachedAt;
      },
      /^The internet gateway igw-\w+ is not attached to the VPC/,
    ],
    [
      'the route to the internet gateway is gone',
      'public route',
      ({ publicTable }) => withoutRoute(publicTable, 'igw-'),
      /^The public route table rtb-\w+ has no route to the internet gateway/,
    ],
    [
      'an interface of the function is missing',
      'interfaces',
      ({ interfaces }, { world }) => world.ec2.interfaces.remove(interfaces[1]!),
      /^Lambda has no network interface for .* in subnet-\w+: recreate the function with its interfaces\.$/,
    ],
    [
      'the function has left the VPC',
      'interfaces',
      ({ one, interfaces }, { world }) => {
        one.subnetIds = [];
        one.groupIds = [];
        for (const eni of interfaces) world.ec2.interfaces.remove(eni);
      },
      /is in no VPC and not in the private subnets/,
    ],
    [
      'the rule in Database is missing',
      'groups',
      ({ group }) => {
        group('Database').rules = group('Database').rules.filter(({ egress }) => egress);
      },
      /^The security group Database does not let port 3306 in from Web: run salesreport provision, which opens it\.$/,
    ],
    [
      'the host does not carry Database',
      'groups',
      ({ host, group }, { world }) => {
        world.ec2.interfaces.find(host.interfaceId)!.groupIds = [group('Web').id];
      },
      /^The database host does not carry the security group Database/,
    ],
    [
      'the function does not carry Web',
      'groups',
      ({ one, group, interfaces }) => {
        one.groupIds = [group('Database').id];
        for (const eni of interfaces) eni.groupIds = one.groupIds;
      },
      /^The function does not carry the security group Web/,
    ],
    [
      'the host is stopped',
      'host',
      ({ host }) => {
        host.isStopped = true;
      },
      /^The database host i-\w+ is stopped: start it\.$/,
    ],
    [
      'the set-up of the host fails',
      'set-up',
      ({ host }) => {
        host.failure = 'SALESREPORT FAILED packages';
      },
      /fails and is repeated every 15 s \(SALESREPORT FAILED packages\): go there, and sudo journalctl -u salesreport says why\.$/,
    ],
    [
      'the database is given another password',
      'login',
      ({ parameter }) => {
        parameter.value = 'another';
      },
      /^The database refuses \w+ with the password in \/salesreport\/salesreport\/database\/password: restart the host, which takes that password at each start\.$/,
    ],
    [
      'a table is missing',
      'select order',
      ({ host }) => host.database!.lacks.push('order'),
      /^The database \w+ lacks the table order: restore it, or restart the host, which makes it with its first data only\.$/,
    ],
    [
      'the secret is gone',
      'secret',
      ({ parameter }, { world }) => world.ssm.parameters.delete(parameter.name),
      /with the database's password is gone: run salesreport provision, which recreates it, then restart the host, which takes the new password\.$/,
    ],
    [
      'the function may not read the secret',
      'secret',
      things => forbid(things, 'ReadTheSecret'),
      /^Role salesAnalysisReportRole does not match the settings \(policy .*\): run salesreport provision/,
    ],
    [
      'the topic denies the role',
      'topic',
      ({ topic, role }) => {
        topic.policy = JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Principal: { AWS: role.arn }, Action: 'SNS:Publish', Resource: topic.arn }],
        });
      },
      /^Topic salesAnalysisReportTopic does not match the settings \(.*policy.*\): run salesreport provision/,
    ],
    [
      'the role may not publish',
      'topic',
      things => forbid(things, 'Publish'),
      /^Role salesAnalysisReportRole does not match the settings/,
    ],
    [
      'the topic is gone',
      'topic',
      ({ topic }, { world }) => world.sns.topics.delete(topic.arn),
      /^Topic salesAnalysisReportTopic is gone/,
    ],
    [
      'the role may not write the archive',
      'archive',
      things => forbid(things, 'KeepReports'),
      /^Role salesAnalysisReportRole does not match the settings/,
    ],
    [
      'the role may not list the archive',
      'archive',
      things => forbid(things, 'ListReports'),
      /^Role salesAnalysisReportRole does not match the settings/,
    ],
    [
      'the bucket denies writing',
      'archive',
      ({ bucket }) => {
        bucket.policy = JSON.stringify({
          Statement: [
            { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket.name}/*` },
          ],
        });
      },
      /^Archive .* does not match the settings \(policy\)/,
    ],
    [
      'the rule is disabled',
      'schedule',
      ({ rule }) => {
        rule.enabled = false;
      },
      /^The rule salesAnalysisReportSchedule is disabled, so nothing starts the report: run salesreport provision, which enables it\.$/,
    ],
    [
      'the rule is gone',
      'schedule',
      (_, { world }) => world.events.rules.delete('salesAnalysisReportSchedule'),
      /^There is no rule salesAnalysisReportSchedule/,
    ],
    [
      'the rule fires at another time',
      'schedule',
      ({ rule }) => {
        rule.schedule = 'rate(1 day)';
      },
      /fires at rate\(1 day\) and not at cron\(/,
    ],
    [
      'the rule has no target',
      'target',
      ({ rule }) => rule.targets.clear(),
      /^The rule salesAnalysisReportSchedule has no target/,
    ],
    [
      'the rule may not start the function',
      'permission',
      ({ one }) => one.permissions.delete('salesAnalysisReportSchedule'),
      /does not let the rule salesAnalysisReportSchedule start it: run salesreport provision, which gives it\.$/,
    ],
    [
      'the watch is disabled',
      'watch',
      ({ watch }) => {
        watch.enabled = false;
      },
      /^The rule salesAnalysisReportWatch is disabled/,
    ],
    [
      'the watch may not start the function',
      'watch',
      ({ one }) => one.permissions.delete('salesAnalysisReportWatch'),
      /does not let the rule salesAnalysisReportWatch start it/,
    ],
    [
      'the function is gone',
      'function',
      ({ one }, { world }) => world.lambda.functions.delete(one.name),
      /^There is no function salesAnalysisReportDataExtractor: run salesreport provision, which makes it\.$/,
    ],
    [
      'nothing may start the function',
      'function',
      ({ one }) => {
        one.reserved = 0;
      },
      /since 0 executions are reserved for it/,
    ],
    [
      'the function fails',
      'answer',
      ({ one }) => {
        one.handler = 'index.other';
      },
      /^The function .* failed: .*; the log group \/aws\/lambda\/\w+ says more\.$/,
    ],
  ])('%s: %s', async (_what, hop, doIt, sentence) => {
    const { aws, verify } = await openStack();
    doIt(thingsOf(aws), aws);
    const done = await verify();
    expect(hopsThat('broken', done)).toEqual([hop]);
    expect(done.ok).toBe(false);
    expect(done.hops.find(one => one.hop === hop)!.why).toMatch(sentence);
  });
});

it.each<[what: string, doIt: (things: Things) => void, command: RegExp]>([
  [
    'a host that is stopped',
    ({ host }) => {
      host.isStopped = true;
    },
    /^aws ec2 start-instances --region eu-west-1 --instance-ids i-\w+$/,
  ],
  [
    'another password',
    ({ parameter }) => {
      parameter.value = 'another';
    },
    /^aws ec2 reboot-instances --region eu-west-1 --instance-ids i-\w+$/,
  ],
])('the command that mends %s is given apart, to be copied', async (_what, doIt, command) => {
  const { aws, verify } = await openStack();
  doIt(thingsOf(aws));
  expect((await verify()).hops.find(({ state }) => state === 'broken')!.command).toMatch(command);
});

describe('T18: with a time zone', () => {
  it.each<[what: string, hop: string, doIt: (aws: Simulator) => void, sentence: RegExp]>([
    [
      'the schedule is disabled',
      'schedule',
      aws => {
        scheduleOf(aws).State = 'DISABLED';
      },
      /^The schedule \S+ is disabled, so nothing starts the report/,
    ],
    [
      'the schedule is of another zone',
      'schedule',
      aws => {
        scheduleOf(aws).ScheduleExpressionTimezone = 'UTC';
      },
      /fires at cron\(.*\) UTC and not at cron\(.*\) Europe\/Berlin/,
    ],
    [
      "the Scheduler's role may do nothing",
      'permission',
      ({ world }) => world.iam.roles.get('salesanalysisreportschedulerrole')!.policies.clear(),
      /^The policy \S+ of the role \S+ does not let the Scheduler start the function/,
    ],
    [
      "the Scheduler's role is gone",
      'permission',
      ({ world }) => world.iam.roles.delete('salesanalysisreportschedulerrole'),
      /^There is no role salesAnalysisReportSchedulerRole/,
    ],
  ])('%s: %s', async (_what, hop, doIt, sentence) => {
    const { aws, verify } = await openStack({ timezone: 'Europe/Berlin' });
    expect((await verify()).ok).toBe(true);
    doIt(aws);
    const done = await verify();
    expect(hopsThat('broken', done)).toEqual([hop]);
    expect(done.hops.find(one => one.hop === hop)!.why).toMatch(sentence);
  });
});

const scheduleOf = ({ world }: Simulator) =>
  [...world.scheduler.groups.values()].flatMap(({ schedules }) => [...schedules.values()])[0]!;

describe('verify', () => {
  it('names two faults of different ways, and what is behind each', async () => {
    const { aws, verify } = await openStack();
    const { privateTable, rule } = thingsOf(aws);
    withoutRoute(privateTable, 'nat-');
    rule.enabled = false;
    const { hops } = await verify();
    expect(hopsThat('broken', { hops })).toEqual(['schedule', 'private route']);
    expect(hops.flatMap(({ hop, detail }) => (detail?.startsWith('behind ') ? [`${hop} ${detail}`] : []))).toEqual([
      'target behind schedule',
      'permission behind schedule',
      'secret behind private route',
      'login behind private route',
      'select product_group behind private route',
      'select product behind private route',
      'select order behind private route',
      'select order_item behind private route',
      'topic behind private route',
      'operators topic behind private route',
    ]);
  });

  it('names the hop also where the function runs out of time on it', async () => {
    const { aws, verify } = await openStack();
    const { privateTable, one } = thingsOf(aws);
    one.timeout = 1;
    withoutRoute(privateTable, 'nat-');
    expect(hopsThat('broken', await verify())).toEqual(['private route']);
  });

  it('says where the answer is lost, when nothing on the way is broken', async () => {
    const { aws, verify } = await openStack();
    aws.fault = ({ operation }) => (operation === 'Invoke' ? 'answer lost' : undefined);
    const { hops } = await verify();
    expect(hopsThat('broken', { hops })).toEqual(['answer']);
    expect(hops.find(({ hop }) => hop === 'answer')!.why).toMatch(/was lost on its way/);
  });

  it('waits for no host that is still setting itself up, and says so with what is on its console', async () => {
    const aws = simulatedAws({ functionSource: () => ({ ...sampleSource, kind: 'database' }) });
    const pipeline = await pipelineOn(aws, { artifacts });
    await pipeline.provision(silent);
    const host = aws.world.ec2.instances
      .existing()
      .find(({ privateIp }) => privateIp === '10.0.0.10' || privateIp.endsWith('.10'))!;
    delete host.database;
    host.readyAt = aws.world.now() + 600_000;
    const start = aws.world.now();
    const done = await pipeline.verify(silent, delivered);
    expect(aws.world.now() - start).toBeLessThan(20_000);
    expect(hopsThat('broken', done)).toEqual(['set-up']);
    expect(done.hops.find(({ hop }) => hop === 'set-up')!.why).toMatch(
      /^The database host i-\w+ is still setting itself up \(its console says nothing of it yet\): run salesreport verify again in a few minutes\.$/,
    );
  });

  it('sends no message where somebody would be mailed, says what is not proved, and sees what SNS refuses', async () => {
    const { aws, pipeline, verify } = await openStack();
    await pipeline.subscribe('email', ['ops@example.com'], { operator: true });
    aws.world.sns.confirm('ops@example.com');
    const before = aws.world.sns.mailbox.length;
    const done = await verify();
    expect(done.ok).toBe(true);
    expect(done.unproved.map(sentence => sentence.split(' takes')[0]).slice(0, 2)).toEqual([
      'That the topic',
      "That the operators' topic",
    ]);
    expect(aws.world.sns.mailbox).toHaveLength(before);
    forbid(thingsOf(aws), 'Publish');
    const changed = await verify();
    expect(hopsThat('broken', changed)).toEqual(['topic']);
    expect(changed.hops.find(({ hop }) => hop === 'topic')).toMatchObject({
      why: expect.stringContaining('Role salesAnalysisReportRole does not match the settings'),
    });
  });

  it('warns of operators who have not confirmed', async () => {
    const { pipeline, verify } = await openStack();
    await pipeline.subscribe('email', ['ops@example.com'], { operator: true });
    const done = await verify();
    expect([done.ok, hopsThat('warning', done)]).toEqual([true, ['operators']]);
    expect(done.hops.find(({ hop }) => hop === 'operators')!.why).toMatch(/^ops@example.com has not confirmed yet/);
  });

  it.each<[what: string, edit: (subscription: { filterPolicy?: string; filtersBody?: boolean }) => void]>([
    ['notices only', one => Object.assign(one, { filterPolicy: '{"kind":["notice"]}' })],
    ['what nobody publishes', one => Object.assign(one, { filterPolicy: '{"kind":["report"],"shop":["corner"]}' })],
    ['words in the body', one => Object.assign(one, { filterPolicy: '{"kind":["report"]}', filtersBody: true })],
  ])('finds a reader whose filter somebody changed to %s; subscribing again puts it right', async (_what, edit) => {
    const { aws, pipeline, verify } = await openStack();
    await pipeline.subscribe('email', ['bob@example.com']);
    aws.world.sns.confirm('bob@example.com');
    const { topic } = thingsOf(aws);
    edit(topic.subscriptions.find(({ endpoint }) => endpoint === 'ann@example.com')!);
    const done = await verify();
    expect(hopsThat('broken', done)).toEqual(['readers']);
    expect(done.hops.find(({ hop }) => hop === 'readers')).toMatchObject({
      detail: '2 confirmed',
      why: 'The filter of ann@example.com lets no report through: subscribe again, which fixes it and mails nothing.',
      command: 'salesreport subscribe email ann@example.com',
    });
    const mails = aws.world.sns.mailbox.length;
    expect(await pipeline.subscribe('email', ['ann@example.com'])).toMatchObject([{ state: 'confirmed' }]);
    expect(aws.world.sns.mailbox).toHaveLength(mails);
    expect((await verify()).hops.find(({ hop }) => hop === 'readers')).toMatchObject({ state: 'ok' });
  });

  it('asks so many readers for their filters, and says of how many it does not know', async () => {
    const { aws, verify } = await openStack();
    const { topic } = thingsOf(aws);
    const [ann] = topic.subscriptions;
    for (let n = 0; n < 120; n++)
      topic.subscriptions.push({ ...ann!, arn: `${topic.arn}:${n}`, endpoint: `r${n}@example.com` });
    const before = aws.calls.length;
    expect((await verify()).hops.find(({ hop }) => hop === 'readers')).toMatchObject({
      state: 'ok',
      detail: '121 confirmed; the filters of 21 were not read',
    });
    expect(aws.calls.slice(before).filter(({ operation }) => operation === 'GetSubscriptionAttributes')).toHaveLength(
      100,
    );
  });

  it('warns of readers who have not confirmed, and of none', async () => {
    const { aws, pipeline, verify } = await openStack();
    await pipeline.subscribe('email', ['bob@example.com']);
    const done = await verify();
    expect([done.ok, hopsThat('warning', done)]).toEqual([true, ['readers']]);
    expect(done.hops.find(({ hop }) => hop === 'readers')!.why).toMatch(/^bob@example.com has not confirmed yet/);
    thingsOf(aws).topic.subscriptions.splice(0);
    expect((await verify()).hops.find(({ hop }) => hop === 'readers')).toMatchObject({
      state: 'warning',
      detail: 'none',
    });
  });

  it('what works is not broken, whatever its configuration looks like', async () => {
    const { aws, verify } = await openStack();
    const { group } = thingsOf(aws);
    const rule = group('Database').rules.find(({ egress }) => !egress)!;
    rule.peer = { cidr: '10.0.0.0/16' };
    const done = await verify();
    expect([done.ok, hopsThat('warning', done)]).toEqual([true, ['groups']]);
    // A database that refuses proves the way to it as well.
    thingsOf(aws).host.database!.lacks.push('order');
    expect(hopsThat('broken', await verify())).toEqual(['select order']);
  });

  it('a last report that failed is a fault of its own only where nothing else is broken', async () => {
    const { aws, pipeline } = await openStack();
    const failed = Promise.resolve<Finding>({ hop: 'last report', state: 'broken', why: 'It failed: run it again.' });
    expect(hopsThat('broken', await pipeline.verify(silent, failed))).toEqual(['last report']);
    thingsOf(aws).host.isStopped = true;
    expect(hopsThat('broken', await pipeline.verify(silent, failed))).toEqual(['host']);
    const none = Promise.resolve<Finding>({ hop: 'last report', state: 'skipped', detail: 'none yet' });
    expect((await pipeline.verify(silent, none)).hops.at(-1)).toMatchObject({ state: 'skipped', detail: 'none yet' });
  });

  it('with a database of ones own looks for no host, and takes the way through the NAT gateway', async () => {
    const { aws, verify } = await openStack({ database: { host: 'db.example.com', user: 'reporter' } });
    const done = await verify();
    expect(done.ok).toBe(true);
    expect(done.hops.map(({ hop }) => hop)).not.toContain('host');
    withoutRoute(thingsOf(aws).privateTable, 'nat-');
    expect(hopsThat('broken', await verify())).toEqual(['private route']);
  });

  it("a refusal that nothing of the stack explains leads to the organisation's policies", async () => {
    const { aws, verify } = await openStack();
    aws.fault = ({ operation }) => (operation === 'Publish' ? 'denied' : undefined);
    const { hops } = await verify();
    expect(hopsThat('broken', { hops })).toEqual(['topic']);
    expect(hops.find(({ hop }) => hop === 'topic')!.why).toMatch(/look for a policy outside of the stack/);
  });

  it('throws where nothing stands, and where the operator may not ask', async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws);
    await expect(pipeline.verify(silent, delivered)).rejects.toMatchObject({
      code: 'not-provisioned',
      exit: 'unhealthy',
    });
    const standing = await openStack();
    standing.aws.fault = ({ operation }) => (operation === 'Invoke' ? 'denied' : undefined);
    await expect(standing.verify()).rejects.toMatchObject({ code: 'access-denied' });
  });
});

it('a provision whose probe fails is explained by the same walk', async () => {
  const { aws, pipeline } = await openStack();
  const prove = async () => {
    await aws.answer('events', 'DisableRule', { Name: 'salesAnalysisReportSchedule' });
    return (await pipeline.provision(silent, { proves: true })).proof!;
  };
  expect(await prove()).toMatchObject({ broken: [] });
  thingsOf(aws).host.database!.lacks.push('product');
  const { hops, broken } = await prove();
  expect(hops.filter(({ ok }) => !ok).map(({ hop }) => hop)).toEqual(['select product']);
  expect(broken).toMatchObject([{ hop: 'select product', why: expect.stringContaining('lacks the table product') }]);
  aws.fault = ({ operation }) => (operation === 'Invoke' ? new AwsError('ServiceException', 'No.') : undefined);
  expect(await prove()).toMatchObject({ hops: [], broken: [{ hop: 'answer' }] });
});
