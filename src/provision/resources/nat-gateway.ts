import { ask } from '../aws/ask.ts';
import { createWithToken } from '../aws/client-token.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { ready } from '../engine/resource.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import type { AddressFound } from './address.ts';
import { natGatewayAddress } from './fixed-addresses.ts';
import type { InternetGatewayFound } from './internet-gateway.ts';
import { ended, stackNatGateways } from './stack-nat-gateways.ts';
import type { SubnetFound } from './subnet.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import type { VpcFound } from './vpc.ts';
import { inZones } from './zones.ts';

export interface NatGatewayFound extends Tagged {
  state: string;
  failure?: string;
  /** Allocation ids. */
  addresses?: string[];
}

/** What is answered for one that failed: it has neither address nor interface, and costs nothing. */
const forgotten = 'failed; AWS forgets it within the hour';

/**
 * The way out of the private subnets. It needs the internet gateway attached, or AWS makes one that fails
 * (`Gateway.NotAttached`).
 */
export function natGateway(
  stack: Stack,
  needs: {
    vpc: AwsResource<VpcFound>;
    subnet: AwsResource<SubnetFound>;
    address: AwsResource<AddressFound>;
    internetGateway: AwsResource<InternetGatewayFound>;
  },
) {
  const { aws, intents, names, owner } = stack;
  const id = 'nat-gateway';
  const resource = awsResource<NatGatewayFound, typeof needs>({
    id,
    title: 'NAT gateway',
    wanted: true,
    needs,
    operations: { create: ['ec2:CreateNatGateway', 'ec2:CreateTags'], update: [], remove: ['ec2:DeleteNatGateway'] },
    durations: { create: ['nat.available'], remove: ['nat.deleted'] },
    billableItems: found => (found?.state === 'failed' ? [] : [{ item: 'natGateway', amount: 1 }]),

    async find(snapshot) {
      const found = (await stackNatGateways(snapshot, stack))
        .map(({ thing: { NatGatewayId = '', State = '', FailureMessage, NatGatewayAddresses = [] }, ...owned }) => ({
          awsId: NatGatewayId,
          ...owned,
          state: State,
          failure: FailureMessage,
          addresses: NatGatewayAddresses.flatMap(({ AllocationId }) => AllocationId ?? []),
        }))
        .sort((a, b) => Number(ended.includes(a.state)) - Number(ended.includes(b.state)));
      // With one in use the failed are of no interest: they hold nothing, and AWS drops them.
      return found.filter(({ state }, index) => index === 0 || state !== 'failed');
    },

    create({ vpc, subnet, address }) {
      return createWithToken(stack, vpc, this, async ClientToken => {
        const { NatGateway = {} } = await inZones([subnet.zone], ['subnet.public-a'], () =>
          aws.call('ec2:CreateNatGateway', {
            SubnetId: subnet.awsId,
            AllocationId: address.awsId,
            PrivateIpAddress: natGatewayAddress(stack),
            ClientToken,
            TagSpecifications: owner.ec2Tags('natgateway', id, names.vpc),
          }),
        );
        if (ended.includes(NatGateway.State ?? '')) return 'dead';
        intents.forget('address.nat');
        return { awsId: NatGateway.NatGatewayId!, ours: true, state: NatGateway.State ?? 'pending' };
      });
    },

    readiness: ({ state, failure }) =>
      state === 'available'
        ? ready
        : ended.includes(state)
          ? { state: 'failed', why: failure ?? `it is ${state}` }
          : { state: 'waiting', why: `the NAT gateway is ${state}` },

    async remove({ awsId, state, addresses = [] }) {
      // AWS drops it by itself within the hour, asked or not (hashicorp/terraform#9147;
      // gardener/gardener-extension-provider-aws#1397).
      if (state === 'failed') return;
      // It is free from then on, and only the lock tells it from another with the same tags.
      await intents.remember('address.nat', addresses);
      await unlessNotFound(aws.call('ec2:DeleteNatGateway', { NatGatewayId: awsId }));
    },

    ask: ({ awsId }) =>
      ask(
        aws,
        'ec2:DescribeNatGateways',
        { NatGatewayIds: [awsId] },
        awsId,
        ({ NatGateways }) => (NatGateways?.[0]?.State === 'failed' ? forgotten : NatGateways?.[0]?.State),
        ['deleted', forgotten],
      ),
  });
  return tagged(stack, ec2Tagging(stack, names.vpc), resource);
}
