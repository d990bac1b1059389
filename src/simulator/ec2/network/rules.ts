import { isIPv6 } from 'node:net';
import type { IpPermission, SecurityGroupRule, TagSpecification } from '@aws-sdk/client-ec2';
import { AwsError } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Rule, SecurityGroup } from '../records.ts';
import { invalidParameter, required, verifyMembers } from '../refusals.ts';
import { Tags, tagList, tagsFrom } from '../tags.ts';
import { parseCidr } from './cidr.ts';

type Wanted = Pick<Rule, 'protocol' | 'from' | 'to' | 'peer' | 'description'>;

/** What a group's name and the descriptions of a group and its rules may hold, up to 255 characters. */
export const isGroupText = (text: string): boolean => /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(text);

const isPort = (port: number | undefined) => port !== undefined && Number.isInteger(port) && port >= 0 && port <= 65535;

/** The single rules that permissions spell, one a peer. Throws what AWS throws for a malformed one. */
function wantedRules(world: World, group: SecurityGroup, permissions: IpPermission[] | undefined): Wanted[] {
  const wanted = required(permissions, 'IpPermissions').flatMap(permission => {
    verifyMembers(
      permission,
      ['IpProtocol', 'FromPort', 'ToPort', 'IpRanges', 'Ipv6Ranges', 'UserIdGroupPairs', 'PrefixListIds'],
      'IpPermissions',
    );
    const protocol = required(permission.IpProtocol, 'IpProtocol');
    const { FromPort: from, ToPort: to } = permission;
    if (!['tcp', 'udp', 'icmp', '-1'].includes(protocol))
      throw invalidParameter(`Invalid value '${protocol}' for IP protocol. Unknown protocol.`);
    if (['tcp', 'udp'].includes(protocol) && !(isPort(from) && isPort(to) && from! <= to!))
      throw invalidParameter(`Invalid value for portRange. Must specify both from and to ports with TCP/UDP.`);
    const ports = protocol === '-1' ? {} : { from, to };
    return peersOf(world, group, permission).map(({ peer, description }) => ({
      protocol,
      ...ports,
      peer,
      description,
    }));
  });
  if (wanted.length === 0) throw new AwsError('MissingParameter', 'Source group, prefix list or CIDR missing.');
  return wanted;
}

function peersOf(world: World, group: SecurityGroup, permission: IpPermission): Pick<Rule, 'peer' | 'description'>[] {
  const peers = [
    ...(permission.IpRanges ?? []).map(({ CidrIp, Description }) => {
      const cidr = parseCidr(required(CidrIp, 'CidrIp'));
      if (!cidr) throw invalidParameter(`CIDR block ${CidrIp} is malformed`);
      return { peer: { cidr: cidr.text }, description: Description };
    }),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => {
      const [address = '', prefix = ''] = required(CidrIpv6, 'CidrIpv6').split('/');
      if (!isIPv6(address) || !/^\d{1,3}$/.test(prefix) || Number(prefix) > 128)
        throw invalidParameter(`CIDR block ${CidrIpv6} is malformed`);
      return { peer: { cidr6: `${address}/${prefix}` }, description: Description };
    }),
    ...(permission.UserIdGroupPairs ?? []).map(pair => {
      verifyMembers(pair, ['GroupId', 'UserId', 'Description'], 'UserIdGroupPairs');
      const other = world.ec2.groups.get(required(pair.GroupId, 'GroupId'));
      if (other.vpcId !== group.vpcId)
        throw new AwsError(
          'InvalidGroup.NotFound',
          'You have specified two resources that belong to different networks.',
        );
      return { peer: { groupId: other.id }, description: pair.Description };
    }),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) => ({
      peer: { prefixListId: required(PrefixListId, 'PrefixListId') },
      description: Description,
    })),
  ];
  for (const { description } of peers)
    if (description !== undefined && !isGroupText(description))
      throw invalidParameter(
        'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
      );
  return peers;
}

/** What makes a rule unique in its direction: a description does not. */
const keyOf = ({ protocol, from, to, peer }: Wanted): string =>
  JSON.stringify([protocol, from ?? null, to ?? null, peer]);

const spell = ({ protocol, from, to, peer }: Wanted): string =>
  `"peer: ${Object.values(peer)[0]}, ${protocol === '-1' ? 'ALL' : `${protocol.toUpperCase()}, from port: ${from}, to port: ${to}`}, ALLOW"`;

function describeRule(world: World, group: SecurityGroup, rule: Rule): SecurityGroupRule {
  const { peer } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    SecurityGroupRuleArn: `arn:${world.partition}:ec2:${world.region}:${world.account}:security-group-rule/${rule.id}`,
    GroupId: group.id,
    GroupOwnerId: world.account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.from ?? -1,
    ToPort: rule.to ?? -1,
    ...('cidr' in peer ? { CidrIpv4: peer.cidr } : {}),
    ...('cidr6' in peer ? { CidrIpv6: peer.cidr6 } : {}),
    ...('groupId' in peer ? { ReferencedGroupInfo: { GroupId: peer.groupId, UserId: world.account } } : {}),
    ...('prefixListId' in peer ? { PrefixListId: peer.prefixListId } : {}),
    Description: rule.description,
    Tags: tagList(rule.tags.asOf()),
  };
}

