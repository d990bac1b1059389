import { AwsError } from './aws-error.ts';

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

/** Tags after others were added, of which one with the same key takes the place. */
export const withTags = (tags: Tags, added: Tags): Tags => ({ ...tags, ...added });
