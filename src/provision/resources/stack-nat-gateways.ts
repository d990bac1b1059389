import type { NatGateway, RouteTable } from '@aws-sdk/client-ec2';
import { type Owned, recordOf } from '../aws/owner.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { tagKeys } from '../names.ts';
import type { Stack } from '../stack.ts';
import { isOfOurs } from './fixed-addresses.ts';
import { serving } from './serving.ts';
import { isOfSettings } from './stack-vpc.ts';
import { natGatewaysIn, routeTablesIn } from './vpc-contents.ts';

/** In these states a NAT gateway serves nobody. */
export const ended = ['failed', 'deleting', 'deleted'];

/**
 * What is the stack's NAT gateway, and what is in its place: the one at the fixed address comes first, then the one
 * that the private table leads to.
 */
export async function stackNatGateways(snapshot: Snapshot, stack: Stack): Promise<Owned<NatGateway>[]> {
  const { names, owner } = stack;
  const [all, tables, isKnown] = await Promise.all([
    natGatewaysIn(snapshot, owner),
    routeTablesIn(snapshot, owner),
    isOfSettings(snapshot, stack),
  ]);
  // A failed one outlives its VPC in the list.
  const listed = all.filter(({ State }) => State !== 'deleted');
  const hasEnded = ({ State }: NatGateway) => ended.includes(State ?? '');
  const isInPlace = ({ NatGatewayAddresses = [] }: NatGateway) => NatGatewayAddresses.some(isOfOurs(stack));
  const isPrivate = ({ Tags }: RouteTable) =>
    owner.of(recordOf(Tags)).ours && recordOf(Tags)[tagKeys.resource] === 'route-table.private';
  const isRouted = ({ NatGatewayId }: NatGateway) =>
    tables.some(
      table =>
        isPrivate(table) &&
        table.Routes?.some(route => route.NatGatewayId !== undefined && route.NatGatewayId === NatGatewayId),
    );
  const owned = owner.recognise(
    listed,
    { resource: 'nat-gateway', name: names.vpc },
    one => !hasEnded(one) && isInPlace(one),
  );
  return serving(owner, owned, {
    resource: 'nat-gateway',
    idOf: ({ NatGatewayId }) => NatGatewayId,
    hasEnded,
    // One that is being made has no address yet, nor has one that fails.
    isOther: one => isKnown && one.State === 'available' && !isInPlace(one) && !isRouted(one),
    evidence: [isInPlace, isRouted],
  });
}
