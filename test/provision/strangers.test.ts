import { describe, expect, it } from 'vitest';
import { letGuardDutyIn } from '../../src/simulator/ec2/network/guests.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { builtAws, everything, pipelineOn, silent } from '../helpers/simulated-stack.ts';

const built = async () => {
  const aws = await builtAws();
  const pipeline = await pipelineOn(aws);
  return { aws, pipeline };
};

const living = ({ world }: Simulator) => inventory(world).filter(row => !isEnded(row));
const idOf = (aws: Simulator, type: string, resource: string) =>
  living(aws).find(row => row.type === type && row.tags['salesreport:resource'] === resource)!.id;
const withoutIds = (text: string): string => text.replace(/\b([a-z]+)-0[0-9a-f]{16}\b/g, '$1');

/** Somebody starts an instance of their own in our public subnet b, in the default group. */
async function moveIn(aws: Simulator): Promise<string> {
  const answer = (await aws.answer('ec2', 'RunInstances', {
    ImageId: aws.world.ec2.images.at(-1)!.id,
    InstanceType: aws.world.ec2.images.at(-1)!.architecture === 'arm64' ? 't4g.micro' : 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    SubnetId: idOf(aws, 'subnet', 'subnet.public-b'),
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'build' }] }],
  })) as { Instances: { InstanceId: string }[] };
  await aws.world.clock.sleep(60_000);
  return answer.Instances[0]!.InstanceId;
}

describe('strangers in the VPC', () => {
  it('T9: an instance, a rule in the default group and an open 3306: provision names the one, mends the others, and goes as far as it can', async () => {
    const { aws, pipeline } = await built();
    const instance = await moveIn(aws);
    const GroupId = idOf(aws, 'security-group', 'group.database');
    const open = { IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [open] });
    const [defaultGroup] = aws.world.ec2.groups.existing().filter(({ name }) => name === 'default');
    const pointing = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] };
    await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', { GroupId: defaultGroup!.id, IpPermissions: [pointing] });

    const status = await pipeline.status();
    expect(status.strangers.map(({ words }) => withoutIds(words))).toEqual([
      'instance i "build" in subnet, which has no owner tags',
    ]);
    const plan = await pipeline.plan();
    expect(plan.changes.map(({ id, action }) => `${action} ${id}`)).toEqual(['update vpc', 'update group.database']);
    expect(plan.notes.map(withoutIds)).toContain(
      'Not of this stack: instance i "build" in subnet, which has no owner tags. It is left alone, and what it uses cannot be removed.',
    );
    await pipeline.provision(silent);
    expect((await pipeline.plan()).changes).toEqual([]);
    expect(aws.world.ec2.instances.find(instance)!.termination).toBeUndefined();

    const { left, removed } = await pipeline.teardown(silent, everything);
    expect(aws.world.ec2.instances.find(instance)!.termination).toBeUndefined();
    expect(left.map(({ id }) => id).sort()).toEqual(['subnet.public-b', 'vpc']);
    expect(left.flatMap(({ heldBy = [] }) => heldBy).map(withoutIds)).toContain(
      'network interface eni of instance i "build", which has no owner tags',
    );
    expect(removed.map(({ id }) => id)).toContain('group.database');
  });

  it('of every kind are named; what belongs to AWS and to us is not', async () => {
    const { aws, pipeline } = await built();
    expect((await pipeline.status()).strangers).toEqual([]);
    const VpcId = idOf(aws, 'vpc', 'vpc');
    const mine = (ResourceType: 'subnet' | 'security-group' | 'route-table') => [
      {
        ResourceType,
        Tags: [
          { Key: 'salesreport:stack', Value: 'dev' },
          { Key: 'salesreport:region', Value: 'eu-west-1' },
        ],
      },
    ];
    await aws.answer('ec2', 'CreateSubnet', { VpcId, CidrBlock: '10.0.200.0/24', TagSpecifications: mine('subnet') });
    await aws.answer('ec2', 'CreateSecurityGroup', { VpcId, GroupName: 'office', Description: 'office' });
    await aws.answer('ec2', 'CreateRouteTable', { VpcId, TagSpecifications: mine('route-table') });
    await aws.answer('ec2', 'CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.eu-west-1.dynamodb' });
    const { AllocationId } = (await aws.answer('ec2', 'AllocateAddress', {})) as { AllocationId: string };
    await aws.answer('ec2', 'CreateNatGateway', { SubnetId: idOf(aws, 'subnet', 'subnet.public-b'), AllocationId });
    const { strangers, healthy } = await pipeline.status();
    expect(healthy).toBe(true);
    expect(strangers.map(({ words }) => withoutIds(words))).toEqual([
      'subnet subnet, of stack dev in eu-west-1',
      'route table rtb, of stack dev in eu-west-1',
      'security group sg "office", which has no owner tags',
      'endpoint vpce "com.amazonaws.eu-west-1.dynamodb", which has no owner tags',
      'NAT gateway nat in subnet, which has no owner tags',
    ]);
    expect((await pipeline.plan()).changes).toEqual([]);
  });
});

describe('guests of AWS', () => {
  it('are no strangers, go with the VPC, and are named', async () => {
    const { aws, pipeline } = await built();
    const [vpc] = aws.world.ec2.vpcs.existing();
    letGuardDutyIn(aws.world, vpc!);
    const { strangers, healthy } = await pipeline.status();
    expect({ strangers, healthy }).toEqual({ strangers: [], healthy: true });
    expect((await pipeline.plan()).changes).toEqual([]);
    const { removed, left } = await pipeline.teardown(silent, everything);
    expect(left).toEqual([]);
    const named = removed.filter(({ id }) => id.startsWith('guest.')).map(({ title, answer }) => `${title}: ${answer}`);
    expect(named.sort()).toEqual([
      "GuardDuty's endpoint: InvalidVpcEndpointId.NotFound",
      "GuardDuty's security group: InvalidGroup.NotFound",
    ]);
    expect(living(aws)).toEqual([]);
  });
});
