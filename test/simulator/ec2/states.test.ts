import { describe, expect, it } from 'vitest';
import type { WorldOptions } from '../../../src/simulator/world.ts';
import { arm, base64, hour, minute, openCloud, tcp } from './cloud.ts';

describe('a NAT gateway', () => {
  it('is pending, available, deleting, deleted, and gone after an hour', async () => {
    const { call, refusal, clock, world, vpc, subnet, gateway, table, address, nat, natState } = openCloud();
    const vpcId = await vpc();
    const internet = await gateway(vpcId);
    const publicSubnet = await subnet(vpcId);
    const id = await nat(publicSubnet, await address());
    const privateSubnet = await subnet(vpcId, '10.0.128.0/20');
    const RouteTableId = await table(vpcId);
    await call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: id });
    await call('AssociateRouteTable', { RouteTableId, SubnetId: privateSubnet });
    expect([(await natState(id)).State, world.ec2.reachesInternet(privateSubnet)]).toEqual(['pending', false]);
    await clock.sleep(130_000);
    expect(await natState(id)).toMatchObject({ State: 'available', NatGatewayAddresses: [{ Status: 'succeeded' }] });
    // It has no way of its own to the internet yet.
    expect(world.ec2.reachesInternet(privateSubnet)).toBe(false);
    const publicTable = await table(vpcId);
    await call('CreateRoute', { RouteTableId: publicTable, DestinationCidrBlock: '0.0.0.0/0', GatewayId: internet });
    await call('AssociateRouteTable', { RouteTableId: publicTable, SubnetId: publicSubnet });
    expect(world.ec2.reachesInternet(privateSubnet)).toBe(true);
    await call('DeleteNatGateway', { NatGatewayId: id });
    expect((await natState(id)).State).toBe('deleting');
    await clock.sleep(70_000);
    expect((await natState(id)).State).toBe('deleted');
    expect((await call('DescribeNetworkInterfaces', {})).NetworkInterfaces).toEqual([]);
    await clock.sleep(hour);
    expect(await refusal('DescribeNatGateways', { NatGatewayIds: [id] })).toBe(
      `NatGatewayNotFound: NAT gateway ${id} was not found`,
    );
    expect((await call('DescribeNatGateways', { Filter: [{ Name: 'vpc-id', Values: [vpcId] }] })).NatGateways).toEqual(
      [],
    );
  });

  it('fails later where no internet gateway is attached', async () => {
    const { clock, vpc, subnet, address, nat, natState } = openCloud();
    const id = await nat(await subnet(await vpc()), await address());
    expect((await natState(id)).State).toBe('pending');
    await clock.sleep(3 * minute);
    expect(await natState(id)).toMatchObject({ State: 'failed', FailureCode: 'Gateway.NotAttached' });
  });

  it('fails later where subnet or internet gateway were still on their way, and no deletion changes that', async () => {
    const { call, refusal, clock, world, vpc, subnet, table, address, nat, natState } = openCloud();
    const VpcId = await vpc();
    const InternetGatewayId = (await call('CreateInternetGateway', {})).InternetGateway!.InternetGatewayId!;
    const attachment = async () =>
      (await call('DescribeInternetGateways', { InternetGatewayIds: [InternetGatewayId] })).InternetGateways![0]!
        .Attachments;
    const [settled, first, second] = [await subnet(VpcId), await address(), await address()];
    const route = { RouteTableId: await table(VpcId), DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId };
    await call('AttachInternetGateway', { InternetGatewayId, VpcId });
    world.ec2.internetGateways.get(InternetGatewayId).attachedAt! += 5_000;
    expect(await attachment()).toEqual([{ State: 'attaching', VpcId }]);
    expect(await refusal('CreateRoute', route)).toMatch(
      /route table rtb-\w+ and network gateway igw-\w+ belong to different networks/,
    );
    const early = await nat(settled, first);
    await clock.sleep(6_000);
    expect(await attachment()).toEqual([{ State: 'available', VpcId }]);
    await call('CreateRoute', route);

    const { Subnet } = await call('CreateSubnet', { VpcId, CidrBlock: '10.0.16.0/20' });
    expect(Subnet?.State).toBe('pending');
    const hasty = await nat(Subnet!.SubnetId!, second);
    await clock.sleep(3 * minute);
    expect((await call('DescribeSubnets', { SubnetIds: [Subnet!.SubnetId!] })).Subnets![0]!.State).toBe('available');
    expect(await natState(early)).toMatchObject({ State: 'failed', FailureCode: 'Gateway.NotAttached' });
    expect(await natState(hasty)).toMatchObject({ State: 'failed', FailureCode: 'InvalidSubnetID.NotFound' });
    await call('DeleteNatGateway', { NatGatewayId: early });
    await clock.sleep(3 * minute);
    expect((await natState(early)).State).toBe('failed');
    await clock.sleep(hour);
    expect(await refusal('DescribeNatGateways', { NatGatewayIds: [early] })).toContain('NatGatewayNotFound');
  });

  it('fails later where its address is in use', async () => {
    const { clock, vpc, subnet, gateway, address, nat, natState } = openCloud();
    const vpcId = await vpc();
    await gateway(vpcId);
    const [subnetId, allocationId] = [await subnet(vpcId), await address()];
    const [first, second] = [await nat(subnetId, allocationId), await nat(subnetId, allocationId)];
    await clock.sleep(3 * minute);
    expect((await natState(first)).State).toBe('available');
    expect(await natState(second)).toMatchObject({ State: 'failed', FailureCode: 'Resource.AlreadyAssociated' });
  });
});

