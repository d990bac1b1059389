import type { Operation } from '../aws/operation.ts';
import { listOf, type TagRecord } from '../aws/owner.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found, Known, Needs } from '../engine/resource.ts';
import { tagKeys } from '../names.ts';
import type { AwsResource, Stack } from '../stack.ts';
import { deployedSettings, type RecordFound } from './deployed-settings.ts';
import { recordedTags } from './settings-record.ts';

/** What carries tags: those that AWS shows. Absent where it was made a moment ago, with all of them. */
export interface Tagged extends Found {
  tags?: TagRecord;
}

/** How a kind is tagged. */
export interface Tagging {
  /** What its tag `Name` says, where the kind has no other name. */
  name?: string;
  operation: Operation;
  /** Gives it these tags; `all` are those that it has then. */
  put(found: Found, tags: TagRecord, all: TagRecord): Promise<unknown>;
  /** Takes these keys off it; `values` are what they say. Absent where `put` takes off what `all` leaves out. */
  untag?: {
    operation: Operation;
    take(found: Found, keys: string[], values: TagRecord): Promise<unknown>;
  };
}

const prefix = 'tag ';
const isTag = ({ what }: Difference): boolean => what.startsWith(prefix);

/**
 * A resource whose tags are kept: the owner's, the user's own `tags`, and the name. A tag that the settings no longer
 * have is taken off where the record of the last provision has it with the value that is there. Other tags are nobody's
 * business, nor is with which version of the tool it was made. It can be adopted, since tags are what makes a thing
 * ours.
 */
export function tagged<F extends Tagged, N extends Needs>(
  stack: Stack,
  { name, operation, put, untag }: Tagging,
  resource: AwsResource<F, N>,
): AwsResource<F, N> {
  const { operations } = resource;
  const untagging = untag?.operation ?? operation;
  const wanted: TagRecord = { ...(name ? { Name: name } : {}), ...stack.owner.tags(resource.id) };
  const comparedWith = { lastProvision: deployedSettings(stack) };
  /** The tags of the last provision that are wanted no longer. */
  const formerOf = (needs: Known<N>): [key: string, value: string][] => {
    const { lastProvision } = needs as unknown as { lastProvision?: RecordFound };
    return lastProvision ? Object.entries(recordedTags(lastProvision.record)).filter(([key]) => !(key in wanted)) : [];
  };
  return {
    ...resource,
    comparedWith,
    operations: {
      ...operations,
      update: [...new Set([...operations.update, operation, untagging])],
      adopt: [operation],
    },

    differences(found, needs) {
      const { tags } = found;
      const keys = tags ? Object.keys(wanted).filter(key => key !== tagKeys.version && tags[key] !== wanted[key]) : [];
      const difference = (key: string, one: Operation): Difference => ({
        what: prefix + key,
        is: tags?.[key] ?? 'none',
        wanted: wanted[key] ?? 'none',
        how: 'update',
        operations: [one],
      });
      return [
        ...(resource.differences?.(found, needs) ?? []).map(one => ({ operations: operations.update, ...one })),
        ...keys.map(key => difference(key, operation)),
        ...formerOf(needs)
          .filter(([key, value]) => tags?.[key] === value)
          .map(([key]) => difference(key, untagging)),
      ];
    },

    notes(found, needs) {
      const { tags = {} } = found;
      return [
        ...(resource.notes?.(found, needs) ?? []),
        ...formerOf(needs)
          .filter(([key, value]) => key in tags && tags[key] !== value)
          .map(
            ([key]) =>
              `The tag ${key} of ${resource.title} stays, although the settings no longer have it: its value has been changed since the last provision.`,
          ),
      ];
    },

    async update(found, needs, differences) {
      const keys = differences.filter(isTag).map(({ what }) => what.slice(prefix.length));
      const removed = keys.filter(key => !(key in wanted));
      const kept = Object.entries(found.tags ?? {}).filter(([key]) => !removed.includes(key));
      // First, because IAM takes keys that differ by case only for one, and because a thing holds 50 tags.
      if (untag && removed.length > 0) await untag.take(found, removed, found.tags ?? {});
      if (keys.length > removed.length || (!untag && removed.length > 0))
        await put(found, wanted, { ...Object.fromEntries(kept), ...wanted });
      const others = differences.filter(difference => !isTag(difference));
      if (others.length > 0) await resource.update?.(found, needs, others);
    },

    async adopt(found) {
      await put(found, wanted, { ...found.tags, ...wanted });
    },
  };
}

/** How things of EC2 are tagged, by their ids. `along`: ids of what is tagged with each. */
export const ec2Tagging = (
  { aws }: Stack,
  name: string,
  along: (found: Found) => Promise<string[]> = async () => [],
): Tagging => ({
  name,
  operation: 'ec2:CreateTags',
  put: async (found, tags) =>
    aws.call('ec2:CreateTags', { Resources: [found.awsId, ...(await along(found))], Tags: listOf(tags) }),
  untag: {
    operation: 'ec2:DeleteTags',
    // With its value a tag goes only where it still has that (API reference, DeleteTags).
    take: async (found, keys, values) =>
      aws.call('ec2:DeleteTags', {
        Resources: [found.awsId, ...(await along(found))],
        Tags: keys.map(Key => ({ Key, Value: values[Key] })),
      }),
  },
});
