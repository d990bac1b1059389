import type { NetworkAclEntry, NetworkAcl as NetworkAclOutput } from '@aws-sdk/client-ec2';
import { AwsError, NotSimulated } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { AclEntry, NetworkAcl, Subnet, Vpc } from '../records.ts';
import { invalidParameter, required } from '../refusals.ts';
import type { Ec2World } from '../state.ts';
import { Tags, tagList } from '../tags.ts';
import { contains, parseCidr } from './cidr.ts';

const anybody = '0.0.0.0/0';

/**
 * The last rule of every network ACL, which nobody can change: what no other rule matches is denied (VPC user guide,
 * "Default network ACL").
 */
const last = 32_767;

/**
 * The one that a VPC comes with lets everything pass; one that somebody makes lets nothing pass until it is given
 * rules.
 */
export function newNetworkAcl(world: World, vpc: Vpc, isDefault: boolean): NetworkAcl {
  const all = { number: 100, protocol: '-1', allow: true, cidr: anybody };
  return world.ec2.networkAcls.add({
    id: world.newId('acl'),
    createdAt: world.now(),
    tags: new Tags({}),
    vpcId: vpc.id,
    isDefault,
    entries: isDefault ? [false, true].map(egress => ({ ...all, egress })) : [],
    associations: [],
  });
}

function aclOf(ec2: Ec2World, { id }: Subnet): NetworkAcl | undefined {
  return ec2.networkAcls.existing().find(({ associations }) => associations.some(({ subnetId }) => subnetId === id));
}

/** Gives a subnet another network ACL; each has one at any time. */
export function putBefore(world: World, acl: NetworkAcl, subnet: Subnet): string {
  const before = aclOf(world.ec2, subnet);
  if (before) before.associations = before.associations.filter(({ subnetId }) => subnetId !== subnet.id);
  const id = world.newId('aclassoc');
  acl.associations.push({ id, subnetId: subnet.id });
  return id;
}

/** Whether a TCP packet passes a subnet's network ACL; `cidr` is the other side. */
export function passes(ec2: Ec2World, subnet: Subnet, way: 'in' | 'out', port: number, cidr: string): boolean {
  const peer = parseCidr(cidr)!;
  const rules = (aclOf(ec2, subnet)?.entries ?? []).filter(({ egress }) => egress === (way === 'out'));
  const first = rules
    .toSorted((a, b) => a.number - b.number)
    .find(
      ({ protocol, from = 0, to = 65_535, cidr: range }) =>
        (protocol === '-1' || protocol === '6') && from <= port && port <= to && contains(parseCidr(range)!, peer),
    );
  return first?.allow ?? false;
}

const describeEntry = ({ number, egress, protocol, allow, cidr, from, to }: AclEntry): NetworkAclEntry => ({
  RuleNumber: number,
  Egress: egress,
  Protocol: protocol,
  RuleAction: allow ? 'allow' : 'deny',
  CidrBlock: cidr,
  ...(from === undefined ? {} : { PortRange: { From: from, To: to } }),
});

const describeAcl = (world: World, acl: NetworkAcl): NetworkAclOutput => ({
  NetworkAclId: acl.id,
  VpcId: acl.vpcId,
  OwnerId: world.account,
  IsDefault: acl.isDefault,
  Associations: acl.associations.map(({ id, subnetId }) => ({
    NetworkAclAssociationId: id,
    NetworkAclId: acl.id,
    SubnetId: subnetId,
  })),
  Entries: [
    ...acl.entries,
    ...[false, true].map(egress => ({ number: last, egress, protocol: '-1', allow: false, cidr: anybody })),
  ].map(describeEntry),
  Tags: tagList(acl.tags.asOf(world.now() - world.lag)),
});

interface EntryInput {
  RuleNumber?: number;
  Egress?: boolean;
  Protocol?: string;
  RuleAction?: string;
  CidrBlock?: string;
  PortRange?: { From?: number; To?: number };
}

