import { ask } from '../aws/ask.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import type { Difference } from '../engine/outcome.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import type { RoleFound } from './role.ts';
import { type Tagged, tagged } from './tagged.ts';

export interface InstanceProfileFound extends Tagged {
  roles: string[];
  /** IAM's path of it, `/` by default. */
  path: string;
}

/** The profile by which a host has its role; both have the same name. */
export function instanceProfile(
  stack: Stack,
  needs: { role: AwsResource<RoleFound> },
  { id, title, name, wanted }: { id: string; title: string; name: string; wanted: boolean },
) {
  const { aws, owner, settings } = stack;
  const resource = awsResource<InstanceProfileFound, typeof needs>({
    id,
    title,
    wanted,
    needs,
    operations: {
      create: ['iam:CreateInstanceProfile', 'iam:AddRoleToInstanceProfile'],
      update: ['iam:RemoveRoleFromInstanceProfile', 'iam:AddRoleToInstanceProfile'],
      remove: ['iam:RemoveRoleFromInstanceProfile', 'iam:DeleteInstanceProfile'],
    },
    durations: { create: ['profile.usable'] },

    async find(snapshot) {
      const answer = await snapshot.find('iam:GetInstanceProfile', { InstanceProfileName: name });
      if (!answer?.InstanceProfile) return [];
      const { Tags, Path = '/', Roles = [] } = answer.InstanceProfile;
      const tags = recordOf(Tags);
      return [{ awsId: name, ...owner.of(tags), tags, path: Path, roles: Roles.map(({ RoleName = '' }) => RoleName) }];
    },

    async create() {
      await aws.call('iam:CreateInstanceProfile', {
        InstanceProfileName: name,
        Path: settings.iam.path,
        Tags: listOf(owner.tags(id)),
      });
      return { awsId: name, ours: true, path: settings.iam.path, roles: [] };
    },

    differences(found) {
      const differences: Difference[] = [];
      if (found.path !== settings.iam.path)
        differences.push({ what: 'path', is: found.path, wanted: settings.iam.path, how: 'replace' });
      if (!found.roles.includes(name))
        differences.push({
          what: 'role',
          is: found.roles[0] ?? 'none',
          wanted: name,
          how: 'update',
          operations: [
            ...(found.roles.length > 0 ? ['iam:RemoveRoleFromInstanceProfile' as const] : []),
            'iam:AddRoleToInstanceProfile',
          ],
        });
      return differences;
    },

    async update({ roles }, { role }) {
      for (const RoleName of roles) await leave(RoleName);
      try {
        await aws.call('iam:AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: role.awsId });
      } catch (error) {
        // A profile holds one role: ours, where it was added by a call whose answer was lost.
        if (!hasName(error, 'LimitExceededException')) throw error;
        const { InstanceProfile } = await aws.call('iam:GetInstanceProfile', { InstanceProfileName: name });
        if (InstanceProfile?.Roles?.some(({ RoleName }) => RoleName !== role.awsId)) throw error;
      }
    },

    async remove({ roles }) {
      for (const RoleName of roles) await leave(RoleName);
      await unlessNotFound(aws.call('iam:DeleteInstanceProfile', { InstanceProfileName: name }));
    },

    ask: () =>
      ask(aws, 'iam:GetInstanceProfile', { InstanceProfileName: name }, name, ({ InstanceProfile }) =>
        InstanceProfile ? 'there' : undefined,
      ),
  });
  return tagged(
    stack,
    {
      operation: 'iam:TagInstanceProfile',
      put: (_found, tags) => aws.call('iam:TagInstanceProfile', { InstanceProfileName: name, Tags: listOf(tags) }),
      untag: {
        operation: 'iam:UntagInstanceProfile',
        take: (_found, keys) => aws.call('iam:UntagInstanceProfile', { InstanceProfileName: name, TagKeys: keys }),
      },
    },
    resource,
  );

  async function leave(RoleName: string): Promise<void> {
    await unlessNotFound(aws.call('iam:RemoveRoleFromInstanceProfile', { InstanceProfileName: name, RoleName }));
  }
}
