import { describe, expect, it } from 'vitest';
import { openCloud, tcp } from './cloud.ts';

describe('what exists already', () => {
  it('a subnet range that overlaps another', async () => {
    const { refusal, vpc, subnet } = openCloud();
    const VpcId = await vpc();
    await subnet(VpcId, '10.0.0.0/20');
    expect(await refusal('CreateSubnet', { VpcId, CidrBlock: '10.0.8.0/24' })).toBe(
      "InvalidSubnet.Conflict: The CIDR '10.0.8.0/24' conflicts with another subnet",
    );
  });

  it('a group name, within its VPC only', async () => {
    const { refusal, vpc, group } = openCloud();
    const VpcId = await vpc();
    await group(VpcId, 'Web');
    await group(await vpc(), 'Web');
    expect(await refusal('CreateSecurityGroup', { VpcId, GroupName: 'Web', Description: 'again' })).toContain(
      'InvalidGroup.Duplicate',
    );
  });

  it('a rule, whatever its description, and then none of the call', async () => {
    const { call, refusal, vpc, group } = openCloud();
    const GroupId = await group(await vpc());
    await call('AuthorizeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [tcp(22, { CidrIp: '192.0.2.7/32' }, 'once')],
    });
    const both = [tcp(80, { CidrIp: '0.0.0.0/0' }), tcp(22, { CidrIp: '192.0.2.7/32' }, 'twice')];
    expect(await refusal('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: both })).toBe(
      'InvalidPermission.Duplicate: the specified rule "peer: 192.0.2.7/32, TCP, from port: 22, to port: 22, ALLOW" already exists',
    );
    const [found] = (await call('DescribeSecurityGroups', { GroupIds: [GroupId] })).SecurityGroups!;
    expect(found?.IpPermissions).toEqual([
      {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: '192.0.2.7/32', Description: 'once' }],
        Ipv6Ranges: [],
        UserIdGroupPairs: [],
        PrefixListIds: [],
      },
    ]);
    expect(await refusal('RevokeSecurityGroupIngress', { GroupId, IpPermissions: [both[0]!] })).toContain(
      'InvalidPermission.NotFound',
    );
  });

  it('a route to a destination', async () => {
    const { call, refusal, vpc, gateway, table } = openCloud();
    const VpcId = await vpc();
    const [GatewayId, RouteTableId] = [await gateway(VpcId), await table(VpcId)];
    await call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
    expect(await refusal('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId })).toContain(
      'RouteAlreadyExists',
    );
    await call('ReplaceRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
    expect(await refusal('ReplaceRoute', { RouteTableId, DestinationCidrBlock: '192.0.2.0/24', GatewayId })).toContain(
      'Use CreateRoute instead',
    );
  });

  it('an attachment of a gateway or of a route table', async () => {
    const { call, refusal, vpc, subnet, gateway, table } = openCloud();
    const VpcId = await vpc();
    const InternetGatewayId = await gateway(VpcId);
    expect(await refusal('AttachInternetGateway', { InternetGatewayId, VpcId })).toContain(
      'Resource.AlreadyAssociated',
    );
    const other = (await call('CreateInternetGateway', {})).InternetGateway!.InternetGatewayId!;
    expect(await refusal('AttachInternetGateway', { InternetGatewayId: other, VpcId })).toContain(
      'already has an internet gateway',
    );
    const SubnetId = await subnet(VpcId);
    await call('AssociateRouteTable', { RouteTableId: await table(VpcId), SubnetId });
    expect(await refusal('AssociateRouteTable', { RouteTableId: await table(VpcId), SubnetId })).toContain(
      'Resource.AlreadyAssociated',
    );
  });

  it('a route of a gateway endpoint in a table', async () => {
    const { call, refusal, vpc, table } = openCloud();
    const VpcId = await vpc();
    const endpoint = { VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3', RouteTableIds: [await table(VpcId)] };
    await call('CreateVpcEndpoint', endpoint);
    expect(await refusal('CreateVpcEndpoint', endpoint)).toContain('RouteAlreadyExists');
  });

  it('a private address', async () => {
    const { call, refusal, vpc, subnet, run } = openCloud();
    const SubnetId = await subnet(await vpc());
    await run(SubnetId, { PrivateIpAddress: '10.0.0.10' });
    const again = { ImageId: 'ami-0a1a2b3c4d5e6f701', InstanceType: 't4g.micro', MinCount: 1, MaxCount: 1 } as const;
    expect(await refusal('RunInstances', { ...again, SubnetId, PrivateIpAddress: '10.0.0.10' })).toBe(
      'InvalidIPAddress.InUse: Address 10.0.0.10 is in use.',
    );
    expect((await call('DescribeSubnets', {})).Subnets![0]!.AvailableIpAddressCount).toBe(4096 - 5 - 1);
  });
});

it('a new VPC comes with its main table and a default group that admits its own members', async () => {
  const { call, vpc, group } = openCloud();
  const VpcId = await vpc();
  await group(VpcId);
  const { SecurityGroups } = await call('DescribeSecurityGroups', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] });
  const [standard, made] = SecurityGroups!;
  expect(standard).toMatchObject({
    GroupName: 'default',
    IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: standard?.GroupId }] }],
    IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });
  expect(made).toMatchObject({
    IpPermissions: [],
    IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });
  const { RouteTables } = await call('DescribeRouteTables', {});
  expect(RouteTables).toMatchObject([
    { VpcId, Associations: [{ Main: true }], Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' }] },
  ]);
});
