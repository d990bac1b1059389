import type { Address as AddressOutput } from '@aws-sdk/client-ec2';
import { AwsError } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { Address, NetworkInterface } from '../records.ts';
import { invalidParameter, required } from '../refusals.ts';
import type { Ec2World } from '../state.ts';
import { Tags, tagList, tagsFrom } from '../tags.ts';

/** The network interface that carries an address. */
export const addressOwner = (ec2: Ec2World, { id }: Address): NetworkInterface | undefined =>
  ec2.interfaces.existing().find(({ elastic }) => elastic?.allocationId === id);

function describeAddress(world: World, address: Address): AddressOutput {
  const owner = addressOwner(world.ec2, address);
  return {
    AllocationId: address.id,
    PublicIp: address.publicIp,
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: world.region,
    Domain: 'vpc',
    ...(owner
      ? {
          AssociationId: owner.elastic?.associationId,
          NetworkInterfaceId: owner.id,
          NetworkInterfaceOwnerId: world.account,
          PrivateIpAddress: owner.privateIp,
        }
      : {}),
    Tags: tagList(address.tags.asOf(world.now() - world.lag)),
  };
}

export const addresses: Pick<SimulatedService<'ec2'>, 'AllocateAddress' | 'DescribeAddresses' | 'ReleaseAddress'> = {
  AllocateAddress: {
    takes: ['Domain', 'TagSpecifications'],
    run(input, world) {
      if (input.Domain !== undefined && input.Domain !== 'vpc')
        throw invalidParameter(`Invalid value '${input.Domain}' for domain.`);
      const tags = new Tags(tagsFrom(input.TagSpecifications, 'elastic-ip'));
      if (world.ec2.addresses.existing().length >= world.ec2.quotas.addresses)
        throw new AwsError('AddressLimitExceeded', 'The maximum number of addresses has been reached.');
      const publicIp = world.ec2.newPublicIp();
      const address = world.ec2.addresses.add({
        id: world.newId('eipalloc'),
        createdAt: world.now(),
        tags,
        publicIp,
        heldUntil: 0,
      });
      const { AllocationId, PublicIp, PublicIpv4Pool, NetworkBorderGroup, Domain } = describeAddress(world, address);
      return { AllocationId, PublicIp, PublicIpv4Pool, NetworkBorderGroup, Domain };
    },
  },
  DescribeAddresses: {
    takes: ['AllocationIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.addresses.listed(input.AllocationIds).map(address => describeAddress(world, address));
      return {
        Addresses: filtered(rows, input.Filters, {
          'allocation-id': row => row.AllocationId,
          'association-id': row => row.AssociationId,
          domain: row => row.Domain,
          'network-interface-id': row => row.NetworkInterfaceId,
          'private-ip-address': row => row.PrivateIpAddress,
          'public-ip': row => row.PublicIp,
        }),
      };
    },
  },
  ReleaseAddress: {
    takes: ['AllocationId'],
    run(input, world) {
      const address = world.ec2.addresses.get(required(input.AllocationId, 'AllocationId'));
      const owner = addressOwner(world.ec2, address);
      if (owner && owner.type !== 'nat_gateway')
        throw new AwsError('InvalidIPAddress.InUse', `Address ${address.publicIp} is in use.`);
      // With a NAT gateway AWS says this instead of what its manual says, and for a while after it is gone
      // (kubernetes/kops#938).
      if (owner || world.now() < address.heldUntil)
        throw new AwsError('AuthFailure', 'You do not have permission to access the specified resource.', 403);
      world.ec2.addresses.remove(address);
      return {};
    },
  },
};
