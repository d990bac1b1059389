import { ask } from '../aws/ask.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found, Known, Made } from '../engine/resource.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import type { VpcFound } from './vpc.ts';

/** One way in: a TCP port from an address range or from another group. */
export interface Rule {
  port: number;
  /** A CIDR or a group's id. */
  from: string;
  description: string;
}

export interface SecurityGroupFound extends Found {
  rules: Rule[];
  /** Who may reach port 22: resolved when the rule is first made, and kept after that. */
  admin?: string;
}

interface GroupNeeds {
  [name: string]: AwsResource;
  vpc: AwsResource<VpcFound>;
}

const describeRule = ({ port, from }: Rule) => `port ${port} from ${from}`;
const isSameRule = (a: Rule, b: Rule) => a.port === b.port && a.from === b.from;

const permissionOf = ({ port, from, description }: Rule) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  ...(from.startsWith('sg-')
    ? { UserIdGroupPairs: [{ GroupId: from, Description: description }] }
    : { IpRanges: [{ CidrIp: from, Description: description }] }),
});

/** A security group that lets in what `wantedRules` says and nothing else. Everything may go out, as AWS makes it. */
export function securityGroup<N extends GroupNeeds>(
  stack: Stack,
  needs: N,
  options: {
    id: string;
    name: string;
    description: string;
    /** The rules; undefined where a need that they name is not made yet. */
    wantedRules: (found: SecurityGroupFound, needs: Known<N>) => Rule[] | undefined;
    /** Resolves the operator's own CIDR, for a group that has a rule for it. */
    admin?: (rules: Rule[]) => Promise<string | undefined>;
  },
): AwsResource<SecurityGroupFound, N> {
  const { aws, owner } = stack;
  const { id, name, description, wantedRules, admin } = options;

  const changes = (found: SecurityGroupFound, needs: Known<N>) => {
    const wanted = wantedRules(found, needs) ?? found.rules;
    return {
      missing: wanted.filter(rule => !found.rules.some(other => isSameRule(rule, other))),
      extra: found.rules.filter(rule => !wanted.some(other => isSameRule(rule, other))),
    };
  };

  return awsResource<SecurityGroupFound, N>({
    id,
    title: `Security group ${name}`,
    wanted: true,
    needs,
    operations: {
      create: ['ec2:CreateSecurityGroup', 'ec2:AuthorizeSecurityGroupIngress'],
      update: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
      remove: ['ec2:RevokeSecurityGroupIngress', 'ec2:DeleteSecurityGroup'],
    },

    async find(look) {
      const { SecurityGroups } = await look.read('ec2:DescribeSecurityGroups', { Filters: owner.filters });
      return Promise.all(
        owner.select(SecurityGroups, id).map(async ({ GroupId = '', IpPermissions = [] }) => {
          const rules = IpPermissions.flatMap(({ FromPort = -1, IpRanges = [], UserIdGroupPairs = [], Ipv6Ranges = [] }) => [
            ...IpRanges.map(({ CidrIp = '', Description = '' }) => ({ port: FromPort, from: CidrIp, description: Description })),
            ...Ipv6Ranges.map(({ CidrIpv6 = '', Description = '' }) => ({
              port: FromPort,
              from: CidrIpv6,
              description: Description,
            })),
            ...UserIdGroupPairs.map(pair => ({ port: FromPort, from: pair.GroupId ?? '', description: pair.Description ?? '' })),
          ]);
          return { awsId: GroupId, ours: true, rules, admin: await admin?.(rules) };
        }),
      );
    },

    async create(made: Made<N>) {
      const { GroupId } = await aws.call('ec2:CreateSecurityGroup', {
        VpcId: (made.vpc as VpcFound).awsId,
        GroupName: name,
        Description: description,
        TagSpecifications: owner.ec2Tags('security-group', id, name),
      });
      return { awsId: GroupId!, ours: true, rules: [], admin: await admin?.([]) };
    },

    differences(found, known): Difference[] {
      const { missing, extra } = changes(found, known);
      return [
        ...missing.map(rule => ({ what: describeRule(rule), is: 'closed', wanted: 'open', how: 'update' as const })),
        ...extra.map(rule => ({ what: describeRule(rule), is: 'open', wanted: 'closed', how: 'update' as const })),
      ];
    },

    async update(found, made) {
      const { missing, extra } = changes(found, made as Known<N>);
      if (extra.length > 0)
        await unlessNotFound(
          aws.call('ec2:RevokeSecurityGroupIngress', { GroupId: found.awsId, IpPermissions: extra.map(permissionOf) }),
        );
      for (const rule of missing)
        await aws
          .call('ec2:AuthorizeSecurityGroupIngress', { GroupId: found.awsId, IpPermissions: [permissionOf(rule)] })
          .catch(error => {
            // Opened by a call whose answer was lost.
            if (!hasName(error, 'InvalidPermission.Duplicate')) throw error;
          });
    },

    async remove({ awsId }) {
      await revokeReferences(stack, awsId);
      await unlessNotFound(aws.call('ec2:DeleteSecurityGroup', { GroupId: awsId }));
    },

    ask: ({ awsId }) =>
      ask(aws, 'ec2:DescribeSecurityGroups', { GroupIds: [awsId] }, awsId, ({ SecurityGroups }) =>
        SecurityGroups?.[0] ? 'there' : undefined,
      ),
  });
}

/** Takes back every rule of any group that names this one, also rules made by hand: they would keep it from going. */
async function revokeReferences({ aws }: Stack, groupId: string): Promise<void> {
  const { SecurityGroups = [] } = await aws.call('ec2:DescribeSecurityGroups', {
    Filters: [{ Name: 'ip-permission.group-id', Values: [groupId] }],
  });
  for (const { GroupId, IpPermissions = [] } of SecurityGroups) {
    const naming = IpPermissions.map(permission => ({
      IpProtocol: permission.IpProtocol,
      FromPort: permission.FromPort,
      ToPort: permission.ToPort,
      UserIdGroupPairs: (permission.UserIdGroupPairs ?? [])
        .filter(pair => pair.GroupId === groupId)
        .map(pair => ({ GroupId: pair.GroupId })),
    })).filter(({ UserIdGroupPairs }) => UserIdGroupPairs.length > 0);
    if (naming.length > 0) await unlessNotFound(aws.call('ec2:RevokeSecurityGroupIngress', { GroupId, IpPermissions: naming }));
  }
}
