import type { Context } from '../iam/policy.ts';
import { ec2Principal } from '../partition.ts';
import type { World } from '../world.ts';
import { type AuthorizationsOf, ask, passRole, requestKeys, requestTags, resourceTags } from './request.ts';

/** The path stands in the ARN of what is there; what is not there is known by its name only. */
const roleArn = (world: World, name: string | undefined, path = '/') =>
  world.iam.role(name ?? '')?.arn ?? `arn:${world.partition}:iam::${world.account}:role${path}${name}`;
const profileArn = (world: World, name: string | undefined, path = '/') =>
  world.iam.instanceProfile(name ?? '')?.arn ??
  `arn:${world.partition}:iam::${world.account}:instance-profile${path}${name}`;

function onRole(action: string, name: string | undefined, world: World, more: Context = {}) {
  const role = world.iam.role(name ?? '');
  const context = {
    ...resourceTags(role?.tags),
    ...(role?.boundary ? { 'iam:PermissionsBoundary': role.boundary } : {}),
    ...more,
  };
  return [ask(`iam:${action}`, roleArn(world, name), context)];
}

const onProfile = (action: string, name: string | undefined, world: World, more: Context = {}) => [
  ask(`iam:${action}`, profileArn(world, name), {
    ...resourceTags(world.iam.instanceProfile(name ?? '')?.tags),
    ...more,
  }),
];

const boundedBy = (boundary: string | undefined): Context => (boundary ? { 'iam:PermissionsBoundary': boundary } : {});

/** Service Authorization Reference, "AWS Identity and Access Management". */
export const iam: AuthorizationsOf<'iam'> = {
  AddRoleToInstanceProfile: ({ InstanceProfileName, RoleName }, world) => [
    ...onProfile('AddRoleToInstanceProfile', InstanceProfileName, world),
    ...passRole(roleArn(world, RoleName), ec2Principal(world.partition)),
  ],
  CreateInstanceProfile: ({ InstanceProfileName, Path, Tags }, world) =>
    ['CreateInstanceProfile', ...(Tags ? ['TagInstanceProfile'] : [])].map(action =>
      ask(`iam:${action}`, profileArn(world, InstanceProfileName, Path), requestTags(Tags)),
    ),
  CreateRole: ({ RoleName, Path, Tags, PermissionsBoundary }, world) =>
    ['CreateRole', ...(Tags ? ['TagRole'] : [])].map(action =>
      ask(`iam:${action}`, roleArn(world, RoleName, Path), { ...requestTags(Tags), ...boundedBy(PermissionsBoundary) }),
    ),
  DeleteInstanceProfile: ({ InstanceProfileName }, world) =>
    onProfile('DeleteInstanceProfile', InstanceProfileName, world),
  DeleteRole: ({ RoleName }, world) => onRole('DeleteRole', RoleName, world),
  DeleteRolePermissionsBoundary: ({ RoleName }, world) => onRole('DeleteRolePermissionsBoundary', RoleName, world),
  DeleteRolePolicy: ({ RoleName }, world) => onRole('DeleteRolePolicy', RoleName, world),
  DetachRolePolicy: ({ RoleName, PolicyArn = '' }, world) =>
    onRole('DetachRolePolicy', RoleName, world, { 'iam:PolicyARN': PolicyArn }),
  GetInstanceProfile: ({ InstanceProfileName }, world) => onProfile('GetInstanceProfile', InstanceProfileName, world),
  GetRole: ({ RoleName }, world) => onRole('GetRole', RoleName, world),
  GetRolePolicy: ({ RoleName }, world) => onRole('GetRolePolicy', RoleName, world),
  ListAttachedRolePolicies: ({ RoleName }, world) => onRole('ListAttachedRolePolicies', RoleName, world),
  ListInstanceProfiles: () => [ask('iam:ListInstanceProfiles')],
  ListRolePolicies: ({ RoleName }, world) => onRole('ListRolePolicies', RoleName, world),
  ListRoles: () => [ask('iam:ListRoles')],
  PutRolePermissionsBoundary: ({ RoleName, PermissionsBoundary }, world) =>
    onRole('PutRolePermissionsBoundary', RoleName, world, boundedBy(PermissionsBoundary)),
  PutRolePolicy: ({ RoleName }, world) => onRole('PutRolePolicy', RoleName, world),
  RemoveRoleFromInstanceProfile: ({ InstanceProfileName }, world) =>
    onProfile('RemoveRoleFromInstanceProfile', InstanceProfileName, world),
  SimulatePrincipalPolicy: ({ PolicySourceArn }) => [ask('iam:SimulatePrincipalPolicy', PolicySourceArn)],
  TagInstanceProfile: ({ InstanceProfileName, Tags }, world) =>
    onProfile('TagInstanceProfile', InstanceProfileName, world, requestTags(Tags)),
  TagRole: ({ RoleName, Tags }, world) => onRole('TagRole', RoleName, world, requestTags(Tags)),
  UntagInstanceProfile: ({ InstanceProfileName, TagKeys }, world) =>
    onProfile('UntagInstanceProfile', InstanceProfileName, world, requestKeys(TagKeys)),
  UntagRole: ({ RoleName, TagKeys }, world) => onRole('UntagRole', RoleName, world, requestKeys(TagKeys)),
  UpdateAssumeRolePolicy: ({ RoleName }, world) => onRole('UpdateAssumeRolePolicy', RoleName, world),
};
