import { expect } from 'vitest';
import {
  addEgressOnlyGateway,
  attachVpnGateway,
  joinServiceNetwork,
  peer,
} from '../../../src/simulator/ec2/network/attachments.ts';
import { newNetworkAcl } from '../../../src/simulator/ec2/network/network-acls.ts';
import type { Attached, Vpc } from '../../../src/simulator/ec2/records.ts';
import type { Things } from '../../../src/simulator/ec2/things.ts';
import type { World } from '../../../src/simulator/world.ts';
import { minute, second } from '../account.ts';
import { tcp } from '../ec2/cloud.ts';
import { ask, FunctionName, groupHeld, held, inUse, mapped, place, type Reason, type Reasons } from './stage.ts';

/** The VPC is held by what somebody has attached to it by hand. */
const attached =
  (attach: (world: World, vpc: Vpc) => Attached, kind: 'vpnGateways' | 'egressOnlyGateways' | 'peerings'): Reason =>
  async cloud => {
    const VpcId = await cloud.vpc();
    const { ec2 } = cloud.world;
    const one = attach(cloud.world, ec2.vpcs.get(VpcId));
    const until = [async () => (ec2[kind] as Things<Attached>).remove(one)];
    return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
  };

/** Each reason of AWS to refuse a deletion, by the operation that is refused. */
export const ec2Reasons: Reasons = {
  'ec2:DeleteSecurityGroup': {
    'an instance carries it, until that is terminated': async cloud => {
      const { GroupId, host } = await place(cloud);
      const { end, gone } = await host();
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until: [end, gone] };
    },
    'a function has interfaces with it, until Lambda has let go of them': async cloud => {
      const { GroupId, reporter } = await place(cloud);
      const { end } = await reporter();
      const until = [end, () => cloud.wait(2 * minute), () => cloud.wait(3 * minute)];
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until };
    },
    'an interface endpoint has it, until that is gone': async cloud => {
      const { GroupId, end, gone } = (await place(cloud)).guest();
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until: [end, gone] };
    },
    'a rule of another group lets it in': async cloud => {
      const { VpcId, GroupId } = await place(cloud);
      const other = { GroupId: await cloud.group(VpcId, 'Database'), IpPermissions: [tcp(3306, { GroupId })] };
      await cloud.call('ec2:AuthorizeSecurityGroupIngress', other);
      const until = [() => cloud.call('ec2:RevokeSecurityGroupIngress', other)];
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until };
    },
    'a rule of another group lets out to it': async cloud => {
      const { VpcId, GroupId } = await place(cloud);
      const other = { GroupId: await cloud.group(VpcId, 'Database'), IpPermissions: [tcp(3306, { GroupId })] };
      await cloud.call('ec2:AuthorizeSecurityGroupEgress', other);
      const until = [() => cloud.call('ec2:RevokeSecurityGroupEgress', other)];
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until };
    },
    'a rule of the default group names it': async cloud => {
      const { GroupId } = await place(cloud);
      const { id } = cloud.world.ec2.groups.existing().find(({ name }) => name === 'default')!;
      const other = { GroupId: id, IpPermissions: [tcp(22, { GroupId })] };
      await cloud.call('ec2:AuthorizeSecurityGroupIngress', other);
      const until = [() => cloud.call('ec2:RevokeSecurityGroupIngress', other)];
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal: groupHeld(GroupId), until };
    },
    'it is the default group': async cloud => {
      await cloud.vpc();
      const GroupId = cloud.world.ec2.groups.existing()[0]!.id;
      const refusal = `CannotDelete: the specified group: "${GroupId}" name: "default" cannot be deleted by a user`;
      return { remove: ask('ec2:DeleteSecurityGroup', { GroupId }), refusal };
    },
  },

  'ec2:DeleteSubnet': {
    'an instance stands in it, until that is terminated': async cloud => {
      const { SubnetId, host } = await place(cloud);
      const { end, gone } = await host();
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until: [end, gone] };
    },
    'a NAT gateway stands in it, until that is deleted': async cloud => {
      const { SubnetId, natGateway } = await place(cloud);
      const { end, gone } = await natGateway();
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until: [end, gone] };
    },
    'a function has an interface in it, until Lambda has let go of that': async cloud => {
      const { SubnetId, reporter } = await place(cloud);
      const { end } = await reporter();
      const until = [end, () => cloud.wait(2 * minute), () => cloud.wait(3 * minute)];
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until };
    },
    'Lambda has left an interface in it, until somebody deletes that': async cloud => {
      const { SubnetId, GroupId, interfaceOf } = await place(cloud);
      const { ec2 } = cloud.world;
      ec2.attachLambdaInterfaces(FunctionName, [SubnetId], [GroupId], cloud.clock.now());
      ec2.releaseLambdaInterfaces(FunctionName, cloud.clock.now(), cloud.clock.now() + minute, { reclaim: false });
      const NetworkInterfaceId = interfaceOf('lambda');
      const until = [
        () => cloud.wait(2 * minute),
        () => cloud.call('ec2:DeleteNetworkInterface', { NetworkInterfaceId }),
      ];
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until };
    },
    'an interface endpoint stands in it, until that is gone': async cloud => {
      const { SubnetId, guest } = await place(cloud);
      const { end, gone } = guest();
      return { remove: ask('ec2:DeleteSubnet', { SubnetId }), refusal: held('subnet', SubnetId), until: [end, gone] };
    },
  },

  'ec2:DetachInternetGateway': {
    'an instance has a public address, until it is terminated': async cloud => {
      const { VpcId, SubnetId } = await place(cloud);
      const InternetGatewayId = await cloud.gateway(VpcId);
      const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId, AssociatePublicIpAddress: true }];
      const InstanceIds = [(await cloud.run(undefined, { NetworkInterfaces })).InstanceId!];
      const until = [() => cloud.call('ec2:TerminateInstances', { InstanceIds }), () => cloud.wait(minute)];
      return { remove: ask('ec2:DetachInternetGateway', { InternetGatewayId, VpcId }), refusal: mapped(VpcId), until };
    },
    'a NAT gateway has an address, until it is deleted': async cloud => {
      const { VpcId, natGateway } = await place(cloud);
      const { InternetGatewayId, end, gone } = await natGateway();
      return {
        remove: ask('ec2:DetachInternetGateway', { InternetGatewayId, VpcId }),
        refusal: mapped(VpcId),
        until: [end, gone],
      };
    },
    'it is not attached': async cloud => {
      const VpcId = await cloud.vpc();
      const InternetGatewayId = (await cloud.call('ec2:CreateInternetGateway', {})).InternetGateway!.InternetGatewayId!;
      const until = [() => cloud.call('ec2:AttachInternetGateway', { InternetGatewayId, VpcId })];
      const refusal = `Gateway.NotAttached: resource ${InternetGatewayId} is not attached to network ${VpcId}`;
      return { remove: ask('ec2:DetachInternetGateway', { InternetGatewayId, VpcId }), refusal, until };
    },
  },

  'ec2:DeleteInternetGateway': {
    'it is attached': async cloud => {
      const VpcId = await cloud.vpc();
      const InternetGatewayId = await cloud.gateway(VpcId);
      const until = [() => cloud.call('ec2:DetachInternetGateway', { InternetGatewayId, VpcId })];
      const refusal = held('internetGateway', InternetGatewayId);
      return { remove: ask('ec2:DeleteInternetGateway', { InternetGatewayId }), refusal, until };
    },
  },

  'ec2:ReleaseAddress': {
    'a NAT gateway has it, and for some seconds after that reads deleted': async cloud => {
      const { natGateway } = await place(cloud);
      const { AllocationId, NatGatewayId, end } = await natGateway();
      const { ec2 } = cloud.world;
      const isDeleted = async () => {
        const { heldUntil } = ec2.addresses.get(AllocationId);
        await cloud.wait(heldUntil - cloud.clock.now() - second);
        expect((await cloud.natState(NatGatewayId)).State).toBe('deleted');
        expect((await cloud.call('ec2:DescribeAddresses', {})).Addresses![0]!.AssociationId).toBeUndefined();
      };
      const refusal = 'AuthFailure: You do not have permission to access the specified resource.';
      const until = [end, isDeleted, () => cloud.wait(second)];
      return { remove: ask('ec2:ReleaseAddress', { AllocationId }), refusal, until };
    },
    'an instance has it': async cloud => {
      const { host, interfaceOf } = await place(cloud);
      await host();
      const AllocationId = await cloud.address();
      const eni = cloud.world.ec2.interfaces.get(interfaceOf('interface'));
      eni.elastic = { allocationId: AllocationId, associationId: 'eipassoc-1' };
      const { publicIp } = cloud.world.ec2.addresses.get(AllocationId);
      const until = [async () => delete eni.elastic];
      const refusal = `InvalidIPAddress.InUse: Address ${publicIp} is in use.`;
      return { remove: ask('ec2:ReleaseAddress', { AllocationId }), refusal, until };
    },
  },

  'ec2:DeleteRouteTable': {
    'a subnet is associated with it': async cloud => {
      const { VpcId, SubnetId } = await place(cloud);
      const RouteTableId = await cloud.table(VpcId);
      const { AssociationId } = await cloud.call('ec2:AssociateRouteTable', { RouteTableId, SubnetId });
      const until = [() => cloud.call('ec2:DisassociateRouteTable', { AssociationId })];
      return {
        remove: ask('ec2:DeleteRouteTable', { RouteTableId }),
        refusal: held('routeTable', RouteTableId),
        until,
      };
    },
    'it is the main one': async cloud => {
      await cloud.vpc();
      const RouteTableId = cloud.world.ec2.routeTables.existing()[0]!.id;
      return { remove: ask('ec2:DeleteRouteTable', { RouteTableId }), refusal: held('routeTable', RouteTableId) };
    },
  },

  'ec2:DisassociateRouteTable': {
    'it is the association of the main one': async cloud => {
      await cloud.vpc();
      const AssociationId = cloud.world.ec2.routeTables.existing()[0]!.associations[0]!.id;
      const refusal = `InvalidParameterValue: cannot disassociate the main route table association ${AssociationId}`;
      return { remove: ask('ec2:DisassociateRouteTable', { AssociationId }), refusal };
    },
  },

  'ec2:DeleteRoute': {
    'it leads to the VPC itself': async cloud => {
      const RouteTableId = await cloud.table(await cloud.vpc());
      const refusal = `InvalidParameterValue: cannot remove local route 10.0.0.0/16 in route table ${RouteTableId}`;
      return { remove: ask('ec2:DeleteRoute', { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' }), refusal };
    },
    'it is that of a gateway endpoint': async cloud => {
      const VpcId = await cloud.vpc();
      const RouteTableId = await cloud.table(VpcId);
      const ServiceName = 'com.amazonaws.eu-west-1.s3';
      await cloud.call('ec2:CreateVpcEndpoint', { VpcId, ServiceName, RouteTableIds: [RouteTableId] });
      const DestinationPrefixListId = 'pl-6da54004';
      const refusal = `InvalidParameterValue: cannot remove VPC endpoint route ${DestinationPrefixListId} in route table ${RouteTableId}`;
      return { remove: ask('ec2:DeleteRoute', { RouteTableId, DestinationPrefixListId }), refusal };
    },
  },

  'ec2:DeleteVpc': {
    'a subnet is in it': async cloud => {
      const VpcId = await cloud.vpc();
      const SubnetId = await cloud.subnet(VpcId);
      const until = [() => cloud.call('ec2:DeleteSubnet', { SubnetId })];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'a group that is not its own is in it': async cloud => {
      const VpcId = await cloud.vpc();
      const GroupId = await cloud.group(VpcId);
      const until = [() => cloud.call('ec2:DeleteSecurityGroup', { GroupId })];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'a route table that is not its own is in it': async cloud => {
      const VpcId = await cloud.vpc();
      const RouteTableId = await cloud.table(VpcId);
      const until = [() => cloud.call('ec2:DeleteRouteTable', { RouteTableId })];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'a network ACL that is not its own is in it': async cloud => {
      const VpcId = await cloud.vpc();
      const { ec2 } = cloud.world;
      const acl = newNetworkAcl(cloud.world, ec2.vpcs.get(VpcId), false);
      const until = [async () => ec2.networkAcls.remove(acl)];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'an internet gateway is attached to it': async cloud => {
      const VpcId = await cloud.vpc();
      const InternetGatewayId = await cloud.gateway(VpcId);
      const until = [() => cloud.call('ec2:DetachInternetGateway', { InternetGatewayId, VpcId })];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'a virtual private gateway is attached to it': attached(attachVpnGateway, 'vpnGateways'),
    'an egress-only internet gateway is attached to it': attached(addEgressOnlyGateway, 'egressOnlyGateways'),
    'it is peered': attached(peer, 'peerings'),
    'a service network of VPC Lattice has it': async cloud => {
      const VpcId = await cloud.vpc();
      const vpc = cloud.world.ec2.vpcs.get(VpcId);
      joinServiceNetwork(vpc);
      const until = [async () => delete vpc.isInServiceNetwork];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'an endpoint is in it, until that is gone': async cloud => {
      const VpcId = await cloud.vpc();
      const { VpcEndpoint } = await cloud.call('ec2:CreateVpcEndpoint', {
        VpcId,
        ServiceName: 'com.amazonaws.eu-west-1.s3',
      });
      const VpcEndpointIds = [VpcEndpoint!.VpcEndpointId!];
      const until = [() => cloud.call('ec2:DeleteVpcEndpoints', { VpcEndpointIds }), () => cloud.wait(minute)];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
    'an interface is in it, though its own group is all that it carries': async cloud => {
      const VpcId = await cloud.vpc();
      const SubnetId = await cloud.subnet(VpcId);
      const { GroupId } = (await cloud.call('ec2:DescribeSecurityGroups', {})).SecurityGroups![0]!;
      await cloud.run(SubnetId, { SecurityGroupIds: [GroupId!] });
      const InstanceIds = cloud.world.ec2.instances.existing().map(({ id }) => id);
      const until = [
        () => cloud.call('ec2:TerminateInstances', { InstanceIds }),
        () => cloud.wait(minute),
        () => cloud.call('ec2:DeleteSubnet', { SubnetId }),
      ];
      return { remove: ask('ec2:DeleteVpc', { VpcId }), refusal: held('vpc', VpcId), until };
    },
  },

  'ec2:DeleteNetworkInterface': {
    'another function with the same groups uses it too': async cloud => {
      const { SubnetId, GroupId } = await place(cloud);
      const { ec2 } = cloud.world;
      for (const name of [FunctionName, 'till'])
        ec2.attachLambdaInterfaces(name, [SubnetId], [GroupId], cloud.clock.now());
      const [{ id: NetworkInterfaceId } = { id: '' }, ...more] = ec2.interfaces.existing();
      expect(more).toEqual([]);
      const release = (name: string) => async () =>
        ec2.releaseLambdaInterfaces(name, cloud.clock.now(), cloud.clock.now() + minute, { reclaim: false });
      const until = [release(FunctionName), () => cloud.wait(60 * minute), release('till'), () => cloud.wait(minute)];
      return {
        remove: ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId }),
        refusal: inUse(NetworkInterfaceId),
        until,
      };
    },
    'an instance has it': async cloud => {
      const { host, interfaceOf } = await place(cloud);
      await host();
      const NetworkInterfaceId = interfaceOf('interface');
      return { remove: ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId }), refusal: inUse(NetworkInterfaceId) };
    },
    'a NAT gateway has it': async cloud => {
      const { natGateway, interfaceOf } = await place(cloud);
      await natGateway();
      const NetworkInterfaceId = interfaceOf('nat_gateway');
      return { remove: ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId }), refusal: inUse(NetworkInterfaceId) };
    },
    'an endpoint has it': async cloud => {
      const { guest, interfaceOf } = await place(cloud);
      guest();
      const NetworkInterfaceId = interfaceOf('vpc_endpoint');
      return { remove: ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId }), refusal: inUse(NetworkInterfaceId) };
    },
    'Lambda holds it, until it is available': async cloud => {
      const { SubnetId, GroupId, interfaceOf } = await place(cloud);
      const { ec2 } = cloud.world;
      ec2.attachLambdaInterfaces(FunctionName, [SubnetId], [GroupId], cloud.clock.now());
      const NetworkInterfaceId = interfaceOf('lambda');
      const release = async () =>
        ec2.releaseLambdaInterfaces(FunctionName, cloud.clock.now(), cloud.clock.now() + minute, { reclaim: false });
      const until = [release, () => cloud.wait(minute)];
      return {
        remove: ask('ec2:DeleteNetworkInterface', { NetworkInterfaceId }),
        refusal: inUse(NetworkInterfaceId),
        until,
      };
    },
  },

  'ec2:TerminateInstances': {
    'one of them is protected': async cloud => {
      const { SubnetId } = await place(cloud);
      const free = (await cloud.run(SubnetId)).InstanceId!;
      const InstanceId = (await cloud.run(SubnetId, { DisableApiTermination: true })).InstanceId!;
      const open = { InstanceId, DisableApiTermination: { Value: false } };
      const until = [() => cloud.call('ec2:ModifyInstanceAttribute', open)];
      const refusal = `OperationNotPermitted: The instance '${InstanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
      return { remove: ask('ec2:TerminateInstances', { InstanceIds: [free, InstanceId] }), refusal, until };
    },
    'one of them is not there': async cloud => {
      const { SubnetId } = await place(cloud);
      const free = (await cloud.run(SubnetId)).InstanceId!;
      const refusal = "InvalidInstanceID.NotFound: The instance ID 'i-0123' does not exist";
      return { remove: ask('ec2:TerminateInstances', { InstanceIds: [free, 'i-0123'] }), refusal };
    },
  },
};
