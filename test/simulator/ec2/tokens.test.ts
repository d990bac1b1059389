import { describe, expect, it } from 'vitest';
import { arm, hour, minute, openCloud } from './cloud.ts';

const launch = { ImageId: arm, InstanceType: 't4g.micro', MinCount: 1, MaxCount: 1, ClientToken: 'one' } as const;

describe('the same ClientToken', () => {
  it('makes one instance, refuses other parameters, and dies with it', async () => {
    const { call, refusal, clock, vpc, subnet, run } = openCloud();
    const SubnetId = await subnet(await vpc());
    const [one, same] = [await run(SubnetId, launch), await run(SubnetId, launch)];
    expect(same.InstanceId).toBe(one.InstanceId);
    expect(await refusal('RunInstances', { ...launch, SubnetId, InstanceType: 't4g.small' })).toContain(
      'IdempotentParameterMismatch',
    );
    await call('TerminateInstances', { InstanceIds: [one.InstanceId!] });
    await clock.sleep(minute);
    expect(await refusal('RunInstances', { ...launch, SubnetId })).toContain('IdempotentInstanceTerminated');
    const other = await run(SubnetId, { ...launch, ClientToken: 'two' });
    expect(other.InstanceId).not.toBe(one.InstanceId);
  });

  it('gives a dead NAT gateway again', async () => {
    const { call, clock, vpc, subnet, gateway, address, nat } = openCloud();
    const vpcId = await vpc();
    await gateway(vpcId);
    const [SubnetId, AllocationId] = [await subnet(vpcId), await address()];
    const id = await nat(SubnetId, AllocationId, 'nat-1');
    expect(await nat(SubnetId, AllocationId, 'nat-1')).toBe(id);
    await call('DeleteNatGateway', { NatGatewayId: id });
    for (const wait of [2 * minute, hour]) {
      await clock.sleep(wait);
      const { NatGateway } = await call('CreateNatGateway', { SubnetId, AllocationId, ClientToken: 'nat-1' });
      expect(NatGateway).toMatchObject({ NatGatewayId: id, State: 'deleted' });
    }
  });

  it('makes one route table and one endpoint', async () => {
    const { call, refusal, vpc } = openCloud();
    const VpcId = await vpc();
    const tables = [1, 2].map(() => call('CreateRouteTable', { VpcId, ClientToken: 'same' }));
    const [one, same] = (await Promise.all(tables)).map(({ RouteTable }) => RouteTable?.RouteTableId);
    expect(same).toBe(one);
    const endpoint = { VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3', RouteTableIds: [one!], ClientToken: 'same' };
    const { VpcEndpoint } = await call('CreateVpcEndpoint', endpoint);
    expect((await call('CreateVpcEndpoint', endpoint)).VpcEndpoint?.VpcEndpointId).toBe(VpcEndpoint?.VpcEndpointId);
    expect(await refusal('CreateVpcEndpoint', { ...endpoint, RouteTableIds: [] })).toContain(
      'IdempotentParameterMismatch',
    );
  });
});

describe('a lag of the world', () => {
  it('hides new ids from look-ups and lists, but neither from conflicts nor from the answer of the create', async () => {
    const { call, refusal, clock } = openCloud({ lag: 5_000 });
    const TagSpecifications = [{ ResourceType: 'vpc' as const, Tags: [{ Key: 'Name', Value: 'Lab VPC' }] }];
    const { Vpc } = await call('CreateVpc', { CidrBlock: '10.0.0.0/16', TagSpecifications });
    expect(Vpc?.Tags).toEqual([{ Key: 'Name', Value: 'Lab VPC' }]);
    const VpcId = Vpc!.VpcId!;
    const Filters = [{ Name: 'tag:Name', Values: ['Lab*'] }];
    expect((await call('DescribeVpcs', { Filters })).Vpcs).toEqual([]);
    expect(await refusal('DescribeVpcs', { VpcIds: [VpcId] })).toContain('InvalidVpcID.NotFound');
    expect(await refusal('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/20' })).toContain('InvalidVpcID.NotFound');
    await clock.sleep(5_000);
    expect((await call('DescribeVpcs', { Filters })).Vpcs).toHaveLength(1);
    await call('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/20' });
    expect((await call('DescribeSubnets', {})).Subnets).toEqual([]);
    expect(await refusal('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/20' })).toContain('InvalidSubnet.Conflict');
  });

  it('shows changed tags late', async () => {
    const { call, clock, vpc } = openCloud({ lag: 5_000 });
    const id = await vpc();
    await clock.sleep(5_000);
    await call('CreateTags', { Resources: [id], Tags: [{ Key: 'owner', Value: 'me' }] });
    const tags = async () => (await call('DescribeVpcs', { VpcIds: [id] })).Vpcs![0]!.Tags;
    expect(await tags()).toEqual([]);
    await clock.sleep(5_000);
    expect(await tags()).toEqual([{ Key: 'owner', Value: 'me' }]);
  });
});

it('lists are filtered by tag keys, values, wildcards and several values', async () => {
  const { call, vpc } = openCloud();
  const ids = [await vpc(), await vpc(), await vpc()];
  await call('CreateTags', { Resources: [ids[0]!], Tags: [{ Key: 'salesreport:stack', Value: 'one' }] });
  await call('CreateTags', { Resources: [ids[1]!], Tags: [{ Key: 'salesreport:stack', Value: 'one+two' }] });
  const listed = async (Name: string, ...Values: string[]) =>
    (await call('DescribeVpcs', { Filters: [{ Name, Values }] })).Vpcs!.map(({ VpcId }) => ids.indexOf(VpcId!));
  expect(await listed('tag-key', 'salesreport:*')).toEqual([0, 1]);
  expect(await listed('tag:salesreport:stack', 'one')).toEqual([0]);
  expect(await listed('tag:salesreport:stack', 'one?two', 'one')).toEqual([0, 1]);
  expect(await listed('vpc-id', ids[2]!)).toEqual([2]);
  expect(await listed('is-default', 'true')).toEqual([]);
});
