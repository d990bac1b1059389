import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { Holders } from '../aws/holders.ts';
import { recordOf } from '../aws/owner.ts';
import { Snapshot } from '../aws/snapshot.ts';
import type { Difference } from '../engine/outcome.ts';
import { ready } from '../engine/resource.ts';
import { currentStep } from '../engine/step.ts';
import { waitFor } from '../engine/wait.ts';
import { awsResource, type Stack } from '../stack.ts';
import { type AclFound, aclFrom, open, openingDifferences } from './network-acl.ts';
import { isEmpty, stackVpcs } from './stack-vpc.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import { groupsIn, networkAclsIn } from './vpc-contents.ts';

export interface VpcFound extends Tagged {
  cidr: string;
  state: string;
  tags: Record<string, string>;
  dnsSupport: boolean;
  dnsHostNames: boolean;
  /**
   * The group that every VPC comes with: emptied, so that nothing works by accident (Security Hub EC2.2). Absent while
   * AWS does not list it yet.
   */
  defaultGroup?: { id: string; ingress: object[]; egress: object[] };
  /**
   * The network ACL that every VPC comes with: AWS's own rules let everything pass. Absent where AWS does not list it
   * yet.
   */
  networkAcl?: AclFound;
}

const attributes = { dnsSupport: 'enableDnsSupport', dnsHostNames: 'enableDnsHostnames' } as const;

