import type { Filter } from '@aws-sdk/client-ec2';
import type { Owner } from '../aws/owner.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { stackVpc } from './stack-vpc.ts';

/** What is in the stack's VPC, ours or not. Each kind is one question, however many ask it. */
export const groupsIn = (snapshot: Snapshot, owner: Owner) =>
  within(
    snapshot,
    owner,
    async Filters => (await snapshot.read('ec2:DescribeSecurityGroups', { Filters })).SecurityGroups,
  );

export const subnetsIn = (snapshot: Snapshot, owner: Owner) =>
  within(snapshot, owner, async Filters => (await snapshot.read('ec2:DescribeSubnets', { Filters })).Subnets);

export const routeTablesIn = (snapshot: Snapshot, owner: Owner) =>
  within(snapshot, owner, async Filters => (await snapshot.read('ec2:DescribeRouteTables', { Filters })).RouteTables);

export const endpointsIn = (snapshot: Snapshot, owner: Owner) =>
  within(snapshot, owner, async Filters => (await snapshot.read('ec2:DescribeVpcEndpoints', { Filters })).VpcEndpoints);

export const networkAclsIn = (snapshot: Snapshot, owner: Owner) =>
  within(snapshot, owner, async Filters => (await snapshot.read('ec2:DescribeNetworkAcls', { Filters })).NetworkAcls);

export const natGatewaysIn = (snapshot: Snapshot, owner: Owner) =>
  within(snapshot, owner, async Filter => (await snapshot.read('ec2:DescribeNatGateways', { Filter })).NatGateways);

/**
 * Whatever has an address in the VPC has an interface: instances, NAT gateways, functions, interface endpoints, load
 * balancers.
 */
export const interfacesIn = (snapshot: Snapshot, owner: Owner) =>
  within(
    snapshot,
    owner,
    async Filters => (await snapshot.read('ec2:DescribeNetworkInterfaces', { Filters })).NetworkInterfaces,
  );

async function within<T extends { VpcId?: string }>(
  snapshot: Snapshot,
  owner: Owner,
  ask: (filters: Filter[]) => Promise<T[] | undefined>,
): Promise<T[]> {
  const { VpcId: id } = (await stackVpc(snapshot, owner)) ?? {};
  if (id === undefined) return [];
  const found = (await ask([{ Name: 'vpc-id', Values: [id] }])) ?? [];
  // An emulator may answer more than it was asked for.
  return found.filter(({ VpcId }) => VpcId === id);
}
