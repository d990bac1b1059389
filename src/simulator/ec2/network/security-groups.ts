import type { IpPermission, SecurityGroup as SecurityGroupOutput } from '@aws-sdk/client-ec2';
import { AwsError } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { Rule, SecurityGroup, Vpc } from '../records.ts';
import { dependencyViolation, invalidParameter, required } from '../refusals.ts';
import { Tags, tagList, tagsFrom } from '../tags.ts';
import { isGroupText, permissionsOf, rules } from './rules.ts';

/**
 * A group as AWS makes it: with leave to send anything anywhere, and, for the default one, to receive from its own
 * members.
 */
export function newSecurityGroup(
  world: World,
  vpc: Vpc,
  name: string,
  description: string,
  tags: Record<string, string>,
): SecurityGroup {
  const id = world.newId('sg');
  const rule = (egress: boolean, peer: Rule['peer']): Rule =>
    world.ec2.rules.add({
      id: world.newId('sgr'),
      createdAt: world.now(),
      tags: new Tags({}),
      egress,
      protocol: '-1',
      peer,
    });
  return world.ec2.groups.add({
    id,
    // A default group may be listed later than the VPC that it came with.
    createdAt: world.now() + (name === 'default' ? world.lag : 0),
    tags: new Tags(tags),
    vpcId: vpc.id,
    name,
    description,
    rules: [rule(true, { cidr: '0.0.0.0/0' }), ...(name === 'default' ? [rule(false, { groupId: id })] : [])],
  });
}

function describeSecurityGroup(world: World, group: SecurityGroup): SecurityGroupOutput {
  return {
    GroupId: group.id,
    SecurityGroupArn: `arn:${world.partition}:ec2:${world.region}:${world.account}:security-group/${group.id}`,
    GroupName: group.name,
    Description: group.description,
    OwnerId: world.account,
    VpcId: group.vpcId,
    IpPermissions: permissionsOf(world, group, false),
    IpPermissionsEgress: permissionsOf(world, group, true),
    Tags: tagList(group.tags.asOf(world.now() - world.lag)),
  };
}

const groupIdsIn = (permissions: IpPermission[] | undefined) =>
  (permissions ?? []).flatMap(({ UserIdGroupPairs }) => (UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId));
const cidrsIn = (permissions: IpPermission[] | undefined) =>
  (permissions ?? []).flatMap(({ IpRanges }) => (IpRanges ?? []).map(({ CidrIp }) => CidrIp));

function isReferenced(world: World, group: SecurityGroup): boolean {
  return world.ec2.groups
    .existing()
    .some(other => other !== group && other.rules.some(({ peer }) => 'groupId' in peer && peer.groupId === group.id));
}

export const securityGroups: Pick<
  SimulatedService<'ec2'>,
  'CreateSecurityGroup' | 'DescribeSecurityGroups' | 'DeleteSecurityGroup' | keyof typeof rules
> = {
  ...rules,
  CreateSecurityGroup: {
    takes: ['GroupName', 'Description', 'VpcId', 'TagSpecifications'],
    run(input, world) {
      const name = required(input.GroupName, 'GroupName');
      const description = required(input.Description, 'GroupDescription');
      const vpc = world.ec2.vpcs.get(required(input.VpcId, 'VpcId'));
      const tags = tagsFrom(input.TagSpecifications, 'security-group');
      if (name === 'default')
        throw new AwsError('InvalidGroup.Reserved', 'Cannot use reserved security group name: default');
      if (name.startsWith('sg-'))
        throw invalidParameter(
          `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
        );
      for (const [parameter, text] of [
        ['GroupName', name],
        ['GroupDescription', description],
      ])
        if (!isGroupText(text!))
          throw invalidParameter(
            `Value (${text}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported, and at most 255 characters of a-zA-Z0-9. _-:/()#,@[]+=&;{}!$* are.`,
          );
      if (world.ec2.groups.existing().some(other => other.vpcId === vpc.id && other.name === name))
        throw new AwsError('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpc.id}'`);
      const group = newSecurityGroup(world, vpc, name, description, tags);
      const { GroupId, SecurityGroupArn, Tags: Made } = describeSecurityGroup(world, group);
      return { GroupId, SecurityGroupArn, Tags: Made };
    },
  },
  DescribeSecurityGroups: {
    takes: ['GroupIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.groups.listed(input.GroupIds).map(group => describeSecurityGroup(world, group));
      return {
        SecurityGroups: filtered(rows, input.Filters, {
          description: row => row.Description,
          'egress.ip-permission.cidr': row => cidrsIn(row.IpPermissionsEgress),
          'egress.ip-permission.group-id': row => groupIdsIn(row.IpPermissionsEgress),
          'group-id': row => row.GroupId,
          'group-name': row => row.GroupName,
          'ip-permission.cidr': row => cidrsIn(row.IpPermissions),
          'ip-permission.group-id': row => groupIdsIn(row.IpPermissions),
          'owner-id': row => row.OwnerId,
          'vpc-id': row => row.VpcId,
        }),
      };
    },
  },
  DeleteSecurityGroup: {
    takes: ['GroupId'],
    run(input, world) {
      const group = world.ec2.groups.get(required(input.GroupId, 'GroupId'));
      if (group.name === 'default')
        throw new AwsError(
          'CannotDelete',
          `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
        );
      if (
        world.ec2.interfaces.existing().some(({ groupIds }) => groupIds.includes(group.id)) ||
        isReferenced(world, group)
      )
        throw dependencyViolation(`resource ${group.id} has a dependent object`);
      world.ec2.groups.remove(group);
      for (const rule of group.rules) world.ec2.rules.remove(rule);
      return { Return: true, GroupId: group.id };
    },
  },
};
