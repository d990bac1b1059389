import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { awsResource, type Stack } from '../stack.ts';
import { isOfOurs } from './fixed-addresses.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import { natGatewaysIn } from './vpc-contents.ts';

export interface AddressFound extends Tagged {
  publicIp: string;
}

/** The NAT gateway's public address. */
export function address(stack: Stack) {
  const { aws, names, owner } = stack;
  const id = 'address.nat';
  const name = `${names.vpc} NAT`;
  const resource = awsResource<AddressFound, Record<never, never>>({
    id,
    title: 'Address of the NAT gateway',
    wanted: true,
    noted: true,
    needs: {},
    operations: { create: ['ec2:AllocateAddress'], update: [], remove: ['ec2:ReleaseAddress'] },
    takes: { remove: ['address.freed'] },
    uses: () => [{ item: 'publicAddress', amount: 1 }],

    async find(look) {
      const [{ Addresses }, gateways] = await Promise.all([look.read('ec2:DescribeAddresses', {}), natGatewaysIn(look, owner)]);
      const held = gateways.flatMap(({ NatGatewayAddresses = [] }) => NatGatewayAddresses).filter(isOfOurs(stack));
      return owner
        .recognise(Addresses, { resource: id, name }, ({ AllocationId }) => held.some(one => one.AllocationId === AllocationId))
        .sort((a, b) => Number(b.thing.AssociationId !== undefined) - Number(a.thing.AssociationId !== undefined))
        .map(({ thing: { AllocationId = '', PublicIp = '' }, ...owned }) => ({
          awsId: AllocationId,
          ...owned,
          publicIp: PublicIp,
        }));
    },

    async create() {
      const { AllocationId, PublicIp = '' } = await aws.call('ec2:AllocateAddress', {
        Domain: 'vpc',
        TagSpecifications: owner.ec2Tags('elastic-ip', id, name),
      });
      return { awsId: AllocationId!, ours: true, publicIp: PublicIp };
    },

    async remove({ awsId }) {
      await unlessNotFound(aws.call('ec2:ReleaseAddress', { AllocationId: awsId }));
    },

    ask: ({ awsId }) =>
      ask(aws, 'ec2:DescribeAddresses', { AllocationIds: [awsId] }, awsId, ({ Addresses }) =>
        Addresses?.[0] ? 'allocated' : undefined,
      ),
  });
  return tagged(stack, ec2Tagging(stack, name), resource);
}
