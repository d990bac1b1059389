import type { NetworkInterface as NetworkInterfaceOutput, NetworkInterfaceType } from '@aws-sdk/client-ec2';
import { draw } from '../../../seeded-random.ts';
import { AwsError } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { NetworkInterface, Subnet } from '../records.ts';
import { invalidParameter, required } from '../refusals.ts';
import { tagList } from '../tags.ts';
import { addressNumber, addressText } from './cidr.ts';

/** The first four addresses of a subnet and its last are AWS's own. */
const reservedAtStart = 4;

export function interfacesIn(world: World, subnet: Subnet): NetworkInterface[] {
  return world.ec2.interfaces.existing().filter(({ subnetId }) => subnetId === subnet.id);
}

export const freeAddressCount = (world: World, subnet: Subnet): number =>
  subnet.cidr.size - reservedAtStart - 1 - interfacesIn(world, subnet).length;

/** A private address of the subnet: the one asked for, or a free one anywhere in it, as AWS chooses. */
export function takeAddress(world: World, subnet: Subnet, wanted?: string): string {
  const { base, size, text } = subnet.cidr;
  const taken = new Set(interfacesIn(world, subnet).map(({ privateIp }) => privateIp));
  if (wanted !== undefined) {
    const offset = addressNumber(wanted) - base;
    if (!(offset >= 0 && offset < size))
      throw invalidParameter(`Address ${wanted} does not fall within the subnet's address range`);
    if (offset < reservedAtStart || offset === size - 1)
      throw invalidParameter(`Address ${wanted} is in subnet's reserved address range`);
    if (taken.has(wanted)) throw new AwsError('InvalidIPAddress.InUse', `Address ${wanted} is in use.`);
    return wanted;
  }
  const usable = size - reservedAtStart - 1;
  const start = Math.floor(draw(world.seed, 'address', text, taken.size) * usable);
  for (let step = 0; step < usable; step++) {
    const address = addressText(base + reservedAtStart + ((start + step) % usable));
    if (!taken.has(address)) return address;
  }
  throw new AwsError(
    'InsufficientFreeAddressesInSubnet',
    `The specified subnet does not have enough free addresses to satisfy the request.`,
  );
}

export const isInUse = (world: World, { attachment }: NetworkInterface): boolean =>
  attachment !== undefined && world.now() < attachment.until;

function describeInterface(world: World, eni: NetworkInterface): NetworkInterfaceOutput {
  const inUse = isInUse(world, eni);
  const zone = world.ec2.subnets.find(eni.subnetId)?.zone;
  const association = eni.publicIp && {
    PublicIp: eni.publicIp,
    PublicDnsName: '',
    IpOwnerId: eni.elastic ? world.account : 'amazon',
    ...(eni.elastic ? { AllocationId: eni.elastic.allocationId, AssociationId: eni.elastic.associationId } : {}),
  };
  return {
    NetworkInterfaceId: eni.id,
    // The enumeration says natGateway, the wire nat_gateway.
    InterfaceType: eni.type as NetworkInterfaceType,
    Status: inUse ? 'in-use' : 'available',
    Description: eni.description,
    OwnerId: world.account,
    RequesterId:
      eni.type === 'lambda'
        ? `AROASIMULATED:awslambda_${eni.id}`
        : eni.type === 'nat_gateway'
          ? 'amazon-nat'
          : undefined,
    // False for Lambda's too, which is why a filter on it finds nothing (terraform-provider-aws).
    RequesterManaged: eni.type === 'nat_gateway',
    VpcId: eni.vpcId,
    SubnetId: eni.subnetId,
    AvailabilityZone: zone,
    PrivateIpAddress: eni.privateIp,
    PrivateIpAddresses: [
      { Primary: true, PrivateIpAddress: eni.privateIp, ...(association ? { Association: association } : {}) },
    ],
    ...(association ? { Association: association } : {}),
    Groups: eni.groupIds.map(GroupId => ({ GroupId, GroupName: world.ec2.groups.find(GroupId)?.name })),
    SourceDestCheck: eni.type !== 'nat_gateway',
    Ipv6Addresses: [],
    TagSet: tagList(eni.tags.asOf(world.now() - world.lag)),
    ...(inUse && eni.attachment
      ? {
          Attachment: {
            AttachmentId: eni.attachment.id,
            Status: 'attached',
            DeleteOnTermination: eni.type === 'interface',
            DeviceIndex: eni.type === 'interface' ? 0 : 1,
            ...(eni.attachment.instanceId
              ? { InstanceId: eni.attachment.instanceId, InstanceOwnerId: world.account }
              : { InstanceOwnerId: 'amazon-aws' }),
          },
        }
      : {}),
  };
}

export const networkInterfaces: Pick<
  SimulatedService<'ec2'>,
  'DescribeNetworkInterfaces' | 'DeleteNetworkInterface'
> = {
  DescribeNetworkInterfaces: {
    takes: ['NetworkInterfaceIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.interfaces.listed(input.NetworkInterfaceIds).map(eni => describeInterface(world, eni));
      return {
        NetworkInterfaces: filtered(rows, input.Filters, {
          'association.allocation-id': row => row.Association?.AllocationId,
          'association.public-ip': row => row.Association?.PublicIp,
          'attachment.attachment-id': row => row.Attachment?.AttachmentId,
          'attachment.instance-id': row => row.Attachment?.InstanceId,
          'attachment.instance-owner-id': row => row.Attachment?.InstanceOwnerId,
          'attachment.status': row => row.Attachment?.Status,
          'availability-zone': row => row.AvailabilityZone,
          description: row => row.Description,
          'group-id': row => row.Groups?.map(({ GroupId }) => GroupId),
          'group-name': row => row.Groups?.map(({ GroupName }) => GroupName),
          'interface-type': row => row.InterfaceType,
          'network-interface-id': row => row.NetworkInterfaceId,
          'owner-id': row => row.OwnerId,
          'private-ip-address': row => row.PrivateIpAddress,
          'requester-id': row => row.RequesterId,
          'requester-managed': row => row.RequesterManaged,
          status: row => row.Status,
          'subnet-id': row => row.SubnetId,
          'vpc-id': row => row.VpcId,
        }),
      };
    },
  },
  DeleteNetworkInterface: {
    takes: ['NetworkInterfaceId'],
    run(input, world) {
      const eni = world.ec2.interfaces.get(required(input.NetworkInterfaceId, 'NetworkInterfaceId'));
      if (isInUse(world, eni))
        throw new AwsError('InvalidParameterValue', `Network interface '${eni.id}' is currently in use.`);
      world.ec2.interfaces.remove(eni);
      return {};
    },
  },
};