describe('an instance', () => {
  it('is pending, running, shutting down, terminated without a place, and gone after an hour', async () => {
    const { call, refusal, clock, vpc, subnet, run, instance } = openCloud();
    const id = (await run(await subnet(await vpc()))).InstanceId!;
    expect((await instance(id)).State).toEqual({ Code: 0, Name: 'pending' });
    await clock.sleep(20_000);
    expect((await instance(id)).State).toEqual({ Code: 16, Name: 'running' });
    await call('TerminateInstances', { InstanceIds: [id] });
    expect((await instance(id)).State?.Name).toBe('shutting-down');
    await clock.sleep(minute);
    const dead = await instance(id);
    expect(dead.State).toEqual({ Code: 48, Name: 'terminated' });
    expect([dead.SubnetId, dead.PrivateIpAddress, dead.NetworkInterfaces]).toEqual([undefined, undefined, []]);
    await clock.sleep(hour);
    expect(await refusal('DescribeInstances', { InstanceIds: [id] })).toContain('InvalidInstanceID.NotFound');
  });

  it('whose disk is over the quota is accepted, and ends at its start with the reason', async () => {
    const { clock, refusal, world, vpc, subnet, run, instance } = openCloud();
    world.ec2.quotas.volumeStorage = 10;
    const SubnetId = await subnet(await vpc());
    const first = await run(SubnetId);
    const launch = {
      ImageId: arm,
      InstanceType: 't4g.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      ClientToken: 'x',
    } as const;
    const second = await run(SubnetId, launch);
    expect(second.State?.Name).toBe('pending');
    await clock.sleep(10_000);
    expect(await instance(second.InstanceId!)).toMatchObject({
      State: { Name: 'terminated' },
      StateReason: { Code: 'Client.VolumeLimitExceeded', Message: 'Client.VolumeLimitExceeded: Volume limit exceeded' },
    });
    expect(await refusal('RunInstances', launch)).toContain('IdempotentInstanceTerminated');
    await clock.sleep(10_000);
    expect((await instance(first.InstanceId!)).State?.Name).toBe('running');
  });

  it('keeps what it was made with, and shows changes to it', async () => {
    const { call, vpc, subnet, group, run, instance } = openCloud();
    const vpcId = await vpc();
    const UserData = base64('#!/bin/bash');
    const { InstanceId } = await run(await subnet(vpcId), { UserData, MetadataOptions: { HttpTokens: 'optional' } });
    const { UserData: kept } = await call('DescribeInstanceAttribute', { InstanceId, Attribute: 'userData' });
    expect(kept?.Value).toBe(UserData);
    const Groups = [await group(vpcId), await group(vpcId, 'Database')];
    await call('ModifyInstanceAttribute', { InstanceId, Groups });
    expect(await instance(InstanceId!)).toMatchObject({
      MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'enabled' },
      SecurityGroups: [{ GroupName: 'Web' }, { GroupName: 'Database' }],
    });
  });

  it('says on its console that it is ready only when its user-data could run: with a way to the internet', async () => {
    const { call, clock, world, vpc, subnet, group, gateway, table, run } = openCloud();
    const VpcId = await vpc();
    const [SubnetId, RouteTableId, GatewayId] = [await subnet(VpcId), await table(VpcId), await gateway(VpcId)];
    const [web, database] = [await group(VpcId), await group(VpcId, 'Database')];
    const { InstanceId } = await run(undefined, {
      UserData: base64("#!/bin/bash\necho 'SALESREPORT READY' > /dev/console"),
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId, PrivateIpAddress: '10.0.0.10', Groups: [database], AssociatePublicIpAddress: true },
      ],
    });
    const screen = async () =>
      Buffer.from((await call('GetConsoleOutput', { InstanceId, Latest: true })).Output!, 'base64').toString();
    const from = { subnetId: SubnetId, groupIds: [web] };
    expect(world.ec2.findHost('10.0.0.10', from)).toBeUndefined();
    await clock.sleep(minute);
    expect(await screen()).toContain('Amazon Linux');
    await clock.sleep(minute);
    expect(await screen()).not.toContain('SALESREPORT READY');
    await call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
    await call('AssociateRouteTable', { RouteTableId, SubnetId });
    expect(await screen()).toContain('SALESREPORT READY');

    world.ec2.instances.get(InstanceId!).failure = 'SALESREPORT FAILED packages, trying again';
    expect(world.ec2.findHost('10.0.0.10', from)?.database).toBeUndefined();
    expect(await screen()).toMatch(/SALESREPORT FAILED packages, trying again\n$/);
    delete world.ec2.instances.get(InstanceId!).failure;

    const host = () => world.ec2.findHost('10.0.0.10', from);
    expect([host()?.database !== undefined, host()?.admits(3306)]).toEqual([true, false]);
    await call('AuthorizeSecurityGroupIngress', { GroupId: database, IpPermissions: [tcp(3306, { GroupId: web })] });
    expect([host()?.admits(3306), host()?.admits(22)]).toEqual([true, false]);
    expect(world.ec2.findHost('10.0.0.10', { ...from, subnetId: await subnet(await vpc()) })).toBeUndefined();
  });
});

