import { type Owner, recordOf } from '../aws/owner.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { stackVpcs } from '../resources/stack-vpc.ts';
import { endpointsIn, groupsIn, natGatewaysIn, routeTablesIn, subnetsIn } from '../resources/vpc-contents.ts';
import type { Stack } from '../stack.ts';

/** What carries the stack's tags and is not the stack's: somebody copied them. It is named, never changed. */
export interface Foreign {
  kind: string;
  awsId: string;
  /** The resource that its tags name: `host.database`. */
  id: string;
  /** As a part of a sentence: `which carries the stack's tags and is in vpc-0a1b, not in the stack's VPC`. */
  owner: string;
}

/**
 * What carries the stack's tags and is not the stack's, wherever the questions of a survey show it: instances,
 * addresses, internet gateways and VPCs of the account, and all that is in the stack's VPC. `own` are the AWS ids of
 * what is the stack's. Asks for nothing that a survey does not ask.
 */
export async function findForeign(stack: Stack, snapshot: Snapshot, own: ReadonlySet<string>): Promise<Foreign[]> {
  const { owner } = stack;
  const [vpcs, inside, { InternetGateways = [] }, { Reservations = [] }, { Addresses = [] }] = await Promise.all([
    stackVpcs(snapshot, owner),
    insideOf(snapshot, owner),
    snapshot.read('ec2:DescribeInternetGateways', {}),
    snapshot.read('ec2:DescribeInstances', { Filters: owner.filters }),
    snapshot.read('ec2:DescribeAddresses', {}),
  ]);
  const tagged = "which carries the stack's tags and is";
  const beside = `${tagged} in its VPC beside the one that serves it`;
  const elsewhere = (vpcId: string) => `${tagged} in ${vpcId}, not in the stack's VPC`;
  const instances = Reservations.flatMap(({ Instances = [] }) => Instances)
    .filter(({ VpcId, State }) => VpcId !== undefined && State?.Name !== 'terminated')
    .map(one => ({
      kind: 'instance',
      awsId: one.InstanceId,
      tags: one.Tags,
      owner: one.VpcId === vpcs.own?.VpcId ? beside : elsewhere(one.VpcId!),
    }));
  const gateways = InternetGateways.map(one => ({
    kind: 'internet gateway',
    awsId: one.InternetGatewayId,
    tags: one.Tags,
    owner: one.Attachments?.[0]?.VpcId
      ? elsewhere(one.Attachments[0].VpcId)
      : `${tagged} attached to no VPC, not recorded as the stack's`,
  }));
  const addresses = Addresses.map(one => ({
    kind: 'address',
    awsId: one.AllocationId,
    tags: one.Tags,
    owner: `${tagged} ${one.AssociationId ? 'associated with something else' : 'free'}, not recorded as the stack's`,
  }));
  const others = vpcs.others.map(one => ({
    kind: 'VPC',
    awsId: one.VpcId,
    tags: one.Tags,
    owner: `${tagged} not the one that holds its subnets`,
  }));
  return [
    ...instances,
    ...inside.map(one => ({ ...one, owner: beside })),
    ...gateways,
    ...addresses,
    ...others,
  ].flatMap(({ kind, awsId = '', tags: list, owner: words }) => {
    const tags = recordOf(list);
    if (own.has(awsId) || !owner.of(tags).ours) return [];
    return [{ kind, awsId, id: tags['salesreport:resource'] ?? kind, owner: words }];
  });
}

/** What is in the stack's VPC and does not end by itself. */
async function insideOf(snapshot: Snapshot, owner: Owner) {
  const [subnets, groups, tables, endpoints, natGateways] = await Promise.all([
    subnetsIn(snapshot, owner),
    groupsIn(snapshot, owner),
    routeTablesIn(snapshot, owner),
    endpointsIn(snapshot, owner),
    natGatewaysIn(snapshot, owner),
  ]);
  const lives = (state: string | undefined) => !['deleting', 'deleted', 'failed'].includes((state ?? '').toLowerCase());
  return [
    ...subnets.map(one => ({ kind: 'subnet', awsId: one.SubnetId, tags: one.Tags })),
    ...groups.map(one => ({ kind: 'security group', awsId: one.GroupId, tags: one.Tags })),
    ...tables.map(one => ({ kind: 'route table', awsId: one.RouteTableId, tags: one.Tags })),
    ...endpoints
      .filter(({ State }) => lives(State))
      .map(one => ({ kind: 'endpoint', awsId: one.VpcEndpointId, tags: one.Tags })),
    ...natGateways
      .filter(({ State }) => lives(State))
      .map(one => ({ kind: 'NAT gateway', awsId: one.NatGatewayId, tags: one.Tags })),
  ];
}