export function vpc(stack: Stack) {
  const { aws, names, owner, settings } = stack;
  const id = 'vpc';

  const defaultGroupOf = async (snapshot: Snapshot, vpcId: string): Promise<VpcFound['defaultGroup']> => {
    const groups = await groupsIn(snapshot, owner);
    const group = groups.find(({ VpcId, GroupName }) => VpcId === vpcId && GroupName === 'default');
    return group?.GroupId
      ? { id: group.GroupId, ingress: group.IpPermissions ?? [], egress: group.IpPermissionsEgress ?? [] }
      : undefined;
  };

  /** Takes every rule out of the default group, once it is listed: after a new VPC that may take a while. */
  const emptyDefaultGroup = async (vpcId: string): Promise<void> => {
    const group = await waitFor<NonNullable<VpcFound['defaultGroup']>>({
      clock: aws.clock,
      jitter: aws.jitter,
      every: [2_000, 5_000],
      what: 'The default security group',
      deadline: 60_000,
      onWait: reason => currentStep()?.waiting(reason),
      poll: async () => {
        const result = await defaultGroupOf(new Snapshot(aws), vpcId);
        return result ? { result } : { waiting: 'AWS does not list the default security group yet' };
      },
    });
    const { id: GroupId, ingress, egress } = group;
    if (ingress.length > 0)
      await unlessNotFound(aws.call('ec2:RevokeSecurityGroupIngress', { GroupId, IpPermissions: ingress }));
    if (egress.length > 0)
      await unlessNotFound(aws.call('ec2:RevokeSecurityGroupEgress', { GroupId, IpPermissions: egress }));
  };

  /** Undefined where another run has removed the VPC since it was listed. */
  const attribute = async (
    snapshot: Snapshot,
    vpcId: string,
    name: keyof typeof attributes,
  ): Promise<boolean | undefined> => {
    const answer = await snapshot.find('ec2:DescribeVpcAttribute', { VpcId: vpcId, Attribute: attributes[name] });
    return answer && ((name === 'dnsSupport' ? answer.EnableDnsSupport : answer.EnableDnsHostnames)?.Value ?? false);
  };

  const resource = awsResource<VpcFound, Record<never, never>>({
    id,
    title: names.vpc,
    wanted: true,
    needsIntent: true,
    needs: {},
    operations: {
      create: [
        'ec2:CreateVpc',
        'ec2:ModifyVpcAttribute',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
      ],
      update: [
        'ec2:ModifyVpcAttribute',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
        'ec2:CreateNetworkAclEntry',
        'ec2:ReplaceNetworkAclEntry',
        'ec2:DeleteNetworkAclEntry',
      ],
      remove: ['ec2:DeleteVpc'],
    },

    async find(snapshot) {
      const { own, others } = await stackVpcs(snapshot, owner);
      const empty = (await Promise.all(others.map(one => isEmpty(snapshot, one)))).flatMap((is, index) =>
        is ? others[index]! : [],
      );
      const found = await Promise.all(
        [...(own ? [own] : []), ...empty].map(async ({ VpcId = '', CidrBlock = '', State = '', Tags }) => {
          const [dnsSupport, dnsHostNames, defaultGroup, acls] = await Promise.all([
            attribute(snapshot, VpcId, 'dnsSupport'),
            attribute(snapshot, VpcId, 'dnsHostNames'),
            defaultGroupOf(snapshot, VpcId),
            networkAclsIn(snapshot, owner),
          ]);
          if (dnsSupport === undefined || dnsHostNames === undefined) return [];
          const tags = recordOf(Tags);
          const acl = acls.find(one => one.VpcId === VpcId && one.IsDefault);
          const networkAcl = acl && aclFrom(acl);
          return {
            awsId: VpcId,
            ours: true,
            cidr: CidrBlock,
            state: State,
            tags,
            dnsSupport,
            dnsHostNames,
            defaultGroup,
            networkAcl,
          };
        }),
      );
      return found.flat();
    },

    async create() {
      const { Vpc = {} } = await aws.call('ec2:CreateVpc', {
        CidrBlock: settings.network.cidr,
        TagSpecifications: owner.ec2Tags('vpc', id, names.vpc),
      });
      return {
        awsId: Vpc.VpcId!,
        ours: true,
        cidr: settings.network.cidr,
        state: Vpc.State ?? 'pending',
        tags: { Name: names.vpc, ...owner.tags(id) },
        dnsSupport: true,
        dnsHostNames: false,
      };
    },

    readiness: ({ state }) => (state === 'available' ? ready : { state: 'waiting', why: `the VPC is ${state}` }),

    differences(found) {
      const { cidr } = settings.network;
      const group = found.defaultGroup;
      const rules = group ? group.ingress.length + group.egress.length : undefined;
      const differences: (Difference | false)[] = [
        found.cidr !== cidr && { what: 'address range', is: found.cidr, wanted: cidr, how: 'replace' },
        !found.dnsSupport && {
          what: 'DNS support',
          is: 'off',
          wanted: 'on',
          how: 'update',
          operations: ['ec2:ModifyVpcAttribute'],
        },
        !found.dnsHostNames && {
          what: 'DNS host names',
          is: 'off',
          wanted: 'on',
          how: 'update',
          operations: ['ec2:ModifyVpcAttribute'],
        },
        rules !== 0 && {
          what: 'default security group',
          is: rules === undefined ? 'not listed yet' : `${rules} ${rules === 1 ? 'rule' : 'rules'}`,
          wanted: 'no rules',
          how: 'update',
          operations: [
            ...(group?.ingress.length === 0 ? [] : ['ec2:RevokeSecurityGroupIngress' as const]),
            ...(group?.egress.length === 0 ? [] : ['ec2:RevokeSecurityGroupEgress' as const]),
          ],
        },
      ];
      const closed = found.networkAcl ? openingDifferences(found.networkAcl) : [];
      return [...differences.filter(difference => difference !== false), ...closed];
    },

    async update(found, _needs, differences) {
      const differs = (what: string) => differences.some(difference => difference.what === what);
      if (differs('DNS support'))
        await aws.call('ec2:ModifyVpcAttribute', { VpcId: found.awsId, EnableDnsSupport: { Value: true } });
      if (differs('DNS host names'))
        await aws.call('ec2:ModifyVpcAttribute', { VpcId: found.awsId, EnableDnsHostnames: { Value: true } });
      if (differs('default security group')) await emptyDefaultGroup(found.awsId);
      if (found.networkAcl) await open(aws, found.networkAcl);
    },

    async remove({ awsId }) {
      await unlessNotFound(aws.call('ec2:DeleteVpc', { VpcId: awsId }));
    },

    holders: ({ awsId }) => new Holders(stack).ofVpc(awsId),

    ask: ({ awsId }) => ask(aws, 'ec2:DescribeVpcs', { VpcIds: [awsId] }, awsId, ({ Vpcs }) => Vpcs?.[0]?.State),
  });
  return tagged(stack, ec2Tagging(stack, names.vpc), resource);
}
