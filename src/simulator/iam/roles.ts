import { AwsError } from '../aws-error.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import { addTags, listOf, removeTags, seenTags, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import { parsePolicy } from './policy.ts';
import { verifyBare, verifyNamed } from './rules.ts';
import type { InlinePolicy, Role, Taken } from './state.ts';

const noSuch = (what: string) => new AwsError('NoSuchEntityException', `${what} cannot be found.`, 404);

export function existingRole(world: World, name: string | undefined): Role {
  const role = world.iam.role(name ?? '');
  if (!role || !world.isVisible(role.createdAt)) throw noSuch(`The role with name ${name}`);
  return role;
}

/** The document that IAM shows of an inline policy, if it shows any by now. */
const shownOf = (world: World, { document, putAt = 0, before }: InlinePolicy): string | undefined =>
  world.isVisible(putAt) ? document : before;

/** As IAM gives documents back. */
const encoded = (document: string): string => encodeURIComponent(document);

export const outputOf = (world: World, role: Role) => ({
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  Path: role.path,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encoded(role.trust),
  ...(role.description ? { Description: role.description } : {}),
  ...(role.boundary
    ? {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
          PermissionsBoundaryArn: role.boundary,
        },
      }
    : {}),
  Tags: listOf(seenTags(world, role)),
});

type RoleOperations =
  | 'CreateRole'
  | 'GetRole'
  | 'DeleteRole'
  | 'UpdateAssumeRolePolicy'
  | 'PutRolePermissionsBoundary'
  | 'DeleteRolePermissionsBoundary'
  | 'PutRolePolicy'
  | 'GetRolePolicy'
  | 'ListRolePolicies'
  | 'DeleteRolePolicy'
  | 'ListAttachedRolePolicies'
  | 'DetachRolePolicy'
  | 'TagRole'
  | 'UntagRole'
  | 'ListRoles';

const pageSize = 100;

