import { AwsError } from '../aws-error.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import { addTags, listOf, removeTags, seenTags, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import { existingRole, outputOf } from './roles.ts';
import { verifyBare, verifyNamed } from './rules.ts';
import type { InstanceProfile } from './state.ts';

function existingProfile(world: World, name: string | undefined): InstanceProfile {
  const profile = world.iam.instanceProfile(name ?? '');
  if (!profile || !world.isVisible(profile.createdAt))
    throw new AwsError('NoSuchEntityException', `Instance Profile ${name} cannot be found.`, 404);
  return profile;
}

const profileOutput = (world: World, profile: InstanceProfile) => ({
  InstanceProfileName: profile.name,
  InstanceProfileId: profile.id,
  Arn: profile.arn,
  Path: profile.path,
  CreateDate: new Date(profile.createdAt),
  Roles: (world.isVisible(profile.joinedAt ?? 0) ? profile.roles : [])
    .flatMap(name => world.iam.role(name) ?? [])
    .map(role => outputOf(world, role)),
  Tags: listOf(seenTags(world, profile)),
});

type ProfileOperations =
  | 'CreateInstanceProfile'
  | 'GetInstanceProfile'
  | 'DeleteInstanceProfile'
  | 'AddRoleToInstanceProfile'
  | 'RemoveRoleFromInstanceProfile'
  | 'TagInstanceProfile'
  | 'UntagInstanceProfile'
  | 'ListInstanceProfiles';

const pageSize = 100;

export const profiles: Pick<SimulatedService<'iam'>, ProfileOperations> = {
  ListInstanceProfiles: {
    takes: ['Marker'],
    run({ Marker }, world) {
      const visible = [...world.iam.profiles.values()].filter(({ createdAt }) => world.isVisible(createdAt));
      const { items, next } = pageOf(visible, pageSize, Marker);
      // Tags are not in the list (API reference, ListInstanceProfiles).
      const InstanceProfiles = items.map(profile => ({ ...profileOutput(world, profile), Tags: undefined }));
      return { InstanceProfiles, IsTruncated: next !== undefined, ...(next ? { Marker: next } : {}) };
    },
  },
  CreateInstanceProfile: {
    takes: ['InstanceProfileName', 'Path', 'Tags'],
    run({ InstanceProfileName: name = '', Path: path = '/', Tags }, world) {
      verifyNamed('instanceProfileName', name, path);
      const tags = tagsOf(Tags, 'iam');
      if (world.iam.instanceProfile(name))
        throw new AwsError('EntityAlreadyExistsException', `Instance Profile ${name} already exists.`, 409);
      const profile: InstanceProfile = {
        name,
        id: world.newId('AIPA').replace('-', '').toUpperCase(),
        arn: `arn:${world.partition}:iam::${world.account}:instance-profile${path}${name}`,
        path,
        createdAt: world.now(),
        roles: [],
        tags,
      };
      world.iam.profiles.set(name.toLowerCase(), profile);
      return { InstanceProfile: profileOutput(world, profile) };
    },
  },
  GetInstanceProfile: {
    takes: ['InstanceProfileName'],
    run: ({ InstanceProfileName }, world) => ({
      InstanceProfile: profileOutput(world, existingProfile(world, InstanceProfileName)),
    }),
  },
  DeleteInstanceProfile: {
    takes: ['InstanceProfileName'],
    run({ InstanceProfileName }, world) {
      const profile = existingProfile(world, InstanceProfileName);
      verifyBare(world, profile.roles.length > 0 ? 'remove roles from instance profile' : undefined, profile.taken);
      world.iam.profiles.delete(profile.name.toLowerCase());
      return {};
    },
  },
  AddRoleToInstanceProfile: {
    takes: ['InstanceProfileName', 'RoleName'],
    run({ InstanceProfileName, RoleName }, world) {
      const profile = existingProfile(world, InstanceProfileName);
      const role = existingRole(world, RoleName);
      if (profile.roles.length > 0)
        throw new AwsError(
          'LimitExceededException',
          'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
          409,
        );
      profile.roles.push(role.name);
      profile.joinedAt = world.now();
      return {};
    },
  },
  RemoveRoleFromInstanceProfile: {
    takes: ['InstanceProfileName', 'RoleName'],
    run({ InstanceProfileName, RoleName }, world) {
      const profile = existingProfile(world, InstanceProfileName);
      const role = existingRole(world, RoleName);
      if (!profile.roles.includes(role.name))
        throw new AwsError(
          'NoSuchEntityException',
          `Role ${role.name} is not in instance profile ${profile.name}.`,
          404,
        );
      profile.roles = profile.roles.filter(name => name !== role.name);
      profile.taken = { what: 'remove roles from instance profile', at: world.now() };
      role.taken = profile.taken;
      return {};
    },
  },
  TagInstanceProfile: {
    takes: ['InstanceProfileName', 'Tags'],
    run({ InstanceProfileName, Tags }, world) {
      const profile = existingProfile(world, InstanceProfileName);
      addTags(world, profile, tagsOf(Tags, 'iam'));
      return {};
    },
  },
  UntagInstanceProfile: {
    takes: ['InstanceProfileName', 'TagKeys'],
    run({ InstanceProfileName, TagKeys }, world) {
      removeTags(world, existingProfile(world, InstanceProfileName), TagKeys, 'iam');
      return {};
    },
  },
};