/** A group's rules of one direction as its description shows them: peers gathered by protocol and ports. */
export function permissionsOf(world: World, group: SecurityGroup, egress: boolean): IpPermission[] {
  const gathered = new Map<
    string,
    Required<Pick<IpPermission, 'IpRanges' | 'Ipv6Ranges' | 'UserIdGroupPairs' | 'PrefixListIds'>> & IpPermission
  >();
  for (const { protocol, from, to, peer, description } of group.rules.filter(
    rule => rule.egress === egress && world.isVisible(rule.createdAt),
  )) {
    const key = `${protocol} ${from} ${to}`;
    const permission = gathered.get(key) ?? {
      IpProtocol: protocol,
      ...(from === undefined ? {} : { FromPort: from, ToPort: to }),
      IpRanges: [],
      Ipv6Ranges: [],
      UserIdGroupPairs: [],
      PrefixListIds: [],
    };
    gathered.set(key, permission);
    const described = description === undefined ? {} : { Description: description };
    if ('cidr' in peer) permission.IpRanges.push({ CidrIp: peer.cidr, ...described });
    else if ('cidr6' in peer) permission.Ipv6Ranges.push({ CidrIpv6: peer.cidr6, ...described });
    else if ('groupId' in peer)
      permission.UserIdGroupPairs.push({ GroupId: peer.groupId, UserId: world.account, ...described });
    else permission.PrefixListIds.push({ PrefixListId: peer.prefixListId, ...described });
  }
  return [...gathered.values()];
}

function authorize(
  world: World,
  egress: boolean,
  input: { GroupId?: string; IpPermissions?: IpPermission[]; TagSpecifications?: TagSpecification[] },
) {
  const group = world.ec2.groups.get(required(input.GroupId, 'GroupId'));
  const wanted = wantedRules(world, group, input.IpPermissions);
  const tags = tagsFrom(input.TagSpecifications, 'security-group-rule');
  const present = new Set(group.rules.filter(rule => rule.egress === egress).map(keyOf));
  for (const rule of wanted) {
    if (present.has(keyOf(rule)))
      throw new AwsError('InvalidPermission.Duplicate', `the specified rule ${spell(rule)} already exists`);
    present.add(keyOf(rule));
  }
  if (present.size > world.ec2.quotas.rulesPerGroup)
    throw new AwsError(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    );
  const made = wanted.map(rule =>
    world.ec2.rules.add({ id: world.newId('sgr'), createdAt: world.now(), tags: new Tags(tags), egress, ...rule }),
  );
  group.rules.push(...made);
  return { Return: true, SecurityGroupRules: made.map(rule => describeRule(world, group, rule)) };
}

function revoke(
  world: World,
  egress: boolean,
  input: { GroupId?: string; IpPermissions?: IpPermission[]; SecurityGroupRuleIds?: string[] },
) {
  const group = world.ec2.groups.get(required(input.GroupId, 'GroupId'));
  const candidates = group.rules.filter(rule => rule.egress === egress);
  const byId = (input.SecurityGroupRuleIds ?? []).map(id => {
    const rule = candidates.find(candidate => candidate.id === id);
    if (!rule)
      throw new AwsError('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`);
    return rule;
  });
  const byValue = (input.SecurityGroupRuleIds ? [] : wantedRules(world, group, input.IpPermissions)).map(wanted => {
    const rule = candidates.find(candidate => keyOf(candidate) === keyOf(wanted));
    if (!rule)
      throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    return rule;
  });
  const revoked = [...byId, ...byValue];
  group.rules = group.rules.filter(rule => !revoked.includes(rule));
  for (const rule of revoked) world.ec2.rules.remove(rule);
  return {
    Return: true,
    RevokedSecurityGroupRules: revoked.map(rule => {
      const {
        Tags: _tags,
        SecurityGroupRuleArn: _arn,
        GroupOwnerId: _owner,
        ReferencedGroupInfo,
        ...described
      } = describeRule(world, group, rule);
      return { ...described, ...(ReferencedGroupInfo ? { ReferencedGroupId: ReferencedGroupInfo.GroupId } : {}) };
    }),
  };
}

export const rules: Pick<
  SimulatedService<'ec2'>,
  | 'AuthorizeSecurityGroupIngress'
  | 'AuthorizeSecurityGroupEgress'
  | 'RevokeSecurityGroupIngress'
  | 'RevokeSecurityGroupEgress'
> = {
  AuthorizeSecurityGroupIngress: {
    takes: ['GroupId', 'IpPermissions', 'TagSpecifications'],
    run: (input, world) => authorize(world, false, input),
  },
  AuthorizeSecurityGroupEgress: {
    takes: ['GroupId', 'IpPermissions', 'TagSpecifications'],
    run: (input, world) => authorize(world, true, input),
  },
  RevokeSecurityGroupIngress: {
    takes: ['GroupId', 'IpPermissions', 'SecurityGroupRuleIds'],
    run: (input, world) => revoke(world, false, input),
  },
  RevokeSecurityGroupEgress: {
    takes: ['GroupId', 'IpPermissions', 'SecurityGroupRuleIds'],
    run: (input, world) => revoke(world, true, input),
  },
};
