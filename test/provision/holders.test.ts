import { describe, expect, it } from 'vitest';
import type { Outcome, Progress } from '../../src/provision/engine/outcome.ts';
import { AwsError } from '../../src/simulator/aws-error.ts';
import {
  addEgressOnlyGateway,
  attachVpnGateway,
  joinServiceNetwork,
  peer,
} from '../../src/simulator/ec2/network/attachments.ts';
import { takeAddress } from '../../src/simulator/ec2/network/network-interfaces.ts';
import type { Subnet, Vpc } from '../../src/simulator/ec2/records.ts';
import { Tags } from '../../src/simulator/ec2/tags.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const minute = 60_000;

async function built() {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  return { aws, pipeline, vpc: aws.world.ec2.vpcs.existing()[0]! };
}

const ours = <T extends { tags: Tags }>(things: readonly T[], resource: string): T =>
  things.find(({ tags }) => tags.asOf()['salesreport:resource'] === resource)!;

/** An interface that a service of AWS's, or somebody, has in a subnet. */
const interfaceOf = ({ world }: Simulator, subnet: Subnet, description: string, groupIds: string[] = []) =>
  world.ec2.interfaces.add({
    id: world.newId('eni'),
    createdAt: world.now(),
    tags: new Tags({}),
    type: 'interface',
    description,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    privateIp: takeAddress(world, subnet),
    groupIds,
    attachment: { id: world.newId('ela-attach'), until: Number.POSITIVE_INFINITY },
  });

describe('a VPC that is held', () => {
  const attach: [string, (aws: Simulator, vpc: Vpc) => { id: string }, (id: string) => string][] = [
    [
      'a virtual private gateway',
      ({ world }, vpc) => attachVpnGateway(world, vpc, { Name: 'office' }),
      id => `virtual private gateway ${id} "office", which has no owner tags`,
    ],
    [
      'an egress-only internet gateway',
      ({ world }, vpc) => addEgressOnlyGateway(world, vpc),
      id => `egress-only internet gateway ${id}, which has no owner tags`,
    ],
    [
      'a peering that it asked for',
      ({ world }, vpc) => peer(world, vpc, { tags: { Name: 'till' } }),
      id =>
        `peering connection ${id} "till" with vpc-0fedcba9876543210 of account 210987654321, which has no owner tags`,
    ],
    [
      'a peering that it was asked for',
      ({ world }, vpc) => peer(world, vpc, { role: 'accepter' }),
      id => `peering connection ${id} with vpc-0fedcba9876543210 of account 210987654321, which has no owner tags`,
    ],
  ];

  it('names each of them, and goes once they are gone', async () => {
    const { aws, pipeline, vpc } = await built();
    const made = attach.map(([, make]) => make(aws, vpc).id);
    const { left } = await pipeline.teardown(silent, everything);
    expect(left.map(({ id }) => id)).toEqual(['vpc']);
    expect([...(left[0]!.heldBy ?? [])].sort()).toEqual(attach.map(([, , words], nth) => words(made[nth]!)).sort());
    const { vpnGateways, egressOnlyGateways, peerings } = aws.world.ec2;
    for (const things of [vpnGateways, egressOnlyGateways, peerings])
      for (const one of things.existing()) (things as { remove(thing: typeof one): void }).remove(one);
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  });

  it('by what EC2 does not list says what was looked for, and what was not', async () => {
    const { pipeline, vpc } = await built();
    joinServiceNetwork(vpc);
    const { left } = await pipeline.teardown(silent, everything);
    expect(left.map(({ id }) => id)).toEqual(['vpc']);
    expect(left[0]).not.toHaveProperty('heldBy');
    for (const kind of ['network interfaces', 'endpoints', 'virtual private gateways', 'peering connections'])
      expect(left[0]!.why).toMatch(
        new RegExp(`salesreport looked for .*\\b${kind}\\b.* that hold it, and found none\\.`),
      );
    expect(left[0]!.why).toMatch(
      /It did not look for VPC Lattice service network associations, .*: look for those in the AWS console\.$/,
    );
  });

  it('names what holds it where another question is denied, and says of that one that it was not asked', async () => {
    const { aws, pipeline, vpc } = await built();
    joinServiceNetwork(vpc);
    aws.fault = ({ operation }) =>
      operation === 'DescribeVpnGateways'
        ? new AwsError('UnauthorizedOperation', 'You are not authorized.')
        : undefined;
    const { left } = await pipeline.teardown(silent, everything);
    expect(left[0]!.why).toMatch(/It did not look for virtual private gateways \(UnauthorizedOperation\), /);
    const { id } = peer(aws.world, vpc);
    const [again] = (await pipeline.teardown(silent, everything)).left;
    expect(again!.heldBy).toEqual([expect.stringContaining(`peering connection ${id} with`)]);
  });
});

