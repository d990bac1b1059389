import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import { ask } from '../aws/ask.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import { Holders } from '../aws/holders.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Known, Made } from '../engine/resource.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import type { VpcFound } from './vpc.ts';
import { groupsIn } from './vpc-contents.ts';

/** One way in or out. Two rules are the same when all but the description is. */
export interface Rule {
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for all traffic. */
  protocol: string;
  /** First and last port; absent where all traffic may come in. */
  ports?: readonly [number, number];
  /** The other side: a CIDR of IPv4 or IPv6, the id of a group, or that of a prefix list. */
  from: string;
  /** Whether it lets out, not in. */
  out?: true;
  /** What AWS opens and closes it by: a found rule is closed just as AWS described it. */
  permission: IpPermission;
}

export interface SecurityGroupFound extends Tagged {
  rules: Rule[];
  /** Who may reach port 22: resolved when the rule is first made, and kept after that. */
  admin?: string;
}

interface GroupNeeds {
  [name: string]: AwsResource;
  vpc: AwsResource<VpcFound>;
}

/** Leave to come in to one TCP port, from an IPv4 CIDR or from the members of a group. */
export const tcp = (port: number, from: string, description: string): Rule => ({
  protocol: 'tcp',
  ports: [port, port],
  from,
  permission: {
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    ...(from.startsWith('sg-')
      ? { UserIdGroupPairs: [{ GroupId: from, Description: description }] }
      : { IpRanges: [{ CidrIp: from, Description: description }] }),
  },
});

