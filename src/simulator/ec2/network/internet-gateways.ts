import type { InternetGateway as InternetGatewayOutput } from '@aws-sdk/client-ec2';
import { AwsError } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { InternetGateway } from '../records.ts';
import { dependencyViolation, invalidParameter, required } from '../refusals.ts';
import { Tags, tagList, tagsFrom } from '../tags.ts';

export const isAttachedTo = (gateway: InternetGateway, vpcId: string): boolean => gateway.vpcId === vpcId;

/** Whether its attachment has got through to where routes and NAT gateways are made. */
export const isAttached = (gateway: InternetGateway, now: number): boolean =>
  gateway.attachedAt !== undefined && now >= gateway.attachedAt;

function describeInternetGateway(world: World, gateway: InternetGateway): InternetGatewayOutput {
  return {
    InternetGatewayId: gateway.id,
    OwnerId: world.account,
    // The enumeration knows `attached`; an internet gateway's attachment reads `available`.
    Attachments: gateway.vpcId
      ? [{ State: isAttached(gateway, world.now()) ? ('available' as 'attached') : 'attaching', VpcId: gateway.vpcId }]
      : [],
    Tags: tagList(gateway.tags.asOf(world.now() - world.lag)),
  };
}

export const internetGateways: Pick<
  SimulatedService<'ec2'>,
  | 'CreateInternetGateway'
  | 'DescribeInternetGateways'
  | 'AttachInternetGateway'
  | 'DetachInternetGateway'
  | 'DeleteInternetGateway'
> = {
  CreateInternetGateway: {
    takes: ['TagSpecifications'],
    run(input, world) {
      const tags = new Tags(tagsFrom(input.TagSpecifications, 'internet-gateway'));
      if (world.ec2.internetGateways.existing().length >= world.ec2.quotas.internetGateways)
        throw new AwsError('InternetGatewayLimitExceeded', 'The maximum number of internet gateways has been reached.');
      const gateway = world.ec2.internetGateways.add({ id: world.newId('igw'), createdAt: world.now(), tags });
      return { InternetGateway: describeInternetGateway(world, gateway) };
    },
  },
  DescribeInternetGateways: {
    takes: ['InternetGatewayIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.internetGateways
        .listed(input.InternetGatewayIds)
        .map(gateway => describeInternetGateway(world, gateway));
      return {
        InternetGateways: filtered(rows, input.Filters, {
          'attachment.state': row => row.Attachments?.map(({ State }) => State),
          'attachment.vpc-id': row => row.Attachments?.map(({ VpcId }) => VpcId),
          'internet-gateway-id': row => row.InternetGatewayId,
          'owner-id': row => row.OwnerId,
        }),
      };
    },
  },
  AttachInternetGateway: {
    takes: ['InternetGatewayId', 'VpcId'],
    run(input, world) {
      const gateway = world.ec2.internetGateways.get(required(input.InternetGatewayId, 'InternetGatewayId'));
      const vpc = world.ec2.vpcs.get(required(input.VpcId, 'VpcId'));
      if (gateway.vpcId)
        throw new AwsError(
          'Resource.AlreadyAssociated',
          `resource ${gateway.id} is already attached to network ${gateway.vpcId}`,
        );
      if (world.ec2.internetGateways.existing().some(other => isAttachedTo(other, vpc.id)))
        throw invalidParameter(`Network ${vpc.id} already has an internet gateway attached`);
      gateway.vpcId = vpc.id;
      gateway.attachedAt = world.now() + world.takes('gateway.attached', gateway.id, vpc.id);
      return {};
    },
  },
  DetachInternetGateway: {
    takes: ['InternetGatewayId', 'VpcId'],
    run(input, world) {
      const gateway = world.ec2.internetGateways.get(required(input.InternetGatewayId, 'InternetGatewayId'));
      const vpcId = required(input.VpcId, 'VpcId');
      if (!isAttachedTo(gateway, vpcId))
        throw new AwsError('Gateway.NotAttached', `resource ${gateway.id} is not attached to network ${vpcId}`);
      if (world.ec2.interfaces.existing().some(eni => eni.vpcId === vpcId && eni.publicIp))
        throw dependencyViolation(
          `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
        );
      delete gateway.vpcId;
      delete gateway.attachedAt;
      return {};
    },
  },
  DeleteInternetGateway: {
    takes: ['InternetGatewayId'],
    run(input, world) {
      const gateway = world.ec2.internetGateways.get(required(input.InternetGatewayId, 'InternetGatewayId'));
      if (gateway.vpcId)
        throw dependencyViolation(`The internetGateway '${gateway.id}' has dependencies and cannot be deleted.`);
      world.ec2.internetGateways.remove(gateway);
      return {};
    },
  },
};