it('a subnet says for what the interfaces in it are that hold it', async () => {
  const { aws, pipeline } = await built();
  const subnet = ours(aws.world.ec2.subnets.existing(), 'subnet.public-b');
  const made = [
    ['ELB app/shop/50dc6c495c0c9188', ' of load balancer app/shop/50dc6c495c0c9188'],
    ['RDSNetworkInterface', ' of an RDS database'],
    ['EFS mount target for fs-0a1b2c3d (fsmt-0a1b2c3d)', ' of EFS file system fs-0a1b2c3d'],
    [
      'Network Interface for Transit Gateway Attachment tgw-attach-0a1b',
      ' of transit gateway attachment tgw-attach-0a1b',
    ],
    ['VPC Endpoint Interface vpce-0a1b2c3d', ' of endpoint vpce-0a1b2c3d'],
    ['AWS Lambda VPC ENI-till-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f', ' of function till'],
    ["somebody's", ' "somebody\'s"'],
  ].map(([description, words]) => ({ id: interfaceOf(aws, subnet, description!).id, words }));
  const { left } = await pipeline.teardown(silent, everything);
  const { heldBy } = left.find(({ id }) => id === 'subnet.public-b')!;
  expect(heldBy).toEqual(
    made.map(
      ({ id, words }) =>
        `network interface ${id}${words}${words === ' of function till' ? '' : ', which has no owner tags'}`,
    ),
  );
});

describe('the interfaces of the function that another function shares', () => {
  /** Somebody's function in the subnets of ours, with its groups. */
  async function shared() {
    const { aws, pipeline } = await built();
    const own = [...aws.world.lambda.functions.values()][0]!;
    const VpcConfig = { SubnetIds: own.subnetIds, SecurityGroupIds: own.groupIds };
    await aws.answer('lambda', 'CreateFunction', {
      FunctionName: 'till',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: own.role,
      Code: { ZipFile: own.zip },
      VpcConfig,
    });
    await aws.world.clock.sleep(5 * minute);
    return { aws, pipeline };
  }

  it('are left at once, with its name, and go once it is gone', async () => {
    const { aws, pipeline } = await shared();
    const done: Outcome[] = [];
    const waits: (string | undefined)[] = [];
    const progress: Progress = { ...silent, finished: one => done.push(one), waiting: (_id, why) => waits.push(why) };
    const before = aws.world.now();
    const { left } = await pipeline.teardown(progress, everything);
    expect(aws.world.now() - before).toBeLessThan(10 * minute);
    const held = left.filter(({ id }) => id === 'network-interfaces');
    expect(held.length).toBe(2);
    for (const { awsId, why, heldBy } of held) {
      expect(heldBy).toEqual(['function till, which uses the same subnets and security groups']);
      expect(why).toMatch(/^Lambda keeps eni-\w+ for function till, /);
      expect(aws.world.ec2.interfaces.find(awsId)).toBeDefined();
    }
    await aws.answer('lambda', 'DeleteFunction', { FunctionName: 'till' });
    await aws.world.clock.sleep(60 * minute);
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  });

  it('are waited for as ever where the other function has other groups', async () => {
    const { aws, pipeline } = await built();
    const own = [...aws.world.lambda.functions.values()][0]!;
    const { id } = aws.world.ec2.groups.existing().find(({ name }) => name === 'default')!;
    const elsewhere = { ...own, name: 'till', groupIds: [...own.groupIds, id] };
    aws.world.lambda.functions.set('till', elsewhere);
    const { removed } = await pipeline.teardown(silent, everything);
    expect(removed.filter(one => one.id === 'network-interfaces').length).toBe(2);
    aws.world.lambda.functions.delete('till');
  });
});
