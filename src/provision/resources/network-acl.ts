import type { NetworkAcl, NetworkAclEntry } from '@aws-sdk/client-ec2';
import { isCidr, isInside, isOverlapping } from '../../settings/cidr.ts';
import type { Aws } from '../aws/aws.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import type { Operation } from '../aws/operation.ts';
import type { Difference } from '../engine/outcome.ts';

/** One rule of a network ACL. */
export interface AclRule {
  /** Of all that match, the lowest decides. */
  number: number;
  /** Whether it is for what leaves a subnet, not for what comes in. */
  out: boolean;
  /** `tcp`, `udp`, a number, or `-1` for all traffic. */
  protocol: string;
  /** First and last port; absent for all. */
  ports?: readonly [number, number];
  /** The other side: a CIDR of IPv4 or IPv6. */
  cidr: string;
  allow: boolean;
}

export interface AclFound {
  id: string;
  /** Whether it is the one that the VPC came with. */
  isDefault: boolean;
  rules: AclRule[];
}

/** What no other rule matches is denied: these cannot be changed, the one for IPv4 and that for IPv6. */
const last = [32_767, 32_768];

const protocols: Record<string, string> = { '6': 'tcp', '17': 'udp' };

export const aclFrom = ({ NetworkAclId = '', IsDefault = false, Entries = [] }: NetworkAcl): AclFound => ({
  id: NetworkAclId,
  isDefault: IsDefault,
  rules: Entries.filter(({ RuleNumber = 0 }) => !last.includes(RuleNumber)).map(ruleFrom),
});

function ruleFrom(entry: NetworkAclEntry): AclRule {
  const { RuleNumber = 0, Egress = false, Protocol = '-1', PortRange, CidrBlock, Ipv6CidrBlock, RuleAction } = entry;
  const { From, To = From } = PortRange ?? {};
  return {
    number: RuleNumber,
    out: Egress,
    protocol: protocols[Protocol] ?? Protocol,
    ...(From === undefined || To === undefined ? {} : { ports: [From, To] }),
    cidr: CidrBlock ?? Ipv6CidrBlock ?? '',
    allow: RuleAction === 'allow',
  };
}

/**
 * What a VPC's own network ACL has for each way: everything passes, and the groups decide (VPC user guide, "Default
 * network ACL for a VPC").
 */
const openRules: readonly AclRule[] = [false, true].map(out => ({
  number: 100,
  out,
  protocol: '-1',
  cidr: '0.0.0.0/0',
  allow: true,
}));

/** AWS adds it itself where somebody gives the VPC a range of IPv6. */
const isOfIpv6 = ({ number, protocol, cidr, allow }: AclRule): boolean =>
  number === 101 && protocol === '-1' && cidr === '::/0' && allow;

const isSame = (a: AclRule, b: AclRule): boolean => JSON.stringify(a) === JSON.stringify(b);
const isAt =
  (a: AclRule) =>
  (b: AclRule): boolean =>
    a.number === b.number && a.out === b.out;

/** `deny tcp 3306 from 10.0.0.0/20` */
export function aclRuleWords({ allow, protocol, ports, cidr, out }: AclRule): string {
  const all = protocol === '-1' ? 'everything' : protocol;
  const [first, end] = ports ?? [];
  const range = ports ? ` ${first === end ? first : `${first}-${end}`}` : '';
  return `${allow ? 'allow' : 'deny'} ${all}${range} ${out ? 'to' : 'from'} ${cidr}`;
}

/** How a VPC's own network ACL differs from what AWS makes: an added rule may close any way without a word. */
export function openingDifferences({ rules }: AclFound): Difference[] {
  const difference = (
    at: AclRule,
    is: AclRule | undefined,
    wanted: AclRule | undefined,
    operation: Operation,
  ): Difference => ({
    what: `rule ${at.number} ${at.out ? 'out of' : 'into'} the default network ACL`,
    is: is ? aclRuleWords(is) : 'none',
    wanted: wanted ? aclRuleWords(wanted) : 'none',
    how: 'update',
    operations: [operation],
  });
  const wrong = openRules.filter(wanted => !rules.some(rule => isSame(rule, wanted)));
  return [
    ...wrong.map(wanted => {
      const is = rules.find(isAt(wanted));
      return difference(wanted, is, wanted, is ? 'ec2:ReplaceNetworkAclEntry' : 'ec2:CreateNetworkAclEntry');
    }),
    ...extraIn(rules).map(rule => difference(rule, rule, undefined, 'ec2:DeleteNetworkAclEntry')),
  ];
}

const extraIn = (rules: readonly AclRule[]): AclRule[] =>
  rules.filter(rule => !openRules.some(isAt(rule)) && !isOfIpv6(rule));

/** Makes a network ACL what AWS makes: what lets everything pass comes before what stands in its way goes. */
export async function open(aws: Aws, { id, rules }: AclFound): Promise<void> {
  for (const wanted of openRules) {
    const is = rules.find(isAt(wanted));
    if (is && isSame(is, wanted)) continue;
    const entry = {
      NetworkAclId: id,
      RuleNumber: wanted.number,
      Egress: wanted.out,
      Protocol: wanted.protocol,
      CidrBlock: wanted.cidr,
      RuleAction: 'allow' as const,
    };
    if (is) await aws.call('ec2:ReplaceNetworkAclEntry', entry);
    else
      await aws.call('ec2:CreateNetworkAclEntry', entry).catch(error => {
        // Made by a call whose answer was lost.
        if (!hasName(error, 'NetworkAclEntryAlreadyExists')) throw error;
      });
  }
  for (const { number, out } of extraIn(rules))
    await unlessNotFound(aws.call('ec2:DeleteNetworkAclEntry', { NetworkAclId: id, RuleNumber: number, Egress: out }));
}

/** Traffic that has to pass a subnet: TCP, with these ports, to or from a CIDR of IPv4. */
export interface Flow {
  out: boolean;
  ports: readonly [number, number];
  cidr: string;
}

/**
 * The rule that keeps some of that traffic from passing; `none` where no rule lets all of it pass; undefined where all
 * of it passes.
 */
export function closedBy({ rules }: AclFound, { out, ports: [first, end], cidr }: Flow): AclRule | 'none' | undefined {
  const matching = rules
    .filter(rule => rule.out === out && (rule.protocol === '-1' || rule.protocol === 'tcp') && isCidr(rule.cidr))
    .map(rule => ({ rule, ports: rule.ports ?? ([0, 65_535] as const) }))
    .sort((a, b) => a.rule.number - b.rule.number);
  for (const { rule, ports } of matching) {
    if (rule.allow && ports[0] <= first && end <= ports[1] && isInside(cidr, rule.cidr)) return undefined;
    if (!rule.allow && ports[0] <= end && first <= ports[1] && isOverlapping(cidr, rule.cidr)) return rule;
  }
  return 'none';
}
