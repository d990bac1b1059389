import { describe, expect, it } from 'vitest';
import type { BeyondSeed } from '../../src/function-contract.ts';
import type { Progress, WaitForecast } from '../../src/provision/engine/outcome.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { withGiven } from '../../src/suggest.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const living = ({ world }: Simulator) => inventory(world).filter(row => !isEnded(row));
const logGroup = '/aws/lambda/salesAnalysisReportDataExtractor';
const idOf = (aws: Simulator, type: string, resource: string) =>
  living(aws).find(row => row.type === type && row.tags['salesreport:resource'] === resource)!.id;

async function built(options: Parameters<typeof simulatedAws>[0] = {}) {
  const aws = simulatedAws(options);
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  return { aws, pipeline };
}

describe('the order', () => {
  it('disables the schedule first, and lets everything else go while the function leaves the VPC', async () => {
    const { aws, pipeline } = await built();
    const before = aws.calls.length;
    await pipeline.teardown(silent, everything);
    const changes = aws.calls.slice(before).filter(({ mutating, service }) => mutating && service !== 'ssm');
    const at = (operation: string) => changes.find(one => one.operation === operation)!.at;
    expect(changes.slice(0, 2).map(({ operation }) => operation)).toContain('DisableRule');
    expect(at('DisableRule')).toBeLessThan(at('UpdateFunctionConfiguration'));
    const freed = at('DeleteSecurityGroup');
    for (const operation of [
      'DeleteFunction',
      'DeleteNatGateway',
      'ReleaseAddress',
      'DeleteTopic',
      'DeleteInternetGateway',
    ])
      expect(at(operation), operation).toBeLessThan(freed - 60_000);
    const roles = changes.filter(({ operation }) => operation === 'DeleteRole');
    expect(roles.at(-1)!.at).toBeGreaterThan(freed - 10_000);
  });

  it('the role of the function goes only when no interface is left, also in a second run', async () => {
    const { aws, pipeline } = await built();
    const killed = new Promise<void>(done => {
      aws.onKill = done;
    });
    aws.fault = ({ operation }) => (operation === 'DeleteFunction' ? 'killed after' : undefined);
    void pipeline.teardown(silent, everything);
    await killed;
    aws.fault = () => undefined;
    aws.restart();
    const again = await pipelineOn(aws);
    const roleGoes = () =>
      aws.calls.find(
        ({ operation, input }) =>
          operation === 'DeleteRole' && JSON.stringify(input).includes('"salesAnalysisReportRole"'),
      );
    const freed = Math.max(
      ...aws.world.ec2.interfaces
        .existing()
        .map(({ attachment }) => attachment!.until)
        .filter(Number.isFinite),
    );
    expect(freed).toBeGreaterThan(aws.world.now());
    expect(roleGoes()).toBeUndefined();
    expect((await again.teardown(silent, everything)).left).toEqual([]);
    expect(roleGoes()!.at).toBeGreaterThan(freed);
    expect(living(aws)).toEqual([]);
  });
});

