import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { builtAws, everything, pipelineOn, silent } from '../helpers/simulated-stack.ts';

/** What EC2 answers to what these tests ask of it. */
interface Answer {
  Vpc: { VpcId: string };
  Subnet: { SubnetId: string };
  Instances: [{ InstanceId: string }];
  AllocationId: string;
  SnapshotId: string;
}

/**
 * A protected instance with the tags of the database host in a VPC of somebody else, as a launch template or a restored
 * backup makes it.
 */
async function copyHost(aws: Simulator): Promise<string> {
  const ask = async (operation: string, input: object) =>
    (await aws.answer('ec2', operation as never, input as never)) as Answer;
  const host = aws.world.ec2.instances.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!;
  const tags = Object.entries(host.tags.asOf(aws.world.now())).map(([Key, Value]) => ({ Key, Value }));
  const { Vpc } = await ask('CreateVpc', { CidrBlock: '10.9.0.0/16' });
  const { Subnet } = await ask('CreateSubnet', { VpcId: Vpc.VpcId, CidrBlock: '10.9.0.0/24' });
  await aws.world.clock.sleep(60_000);
  const { Instances } = await ask('RunInstances', {
    ImageId: host.image.id,
    InstanceType: 't4g.micro',
    MinCount: 1,
    MaxCount: 1,
    SubnetId: Subnet.SubnetId,
    DisableApiTermination: true,
    TagSpecifications: [{ ResourceType: 'instance', Tags: tags }],
  });
  await aws.world.clock.sleep(60_000);
  return Instances[0].InstanceId;
}

const instance = (aws: Simulator, id: string) => aws.world.ec2.instances.find(id);

describe('a thing with copied tags', () => {
  it('in another VPC is named by plan, status and certificate, and stays with its protection', async () => {
    const aws = await builtAws();
    const copy = await copyHost(aws);
    const real = aws.world.ec2.instances.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!.id;
    const pipeline = await pipelineOn(aws);
    const plan = await pipeline.plan();
    expect(plan.changes).toEqual([]);
    expect(plan.notes.join()).toContain(`instance ${copy}`);
    expect((await pipeline.status()).strangers.map(({ awsId }) => awsId)).toContain(copy);
    await pipeline.provision(silent);
    expect([instance(aws, real)?.isProtected, instance(aws, real)?.termination]).toEqual([true, undefined]);
    const { left, strangers } = await pipeline.teardown(silent, everything);
    expect(left).toEqual([]);
    expect(strangers).toMatchObject([{ id: 'host.database', awsId: copy }]);
    expect([instance(aws, copy)?.isProtected, instance(aws, copy)?.termination]).toEqual([true, undefined]);
  });

  it('that is a free address is neither adopted nor released', async () => {
    const aws = await builtAws();
    const own = aws.world.ec2.addresses.existing()[0]!;
    const Tags = Object.entries(own.tags.asOf(aws.world.now())).map(([Key, Value]) => ({ Key, Value }));
    const copy = (await aws.answer('ec2', 'AllocateAddress', {
      TagSpecifications: [{ ResourceType: 'elastic-ip', Tags }],
    })) as Answer;
    await aws.world.clock.sleep(60_000);
    const pipeline = await pipelineOn(aws);
    expect((await pipeline.plan()).changes).toEqual([]);
    const { left, strangers } = await pipeline.teardown(silent, everything);
    expect(left).toEqual([]);
    expect(strangers).toMatchObject([{ awsId: copy.AllocationId }]);
    expect(aws.world.ec2.addresses.existing().map(({ id }) => id)).toEqual([copy.AllocationId]);
  });
});

it('a database host that the settings no longer want stays until its id is named', async () => {
  const aws = await builtAws();
  const real = aws.world.ec2.instances.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!.id;
  const settings = { database: { host: 'db.example.com' } };
  const pipeline = await pipelineOn(aws, { settings });
  const plan = await pipeline.plan();
  expect(plan.changes.filter(({ id }) => id.includes('database-host') || id === 'host.database')).toEqual([]);
  expect(plan.surplus).toMatchObject([{ id: 'host.database', awsId: real, where: expect.stringMatching(/^vpc-/) }]);
  await pipeline.provision(silent);
  expect([instance(aws, real)?.isProtected, instance(aws, real)?.termination]).toEqual([true, undefined]);
  await expect(pipeline.plan({ removeSurplus: ['i-none'] })).rejects.toMatchObject({ code: 'unknown-surplus' });
  const named = await pipeline.plan({ removeSurplus: [real] });
  expect(named.changes.find(({ id }) => id === 'host.database')).toMatchObject({
    action: 'remove',
    awsId: real,
    loses: expect.stringContaining('the sales go with its disk'),
  });
  await pipeline.provision(silent, { consent: { removeSurplus: [real] } });
  expect(instance(aws, real)?.termination).toBeDefined();
});

