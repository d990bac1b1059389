import type { Vpc } from '@aws-sdk/client-ec2';
import { Problem } from '../../problem.ts';
import { type Owner, recordOf } from '../aws/owner.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import type { Stack } from '../stack.ts';

/** The VPCs that carry a stack's tags: its own, and those to which somebody copied them. */
export interface StackVpcs {
  own?: Vpc;
  others: Vpc[];
}

/**
 * What was found in this run: a VPC stays the stack's when its subnets have gone, and another does not become it when
 * the stack's has gone.
 */
interface Judged {
  own?: string | undefined;
  others: Set<string>;
}
const judged = new WeakMap<Owner, Judged>();

/**
 * Says what the stack's VPC is: everything in a VPC is the stack's only inside it. Of two with the stack's tags it is
 * the one that holds the stack's subnets. Throws Problem `two-vpcs`, which names them, where that does not tell, and
 * where the only one holds subnets of somebody else alone.
 */
export async function stackVpcs(snapshot: Snapshot, owner: Owner): Promise<StackVpcs> {
  const { Vpcs } = await snapshot.read('ec2:DescribeVpcs', { Filters: owner.filters });
  const tagged = owner.select(Vpcs, 'vpc');
  const memory = judged.get(owner) ?? { others: new Set<string>() };
  judged.set(owner, memory);
  const candidates = tagged.filter(({ VpcId = '' }) => !memory.others.has(VpcId));
  const own = candidates.find(({ VpcId }) => VpcId === memory.own) ?? (await chosen(snapshot, owner, candidates));
  const others = tagged.filter(one => one !== own);
  memory.own = own?.VpcId;
  for (const { VpcId = '' } of others) memory.others.add(VpcId);
  return own ? { own, others } : { others };
}

/** The stack's VPC; undefined where there is none. Throws Problem `two-vpcs`. */
export const stackVpc = async (snapshot: Snapshot, owner: Owner): Promise<Vpc | undefined> =>
  (await stackVpcs(snapshot, owner)).own;

async function chosen(snapshot: Snapshot, owner: Owner, vpcs: readonly Vpc[]): Promise<Vpc | undefined> {
  if (vpcs.length === 0) return undefined;
  const ids = vpcs.map(({ VpcId = '' }) => VpcId);
  const { Subnets = [] } = await snapshot.read('ec2:DescribeSubnets', { Filters: [{ Name: 'vpc-id', Values: ids }] });
  const inside = ({ VpcId, Tags }: Vpc) => {
    const { Name = '' } = recordOf(Tags);
    const subnets = Subnets.filter(one => one.VpcId === VpcId).map(one => recordOf(one.Tags));
    // One that has lost its tags is recognised by its name.
    const own = subnets.filter(tags => owner.of(tags).ours || (Name && tags.Name?.startsWith(`${Name} `)));
    return { subnets: subnets.length, own: own.length };
  };
  const [only] = vpcs;
  if (
    vpcs.length === 1 &&
    (inside(only!).own > 0 || inside(only!).subnets === 0 || (await holdsOurs(snapshot, owner, ids[0]!)))
  )
    return only;
  const holding = vpcs.filter(one => inside(one).own > 0);
  if (holding.length === 1) return holding[0];
  throw new Problem('two-vpcs', unclearWords(ids, holding.length));
}

/**
 * Whether a VPC has an internet gateway, a route table or a group with the stack's tags: its subnets may be still to be
 * made, or gone already.
 */
async function holdsOurs(snapshot: Snapshot, owner: Owner, vpcId: string): Promise<boolean> {
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const [{ RouteTables = [] }, { SecurityGroups = [] }, { InternetGateways = [] }] = await Promise.all([
    snapshot.read('ec2:DescribeRouteTables', { Filters }),
    snapshot.read('ec2:DescribeSecurityGroups', { Filters }),
    snapshot.read('ec2:DescribeInternetGateways', {}),
  ]);
  const attached = InternetGateways.filter(({ Attachments = [] }) => Attachments.some(({ VpcId }) => VpcId === vpcId));
  const inside = [...RouteTables, ...SecurityGroups].filter(({ VpcId }) => VpcId === vpcId);
  return [...inside, ...attached].some(({ Tags }) => owner.of(recordOf(Tags)).ours);
}

function unclearWords(ids: readonly string[], holding: number): string {
  const names = [...ids].sort().join(' and ');
  const which =
    ids.length === 1
      ? `${names} carries the tags of this stack and holds subnets, but none of the stack's`
      : `${names} carry the tags of this stack, and ${holding === 0 ? 'none' : 'more than one'} of them holds its subnets`;
  return `${which}: remove the tag salesreport:stack from the VPC that is not the stack's, then run the same command again.`;
}

/** Whether the stack's VPC is of the settings' range: then they say where in it everything was put. */
export const isOfSettings = async (
  snapshot: Snapshot,
  { owner, settings }: Pick<Stack, 'owner' | 'settings'>,
): Promise<boolean> => (await stackVpc(snapshot, owner))?.CidrBlock === settings.network.cidr;

/** Whether a VPC holds nothing but what AWS makes with it: a route table, a network ACL and a group. */
export async function isEmpty(snapshot: Snapshot, { VpcId = '' }: Vpc): Promise<boolean> {
  const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
  const [interfaces, subnets, groups, tables, acls, endpoints, gateways] = await Promise.all([
    snapshot.read('ec2:DescribeNetworkInterfaces', { Filters }),
    snapshot.read('ec2:DescribeSubnets', { Filters }),
    snapshot.read('ec2:DescribeSecurityGroups', { Filters }),
    snapshot.read('ec2:DescribeRouteTables', { Filters }),
    snapshot.read('ec2:DescribeNetworkAcls', { Filters }),
    snapshot.read('ec2:DescribeVpcEndpoints', { Filters }),
    snapshot.read('ec2:DescribeInternetGateways', { Filters: [{ Name: 'attachment.vpc-id', Values: [VpcId] }] }),
  ]);
  // An emulator may answer more than it was asked for.
  const isHere = (one: { VpcId?: string }) => one.VpcId === VpcId;
  const others = [
    interfaces.NetworkInterfaces?.filter(isHere),
    subnets.Subnets?.filter(isHere),
    groups.SecurityGroups?.filter(one => isHere(one) && one.GroupName !== 'default'),
    tables.RouteTables?.filter(one => isHere(one) && !one.Associations?.some(({ Main }) => Main)),
    acls.NetworkAcls?.filter(one => isHere(one) && !one.IsDefault),
    endpoints.VpcEndpoints?.filter(isHere),
    gateways.InternetGateways?.filter(({ Attachments = [] }) => Attachments.some(isHere)),
  ];
  return others.every(things => (things ?? []).length === 0);
}