describe('what turns up again', () => {
  it('T11: a log group that Lambda makes again 20 s after it was deleted goes too', async () => {
    const { aws, pipeline } = await built();
    const { clock, logs } = aws.world;
    aws.fault = ({ operation }) => {
      if (operation !== 'DeleteLogGroup' || logs.groups.get(logGroup)?.tags['salesreport:stack'] === undefined)
        return undefined;
      void clock
        .sleep(20_000)
        .then(() => logs.groups.set(logGroup, { name: logGroup, createdAt: clock.now(), tags: {}, lines: [] }));
      return undefined;
    };
    const { left } = await pipeline.teardown(silent, everything);
    expect(left).toEqual([]);
    expect(aws.calls.filter(({ operation }) => operation === 'DeleteLogGroup')).toHaveLength(2);
    expect(living(aws)).toEqual([]);
  });

  it('T11: the log stays where that is asked for, and is named; the next provision goes on with it, and the next teardown removes it', async () => {
    const { aws, pipeline } = await built();
    const { logs } = aws.world;
    const lines = [{ at: aws.world.now(), text: 'x'.repeat(1_500_000) }];
    logs.groups.get(logGroup)!.lines = lines;
    const { kept, left, removed } = await pipeline.teardown(silent, { ...everything, keepLogs: true });
    const why =
      'about 1.5 MB, less than $0.01 a month; kept as you asked, and each line goes by itself after 90 days: salesreport teardown removes it all';
    expect(kept).toEqual([{ id: 'log-group', title: `Log group ${logGroup}`, awsId: logGroup, why }]);
    expect(left).toEqual([]);
    expect(removed.map(({ id }) => id)).not.toContain('log-group');
    expect(living(aws).map(({ id }) => id)).toEqual([logGroup]);
    expect((await pipeline.sweep(silent)).stacks).toMatchObject([{ state: 'kept', things: [{ awsId: logGroup }] }]);

    const { outcomes } = await pipeline.provision(silent);
    expect(outcomes.find(({ id }) => id === 'log-group')).toMatchObject({ outcome: 'unchanged' });
    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(logs.groups.get(logGroup)!.lines.slice(0, 1)).toEqual(lines);
    expect((await pipeline.plan()).changes).toEqual([]);

    const again = await pipeline.teardown(silent, everything);
    expect(again).toMatchObject({ kept: [], left: [] });
    expect(again.removed.map(({ id }) => id)).toContain('log-group');
    expect(living(aws)).toEqual([]);
  });

  it('of a log that is kept says where nothing is in it and when nothing goes by itself', async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws, { settings: { stack: 'dev' } });
    await pipeline.provision(silent);
    const group = aws.world.logs.groups.get(`${logGroup}-dev`)!;
    group.lines = [];
    delete group.retentionDays;
    const given = { stack: 'dev' };
    const { kept } = await withGiven(given, () => pipeline.teardown(silent, { ...everything, keepLogs: true }));
    expect(kept.map(({ why }) => why)).toEqual([
      'AWS has counted nothing in it yet; kept as you asked, and its lines never go by themselves: salesreport teardown --stack dev removes it all',
    ]);
  });

  it('T11: a log group that was there before and is not ours stays, and is named', async () => {
    const aws = simulatedAws();
    await aws.answer('logs', 'CreateLogGroup', { logGroupName: logGroup });
    const pipeline = await pipelineOn(aws);
    const { left, strangers } = await pipeline.teardown(silent, everything);
    expect(left).toEqual([]);
    expect(strangers).toEqual([
      { id: 'log-group', title: `Log group ${logGroup}`, awsId: logGroup, owner: 'it has no owner tags' },
    ]);
    expect(living(aws).map(({ id }) => id)).toEqual([logGroup]);
  });
});

describe('what is held', () => {
  it('T9: a stranger in a subnet is named with its owner and never removed; the rest goes', async () => {
    const { aws, pipeline } = await built();
    const stranger = await launchStranger(aws, 'till');
    const { left, removed } = await pipeline.teardown(silent, everything);
    const subnet = left.find(({ id }) => id === 'subnet.public-b')!;
    expect(subnet.heldBy).toEqual([
      expect.stringMatching(
        new RegExp(`^network interface eni-\\w+ of instance ${stranger} "till", which has no owner tags$`),
      ),
    ]);
    expect(left.map(({ id }) => id)).toEqual(['vpc', 'subnet.public-b']);
    expect(removed.map(({ id }) => id)).toContain('subnet.private-a');
    expect(living(aws).find(({ id }) => id === stranger)).toMatchObject({ state: 'running' });
    await aws.answer('ec2', 'TerminateInstances', { InstanceIds: [stranger] });
    await aws.world.clock.sleep(60_000);
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  });

  it('what is free by the second look goes in the same run', async () => {
    const { aws, pipeline } = await built();
    const stranger = await launchStranger(aws, 'till');
    let refusals = 0;
    aws.fault = ({ operation, input }) => {
      if (operation === 'DeleteSubnet' && JSON.stringify(input).includes(idOfB) && ++refusals === 12)
        void aws.answer('ec2', 'TerminateInstances', { InstanceIds: [stranger] });
      return undefined;
    };
    const idOfB = idOf(aws, 'subnet', 'subnet.public-b');
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  });

  it('a rule by hand that names our group is taken back, and one of another VPC cannot be there', async () => {
    const { aws, pipeline } = await built();
    const database = idOf(aws, 'security-group', 'group.database');
    const VpcId = idOf(aws, 'vpc', 'vpc');
    const { GroupId } = (await aws.answer('ec2', 'CreateSecurityGroup', {
      GroupName: 'till',
      Description: 'till',
      VpcId,
    })) as { GroupId: string };
    const IpPermissions = [
      { IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, UserIdGroupPairs: [{ GroupId: database }] },
    ];
    await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    const { left } = await pipeline.teardown(silent, everything);
    expect(left.map(({ id }) => id)).toEqual(['vpc']);
    expect(left[0]!.heldBy).toEqual([`security group ${GroupId} "till", which has no owner tags`]);
  });
});