function entryFrom({ RuleNumber, Egress, Protocol, RuleAction, CidrBlock, PortRange }: EntryInput): AclEntry {
  const number = required(RuleNumber, 'RuleNumber');
  if (number < 1 || number >= last) throw invalidParameter(`Value (${number}) for parameter ruleNumber is invalid.`);
  const protocol = required(Protocol, 'Protocol');
  if (!['-1', '6', '17'].includes(protocol)) throw new NotSimulated(`protocol ${protocol} in a network ACL`);
  const cidr = required(CidrBlock, 'CidrBlock');
  if (!parseCidr(cidr)) throw invalidParameter(`Value (${cidr}) for parameter cidrBlock is invalid.`);
  return {
    number,
    egress: required(Egress, 'Egress'),
    protocol,
    allow: required(RuleAction, 'RuleAction') === 'allow',
    cidr,
    ...(PortRange && protocol !== '-1' ? { from: PortRange.From, to: PortRange.To } : {}),
  };
}

const entryIn = ({ entries }: NetworkAcl, number: number, egress: boolean) =>
  entries.find(entry => entry.number === number && entry.egress === egress);

const takesEntry = [
  'NetworkAclId',
  'RuleNumber',
  'Egress',
  'Protocol',
  'RuleAction',
  'CidrBlock',
  'PortRange',
] as const;

const notThere = (number: number) =>
  new AwsError('InvalidNetworkAclEntry.NotFound', `The network acl entry identified by ${number} does not exist`);

export const networkAcls: Pick<
  SimulatedService<'ec2'>,
  | 'DescribeNetworkAcls'
  | 'CreateNetworkAclEntry'
  | 'ReplaceNetworkAclEntry'
  | 'DeleteNetworkAclEntry'
  | 'ReplaceNetworkAclAssociation'
> = {
  DescribeNetworkAcls: {
    takes: ['NetworkAclIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.networkAcls.listed(input.NetworkAclIds).map(acl => describeAcl(world, acl));
      return {
        NetworkAcls: filtered(rows, input.Filters, {
          'association.subnet-id': row => row.Associations?.map(({ SubnetId }) => SubnetId),
          default: row => row.IsDefault,
          'network-acl-id': row => row.NetworkAclId,
          'vpc-id': row => row.VpcId,
        }),
      };
    },
  },
  CreateNetworkAclEntry: {
    takes: takesEntry,
    run(input, world) {
      const acl = world.ec2.networkAcls.get(required(input.NetworkAclId, 'NetworkAclId'));
      const entry = entryFrom(input);
      if (entryIn(acl, entry.number, entry.egress))
        throw new AwsError(
          'NetworkAclEntryAlreadyExists',
          `The network acl entry identified by ${entry.number} already exists.`,
        );
      acl.entries.push(entry);
      return {};
    },
  },
  ReplaceNetworkAclEntry: {
    takes: takesEntry,
    run(input, world) {
      const acl = world.ec2.networkAcls.get(required(input.NetworkAclId, 'NetworkAclId'));
      const entry = entryFrom(input);
      const before = entryIn(acl, entry.number, entry.egress);
      if (!before) throw notThere(entry.number);
      acl.entries = acl.entries.map(other => (other === before ? entry : other));
      return {};
    },
  },
  DeleteNetworkAclEntry: {
    takes: ['NetworkAclId', 'RuleNumber', 'Egress'],
    run(input, world) {
      const acl = world.ec2.networkAcls.get(required(input.NetworkAclId, 'NetworkAclId'));
      const number = required(input.RuleNumber, 'RuleNumber');
      const before = entryIn(acl, number, required(input.Egress, 'Egress'));
      if (!before) throw notThere(number);
      acl.entries = acl.entries.filter(other => other !== before);
      return {};
    },
  },
  ReplaceNetworkAclAssociation: {
    takes: ['AssociationId', 'NetworkAclId'],
    run(input, world) {
      const acl = world.ec2.networkAcls.get(required(input.NetworkAclId, 'NetworkAclId'));
      const id = required(input.AssociationId, 'AssociationId');
      const association = world.ec2.networkAcls
        .existing()
        .flatMap(one => one.associations)
        .find(one => one.id === id);
      if (!association)
        throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
      const subnet = world.ec2.subnets.find(association.subnetId)!;
      if (subnet.vpcId !== acl.vpcId)
        throw invalidParameter(`Network ACL ${acl.id} and subnet ${subnet.id} belong to different networks`);
      return { NewAssociationId: putBefore(world, acl, subnet) };
    },
  },
};
