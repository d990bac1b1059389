import { describe, expect, it } from 'vitest';
import { minute, openCloud, tcp } from './cloud.ts';

describe('DeleteSecurityGroup', () => {
  it('refuses while an instance carries the group, until that is terminated', async () => {
    const { call, refusal, clock, vpc, subnet, group, run } = openCloud();
    const vpcId = await vpc();
    const web = await group(vpcId);
    const host = await run(await subnet(vpcId), { SecurityGroupIds: [web] });
    expect(await refusal('DeleteSecurityGroup', { GroupId: web })).toBe(
      `DependencyViolation: resource ${web} has a dependent object`,
    );
    await call('TerminateInstances', { InstanceIds: [host.InstanceId!] });
    expect(await refusal('DeleteSecurityGroup', { GroupId: web })).toContain('DependencyViolation');
    await clock.sleep(minute);
    await call('DeleteSecurityGroup', { GroupId: web });
    expect(await refusal('DescribeSecurityGroups', { GroupIds: [web] })).toContain('InvalidGroup.NotFound');
  });

  it('refuses while another group names it', async () => {
    const { call, refusal, vpc, group } = openCloud();
    const vpcId = await vpc();
    const [web, database] = [await group(vpcId), await group(vpcId, 'Database')];
    const IpPermissions = [tcp(3306, { GroupId: web })];
    await call('AuthorizeSecurityGroupIngress', { GroupId: database, IpPermissions });
    expect(await refusal('DeleteSecurityGroup', { GroupId: web })).toContain('DependencyViolation');
    await call('RevokeSecurityGroupIngress', { GroupId: database, IpPermissions });
    await call('DeleteSecurityGroup', { GroupId: web });
  });

  it('lets a group go that names only itself', async () => {
    const { call, vpc, group } = openCloud();
    const web = await group(await vpc());
    await call('AuthorizeSecurityGroupIngress', { GroupId: web, IpPermissions: [tcp(22, { GroupId: web })] });
    await call('DeleteSecurityGroup', { GroupId: web });
  });

  it('refuses while a function of Lambda has interfaces in it', async () => {
    const { call, refusal, clock, world, vpc, subnet, group } = openCloud();
    const vpcId = await vpc();
    const [subnetId, web] = [await subnet(vpcId), await group(vpcId)];
    world.ec2.attachLambdaInterfaces('extractor', [subnetId], [web], clock.now());
    expect(await refusal('DeleteSecurityGroup', { GroupId: web })).toContain('DependencyViolation');
    world.ec2.releaseLambdaInterfaces('extractor', clock.now(), clock.now() + minute);
    expect(await refusal('DeleteSecurityGroup', { GroupId: web })).toContain('DependencyViolation');
    await clock.sleep(minute);
    await call('DeleteSecurityGroup', { GroupId: web });
  });

  it('never deletes the default group', async () => {
    const { call, refusal, vpc } = openCloud();
    const Filters = [{ Name: 'vpc-id', Values: [await vpc()] }];
    const { SecurityGroups } = await call('DescribeSecurityGroups', { Filters });
    expect(await refusal('DeleteSecurityGroup', { GroupId: SecurityGroups![0]!.GroupId })).toContain('CannotDelete');
  });
});

describe('DeleteSubnet', () => {
  it('refuses while an instance stands in it', async () => {
    const { call, refusal, clock, vpc, subnet, run } = openCloud();
    const subnetId = await subnet(await vpc());
    const host = await run(subnetId);
    await call('TerminateInstances', { InstanceIds: [host.InstanceId!] });
    expect(await refusal('DeleteSubnet', { SubnetId: subnetId })).toBe(
      `DependencyViolation: The subnet '${subnetId}' has dependencies and cannot be deleted.`,
    );
    await clock.sleep(minute);
    await call('DeleteSubnet', { SubnetId: subnetId });
  });

  it('refuses while a NAT gateway stands in it, until that is deleted', async () => {
    const { call, refusal, clock, vpc, subnet, gateway, address, nat } = openCloud();
    const vpcId = await vpc();
    await gateway(vpcId);
    const subnetId = await subnet(vpcId);
    const natId = await nat(subnetId, await address());
    await clock.sleep(3 * minute);
    expect(await refusal('DeleteSubnet', { SubnetId: subnetId })).toContain('DependencyViolation');
    await call('DeleteNatGateway', { NatGatewayId: natId });
    expect(await refusal('DeleteSubnet', { SubnetId: subnetId })).toContain('DependencyViolation');
    await clock.sleep(2 * minute);
    await call('DeleteSubnet', { SubnetId: subnetId });
  });

  it('refuses while Lambda has interfaces in it, also those it left behind', async () => {
    const { call, refusal, clock, world, vpc, subnet, group } = openCloud();
    const vpcId = await vpc();
    const subnetId = await subnet(vpcId);
    world.ec2.attachLambdaInterfaces('extractor', [subnetId], [await group(vpcId)], clock.now());
    world.ec2.releaseLambdaInterfaces('extractor', clock.now(), clock.now() + minute, false);
    await clock.sleep(2 * minute);
    expect(await refusal('DeleteSubnet', { SubnetId: subnetId })).toContain('DependencyViolation');
    const Filters = [{ Name: 'description', Values: ['AWS Lambda VPC ENI-extractor-*'] }];
    const [left] = (await call('DescribeNetworkInterfaces', { Filters })).NetworkInterfaces!;
    expect(left?.Status).toBe('available');
    await call('DeleteNetworkInterface', { NetworkInterfaceId: left?.NetworkInterfaceId });
    await call('DeleteSubnet', { SubnetId: subnetId });
  });
});