it('tells what the long wait for the interfaces means: what goes on beside it, and what comes after', async () => {
  const { pipeline } = await built();
  const told: WaitForecast[] = [];
  const progress: Progress = { ...silent, outlook: one => told.push(one) };
  await pipeline.teardown(progress, everything);
  expect(told[0]).toMatchObject({ id: 'network-interfaces', usual: 240, worst: 2_700 });
  const last = told.findLast(({ beside }) => beside.length === 0)!;
  expect(last.after).toEqual(expect.arrayContaining(['Lab VPC', 'Private subnet a', 'Security group Web']));
  expect(last.after).not.toContain('NAT gateway');
});

async function launchStranger(aws: Simulator, name: string): Promise<string> {
  const [image] = aws.world.ec2.images;
  const SubnetId = idOf(aws, 'subnet', 'subnet.public-b');
  const { Instances } = (await aws.answer('ec2', 'RunInstances', {
    ImageId: aws.world.ec2.images.find(({ architecture }) => architecture === 'arm64')?.id ?? image!.id,
    InstanceType: 't4g.micro',
    MinCount: 1,
    MaxCount: 1,
    SubnetId,
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
  })) as { Instances: { InstanceId: string }[] };
  return Instances[0]!.InstanceId;
}

describe("the shop's data", () => {
  const beyond = { orders: 1204, last: '2026-11-24 15:59:00', products: 1, tables: ['till'] };
  const well = simulatedAws().world.functionSource({});

  /** A stack whose database holds more than its seed, or does not answer. */
  async function withSales(answer: () => Promise<BeyondSeed> = async () => beyond) {
    return built({ functionSource: () => ({ ...well, beyondSeed: answer }) });
  }
  const changes = ({ calls }: Simulator) =>
    calls.filter(({ mutating, operation }) => mutating && operation !== 'Invoke').length;

  it('beyond the seed stops a teardown before its first change, and is told', async () => {
    const { aws, pipeline } = await withSales();
    const before = changes(aws);
    await expect(pipeline.teardown(silent)).rejects.toMatchObject({
      code: 'data-there',
      exit: 'usage',
      message:
        'The database of stack salesreport holds 1,204 orders (the last of 2026-11-24 15:59:00), 1 product and the table till beyond what it began with: add --snapshot to keep a snapshot of it, or --delete-database to let it go. Nothing was changed.',
    });
    expect(changes(aws)).toBe(before);
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  });

  it('that cannot be asked counts as more', async () => {
    const { aws, pipeline } = await withSales(() => Promise.reject(new Error('It did not answer.')));
    const before = changes(aws);
    await expect(pipeline.teardown(silent)).rejects.toMatchObject({
      code: 'data-there',
      message: expect.stringMatching(
        /could not be asked .*It did not answer\): run the same command to ask again, or add --snapshot/,
      ),
    });
    expect(changes(aws)).toBe(before);
  });

  it('counts as more too where the function is gone and the host is not', async () => {
    const { aws, pipeline } = await built();
    await aws.answer('lambda', 'DeleteFunction', { FunctionName: 'salesAnalysisReportDataExtractor' });
    await aws.world.clock.sleep(60_000);
    await expect(pipeline.teardown(silent)).rejects.toMatchObject({ code: 'data-there' });
  });

  it("of the user's own database goes with no teardown, and is not asked", async () => {
    const aws = simulatedAws({ functionSource: () => ({ ...well, beyondSeed: () => expect.unreachable() }) });
    const pipeline = await pipelineOn(aws, {
      settings: { database: { host: 'db.example.com', name: 'shop', user: 'reporter' } },
    });
    await pipeline.provision(silent);
    expect((await pipeline.teardown(silent)).left).toEqual([]);
  });

  it('is kept as a snapshot, finished before anything goes, with its price; a second teardown names it again', async () => {
    const { aws, pipeline } = await withSales();
    const at = (operation: string) => aws.calls.find(one => one.operation === operation)?.at ?? Number.NaN;
    const waits: string[] = [];
    const progress: Progress = {
      ...silent,
      waiting: (id, why) => void (id === 'snapshot.database' && why && waits.push(why)),
    };
    const { kept, left } = await pipeline.teardown(progress, { deleteArchive: true, snapshot: true });
    expect(left).toEqual([]);
    const [snapshot, ...more] = aws.world.ec2.snapshots.existing();
    expect(more).toEqual([]);
    expect(kept).toEqual([
      {
        id: 'snapshot.database',
        title: 'Snapshot of the database',
        awsId: snapshot!.id,
        monthly: '0.40',
        why: `of 2026-11-24 09:02 UTC, 8 GB, at most $0.40 a month ($0.05 per GB-month of what is used); aws ec2 delete-snapshot --region eu-west-1 --snapshot-id ${snapshot!.id} removes it`,
      },
    ]);
    expect(snapshot).toMatchObject({ encrypted: true, size: 8 });
    expect(snapshot!.tags.asOf()).toMatchObject({ Name: 'Web Server 1 database', 'salesreport:stack': 'salesreport' });
    expect(at('DisableRule')).toBeGreaterThan(snapshot!.completedAt);
    expect(waits.some(why => /^\d+% is stored$/.test(why))).toBe(true);
    expect(living(aws).map(({ type }) => type)).toEqual(['snapshot']);
    expect(await pipeline.teardown(silent)).toMatchObject({ removed: [], left: [], kept });
    expect((await pipeline.plan()).changes.every(({ action }) => action === 'create')).toBe(true);
  });

  it.each(['killed before', 'killed after', 'answer lost', 'error after'] as const)(
    'is kept once, though the snapshot was %s',
    async fault => {
      const { aws, pipeline } = await withSales();
      const killed = new Promise<void>(done => {
        aws.onKill = done;
      });
      aws.fault = ({ operation }, nth) => (operation === 'CreateSnapshot' && nth === 1 ? fault : undefined);
      const options = { deleteArchive: true, snapshot: true };
      const first = pipeline.teardown(silent, options);
      if (fault.startsWith('killed')) {
        await killed;
        aws.restart();
        const again = await pipelineOn(aws);
        expect((await again.teardown(silent, options)).kept).toHaveLength(1);
      } else expect((await first).kept).toHaveLength(1);
      expect(aws.world.ec2.snapshots.existing()).toHaveLength(1);
    },
  );

  it('of hours ago is no snapshot of today', async () => {
    const { aws, pipeline } = await withSales();
    const killed = new Promise<void>(done => {
      aws.onKill = done;
    });
    aws.fault = ({ operation }, nth) => (operation === 'CreateSnapshot' && nth === 1 ? 'killed after' : undefined);
    const options = { deleteArchive: true, snapshot: true };
    void pipeline.teardown(silent, options);
    await killed;
    aws.restart();
    await aws.world.clock.sleep(2 * 3_600_000);
    expect((await (await pipelineOn(aws)).teardown(silent, options)).kept).toHaveLength(2);
  });
});

