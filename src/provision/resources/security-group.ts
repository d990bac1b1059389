import type { IpPermission } from '@aws-sdk/client-ec2';
import { ask } from '../aws/ask.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found, Known, Made } from '../engine/resource.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import type { VpcFound } from './vpc.ts';

/** One way in. Two rules are the same when all but the description is. */
export interface Rule {
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for all traffic. */
  protocol: string;
  /** First and last port; absent where all traffic may come in. */
  ports?: readonly [number, number];
  /** A CIDR of IPv4 or IPv6, the id of a group, or that of a prefix list. */
  from: string;
  /** What AWS opens and closes it by: a found rule is closed just as AWS described it. */
  permission: IpPermission;
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

/** The single rules of what AWS gathers by protocol and ports, one a source. */
function rulesOf(gathered: IpPermission): Rule[] {
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
  a.protocol === b.protocol && a.ports?.[0] === b.ports?.[0] && a.ports?.[1] === b.ports?.[1] && a.from === b.from;

/** What a rule is about: `3306`, `8000-8080`, `udp 53`, `everything`, `ICMP`, `protocol 47`. */
function trafficOf({ protocol, ports }: Rule): string {
  if (protocol === '-1') return 'everything';
  if (protocol === 'icmp' || protocol === 'icmpv6') return protocol.replace('icmp', 'ICMP');
  if (!ports || !['tcp', 'udp'].includes(protocol)) return `protocol ${protocol}`;
  const [first, last] = ports;
  return `${protocol === 'tcp' ? '' : `${protocol} `}${first === last ? first : `${first}-${last}`}`;
}

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

  /** A group by its title where it is one of ours: `security group Web`. */
  const nameOf = (from: string, known: Known<N>, own: string): string => {
    if (from === own) return 'its own members';
    const need = Object.keys(needs).find(key => known[key]?.awsId === from);
    return need ? needs[need]!.title.replace(/^S/, 's') : from;
  };

  const difference = (rule: Rule, is: 'open' | 'closed', known: Known<N>, own: string): Difference => {
    const [traffic, from] = [trafficOf(rule), nameOf(rule.from, known, own)];
    return {
      what: `${traffic} from ${from}`,
      is,
      wanted: is === 'open' ? 'closed' : 'open',
      words: `${traffic} is ${is === 'open' ? 'open' : 'not open'} to ${from} on ${name}`,
      how: 'update',
      operations: [is === 'open' ? 'ec2:RevokeSecurityGroupIngress' : 'ec2:AuthorizeSecurityGroupIngress'],
    };
  };

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
          const rules = IpPermissions.flatMap(rulesOf);
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
        ...missing.map(rule => difference(rule, 'closed', known, found.awsId)),
        ...extra.map(rule => difference(rule, 'open', known, found.awsId)),
      ];
    },

    async update(found, made) {
      const { missing, extra } = changes(found, made as Known<N>);
      // One by one: where one of several is not there, AWS closes none (API reference, RevokeSecurityGroupIngress).
      for (const { permission } of extra)
        await unlessNotFound(aws.call('ec2:RevokeSecurityGroupIngress', { GroupId: found.awsId, IpPermissions: [permission] }));
      for (const { permission } of missing)
        await aws
          .call('ec2:AuthorizeSecurityGroupIngress', { GroupId: found.awsId, IpPermissions: [permission] })
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
