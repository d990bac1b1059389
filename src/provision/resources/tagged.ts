import type { Look } from '../aws/look.ts';
import type { Operation } from '../aws/operation.ts';
import { listOf, type TagRecord } from '../aws/owner.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found, Needs } from '../engine/resource.ts';
import { tagKeys } from '../names.ts';
import type { AwsResource, Stack } from '../stack.ts';

/** What carries tags: those that AWS shows. Absent where it was made a moment ago, with all of them. */
export interface Tagged extends Found {
  tags?: TagRecord;
}

/** How a kind is tagged. */
export interface Tagging {
  /** What its tag `Name` says, where the kind has no other name. */
  name?: string;
  operation: Operation;
  /** Gives it these tags; `all` are those with what it had before. */
  put(found: Found, tags: TagRecord, all: TagRecord): Promise<unknown>;
}

const isTag = ({ what }: Difference): boolean => what.startsWith('tag ');

/**
 * A resource whose tags are kept: the owner's, the user's own `tags`, and the name. Other tags are nobody's business, nor is with which version of the
 * tool it was made. It can be adopted, since tags are what makes a thing ours.
 */
export function tagged<F extends Tagged, N extends Needs<Look>>(
  { owner }: Stack,
  { name, operation, put }: Tagging,
  resource: AwsResource<F, N>,
): AwsResource<F, N> {
  const { operations } = resource;
  const wanted: TagRecord = { ...(name ? { Name: name } : {}), ...owner.tags(resource.id) };
  const giveTags = async (found: F): Promise<void> => {
    await put(found, wanted, { ...found.tags, ...wanted });
  };
  return {
    ...resource,
    operations: { ...operations, update: [...new Set([...operations.update, operation])], adopt: [operation] },

    differences(found, needs) {
      const { tags } = found;
      const keys = tags ? Object.keys(wanted).filter(key => key !== tagKeys.version && tags[key] !== wanted[key]) : [];
      return [
        ...(resource.differences?.(found, needs) ?? []).map(one => ({ operations: operations.update, ...one })),
        ...keys.map(key => ({
          what: `tag ${key}`,
          is: tags?.[key] ?? 'none',
          wanted: wanted[key],
          how: 'update' as const,
          operations: [operation],
        })),
      ];
    },

    async update(found, needs, differences) {
      if (differences.some(isTag)) await giveTags(found);
      const others = differences.filter(difference => !isTag(difference));
      if (others.length > 0) await resource.update?.(found, needs, others);
    },

    adopt: giveTags,
  };
}

/** How things of EC2 are tagged, by their ids. */
export const ec2Tagging = ({ aws }: Stack, name: string): Tagging => ({
  name,
  operation: 'ec2:CreateTags',
  put: ({ awsId }, tags) => aws.call('ec2:CreateTags', { Resources: [awsId], Tags: listOf(tags) }),
});
