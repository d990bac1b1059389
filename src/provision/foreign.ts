import type { Look } from './aws/look.ts';
import { recordOf } from './aws/owner.ts';
import { stackVpcs } from './resources/stack-vpc.ts';
import type { Stack } from './stack.ts';

/** What carries the stack's tags and is not the stack's: somebody copied them. It is named, never changed. */
export interface Foreign {
  kind: string;
  awsId: string;
  /** The resource that its tags name: `host.database`. */
  id: string;
  /** As a part of a sentence: `which carries the stack's tags and is in vpc-0a1b, not in the stack's VPC`. */
  owner: string;
}

/** Instances, addresses and VPCs with the stack's tags that are not the stack's; `own` are the AWS ids that are. Asks for nothing that a survey does not ask. */
export async function findForeign(stack: Stack, look: Look, own: ReadonlySet<string>): Promise<Foreign[]> {
  const { owner } = stack;
  const [vpcs, { Reservations = [] }, { Addresses = [] }] = await Promise.all([
    stackVpcs(look, owner),
    look.read('ec2:DescribeInstances', { Filters: owner.filters }),
    look.read('ec2:DescribeAddresses', {}),
  ]);
  const tagged = "which carries the stack's tags and is";
  const elsewhere = (vpcId: string) => `${tagged} in ${vpcId}, not in the stack's VPC`;
  const instances = Reservations.flatMap(({ Instances = [] }) => Instances)
    .filter(({ VpcId, State }) => VpcId !== undefined && VpcId !== vpcs.own?.VpcId && State?.Name !== 'terminated')
    .map(one => ({ kind: 'instance', awsId: one.InstanceId, tags: one.Tags, owner: elsewhere(one.VpcId!) }));
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
  return [...instances, ...addresses, ...others].flatMap(({ kind, awsId = '', tags: list, owner: words }) => {
    const tags = recordOf(list);
    if (own.has(awsId) || !owner.of(tags).ours) return [];
    return [{ kind, awsId, id: tags['salesreport:resource'] ?? kind, owner: words }];
  });
}
