import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { recordOf, type TagList } from '../aws/owner.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { makerOf, whoseWords } from '../aws/whose.ts';
import type { Inventory } from '../engine/inventory.ts';
import { isGuestEndpoint, isGuestGroup } from '../resources/guardduty.ts';
import { ownOfVpc } from '../resources/main-table.ts';
import {
  endpointsIn,
  groupsIn,
  interfacesIn,
  natGatewaysIn,
  networkAclsIn,
  routeTablesIn,
  subnetsIn,
} from '../resources/vpc-contents.ts';
import type { Stack } from '../stack.ts';
import { findForeign } from './foreign.ts';

/** Something in our VPC that is not ours: nothing is done to it, and what it stands in cannot go before it. */
export interface Stranger {
  /** `instance`, `security group`, `subnet`, … */
  kind: string;
  awsId: string;
  /** Its name, where it has one. */
  name?: string;
  /** Whose it looks like, as a part of a sentence: `of stack shop in eu-west-1`, `which has no owner tags`. */
  owner: string;
  /** The subnet that it stands in. */
  subnet?: string;
  /** All of it: `instance i-0a1b "build" in subnet-0c2d, which has no owner tags`. */
  words: string;
}

/**
 * Strangers in the stack's VPCs: what the survey does not take for ours. Whatever has an address is found by its
 * interface; asks for nothing that the survey has not asked, unless there is one.
 */
export async function findStrangers(stack: Stack, snapshot: Snapshot, inventory: Inventory): Promise<Stranger[]> {
  const own = new Set([...inventory.values()].flat().flatMap(({ ours, awsId }) => (ours ? [awsId] : [])));
  const [strangers, foreign] = await Promise.all([strangersIn(stack, snapshot), findForeign(stack, snapshot, own)]);
  const found: Found[] = [...strangers.filter(({ awsId }) => !own.has(awsId)), ...foreign.map(({ id, ...one }) => one)];
  return found.map(one => ({ ...one, words: wordsOf(one) }));
}

type Found = Omit<Stranger, 'words'>;

async function strangersIn(stack: Stack, snapshot: Snapshot): Promise<Found[]> {
  const { owner } = stack;
  const [subnets, groups, tables, acls, endpoints, interfaces] = await Promise.all([
    subnetsIn(snapshot, owner),
    groupsIn(snapshot, owner),
    routeTablesIn(snapshot, owner),
    networkAclsIn(snapshot, owner),
    endpointsIn(snapshot, owner),
    interfacesIn(snapshot, owner),
  ]);
  const isOurs = (tags: TagList) => owner.of(recordOf(tags)).ours;
  const stranger = (kind: string, awsId = '', tags: TagList, name?: string): Found => {
    const called = name ?? recordOf(tags).Name;
    return { kind, awsId, ...(called ? { name: called } : {}), owner: whoseWords(owner, tags) };
  };
  return [
    ...subnets.filter(({ Tags }) => !isOurs(Tags)).map(one => stranger('subnet', one.SubnetId, one.Tags)),
    ...tables
      .filter(table => !isOurs(table.Tags) && table !== ownOfVpc(tables, table.VpcId, owner))
      .map(one => stranger('route table', one.RouteTableId, one.Tags)),
    ...acls.filter(({ IsDefault }) => !IsDefault).map(one => stranger('network ACL', one.NetworkAclId, one.Tags)),
    ...groups
      .filter(group => !isOurs(group.Tags) && group.GroupName !== 'default' && !isGuestGroup(group))
      .map(one => stranger('security group', one.GroupId, one.Tags, one.GroupName)),
    ...endpoints
      .filter(
        endpoint => !isOurs(endpoint.Tags) && !isGuestEndpoint(endpoint) && endpoint.State?.toLowerCase() !== 'deleted',
      )
      .map(one => stranger('endpoint', one.VpcEndpointId, one.Tags, one.ServiceName)),
    ...(await ofInterfaces(stack, snapshot, interfaces)),
  ];
}

const wordsOf = ({ kind, awsId, name, owner, subnet }: Found): string =>
  `${kind} ${awsId}${name ? ` "${name}"` : ''}${subnet ? ` in ${subnet}` : ''}, ${owner}`;

/** The strangers among what has an interface, each once, however many it has. */
async function ofInterfaces(
  stack: Stack,
  snapshot: Snapshot,
  interfaces: readonly NetworkInterface[],
): Promise<Found[]> {
  const { names, owner } = stack;
  const [{ Reservations = [] }, gateways] = await Promise.all([
    snapshot.read('ec2:DescribeInstances', { Filters: owner.filters }),
    natGatewaysIn(snapshot, owner),
  ]);
  const own = new Set<string | undefined>([
    ...Reservations.flatMap(({ Instances = [] }) => Instances).map(({ InstanceId }) => InstanceId),
    ...owner.select(gateways, 'nat-gateway').map(({ NatGatewayId }) => NatGatewayId),
  ]);
  const found = interfaces
    .filter(({ TagSet }) => !owner.of(recordOf(TagSet)).ours)
    .map(one => ({ one, ...whatHas(one) }))
    .filter(
      ({ kind, awsId }) =>
        !own.has(awsId) && kind !== 'endpoint' && !(kind === 'function' && awsId === names.functionName),
    );
  const unique = [...new Map(found.map(one => [one.awsId, one])).values()];
  return Promise.all(
    unique.map(async ({ one, kind, awsId, name }) => {
      const tags = kind === 'instance' ? await instanceTags(snapshot, awsId) : one.TagSet;
      const called = name ?? recordOf(tags).Name;
      const subnet = one.SubnetId ? { subnet: one.SubnetId } : {};
      return { kind, awsId, ...(called ? { name: called } : {}), owner: whoseWords(owner, tags), ...subnet };
    }),
  );
}

/** What an interface belongs to, or itself where AWS does not say what. */
function whatHas(one: NetworkInterface): Pick<Stranger, 'kind' | 'awsId' | 'name'> {
  const { kind, id } = makerOf(one) ?? {};
  if (kind && id) return { kind, awsId: id };
  const { NetworkInterfaceId = '', Description } = one;
  return { kind: 'network interface', awsId: NetworkInterfaceId, ...(Description ? { name: Description } : {}) };
}

async function instanceTags(snapshot: Snapshot, InstanceId: string): Promise<TagList> {
  const answer = await snapshot.find('ec2:DescribeInstances', { InstanceIds: [InstanceId] });
  return answer?.Reservations?.[0]?.Instances?.[0]?.Tags;
}
