import { AwsError } from './aws-error.ts';
import type { World } from './world.ts';

/** Tags by key, as the simulator keeps them. */
export type Tags = Record<string, string>;

/**
 * What a service takes as tags beyond what all take: 1 to 128 characters as the key, up to 256 as the value, 50 tags.
 */
interface TagRules {
  /** The name of its refusal. */
  refusal: string;
  /** Its pattern of keys and values. */
  pattern?: RegExp;
  /** The fewest characters of a value. */
  shortestValue?: number;
  /** Keys that differ by case only are one key. */
  foldsCase?: true;
}

const usual = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** By service, from their API models (botocore 1.43.106); IAM's case from its user guide, "Tags for IAM resources". */
const tagRules = {
  events: { refusal: 'ValidationException' },
  iam: { refusal: 'InvalidInputException', pattern: usual, foldsCase: true },
  lambda: { refusal: 'InvalidParameterValueException', pattern: usual },
  logs: { refusal: 'InvalidParameterException', pattern: usual },
  s3: { refusal: 'InvalidTag' },
  scheduler: { refusal: 'ValidationException', shortestValue: 1 },
  sns: { refusal: 'InvalidParameterException' },
  ssm: { refusal: 'ValidationException', pattern: usual },
} as const satisfies Record<string, TagRules>;

export type TaggingService = keyof typeof tagRules;

/** Reads a list of tags. Throws what the service says of a tag that it refuses. */
export function tagsOf(list: readonly { Key?: string; Value?: string }[] | undefined, service: TaggingService): Tags {
  const tags = Object.fromEntries((list ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  verifyTags(tags, service);
  if (list && Object.keys(tags).length < list.length)
    throw new AwsError(tagRules[service].refusal, 'Duplicate tag keys found.');
  return tags;
}

export function verifyTags(tags: Tags, service: TaggingService): void {
  const { refusal, pattern, shortestValue = 0, foldsCase }: TagRules = tagRules[service];
  for (const [key, value] of Object.entries(tags)) {
    const lengths = [[...key].length, [...value].length] as const;
    if (lengths[0] === 0 || lengths[0] > 128 || lengths[1] < shortestValue || lengths[1] > 256)
      throw new AwsError(refusal, `The tag "${key}" has an invalid length.`);
    if (pattern && !(pattern.test(key) && pattern.test(value)))
      throw new AwsError(
        refusal,
        `The tag "${key}" failed to satisfy constraint: Member must satisfy regular expression pattern`,
      );
    if (/^aws:/i.test(key))
      throw new AwsError(refusal, 'aws: prefixed tag key names are not allowed for external use.');
  }
  const keys = Object.keys(tags);
  if (foldsCase && new Set(keys.map(key => key.toLowerCase())).size < keys.length)
    throw new AwsError(refusal, 'Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  if (keys.length > 50) throw new AwsError(refusal, 'The number of tags exceeds 50.');
}

export const listOf = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Something with tags, and what they were before a change that does not show yet. */
export interface Tagged {
  tags: Tags;
  earlierTags?: { tags: Tags; until: number };
}

/** Adds tags, of which one with a key that is there takes its place. The change is seen after the lag. */
export const addTags = (world: World, thing: Tagged, added: Tags): void =>
  replaceTags(world, thing, { ...thing.tags, ...added });

/**
 * Takes tags away; a key that is not there is none. IAM's keys go whatever their case. The change is seen after the
 * lag.
 */
export function removeTags(
  world: World,
  thing: Tagged,
  keys: readonly string[] | undefined,
  service: TaggingService,
): void {
  const { refusal, foldsCase }: TagRules = tagRules[service];
  if (!keys) throw new AwsError(refusal, 'The keys of the tags are missing.');
  const own = keys.find(key => /^aws:/i.test(key));
  if (own) throw new AwsError(refusal, 'aws: prefixed tag key names are not allowed for external use.');
  const folded = (key: string) => (foldsCase ? key.toLowerCase() : key);
  const going = new Set(keys.map(folded));
  replaceTags(world, thing, Object.fromEntries(Object.entries(thing.tags).filter(([key]) => !going.has(folded(key)))));
}

export function replaceTags(world: World, thing: Tagged, tags: Tags): void {
  thing.earlierTags = { tags: seenTags(world, thing), until: world.now() + world.lag };
  thing.tags = tags;
}

/** The tags as AWS shows them now. */
export const seenTags = (world: World, { tags, earlierTags }: Tagged): Tags =>
  earlierTags && world.now() < earlierTags.until ? earlierTags.tags : tags;