export const roles: Pick<SimulatedService<'iam'>, RoleOperations> = {
  ListRoles: {
    takes: ['Marker'],
    run({ Marker }, world) {
      const visible = [...world.iam.roles.values()].filter(({ createdAt }) => world.isVisible(createdAt));
      const { items, next } = pageOf(visible, pageSize, Marker);
      // Tags and boundary are not in the list (API reference, ListRoles).
      const Roles = items.map(role => ({ ...outputOf(world, role), Tags: undefined, PermissionsBoundary: undefined }));
      return { Roles, IsTruncated: next !== undefined, ...(next ? { Marker: next } : {}) };
    },
  },
  CreateRole: {
    takes: ['RoleName', 'Path', 'AssumeRolePolicyDocument', 'Description', 'PermissionsBoundary', 'Tags'],
    run(input, world) {
      const { RoleName: name = '', Path: path = '/', AssumeRolePolicyDocument: trust = '' } = input;
      verifyNamed('roleName', name, path);
      const tags = tagsOf(input.Tags, 'iam');
      if (world.iam.role(name))
        throw new AwsError('EntityAlreadyExistsException', `Role with name ${name} already exists.`, 409);
      parsePolicy(trust, 'trust', world.partition);
      verifyBoundary(world, input.PermissionsBoundary);
      const role: Role = {
        name,
        id: world.newId('AROA').replace('-', '').toUpperCase(),
        arn: `arn:${world.partition}:iam::${world.account}:role${path}${name}`,
        path,
        createdAt: world.now(),
        trust,
        description: input.Description,
        boundary: input.PermissionsBoundary,
        tags,
        policies: new Map(),
        attached: new Map(),
      };
      world.iam.roles.set(name.toLowerCase(), role);
      return { Role: outputOf(world, role) };
    },
  },
  GetRole: {
    takes: ['RoleName'],
    run: ({ RoleName }, world) => ({ Role: outputOf(world, existingRole(world, RoleName)) }),
  },
  DeleteRole: {
    takes: ['RoleName'],
    run({ RoleName }, world) {
      const role = existingRole(world, RoleName);
      verifyBare(world, leftIn(world, role), role.taken);
      world.iam.roles.delete(role.name.toLowerCase());
      world.ec2.strandLambdaInterfaces();
      return {};
    },
  },
  TagRole: {
    takes: ['RoleName', 'Tags'],
    run({ RoleName, Tags }, world) {
      const role = existingRole(world, RoleName);
      addTags(world, role, tagsOf(Tags, 'iam'));
      return {};
    },
  },
  UntagRole: {
    takes: ['RoleName', 'TagKeys'],
    run({ RoleName, TagKeys }, world) {
      removeTags(world, existingRole(world, RoleName), TagKeys, 'iam');
      return {};
    },
  },
  UpdateAssumeRolePolicy: {
    takes: ['RoleName', 'PolicyDocument'],
    run({ RoleName, PolicyDocument = '' }, world) {
      parsePolicy(PolicyDocument, 'trust', world.partition);
      existingRole(world, RoleName).trust = PolicyDocument;
      return {};
    },
  },
  PutRolePermissionsBoundary: {
    takes: ['RoleName', 'PermissionsBoundary'],
    run({ RoleName, PermissionsBoundary }, world) {
      const role = existingRole(world, RoleName);
      verifyBoundary(world, PermissionsBoundary);
      role.boundary = PermissionsBoundary;
      return {};
    },
  },
  DeleteRolePermissionsBoundary: {
    takes: ['RoleName'],
    run({ RoleName }, world) {
      const role = existingRole(world, RoleName);
      if (role.boundary === undefined) throw noSuch(`The permissions boundary of role ${RoleName}`);
      delete role.boundary;
      return {};
    },
  },
  PutRolePolicy: {
    takes: ['RoleName', 'PolicyName', 'PolicyDocument'],
    run({ RoleName, PolicyName = '', PolicyDocument = '' }, world) {
      const role = existingRole(world, RoleName);
      parsePolicy(PolicyDocument, 'identity');
      if (PolicyDocument.replace(/\s/g, '').length > 10_240)
        throw new AwsError(
          'LimitExceededException',
          `Maximum policy size of 10240 bytes exceeded for role ${role.name}`,
          409,
        );
      const since = world.now() + world.takes('role.assumable', role.id, PolicyName);
      const before = role.policies.get(PolicyName);
      role.policies.set(PolicyName, {
        document: PolicyDocument,
        since,
        putAt: world.now(),
        before: before && shownOf(world, before),
      });
      return {};
    },
  },
  GetRolePolicy: {
    takes: ['RoleName', 'PolicyName'],
    run({ RoleName, PolicyName = '' }, world) {
      const role = existingRole(world, RoleName);
      const policy = role.policies.get(PolicyName);
      const document = policy && shownOf(world, policy);
      if (document === undefined) throw noSuch(`The role policy with name ${PolicyName}`);
      return { RoleName: role.name, PolicyName, PolicyDocument: encoded(document) };
    },
  },
  ListRolePolicies: {
    takes: ['RoleName'],
    run({ RoleName }, world) {
      const { policies } = existingRole(world, RoleName);
      const PolicyNames = [...policies]
        .filter(([, policy]) => shownOf(world, policy) !== undefined)
        .map(([name]) => name);
      return { PolicyNames, IsTruncated: false };
    },
  },
  DeleteRolePolicy: {
    takes: ['RoleName', 'PolicyName'],
    run({ RoleName, PolicyName = '' }, world) {
      const role = existingRole(world, RoleName);
      if (!role.policies.delete(PolicyName)) throw noSuch(`The role policy with name ${PolicyName}`);
      role.taken = { what: 'delete policies', at: world.now() };
      world.ec2.strandLambdaInterfaces();
      return {};
    },
  },
  ListAttachedRolePolicies: {
    takes: ['RoleName'],
    run: ({ RoleName }, world) => ({
      AttachedPolicies: [...existingRole(world, RoleName).attached].map(([PolicyArn, PolicyName]) => ({
        PolicyArn,
        PolicyName,
      })),
      IsTruncated: false,
    }),
  },
  DetachRolePolicy: {
    takes: ['RoleName', 'PolicyArn'],
    run({ RoleName, PolicyArn = '' }, world) {
      const role = existingRole(world, RoleName);
      if (!role.attached.delete(PolicyArn))
        throw noSuch(`Policy ${PolicyArn} was not attached to role ${RoleName} and`);
      role.taken = { what: 'detach all policies', at: world.now() };
      return {};
    },
  },
};

function leftIn(world: World, role: Role): Taken['what'] | undefined {
  if (role.policies.size > 0) return 'delete policies';
  if (role.attached.size > 0) return 'detach all policies';
  const isHeld = [...world.iam.profiles.values()].some(profile => profile.roles.includes(role.name));
  return isHeld ? 'remove roles from instance profile' : undefined;
}

/** AWS's own managed policies are not kept here, and the tool makes none: what has the form of one passes for one. */
function verifyBoundary(world: World, boundary: string | undefined): void {
  if (
    boundary !== undefined &&
    !new RegExp(`^arn:${world.partition}:iam::(aws|${world.account}):policy/[\\w+=,.@/-]+$`).test(boundary)
  )
    throw new AwsError('NoSuchEntityException', `Scope ARN: ${boundary} does not exist or is not attachable.`, 404);
}
