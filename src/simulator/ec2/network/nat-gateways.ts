import type { NatGateway as NatGatewayOutput, NatGatewayState } from '@aws-sdk/client-ec2';
import { AwsError, NotSimulated } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { Address, NatGateway, Subnet } from '../records.ts';
import { required } from '../refusals.ts';
import { Tags, tagList, tagsFrom } from '../tags.ts';
import { addressOwner } from './addresses.ts';
import { isAttached, isAttachedTo } from './internet-gateways.ts';
import { takeAddress } from './network-interfaces.ts';
import { isAvailable } from './subnets.ts';

/** AWS lists what was deleted, terminated or has failed for about an hour. */
const shownAfterEnd = 3_600_000;

export function natState(gateway: NatGateway, now: number): NatGatewayState {
  if (gateway.deletion) return now < gateway.deletion.doneAt ? 'deleting' : 'deleted';
  if (now < gateway.settledAt) return 'pending';
  return gateway.failure ? 'failed' : 'available';
}

function describeNatGateway(world: World, gateway: NatGateway): NatGatewayOutput {
  const state = natState(gateway, world.now());
  return {
    NatGatewayId: gateway.id,
    VpcId: gateway.vpcId,
    SubnetId: gateway.subnetId,
    ConnectivityType: 'public',
    State: state,
    CreateTime: new Date(gateway.createdAt),
    ...(gateway.deletion ? { DeleteTime: new Date(gateway.deletion.askedAt) } : {}),
    ...(state === 'failed' ? { FailureCode: gateway.failure?.code, FailureMessage: gateway.failure?.message } : {}),
    NatGatewayAddresses: [
      {
        AllocationId: gateway.allocationId,
        IsPrimary: true,
        ...(gateway.interfaceId
          ? {
              NetworkInterfaceId: gateway.interfaceId,
              PrivateIp: gateway.privateIp,
              PublicIp: gateway.publicIp,
              Status: 'succeeded' as const,
            }
          : {}),
      },
    ],
    Tags: tagList(gateway.tags.asOf(world.now() - world.lag)),
  };
}

/**
 * What will make the gateway fail; CreateNatGateway itself answers well, also while subnet and internet gateway are on
 * their way (gardener/gardener-extension-provider-aws#1397, giantswarm/aws-operator#1234).
 */
function failureOf(world: World, subnet: Subnet, address: Address): NatGateway['failure'] {
  const now = world.now();
  if (!isAvailable(world, subnet))
    return {
      code: 'InvalidSubnetID.NotFound',
      message: `The specified subnet ${subnet.id} does not exist or could not be found.`,
    };
  const gateways = world.ec2.internetGateways.existing();
  if (!gateways.some(gateway => isAttachedTo(gateway, subnet.vpcId) && isAttached(gateway, now)))
    return { code: 'Gateway.NotAttached', message: `Network ${subnet.vpcId} has no Internet gateway attached` };
  if (addressOwner(world.ec2, address))
    return { code: 'Resource.AlreadyAssociated', message: `Elastic IP address [${address.id}] is already associated` };
  return undefined;
}

function makeNatGateway(world: World, subnet: Subnet, address: Address, tags: Tags, wantedIp?: string): NatGateway {
  const { natGateways, quotas, refusing, subnets } = world.ec2;
  if (refusing.natGateways.includes(subnet.zone))
    throw new AwsError('NotAvailableInZone', `Nat Gateway is not available in this availability zone (${subnet.zone})`);
  const inZone = natGateways
    .existing()
    .filter(
      one =>
        subnets.find(one.subnetId)?.zone === subnet.zone && !['failed', 'deleted'].includes(natState(one, world.now())),
    );
  if (inZone.length >= quotas.natGatewaysPerZone)
    throw new AwsError(
      'NatGatewayLimitExceeded',
      `Performing this operation would exceed the limit of ${quotas.natGatewaysPerZone} NAT gateways`,
    );
  const id = world.newId('nat');
  const gateway: NatGateway = {
    id,
    createdAt: world.now(),
    tags,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    allocationId: address.id,
    publicIp: address.publicIp,
    settledAt: world.now() + world.takes('nat.available', id),
    failure: failureOf(world, subnet, address),
  };
  if (gateway.failure) return world.ec2.natGateways.add({ ...gateway, goneAt: gateway.settledAt + shownAfterEnd });
  const eni = world.ec2.interfaces.add({
    id: world.newId('eni'),
    createdAt: world.now(),
    tags: new Tags({}),
    type: 'nat_gateway',
    description: `Interface for NAT Gateway ${id}`,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    privateIp: takeAddress(world, subnet, wantedIp),
    groupIds: [],
    attachment: { id: world.newId('ela-attach'), until: Number.POSITIVE_INFINITY },
    publicIp: address.publicIp,
    elastic: { allocationId: address.id, associationId: world.newId('eipassoc') },
  });
  return world.ec2.natGateways.add({ ...gateway, interfaceId: eni.id, privateIp: eni.privateIp });
}

export const natGateways: Pick<
  SimulatedService<'ec2'>,
  'CreateNatGateway' | 'DescribeNatGateways' | 'DeleteNatGateway'
> = {
  CreateNatGateway: {
    takes: ['SubnetId', 'AllocationId', 'PrivateIpAddress', 'ConnectivityType', 'ClientToken', 'TagSpecifications'],
    run(input, world) {
      if ((input.ConnectivityType ?? 'public') !== 'public')
        throw new NotSimulated(`a ${input.ConnectivityType} NAT gateway`);
      const gateway = world.ec2.tokens.once('CreateNatGateway', input, () =>
        makeNatGateway(
          world,
          world.ec2.subnets.get(required(input.SubnetId, 'SubnetId')),
          world.ec2.addresses.get(required(input.AllocationId, 'AllocationId')),
          new Tags(tagsFrom(input.TagSpecifications, 'natgateway')),
          input.PrivateIpAddress,
        ),
      );
      return { ClientToken: input.ClientToken, NatGateway: describeNatGateway(world, gateway) };
    },
  },
  DescribeNatGateways: {
    takes: ['NatGatewayIds', 'Filter'],
    run(input, world) {
      const rows = world.ec2.natGateways.listed(input.NatGatewayIds).map(gateway => describeNatGateway(world, gateway));
      return {
        NatGateways: filtered(rows, input.Filter, {
          'nat-gateway-id': row => row.NatGatewayId,
          state: row => row.State,
          'subnet-id': row => row.SubnetId,
          'vpc-id': row => row.VpcId,
        }),
      };
    },
  },
  DeleteNatGateway: {
    takes: ['NatGatewayId'],
    run(input, world) {
      const gateway = world.ec2.natGateways.get(required(input.NatGatewayId, 'NatGatewayId'));
      // One that failed stays so until AWS drops it (hashicorp/terraform#9147).
      if (!gateway.deletion && natState(gateway, world.now()) !== 'failed') {
        const doneAt = world.now() + world.takes('nat.deleted', gateway.id);
        gateway.deletion = { askedAt: world.now(), doneAt };
        gateway.goneAt = doneAt + shownAfterEnd;
        const eni = gateway.interfaceId ? world.ec2.interfaces.find(gateway.interfaceId) : undefined;
        if (eni) {
          eni.goneAt = doneAt;
          const address = world.ec2.addresses.find(gateway.allocationId);
          if (address) address.heldUntil = doneAt + world.takes('address.freed', gateway.id);
        }
      }
      return { NatGatewayId: gateway.id };
    },
  },
};
