import { describe, expect, it } from 'vitest';
import { arm, base64, intel, openCloud, tcp } from './cloud.ts';

describe('parameters that AWS refuses', () => {
  it('ranges', async () => {
    const { call, refusal, vpc } = openCloud();
    expect(await refusal('CreateVpc', { CidrBlock: '10.0.0.0/8' })).toContain('InvalidVpc.Range');
    expect(await refusal('CreateVpc', { CidrBlock: '10.0.0/16' })).toContain('InvalidParameterValue');
    const VpcId = await vpc();
    expect(await refusal('CreateSubnet', { VpcId, CidrBlock: '10.1.0.0/20' })).toContain('InvalidSubnet.Range');
    expect(await refusal('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/29' })).toContain('InvalidSubnet.Range');
    expect(
      await refusal('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/20', AvailabilityZone: 'eu-west-1x' }),
    ).toContain('availabilityZone');
    const { Subnet } = await call('CreateSubnet', { VpcId, CidrBlock: '10.0.3.7/20' });
    expect(Subnet?.CidrBlock).toBe('10.0.0.0/20');
  });

  it('tags', async () => {
    const { call, refusal, vpc } = openCloud();
    const tagged = (ResourceType: 'vpc' | 'subnet', Tags: { Key?: string; Value?: string }[]) =>
      refusal('CreateVpc', { CidrBlock: '10.0.0.0/16', TagSpecifications: [{ ResourceType, Tags }] });
    expect(await tagged('subnet', [{ Key: 'a', Value: '' }])).toContain(
      "'subnet' is not a valid taggable resource type for this operation",
    );
    expect(await tagged('vpc', [{ Key: 'aws:x', Value: '' }])).toContain('reserved for internal use');
    expect(await tagged('vpc', [{ Key: 'a' }, { Key: 'a' }])).toContain('Duplicate tag key');
    expect(await tagged('vpc', [])).toContain('at least one tag');
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    expect(await tagged('vpc', many)).toContain('TagLimitExceeded');
    const Resources = [await vpc()];
    await call('CreateTags', { Resources, Tags: many.slice(0, 50) });
    expect(await refusal('CreateTags', { Resources, Tags: many.slice(50) })).toContain('TagLimitExceeded');
    expect(await refusal('CreateTags', { Resources: ['vpc-0123'], Tags: many.slice(0, 1) })).toContain(
      'InvalidVpcID.NotFound',
    );
    expect(await refusal('CreateTags', { Resources: ['nonsense'], Tags: many.slice(0, 1) })).toContain('InvalidID');
  });

  it('groups and rules', async () => {
    const { refusal, vpc, group } = openCloud();
    const VpcId = await vpc();
    const named = (GroupName: string, Description = 'fine') =>
      refusal('CreateSecurityGroup', { VpcId, GroupName, Description });
    expect(await named('sg-web')).toContain('may not be in the format sg-*');
    expect(await named('default')).toContain('InvalidGroup.Reserved');
    expect(await named('Web', "the shop's")).toContain('GroupDescription');
    const GroupId = await group(VpcId);
    const ruled = (...IpPermissions: object[]) => refusal('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    expect(await ruled(tcp(22, { CidrIp: '0.0.0.0/0' }, 'from “home”'))).toContain('Invalid rule description');
    expect(await ruled(tcp(22, { CidrIp: '10.0.0.300/32' }))).toContain('is malformed');
    expect(await ruled(tcp(22, { GroupId: 'sg-0123' }))).toContain('InvalidGroup.NotFound');
    expect(await ruled(tcp(22, { GroupId: await group(await vpc()) }))).toContain('belong to different networks');
    expect(await ruled({ IpProtocol: 'tcp', IpRanges: [{ CidrIp: '0.0.0.0/0' }] })).toContain('portRange');
    expect(await ruled({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22 })).toContain('MissingParameter');
    expect(await ruled({ IpProtocol: 'http', IpRanges: [{ CidrIp: '0.0.0.0/0' }] })).toContain('Unknown protocol');
  });

  it('of instances', async () => {
    const { refusal, vpc, subnet, group } = openCloud();
    const VpcId = await vpc();
    const [a, c] = [await subnet(VpcId), await subnet(VpcId, '10.0.16.0/20', 'eu-west-1c')];
    const launch = (more: object) =>
      refusal('RunInstances', {
        ImageId: arm,
        InstanceType: 't4g.micro',
        MinCount: 1,
        MaxCount: 1,
        SubnetId: a,
        ...more,
      });
    expect(await launch({ ImageId: 'ami-0123' })).toContain('InvalidAMIID.NotFound');
    expect(await launch({ ImageId: intel })).toContain('matching architectures');
    expect(await launch({ InstanceType: 't9.micro' })).toContain("Invalid value 't9.micro'");
    expect(await launch({ SubnetId: c })).toContain('not supported in your requested Availability Zone (eu-west-1c)');
    expect(await launch({ PrivateIpAddress: '10.0.16.9' })).toContain(
      "does not fall within the subnet's address range",
    );
    expect(await launch({ PrivateIpAddress: '10.0.0.3' })).toContain('reserved address range');
    expect(await launch({ PrivateIpAddress: '10.0.15.255' })).toContain('reserved address range');
    expect(await launch({ UserData: '#!/bin/bash' })).toContain('InvalidUserData.Malformed');
    expect(await launch({ UserData: base64('x'.repeat(16_385)) })).toContain('limited to 16384 bytes');
    expect(await launch({ ClientToken: 'x'.repeat(65) })).toContain('longer than 64');
    expect(await launch({ SecurityGroupIds: [await group(await vpc())] })).toContain('belong to different networks');
    expect(await launch({ NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: a }] })).toContain(
      'InvalidParameterCombination',
    );
    expect(await launch({ TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a' }] }] })).toContain('taggable');
    expect(await launch({ IamInstanceProfile: { Name: 'nobody' } })).toContain(
      'Value (nobody) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
    );
  });

  it('targets of routes', async () => {
    const { refusal, call, vpc, gateway, table } = openCloud();
    const [here, elsewhere] = [await vpc(), await vpc()];
    const RouteTableId = await table(here);
    const route = (target: object) =>
      refusal('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', ...target });
    expect(await route({ GatewayId: await gateway(elsewhere) })).toContain('belong to different networks');
    expect(
      await route({ GatewayId: (await call('CreateInternetGateway', {})).InternetGateway!.InternetGatewayId }),
    ).toContain('networks');
    expect(await route({ NatGatewayId: 'nat-0123' })).toContain('InvalidNatGatewayID.NotFound');
    expect(await route({})).toContain('InvalidParameterCombination');
  });

  it('quotas of an account', async () => {
    const { refusal, vpc, address } = openCloud();
    for (let count = 0; count < 5; count++) await Promise.all([vpc(), address()]);
    expect(await refusal('CreateVpc', { CidrBlock: '10.0.0.0/16' })).toContain('VpcLimitExceeded');
    expect(await refusal('AllocateAddress', { Domain: 'vpc' })).toContain('AddressLimitExceeded');
  });
});