/** Everything may go out, as AWS makes a group. */
const everythingOut: Rule = {
  protocol: '-1',
  from: '0.0.0.0/0',
  out: true,
  permission: { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
};

/** The single rules of what AWS gathers by protocol and ports, one a peer. */
function rulesOf(gathered: IpPermission, out?: true): Rule[] {
  const {
    IpProtocol = '',
    FromPort,
    ToPort,
    IpRanges = [],
    Ipv6Ranges = [],
    UserIdGroupPairs = [],
    PrefixListIds = [],
  } = gathered;
  const rule = (from: string | undefined, source: IpPermission): Rule => ({
    protocol: IpProtocol,
    ...(FromPort === undefined ? {} : { ports: [FromPort, ToPort ?? FromPort] }),
    from: from ?? '',
    ...(out ? { out } : {}),
    permission: { IpProtocol, FromPort, ToPort, ...source },
  });
  return [
    ...IpRanges.map(range => rule(range.CidrIp, { IpRanges: [range] })),
    ...Ipv6Ranges.map(range => rule(range.CidrIpv6, { Ipv6Ranges: [range] })),
    ...UserIdGroupPairs.map(pair => rule(pair.GroupId, { UserIdGroupPairs: [pair] })),
    ...PrefixListIds.map(list => rule(list.PrefixListId, { PrefixListIds: [list] })),
  ];
}

export const isSameRule = (a: Rule, b: Rule): boolean =>
  a.out === b.out &&
  a.protocol === b.protocol &&
  a.ports?.[0] === b.ports?.[0] &&
  a.ports?.[1] === b.ports?.[1] &&
  a.from === b.from;

const opening = ({ out }: Rule) => (out ? 'ec2:AuthorizeSecurityGroupEgress' : 'ec2:AuthorizeSecurityGroupIngress');
const closing = ({ out }: Rule) => (out ? 'ec2:RevokeSecurityGroupEgress' : 'ec2:RevokeSecurityGroupIngress');

/** What a rule is about: `3306`, `8000-8080`, `udp 53`, `everything`, `ICMP`, `protocol 47`. */
function trafficOf({ protocol, ports }: Rule): string {
  if (protocol === '-1') return 'everything';
  if (protocol === 'icmp' || protocol === 'icmpv6') return protocol.replace('icmp', 'ICMP');
  if (!ports || !['tcp', 'udp'].includes(protocol)) return `protocol ${protocol}`;
  const [first, last] = ports;
  return `${protocol === 'tcp' ? '' : `${protocol} `}${first === last ? first : `${first}-${last}`}`;
}

/** A security group that lets in what `wantedRules` says and nothing else, and everything out. */
export function securityGroup<N extends GroupNeeds>(
  stack: Stack,
  needs: N,
  options: {
    id: string;
    name: string;
    description: string;
    /** What is let in; undefined where a need that it names is not made yet. */
    wantedRules: (found: SecurityGroupFound, needs: Known<N>) => Rule[] | undefined;
    /** Resolves the operator's own CIDR, for a group that has a rule for it. */
    admin?: (rules: Rule[]) => Promise<string | undefined>;
  },
): AwsResource<SecurityGroupFound, N> {
  const { aws, owner } = stack;
  const { id, name, description, wantedRules, admin } = options;

  /** A group by its title where it is one of ours: `security group Web`. */
  const nameOf = (from: string, known: Known<N>, own: string): string => {
    if (from === own) return 'its own members';
    const need = Object.keys(needs).find(key => known[key]?.awsId === from);
    return need ? needs[need]!.title.replace(/^S/, 's') : from;
  };

  const difference = (rule: Rule, is: 'open' | 'closed', known: Known<N>, own: string): Difference => {
    const [traffic, peer] = [trafficOf(rule), nameOf(rule.from, known, own)];
    const isOpen = is === 'open';
    return {
      what: `${traffic} ${rule.out ? 'to' : 'from'} ${peer}`,
      is,
      wanted: isOpen ? 'closed' : 'open',
      words: rule.out
        ? `${traffic} ${isOpen ? 'may' : 'may not'} go out to ${peer} from ${name}`
        : `${traffic} is ${isOpen ? 'open' : 'not open'} to ${peer} on ${name}`,
      how: 'update',
      operations: [isOpen ? closing(rule) : opening(rule)],
    };
  };

  const changes = (found: SecurityGroupFound, needs: Known<N>) => {
    const wanted = [...(wantedRules(found, needs) ?? found.rules.filter(({ out }) => !out)), everythingOut];
    return {
      missing: wanted.filter(rule => !found.rules.some(other => isSameRule(rule, other))),
      extra: found.rules.filter(rule => !wanted.some(other => isSameRule(rule, other))),
    };
  };

  const resource = awsResource<SecurityGroupFound, N>({
    id,
    title: `Security group ${name}`,
    wanted: true,
    needs,
    operations: {
      create: ['ec2:CreateSecurityGroup', 'ec2:AuthorizeSecurityGroupIngress'],
      update: [
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
      ],
      remove: ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress', 'ec2:DeleteSecurityGroup'],
    },

    async find(snapshot) {
      const groups = await groupsIn(snapshot, owner);
      // A name serves once in a VPC and cannot be changed: one with the tags and another name is a copy.
      const named = groups.filter(({ GroupName }) => GroupName === name);
      const recognised = owner.recognise(named, { resource: id, name }, () => true);
      return Promise.all(
        recognised.map(async ({ thing: { GroupId = '', IpPermissions = [], IpPermissionsEgress = [] }, ...owned }) => {
          const rules = [
            ...IpPermissions.flatMap(gathered => rulesOf(gathered)),
            ...IpPermissionsEgress.flatMap(gathered => rulesOf(gathered, true)),
          ];
          return { awsId: GroupId, ...owned, rules, admin: await admin?.(rules) };
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
      return { awsId: GroupId!, ours: true, rules: [everythingOut], admin: await admin?.([]) };
    },

    differences(found, known): Difference[] {
      const { missing, extra } = changes(found, known);
      return [
        ...missing.map(rule => difference(rule, 'closed', known, found.awsId)),
        ...extra.map(rule => difference(rule, 'open', known, found.awsId)),
      ];
    },

    async update(found, made) {
      const { missing, extra } = changes(found, made as Known<N>);
      // One by one: where one of several is not there, AWS closes none (API reference, RevokeSecurityGroupIngress).
      for (const rule of extra)
        await unlessNotFound(aws.call(closing(rule), { GroupId: found.awsId, IpPermissions: [rule.permission] }));
      for (const rule of missing)
        await aws.call(opening(rule), { GroupId: found.awsId, IpPermissions: [rule.permission] }).catch(error => {
          // Opened by a call whose answer was lost.
          if (!hasName(error, 'InvalidPermission.Duplicate')) throw error;
        });
    },

    async remove({ awsId }) {
      await revokeReferences(stack, awsId);
      await unlessNotFound(aws.call('ec2:DeleteSecurityGroup', { GroupId: awsId }));
    },

    holders: ({ awsId }) => new Holders(stack).ofGroup(awsId),

    ask: ({ awsId }) =>
      ask(aws, 'ec2:DescribeSecurityGroups', { GroupIds: [awsId] }, awsId, ({ SecurityGroups }) =>
        SecurityGroups?.[0] ? 'there' : undefined,
      ),
  });
  return tagged(stack, ec2Tagging(stack, name), resource);
}

/** Takes back every rule of any group that names this one, also rules made by hand: they would keep it from going. */
async function revokeReferences({ aws }: Stack, groupId: string): Promise<void> {
  const naming = async (filter: string): Promise<SecurityGroup[]> => {
    const answer = await aws.call('ec2:DescribeSecurityGroups', { Filters: [{ Name: filter, Values: [groupId] }] });
    return answer.SecurityGroups ?? [];
  };
  const [letIn, letOut] = await Promise.all([
    naming('ip-permission.group-id'),
    naming('egress.ip-permission.group-id'),
  ]);
  for (const { GroupId, IpPermissions } of letIn) {
    const named = rulesThatName(groupId, IpPermissions);
    if (named.length > 0)
      await unlessNotFound(aws.call('ec2:RevokeSecurityGroupIngress', { GroupId, IpPermissions: named }));
  }
  for (const { GroupId, IpPermissionsEgress } of letOut) {
    const named = rulesThatName(groupId, IpPermissionsEgress);
    if (named.length > 0)
      await unlessNotFound(aws.call('ec2:RevokeSecurityGroupEgress', { GroupId, IpPermissions: named }));
  }
}

const rulesThatName = (groupId: string, permissions: IpPermission[] = []): IpPermission[] =>
  permissions
    .map(({ IpProtocol, FromPort, ToPort, UserIdGroupPairs = [] }) => ({
      IpProtocol,
      FromPort,
      ToPort,
      UserIdGroupPairs: UserIdGroupPairs.filter(pair => pair.GroupId === groupId).map(({ GroupId }) => ({ GroupId })),
    }))
    .filter(({ UserIdGroupPairs }) => UserIdGroupPairs.length > 0);