it('a snapshot that AWS Backup or Data Lifecycle Manager made is no leftover', async () => {
  const aws = await builtAws();
  const { volumeId } = aws.world.ec2.instances.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!;
  const pipeline = await pipelineOn(aws);
  for (const key of ['aws:backup:source-resource', 'aws:dlm:lifecycle-policy-id']) {
    const made = (await aws.answer('ec2', 'CreateSnapshot', { VolumeId: volumeId })) as Answer;
    const { tags } = aws.world.ec2.taggable(made.SnapshotId);
    const ours = {
      'salesreport:stack': 'salesreport',
      'salesreport:region': 'eu-west-1',
      'salesreport:resource': 'snapshot.database',
    };
    for (const [name, value] of Object.entries({ ...ours, [key]: 'x' })) tags.change(aws.world.now(), name, value);
  }
  await aws.world.clock.sleep(60_000);
  const { kept, left } = await pipeline.teardown(silent, everything);
  expect([kept, left]).toEqual([[], []]);
  expect((await pipeline.sweep(silent)).stacks).toEqual([]);
});

describe('two VPCs with the tags of the stack', () => {
  const copyVpc = async (aws: Simulator): Promise<string> => {
    const own = aws.world.ec2.vpcs.existing().find(({ tags }) => tags.asOf(aws.world.now())['salesreport:stack'])!;
    const Tags = Object.entries(own.tags.asOf(aws.world.now())).map(([Key, Value]) => ({ Key, Value }));
    const { Vpc } = (await aws.answer('ec2', 'CreateVpc', {
      CidrBlock: '10.9.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags }],
    })) as Answer;
    await aws.world.clock.sleep(60_000);
    return Vpc.VpcId;
  };
  const addSubnet = async (aws: Simulator, VpcId: string, Tags: object[] = [{ Key: 'Name', Value: 'build' }]) => {
    const input = { VpcId, CidrBlock: '10.9.0.0/24', TagSpecifications: [{ ResourceType: 'subnet', Tags }] };
    await aws.answer('ec2', 'CreateSubnet', input as never);
    await aws.world.clock.sleep(60_000);
  };

  it('the one that holds its subnets is its own; the other goes only where it is empty', async () => {
    const aws = await builtAws();
    const copy = await copyVpc(aws);
    await addSubnet(aws, copy);
    expect((await (await pipelineOn(aws)).plan()).changes).toEqual([]);
    expect((await (await pipelineOn(aws)).status()).strangers.map(({ awsId }) => awsId)).toContain(copy);
    const { left, strangers } = await (await pipelineOn(aws)).teardown(silent, everything);
    expect(left).toEqual([]);
    expect(strangers.map(({ awsId }) => awsId)).toContain(copy);
    // Now it alone has the tags: that does not make it the stack's.
    await expect((await pipelineOn(aws)).teardown(silent, everything)).rejects.toMatchObject({ code: 'two-vpcs' });
    expect(aws.world.ec2.vpcs.find(copy)).toBeDefined();

    const other = await builtAws();
    const empty = await copyVpc(other);
    const { changes } = await (await pipelineOn(other)).plan();
    expect(changes.map(({ action, id, awsId }) => [action, id, awsId])).toEqual([['remove', 'vpc', empty]]);
  });

  it('that both hold subnets of it stop every run, which names both', async () => {
    const aws = await builtAws();
    const copy = await copyVpc(aws);
    const tags = {
      'salesreport:stack': 'salesreport',
      'salesreport:region': 'eu-west-1',
      'salesreport:resource': 'subnet.public-a',
    };
    await addSubnet(
      aws,
      copy,
      Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    );
    const before = aws.calls.filter(({ mutating }) => mutating).length;
    const refusal = await (await pipelineOn(aws)).plan().catch(error => error);
    expect(refusal).toMatchObject({ code: 'two-vpcs', message: expect.stringContaining(copy) });
    expect(refusal.message.match(/vpc-\w+/g)).toHaveLength(2);
    expect(aws.calls.filter(({ mutating }) => mutating).length).toBe(before);
  });
});

it('of two database hosts in the VPC of the stack the one at the fixed address serves, and the other stays until it is named', async () => {
  const aws = await builtAws();
  const real = aws.world.ec2.instances.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!;
  const Tags = Object.entries(real.tags.asOf(aws.world.now())).map(([Key, Value]) => ({ Key, Value }));
  const { Instances } = (await aws.answer('ec2', 'RunInstances', {
    ImageId: real.image.id,
    InstanceType: 't4g.micro',
    MinCount: 1,
    MaxCount: 1,
    SubnetId: real.subnetId,
    TagSpecifications: [{ ResourceType: 'instance', Tags }],
  } as never)) as Answer;
  await aws.world.clock.sleep(60_000);
  const copy = Instances[0].InstanceId as string;
  const pipeline = await pipelineOn(aws);
  const { changes, surplus, notes } = await pipeline.plan();
  expect(changes).toEqual([]);
  expect(surplus.map(({ awsId }) => awsId)).toEqual([copy]);
  expect(notes.join()).toContain(`--remove-surplus ${copy}`);
  await expect(pipeline.teardown(silent)).rejects.toMatchObject({
    code: 'data-there',
    message: expect.stringContaining(copy),
  });
  await pipeline.provision(silent, { consent: { removeSurplus: [copy] } });
  expect([instance(aws, copy)?.termination !== undefined, instance(aws, real.id)?.termination]).toEqual([
    true,
    undefined,
  ]);
});
