import { AwsError } from './aws-error.ts';
import type { World } from './world.ts';

/** Tags by key, as the simulator keeps them. */
export type Tags = Record<string, string>;

/** Reads a list of tags. Throws what `refusal` makes of a tag that AWS would refuse: no key, one of AWS's own, one too long, or too many. */
export function tagsOf(list: readonly { Key?: string; Value?: string }[] | undefined, refusal: string): Tags {
  const tags = Object.fromEntries((list ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  verifyTags(tags, refusal);
  if (list && Object.keys(tags).length < list.length) throw new AwsError(refusal, 'Duplicate tag keys found.');
  return tags;
}

export function verifyTags(tags: Tags, refusal: string): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key === '' || key.length > 128 || value.length > 256)
      throw new AwsError(refusal, `The tag "${key}" has an invalid length.`);
    if (/^aws:/i.test(key)) throw new AwsError(refusal, 'aws: prefixed tag key names are not allowed for external use.');
  }
  if (Object.keys(tags).length > 50) throw new AwsError(refusal, 'The number of tags exceeds 50.');
}

export const listOf = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Something with tags, and what they were before a change that does not show yet. */
export interface Tagged {
  tags: Tags;
  earlierTags?: { tags: Tags; until: number };
}

/** Adds tags, of which one with a key that is there takes its place. The change is seen after the lag. */
export const addTags = (world: World, thing: Tagged, added: Tags): void => replaceTags(world, thing, { ...thing.tags, ...added });

export function replaceTags(world: World, thing: Tagged, tags: Tags): void {
  thing.earlierTags = { tags: seenTags(world, thing), until: world.now() + world.lag };
  thing.tags = tags;
}

/** The tags as AWS shows them now. */
export const seenTags = (world: World, { tags, earlierTags }: Tagged): Tags =>
  earlierTags && world.now() < earlierTags.until ? earlierTags.tags : tags;