it('an instance profile is usable some seconds after its creation, and only with a role', async () => {
  const profiles: Record<string, { createdAt: number; roles: string[]; arn: string }> = {};
  const iam = { instanceProfile: (name: string) => profiles[name] } as WorldOptions['iam'];
  const { call, refusal, clock, vpc, subnet, run, instance } = openCloud({ iam });
  const SubnetId = await subnet(await vpc());
  const arn = 'arn:aws:iam::123456789012:instance-profile/host';
  const launch = {
    ImageId: arm,
    InstanceType: 't4g.micro',
    MinCount: 1,
    MaxCount: 1,
    SubnetId,
    IamInstanceProfile: { Name: 'host' },
  } as const;
  profiles.host = { createdAt: clock.now(), roles: [], arn };
  expect(await refusal('RunInstances', launch)).toContain('Invalid IAM Instance Profile name');
  await clock.sleep(minute);
  expect(await refusal('RunInstances', launch)).toContain('has no associated IAM Roles');
  profiles.host.roles = ['hostRole'];
  const { InstanceId } = await run(SubnetId, launch);
  expect((await instance(InstanceId!)).IamInstanceProfile?.Arn).toBe(arn);
  expect((await call('RunInstances', { ...launch, IamInstanceProfile: { Arn: arn } })).Instances).toHaveLength(1);
});

