import type { Address, NatGateway } from '@aws-sdk/client-ec2';
import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { recordOf } from '../aws/owner.ts';
import { Snapshot } from '../aws/snapshot.ts';
import { tagKeys } from '../names.ts';
import { awsResource, type Stack } from '../stack.ts';
import { isOfOurs } from './fixed-addresses.ts';
import { stackNatGateways } from './stack-nat-gateways.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import { natGatewaysIn } from './vpc-contents.ts';

export interface AddressFound extends Tagged {
  publicIp: string;
}

const addressesOf = ({ NatGatewayAddresses = [] }: NatGateway) => NatGatewayAddresses;

/** The NAT gateway's public address. */
export function address(stack: Stack) {
  const { aws, intents, names, owner } = stack;
  const id = 'address.nat';
  const name = `${names.vpc} NAT`;
  const resource = awsResource<AddressFound, Record<never, never>>({
    id,
    title: 'Address of the NAT gateway',
    wanted: true,
    needsIntent: true,
    needs: {},
    operations: { create: ['ec2:AllocateAddress'], update: [], remove: ['ec2:ReleaseAddress'] },
    durations: { remove: ['address.freed'] },
    billableItems: () => [{ item: 'publicAddress', amount: 1 }],

    async find(snapshot) {
      const [{ Addresses = [] }, owned, all, { begunAt, awsIds }] = await Promise.all([
        snapshot.read('ec2:DescribeAddresses', {}),
        stackNatGateways(snapshot, stack),
        natGatewaysIn(snapshot, owner),
        intents.recorded(id, snapshot),
      ]);
      // One without its tags is at the fixed address.
      const gateways = owned.filter(({ ours, nobodys }) => ours || nobodys).flatMap(({ thing }) => addressesOf(thing));
      // Deleted by hand it let go of its address, and is listed for an hour.
      const before = all
        .filter(({ State }) => State === 'deleted')
        .flatMap(addressesOf)
        .filter(isOfOurs(stack));
      const held = new Set([...gateways, ...before].map(({ AllocationId }) => AllocationId));
      const isRecorded = ({ AllocationId = '', Tags }: Address) =>
        awsIds.includes(AllocationId) || (begunAt !== undefined && recordOf(Tags)[tagKeys.begun] === String(begunAt));
      // With the stack's tags alone it is somebody's who copied them.
      const candidates = Addresses.filter(one => held.has(one.AllocationId) || isRecorded(one));
      return owner
        .recognise(candidates, { resource: id, name }, ({ AllocationId }) => held.has(AllocationId))
        .sort((a, b) => Number(b.thing.AssociationId !== undefined) - Number(a.thing.AssociationId !== undefined))
        .map(({ thing: { AllocationId = '', PublicIp = '' }, ...owned }) => ({
          awsId: AllocationId,
          ...owned,
          publicIp: PublicIp,
        }));
    },

    async create() {
      const { begunAt } = await intents.recorded(id, new Snapshot(aws));
      const begun = begunAt === undefined ? [] : [{ Key: tagKeys.begun, Value: String(begunAt) }];
      const [tags] = owner.ec2Tags('elastic-ip', id, name);
      const { AllocationId, PublicIp = '' } = await aws.call('ec2:AllocateAddress', {
        Domain: 'vpc',
        TagSpecifications: [{ ...tags!, Tags: [...tags!.Tags, ...begun] }],
      });
      await intents.remember(id, [AllocationId!]);
      return { awsId: AllocationId!, ours: true, publicIp: PublicIp };
    },

    async remove({ awsId }) {
      await unlessNotFound(aws.call('ec2:ReleaseAddress', { AllocationId: awsId }));
      await intents.remember(id, []);
    },

    ask: ({ awsId }) =>
      ask(aws, 'ec2:DescribeAddresses', { AllocationIds: [awsId] }, awsId, ({ Addresses }) =>
        Addresses?.[0] ? 'allocated' : undefined,
      ),
  });
  return tagged(stack, ec2Tagging(stack, name), resource);
}
