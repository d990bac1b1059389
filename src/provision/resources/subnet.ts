import type { NetworkAcl } from '@aws-sdk/client-ec2';
import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { Holders } from '../aws/holders.ts';
import { recordOf } from '../aws/owner.ts';
import { Snapshot } from '../aws/snapshot.ts';
import type { Difference } from '../engine/outcome.ts';
import { ready } from '../engine/resource.ts';
import { tagKeys } from '../names.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import { type AclFound, aclFrom } from './network-acl.ts';
import { rangeOf, type SubnetKind, type SubnetLetter, stackSubnets } from './stack-subnets.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import type { VpcFound } from './vpc.ts';
import { networkAclsIn, subnetsIn } from './vpc-contents.ts';
import { inZones, zonesFor } from './zones.ts';

export interface SubnetFound extends Tagged {
  cidr: string;
  zone: string;
  state: string;
  /** Whether whatever starts in it gets a public address unasked (Security Hub EC2.15). */
  givesPublicIp: boolean;
  /**
   * Its network ACL, by which association it has that, and which one the VPC came with. Absent where AWS does not list
   * it yet.
   */
  networkAcl?: AclFound & { association: string; ofVpc: string | undefined };
}

export type SubnetResource = AwsResource<SubnetFound, { vpc: AwsResource<VpcFound> }>;

/** A subnet; `letter` says in which of the stack's two availability zones it stands. */
export function subnet(
  stack: Stack,
  needs: { vpc: AwsResource<VpcFound> },
  { kind, letter }: { kind: SubnetKind; letter: SubnetLetter },
): SubnetResource {
  const { aws, names, owner } = stack;
  const id = `subnet.${kind}-${letter}`;
  const cidr = rangeOf(stack, kind, letter);
  const title = `${kind === 'public' ? 'Public' : 'Private'} subnet ${letter}`;
  const name = `${names.vpc} ${kind} ${letter}`;
  const resource = awsResource<SubnetFound, typeof needs>({
    id,
    title,
    wanted: true,
    needs,
    operations: {
      create: ['ec2:CreateSubnet'],
      update: ['ec2:ModifySubnetAttribute', 'ec2:ReplaceNetworkAclAssociation'],
      remove: ['ec2:DeleteSubnet'],
    },
    durations: { create: ['subnet.available'] },

    async find(snapshot) {
      const [subnets, acls] = await Promise.all([
        stackSubnets(snapshot, stack, kind, letter),
        networkAclsIn(snapshot, owner),
      ]);
      return subnets.map(
        ({
          thing: {
            SubnetId = '',
            VpcId,
            CidrBlock = '',
            AvailabilityZone = '',
            State = '',
            MapPublicIpOnLaunch = false,
          },
          ...owned
        }) => ({
          awsId: SubnetId,
          ...owned,
          cidr: CidrBlock,
          zone: AvailabilityZone,
          state: State,
          givesPublicIp: MapPublicIpOnLaunch,
          networkAcl: aclOf(
            SubnetId,
            acls.filter(one => one.VpcId === VpcId),
          ),
        }),
      );
    },

    async create({ vpc }) {
      const zone = await zoneFor(stack, letter);
      const { Subnet = {} } = await inZones([zone], [], () =>
        aws.call('ec2:CreateSubnet', {
          VpcId: vpc.awsId,
          CidrBlock: cidr,
          AvailabilityZone: zone,
          TagSpecifications: owner.ec2Tags('subnet', id, name),
        }),
      );
      return {
        awsId: Subnet.SubnetId!,
        ours: true,
        cidr,
        zone,
        state: Subnet.State ?? 'pending',
        givesPublicIp: false,
      };
    },

    // A NAT gateway that is made before ends `failed` (gardener/gardener-extension-provider-aws#1397).
    readiness: ({ state }) => (state === 'available' ? ready : { state: 'waiting', why: `the subnet is ${state}` }),

    differences(found) {
      const differences: (Difference | false)[] = [
        found.cidr !== cidr && { what: 'address range', is: found.cidr, wanted: cidr, how: 'replace' },
        found.givesPublicIp && {
          what: 'public addresses for all',
          is: 'on',
          wanted: 'off',
          words: 'whatever starts in it gets a public address',
          how: 'update',
          operations: ['ec2:ModifySubnetAttribute'],
        },
        found.networkAcl?.isDefault === false && {
          what: 'network ACL',
          is: found.networkAcl.id,
          wanted: found.networkAcl.ofVpc ?? "the VPC's own",
          how: 'update',
          operations: ['ec2:ReplaceNetworkAclAssociation'],
        },
      ];
      return differences.filter(difference => difference !== false);
    },

    async update({ awsId, givesPublicIp, networkAcl }) {
      if (networkAcl?.isDefault === false && networkAcl.ofVpc)
        await unlessNotFound(
          aws.call('ec2:ReplaceNetworkAclAssociation', {
            AssociationId: networkAcl.association,
            NetworkAclId: networkAcl.ofVpc,
          }),
        );
      if (givesPublicIp)
        await aws.call('ec2:ModifySubnetAttribute', { SubnetId: awsId, MapPublicIpOnLaunch: { Value: false } });
    },

    async remove({ awsId }) {
      await unlessNotFound(aws.call('ec2:DeleteSubnet', { SubnetId: awsId }));
    },

    holders: ({ awsId }) => new Holders(stack).ofSubnet(awsId),

    ask: ({ awsId }) =>
      ask(aws, 'ec2:DescribeSubnets', { SubnetIds: [awsId] }, awsId, ({ Subnets }) => Subnets?.[0]?.State),
  });
  return tagged(stack, ec2Tagging(stack, name), resource);
}

/** The network ACL of a subnet, among those of its VPC. */
function aclOf(subnetId: string, acls: readonly NetworkAcl[]): SubnetFound['networkAcl'] {
  for (const acl of acls) {
    const { NetworkAclAssociationId } = acl.Associations?.find(({ SubnetId }) => SubnetId === subnetId) ?? {};
    if (NetworkAclAssociationId === undefined) continue;
    return {
      ...aclFrom(acl),
      association: NetworkAclAssociationId,
      ofVpc: acls.find(({ IsDefault }) => IsDefault)?.NetworkAclId,
    };
  }
  return undefined;
}

/**
 * The zone of the other subnet of this letter where that may be used, else the letter's own choice. Both letters never
 * share a zone.
 */
async function zoneFor(stack: Stack, letter: SubnetLetter): Promise<string> {
  const { aws, owner } = stack;
  const snapshot = new Snapshot(aws);
  const [subnets, candidates] = await Promise.all([subnetsIn(snapshot, owner), zonesFor(stack, snapshot)]);
  const taken = new Map(
    subnets
      .filter(({ Tags }) => owner.of(recordOf(Tags)).ours)
      .map(({ Tags, AvailabilityZone }) => [recordOf(Tags)[tagKeys.resource]?.at(-1), AvailabilityZone!]),
  );
  const pair = taken.get(letter);
  if (pair && candidates.includes(pair)) return pair;
  const other = taken.get(letter === 'a' ? 'b' : 'a');
  // Without any subnet yet both letters are chosen at once: the first two zones, in order.
  const first = candidates[letter === 'a' ? 0 : 1]!;
  return first === other ? candidates.find(zone => zone !== other)! : first;
}
