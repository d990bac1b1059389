import type { ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import { invalidParameter, required } from './refusals.ts';

/** The tags of one thing: those it was made with, and later changes, which are seen only after the world's lag. */
export class Tags {
  private readonly made: Readonly<Record<string, string>>;
  private readonly changes: { at: number; key: string; value: string | undefined }[] = [];

  constructor(made: Record<string, string>) {
    this.made = made;
  }

  /** Tags as they stood at `instant`, ms since 1970; without it, as they are now. */
  asOf(instant = Number.POSITIVE_INFINITY): Record<string, string> {
    const tags = { ...this.made };
    for (const { at, key, value } of this.changes) {
      if (at > instant) continue;
      if (value === undefined) delete tags[key];
      else tags[key] = value;
    }
    return tags;
  }

  change(at: number, key: string, value: string | undefined): void {
    this.changes.push({ at, key, value });
  }
}

export const tagList = (tags: Record<string, string>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/**
 * The tags that a create gives to its things of `type`. `types`: what the operation makes; tags for anything else are
 * refused.
 */
export function tagsFrom(
  specifications: TagSpecification[] | undefined,
  type: ResourceType,
  types: readonly ResourceType[] = [type],
): Record<string, string> {
  for (const { ResourceType, Tags: tags = [] } of specifications ?? []) {
    if (!types.includes(required(ResourceType, 'ResourceType')))
      throw invalidParameter(`'${ResourceType}' is not a valid taggable resource type for this operation.`);
    if (tags.length === 0) throw invalidParameter('Tag specification must have at least one tag');
    verifyTags(tags);
  }
  const tags = (specifications ?? [])
    .filter(({ ResourceType }) => ResourceType === type)
    .flatMap(({ Tags }) => Tags ?? []);
  verifyTags(tags);
  const made = Object.fromEntries(tags.map(({ Key, Value }) => [Key!, Value ?? '']));
  verifyCount(made);
  return made;
}

export const tagging: Pick<SimulatedService<'ec2'>, 'CreateTags' | 'DeleteTags'> = {
  CreateTags: {
    takes: ['Resources', 'Tags'],
    run(input, world) {
      const tags = required(input.Tags, 'Tags');
      verifyTags(tags);
      const things = required(input.Resources, 'Resources').map(id => world.ec2.taggable(id));
      for (const thing of things)
        verifyCount({ ...thing.tags.asOf(), ...Object.fromEntries(tags.map(({ Key }) => [Key, ''])) });
      for (const thing of things) for (const { Key, Value } of tags) thing.tags.change(world.now(), Key!, Value ?? '');
      return {};
    },
  },
  DeleteTags: {
    takes: ['Resources', 'Tags'],
    run({ Resources, Tags: going }, world) {
      const things = required(Resources, 'Resources').map(id => world.ec2.taggable(id));
      if (going) verifyTags(going);
      for (const { tags } of things)
        for (const [key, value] of Object.entries(tags.asOf())) {
          // Without tags all go that are not AWS's own, and without a value a key goes whatever it says.
          const isGoing = going
            ? going.some(({ Key, Value }) => Key === key && (Value ?? value) === value)
            : !key.startsWith('aws:');
          if (isGoing) tags.change(world.now(), key, undefined);
        }
      return {};
    },
  },
};

function verifyTags(tags: Tag[]): void {
  const seen = new Set<string>();
  for (const { Key: key = '', Value: value = '' } of tags) {
    if (key === '') throw invalidParameter('Tag keys must not be empty.');
    // Tag in the API reference: 127 and 256 Unicode characters.
    if ([...key].length > 127) throw invalidParameter(`Tag key exceeds the maximum length of 127 characters: ${key}`);
    if ([...value].length > 256)
      throw invalidParameter(`Tag value exceeds the maximum length of 256 characters: ${value}`);
    if (/^aws:/i.test(key))
      throw invalidParameter(
        `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
      );
    if (seen.has(key)) throw invalidParameter(`Duplicate tag key '${key}' specified.`);
    seen.add(key);
  }
}

function verifyCount(tags: Record<string, string>): void {
  if (Object.keys(tags).length > 50)
    throw new AwsError('TagLimitExceeded', 'The maximum number of tags for a resource is 50.');
}