it('the inventory lists everything with its state and tags', async () => {
  const { call, clock, world, vpc, subnet, gateway, address, nat, run } = openCloud();
  const VpcId = await vpc();
  await gateway(VpcId);
  const SubnetId = await subnet(VpcId);
  await nat(SubnetId, await address());
  const Tags = [{ Key: 'Name', Value: 'CLI Host' }];
  const { InstanceId } = await run(SubnetId, { TagSpecifications: [{ ResourceType: 'instance', Tags }] });
  const listed = () =>
    world.ec2.inventory(clock.now()).map(({ type, name, state }) => [type, name, state].filter(Boolean).join(' '));
  const nested = [
    'vpc',
    'subnet',
    'internet-gateway attached',
    'natgateway pending',
    'elastic-ip associated',
    'route-table',
  ];
  expect(listed()).toEqual([
    ...nested,
    'security-group default',
    expect.stringMatching(/^network-interface Interface for NAT Gateway nat-\w+ in-use$/),
    'network-interface in-use',
    'instance CLI Host pending',
    'volume',
  ]);
  await call('TerminateInstances', { InstanceIds: [InstanceId!] });
  await clock.sleep(minute);
  expect(listed().slice(-2)).toEqual([expect.stringContaining('NAT'), 'instance CLI Host terminated']);
});

describe('an endpoint', () => {
  it('is pending, available, deleting, gone, and moves between tables', async () => {
    const { call, refusal, clock, vpc, table } = openCloud();
    const VpcId = await vpc();
    const [one, two] = [await table(VpcId), await table(VpcId)];
    const { VpcEndpoint } = await call('CreateVpcEndpoint', {
      VpcId,
      ServiceName: 'com.amazonaws.eu-west-1.s3',
      RouteTableIds: [one],
    });
    const VpcEndpointId = VpcEndpoint!.VpcEndpointId!;
    const described = async () =>
      (await call('DescribeVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] })).VpcEndpoints![0]!;
    expect(await described()).toMatchObject({ State: 'pending', RouteTableIds: [one] });
    await clock.sleep(minute);
    await call('ModifyVpcEndpoint', { VpcEndpointId, AddRouteTableIds: [two], RemoveRouteTableIds: [one] });
    expect(await described()).toMatchObject({ State: 'available', RouteTableIds: [two] });
    await call('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] });
    expect((await described()).State).toBe('deleting');
    await clock.sleep(minute);
    expect(await refusal('DescribeVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] })).toContain(
      'InvalidVpcEndpointId.NotFound',
    );
  });
});

describe('interfaces of a function', () => {
  it('linger in use after release, then are gone; a second attachment takes them up again', async () => {
    const { call, clock, world, vpc, subnet, group } = openCloud();
    const vpcId = await vpc();
    const subnets = [await subnet(vpcId), await subnet(vpcId, '10.0.16.0/20', 'eu-west-1b')];
    const groups = [await group(vpcId)];
    const Filters = [{ Name: 'interface-type', Values: ['lambda'] }];
    const listed = async () => (await call('DescribeNetworkInterfaces', { Filters })).NetworkInterfaces!;
    world.ec2.attachLambdaInterfaces('extractor', subnets, groups, clock.now());
    const [first, second] = await listed();
    expect(first).toMatchObject({
      Status: 'in-use',
      RequesterManaged: false,
      Attachment: { InstanceOwnerId: 'amazon-aws' },
    });
    expect(first?.Description).toMatch(
      /^AWS Lambda VPC ENI-extractor-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    );

    world.ec2.releaseLambdaInterfaces('extractor', clock.now(), clock.now() + 4 * minute);
    await clock.sleep(2 * minute);
    expect((await listed()).map(({ Status }) => Status)).toEqual(['in-use', 'in-use']);
    world.ec2.attachLambdaInterfaces('extractor', subnets, groups, clock.now());
    await clock.sleep(10 * minute);
    expect((await listed()).map(eni => eni.NetworkInterfaceId)).toEqual([
      first?.NetworkInterfaceId,
      second?.NetworkInterfaceId,
    ]);

    world.ec2.releaseLambdaInterfaces('extractor', clock.now(), clock.now() + 4 * minute);
    await clock.sleep(4 * minute);
    expect(await listed()).toEqual([]);
  });
});