describe('internet gateways', () => {
  it('are not detached while a running instance has a public address', async () => {
    const { call, refusal, clock, vpc, subnet, gateway, run } = openCloud();
    const VpcId = await vpc();
    const InternetGatewayId = await gateway(VpcId);
    const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId: await subnet(VpcId), AssociatePublicIpAddress: true }];
    const host = await run(undefined as unknown as string, { NetworkInterfaces });
    expect(await refusal('DetachInternetGateway', { InternetGatewayId, VpcId })).toContain('has some mapped public address(es)');
    await call('TerminateInstances', { InstanceIds: [host.InstanceId!] });
    expect(await refusal('DetachInternetGateway', { InternetGatewayId, VpcId })).toContain('DependencyViolation');
    await clock.sleep(minute);
    await call('DetachInternetGateway', { InternetGatewayId, VpcId });
    expect(await refusal('DetachInternetGateway', { InternetGatewayId, VpcId })).toContain('Gateway.NotAttached');
  });

  it('are not detached while a NAT gateway has an address', async () => {
    const { call, refusal, clock, vpc, subnet, gateway, address, nat } = openCloud();
    const VpcId = await vpc();
    const InternetGatewayId = await gateway(VpcId);
    const NatGatewayId = await nat(await subnet(VpcId), await address());
    expect(await refusal('DetachInternetGateway', { InternetGatewayId, VpcId })).toContain('DependencyViolation');
    await call('DeleteNatGateway', { NatGatewayId });
    await clock.sleep(2 * minute);
    await call('DetachInternetGateway', { InternetGatewayId, VpcId });
  });

  it('are not deleted while attached', async () => {
    const { call, refusal, vpc, gateway } = openCloud();
    const VpcId = await vpc();
    const InternetGatewayId = await gateway(VpcId);
    expect(await refusal('DeleteInternetGateway', { InternetGatewayId })).toContain('DependencyViolation');
    await call('DetachInternetGateway', { InternetGatewayId, VpcId });
    await call('DeleteInternetGateway', { InternetGatewayId });
  });
});

describe('ReleaseAddress', () => {
  it('refuses with AuthFailure while a NAT gateway has it and for some seconds after', async () => {
    const { call, refusal, clock, world, vpc, subnet, gateway, address, nat, natState } = openCloud();
    const vpcId = await vpc();
    await gateway(vpcId);
    const AllocationId = await address();
    const natId = await nat(await subnet(vpcId), AllocationId);
    expect(await refusal('ReleaseAddress', { AllocationId })).toBe(
      'AuthFailure: You do not have permission to access the specified resource.',
    );
    await call('DeleteNatGateway', { NatGatewayId: natId });
    const { heldUntil } = world.ec2.addresses.get(AllocationId);
    await clock.sleep(heldUntil - clock.now() - 1500);
    expect((await natState(natId)).State).toBe('deleted');
    expect((await call('DescribeAddresses', {})).Addresses![0]!.AssociationId).toBeUndefined();
    expect(await refusal('ReleaseAddress', { AllocationId })).toContain('AuthFailure');
    await clock.sleep(heldUntil - clock.now());
    await call('ReleaseAddress', { AllocationId });
    expect(await refusal('ReleaseAddress', { AllocationId })).toContain('InvalidAllocationID.NotFound');
  });
});

describe('DeleteRouteTable', () => {
  it('refuses while a subnet is associated', async () => {
    const { call, refusal, vpc, subnet, table } = openCloud();
    const vpcId = await vpc();
    const RouteTableId = await table(vpcId);
    const { AssociationId } = await call('AssociateRouteTable', { RouteTableId, SubnetId: await subnet(vpcId) });
    expect(await refusal('DeleteRouteTable', { RouteTableId })).toContain('DependencyViolation');
    await call('DisassociateRouteTable', { AssociationId });
    await call('DeleteRouteTable', { RouteTableId });
  });

  it('refuses for the main table', async () => {
    const { call, refusal, vpc } = openCloud();
    const Filters = [
      { Name: 'vpc-id', Values: [await vpc()] },
      { Name: 'association.main', Values: ['true'] },
    ];
    const [main] = (await call('DescribeRouteTables', { Filters })).RouteTables!;
    expect(await refusal('DeleteRouteTable', { RouteTableId: main?.RouteTableId })).toContain('DependencyViolation');
    const AssociationId = main?.Associations?.[0]?.RouteTableAssociationId;
    expect(await refusal('DisassociateRouteTable', { AssociationId })).toContain('InvalidParameterValue');
  });
});

