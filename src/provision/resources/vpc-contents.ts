import type { Filter } from '@aws-sdk/client-ec2';
import type { Look } from '../aws/look.ts';
import type { Owner } from '../aws/owner.ts';
import { stackVpc } from './stack-vpc.ts';

/** What is in the stack's VPC, ours or not. Each kind is one question, however many ask it. */
export const groupsIn = (look: Look, owner: Owner) =>
  within(look, owner, async Filters => (await look.read('ec2:DescribeSecurityGroups', { Filters })).SecurityGroups);

export const subnetsIn = (look: Look, owner: Owner) =>
  within(look, owner, async Filters => (await look.read('ec2:DescribeSubnets', { Filters })).Subnets);

export const routeTablesIn = (look: Look, owner: Owner) =>
  within(look, owner, async Filters => (await look.read('ec2:DescribeRouteTables', { Filters })).RouteTables);

export const endpointsIn = (look: Look, owner: Owner) =>
  within(look, owner, async Filters => (await look.read('ec2:DescribeVpcEndpoints', { Filters })).VpcEndpoints);

export const networkAclsIn = (look: Look, owner: Owner) =>
  within(look, owner, async Filters => (await look.read('ec2:DescribeNetworkAcls', { Filters })).NetworkAcls);

export const natGatewaysIn = (look: Look, owner: Owner) =>
  within(look, owner, async Filter => (await look.read('ec2:DescribeNatGateways', { Filter })).NatGateways);

/**
 * Whatever has an address in the VPC has an interface: instances, NAT gateways, functions, interface endpoints, load
 * balancers.
 */
export const interfacesIn = (look: Look, owner: Owner) =>
  within(
    look,
    owner,
    async Filters => (await look.read('ec2:DescribeNetworkInterfaces', { Filters })).NetworkInterfaces,
  );

async function within<T extends { VpcId?: string }>(
  look: Look,
  owner: Owner,
  ask: (filters: Filter[]) => Promise<T[] | undefined>,
): Promise<T[]> {
  const { VpcId: id } = (await stackVpc(look, owner)) ?? {};
  if (id === undefined) return [];
  const found = (await ask([{ Name: 'vpc-id', Values: [id] }])) ?? [];
  // An emulator may answer more than it was asked for.
  return found.filter(({ VpcId }) => VpcId === id);
}