describe('readers', () => {
  it('T10: a pending one is left to AWS, a confirmed one goes with the topic, one who left is not named', async () => {
    const { aws, pipeline } = await built();
    await pipeline.subscribe('email', ['ann@example.com', 'bob@example.com', 'cleo@example.com']);
    for (const who of ['ann@example.com', 'cleo@example.com']) aws.world.sns.confirm(who);
    aws.world.sns.unsubscribe('cleo@example.com');
    const { left, pending } = await pipeline.teardown(silent, everything);
    expect(left).toEqual([]);
    expect(pending).toEqual([
      'ann@example.com had confirmed: SNS forgets them with the topic, and mails nothing.',
      'bob@example.com never confirmed: AWS forgets the request within 48 hours, and nothing is mailed.',
    ]);
    expect(aws.calls.filter(({ operation }) => operation === 'Unsubscribe')).toEqual([]);
  });
});

it('a lock that AWS refuses to remove is left and named, and gone after the same command again', async () => {
  const { aws, pipeline } = await built();
  aws.fault = ({ operation, input }) =>
    operation === 'DeleteParameter' && (input as { Name: string }).Name.includes('/lock/') ? 'throttled' : undefined;
  const { left } = await pipeline.teardown(silent, everything);
  expect(left).toMatchObject([{ title: 'Lock of the stack', awsId: '/salesreport/salesreport/lock/1' }]);
  expect(living(aws).map(({ id }) => id)).toEqual(['/salesreport/salesreport/lock/1']);
  aws.fault = () => undefined;
  expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  expect(living(aws)).toEqual([]);
});