describe('what the simulator does not know', () => {
  it('is an error: parameters, nested ones, filters, paging', async () => {
    const { refusal, vpc, subnet } = openCloud();
    expect(await refusal('CreateVpc', { CidrBlock: '10.0.0.0/16', InstanceTenancy: 'dedicated' })).toContain(
      'NotSimulated',
    );
    expect(await refusal('DescribeVpcs', { MaxResults: 5 })).toContain('NotSimulated');
    expect(await refusal('DescribeVpcs', { Filters: [{ Name: 'dhcp-options-id', Values: ['x'] }] })).toContain(
      'NotSimulated',
    );
    const launch = {
      ImageId: arm,
      InstanceType: 't4g.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: await subnet(await vpc()),
    } as const;
    expect(
      await refusal('RunInstances', {
        ...launch,
        MetadataOptions: { HttpTokens: 'required', HttpProtocolIpv4: 'x' } as object,
      }),
    ).toContain('MetadataOptions.HttpProtocolIpv4');
  });
});

describe('zones', () => {
  it('are three, of which the last does not offer the smallest types', async () => {
    const { call } = openCloud({ region: 'ap-southeast-2' });
    const { AvailabilityZones } = await call('DescribeAvailabilityZones', {
      Filters: [{ Name: 'state', Values: ['available'] }],
    });
    expect(AvailabilityZones?.map(({ ZoneName, ZoneId }) => `${ZoneName} ${ZoneId}`)).toEqual([
      'ap-southeast-2a apse2-az1',
      'ap-southeast-2b apse2-az2',
      'ap-southeast-2c apse2-az3',
    ]);
    const offered = await call('DescribeInstanceTypeOfferings', {
      LocationType: 'availability-zone',
      Filters: [{ Name: 'instance-type', Values: ['t4g.micro'] }],
    });
    expect(offered.InstanceTypeOfferings?.map(({ Location }) => Location)).toEqual([
      'ap-southeast-2a',
      'ap-southeast-2b',
    ]);
  });
});
