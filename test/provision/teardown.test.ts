import { describe, expect, it } from 'vitest';
import type { Outlook, Progress } from '../../src/provision/engine/outcome.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
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
    for (const operation of ['DeleteFunction', 'DeleteNatGateway', 'ReleaseAddress', 'DeleteTopic', 'DeleteInternetGateway'])
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
        ({ operation, input }) => operation === 'DeleteRole' && JSON.stringify(input).includes('"salesAnalysisReportRole"'),
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
      if (operation !== 'DeleteLogGroup' || logs.groups.get(logGroup)?.tags['salesreport:stack'] === undefined) return undefined;
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
      expect.stringMatching(new RegExp(`^network interface eni-\\w+ of instance ${stranger} "till", which has no owner tags$`)),
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
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, UserIdGroupPairs: [{ GroupId: database }] }];
    await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    const { left } = await pipeline.teardown(silent, everything);
    expect(left.map(({ id }) => id)).toEqual(['vpc']);
    expect(left[0]!.heldBy).toEqual([`security group ${GroupId} "till", which has no owner tags`]);
  });
});

it('tells what the long wait for the interfaces means: what goes on beside it, and what comes after', async () => {
  const { pipeline } = await built();
  const told: Outlook[] = [];
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