describe('DeleteVpc', () => {
  it('refuses while a subnet, group, route table, gateway or endpoint is left, and takes the rest with it', async () => {
    const { call, refusal, clock, world, vpc, subnet, group, table, gateway } = openCloud();
    const VpcId = await vpc();
    const refuses = async () => expect(await refusal('DeleteVpc', { VpcId })).toContain('has dependencies and cannot be deleted');

    const SubnetId = await subnet(VpcId);
    await refuses();
    await call('DeleteSubnet', { SubnetId });

    const GroupId = await group(VpcId);
    await refuses();
    await call('DeleteSecurityGroup', { GroupId });

    const RouteTableId = await table(VpcId);
    await refuses();
    await call('DeleteRouteTable', { RouteTableId });

    const InternetGatewayId = await gateway(VpcId);
    await refuses();
    await call('DetachInternetGateway', { InternetGatewayId, VpcId });

    const { VpcEndpoint } = await call('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3' });
    await refuses();
    await call('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpoint!.VpcEndpointId!] });
    await refuses();
    await clock.sleep(minute);

    await call('DeleteVpc', { VpcId });
    await call('DeleteInternetGateway', { InternetGatewayId });
    expect(world.ec2.inventory(clock.now())).toEqual([]);
  });
});

describe('DeleteNetworkInterface', () => {
  it('refuses while the interface is attached', async () => {
    const { call, refusal, clock, vpc, subnet, gateway, address, nat, run } = openCloud();
    const vpcId = await vpc();
    await gateway(vpcId);
    const subnetId = await subnet(vpcId);
    await run(subnetId);
    await nat(subnetId, await address());
    await clock.sleep(minute);
    const { NetworkInterfaces } = await call('DescribeNetworkInterfaces', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] });
    expect(NetworkInterfaces?.map(eni => eni.InterfaceType)).toEqual(['interface', 'nat_gateway']);
    for (const { NetworkInterfaceId } of NetworkInterfaces!)
      expect(await refusal('DeleteNetworkInterface', { NetworkInterfaceId })).toContain('is currently in use');
  });
});

describe('TerminateInstances', () => {
  it('refuses a protected instance, and all together with a bad id', async () => {
    const { call, refusal, vpc, subnet, run, instance } = openCloud();
    const subnetId = await subnet(await vpc());
    const [guarded, free] = [
      (await run(subnetId, { DisableApiTermination: true })).InstanceId!,
      (await run(subnetId)).InstanceId!,
    ];
    expect(await refusal('TerminateInstances', { InstanceIds: [free, guarded] })).toContain('OperationNotPermitted');
    expect(await refusal('TerminateInstances', { InstanceIds: [free, 'i-0123'] })).toContain('InvalidInstanceID.NotFound');
    expect((await instance(free)).State?.Name).not.toBe('shutting-down');
    await call('ModifyInstanceAttribute', { InstanceId: guarded, DisableApiTermination: { Value: false } });
    const { TerminatingInstances } = await call('TerminateInstances', { InstanceIds: [guarded] });
    expect(TerminatingInstances![0]!.CurrentState).toEqual({ Code: 32, Name: 'shutting-down' });
    await call('TerminateInstances', { InstanceIds: [guarded] });
  });
});

describe('deleting what leaves a trace', () => {
  it('leaves a blackhole where a NAT gateway was, and keeps an endpoint its route', async () => {
    const { call, clock, vpc, subnet, gateway, table, address, nat } = openCloud();
    const VpcId = await vpc();
    await gateway(VpcId);
    const RouteTableId = await table(VpcId);
    const NatGatewayId = await nat(await subnet(VpcId), await address());
    await call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId });
    await call('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3', RouteTableIds: [RouteTableId] });
    await call('DeleteNatGateway', { NatGatewayId });
    await clock.sleep(2 * minute);
    const [{ Routes = [] } = {}] = (await call('DescribeRouteTables', { RouteTableIds: [RouteTableId] })).RouteTables!;
    expect(Routes.map(({ State, Origin }) => `${State} ${Origin}`)).toEqual([
      'active CreateRouteTable',
      'blackhole CreateRoute',
      'active CreateRoute',
    ]);
  });

  it('answers a deletion of unknown endpoints well, and says so within', async () => {
    const { call } = openCloud();
    const { Unsuccessful } = await call('DeleteVpcEndpoints', { VpcEndpointIds: ['vpce-0123'] });
    expect(Unsuccessful?.[0]?.Error?.Code).toBe('InvalidVpcEndpoint.NotFound');
  });
});
