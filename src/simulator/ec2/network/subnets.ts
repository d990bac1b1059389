import type { Subnet as SubnetOutput } from '@aws-sdk/client-ec2';
import { AwsError } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { Subnet } from '../records.ts';
import { dependencyViolation, invalidParameter, required } from '../refusals.ts';
import { Tags, tagList, tagsFrom } from '../tags.ts';
import { contains, overlap, parseCidr } from './cidr.ts';
import { putBefore } from './network-acls.ts';
import { freeAddressCount, interfacesIn } from './network-interfaces.ts';
import { zonesOf } from './zones.ts';

export const isAvailable = (world: World, subnet: Subnet): boolean => world.now() >= subnet.availableAt;

function describeSubnet(world: World, subnet: Subnet): SubnetOutput {
  return {
    SubnetId: subnet.id,
    SubnetArn: `arn:${world.partition}:ec2:${world.region}:${world.account}:subnet/${subnet.id}`,
    VpcId: subnet.vpcId,
    CidrBlock: subnet.cidr.text,
    AvailabilityZone: subnet.zone,
    AvailableIpAddressCount: freeAddressCount(world, subnet),
    MapPublicIpOnLaunch: subnet.mapsPublicIp,
    AssignIpv6AddressOnCreation: false,
    DefaultForAz: false,
    Ipv6CidrBlockAssociationSet: [],
    OwnerId: world.account,
    State: isAvailable(world, subnet) ? 'available' : 'pending',
    Tags: tagList(subnet.tags.asOf(world.now() - world.lag)),
  };
}

export const subnets: Pick<
  SimulatedService<'ec2'>,
  'CreateSubnet' | 'DescribeSubnets' | 'ModifySubnetAttribute' | 'DeleteSubnet'
> = {
  CreateSubnet: {
    takes: ['VpcId', 'CidrBlock', 'AvailabilityZone', 'TagSpecifications'],
    run(input, world) {
      const vpc = world.ec2.vpcs.get(required(input.VpcId, 'VpcId'));
      const text = required(input.CidrBlock, 'CidrBlock');
      const cidr = parseCidr(text);
      if (!cidr)
        throw invalidParameter(`Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
      if (cidr.prefix < 16 || cidr.prefix > 28 || !contains(vpc.cidr, cidr))
        throw new AwsError('InvalidSubnet.Range', `The CIDR '${text}' is invalid.`);
      const zone = input.AvailabilityZone ?? zonesOf(world.region)[0]!;
      const open = zonesOf(world.region).filter(one => !world.ec2.refusing.subnets.includes(one));
      if (!open.includes(zone))
        throw invalidParameter(
          `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${open.join(', ')}.`,
        );
      if (world.ec2.subnets.existing().some(subnet => subnet.vpcId === vpc.id && overlap(subnet.cidr, cidr)))
        throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${text}' conflicts with another subnet`);
      const id = world.newId('subnet');
      const subnet = world.ec2.subnets.add({
        id,
        createdAt: world.now(),
        tags: new Tags(tagsFrom(input.TagSpecifications, 'subnet')),
        vpcId: vpc.id,
        cidr,
        zone,
        mapsPublicIp: false,
        availableAt: world.now() + world.takes('subnet.available', id),
      });
      putBefore(world, world.ec2.networkAcls.existing().find(acl => acl.vpcId === vpc.id && acl.isDefault)!, subnet);
      return { Subnet: describeSubnet(world, subnet) };
    },
  },
  DescribeSubnets: {
    takes: ['SubnetIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.subnets.listed(input.SubnetIds).map(subnet => describeSubnet(world, subnet));
      return {
        Subnets: filtered(rows, input.Filters, {
          'availability-zone': row => row.AvailabilityZone,
          'cidr-block': row => row.CidrBlock,
          'map-public-ip-on-launch': row => row.MapPublicIpOnLaunch,
          'owner-id': row => row.OwnerId,
          state: row => row.State,
          'subnet-id': row => row.SubnetId,
          'vpc-id': row => row.VpcId,
        }),
      };
    },
  },
  ModifySubnetAttribute: {
    takes: ['SubnetId', 'MapPublicIpOnLaunch'],
    run(input, world) {
      const subnet = world.ec2.subnets.get(required(input.SubnetId, 'SubnetId'));
      subnet.mapsPublicIp = required(input.MapPublicIpOnLaunch?.Value, 'MapPublicIpOnLaunch.Value');
      return {};
    },
  },
  DeleteSubnet: {
    takes: ['SubnetId'],
    run(input, world) {
      const subnet = world.ec2.subnets.get(required(input.SubnetId, 'SubnetId'));
      if (interfacesIn(world, subnet).length > 0)
        throw dependencyViolation(`The subnet '${subnet.id}' has dependencies and cannot be deleted.`);
      for (const table of world.ec2.routeTables.existing())
        table.associations = table.associations.filter(({ subnetId }) => subnetId !== subnet.id);
      for (const acl of world.ec2.networkAcls.existing())
        acl.associations = acl.associations.filter(({ subnetId }) => subnetId !== subnet.id);
      world.ec2.subnets.remove(subnet);
      return {};
    },
  },
};
