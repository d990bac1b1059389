import { Problem } from '../../problem.ts';
import { tagKeys } from '../names.ts';

/** Tags as most services give them; Lambda and Logs give a record. */
export type TagList = readonly { Key?: string; Value?: string }[] | undefined;
export type TagRecord = Record<string, string>;

export const recordOf = (tags: TagList): TagRecord =>
  Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
export const listOf = (tags: TagRecord): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Whose a thing is: ours when both stack and region are, because IAM's names are global. */
export class Owner {
  readonly #stack: string;
  readonly #region: string;
  readonly #version: string;
  readonly #tags: TagRecord;

  constructor(options: { stack: string; region: string; version: string; tags: TagRecord }) {
    this.#stack = options.stack;
    this.#region = options.region;
    this.#version = options.version;
    this.#tags = options.tags;
  }

  /** The tags that a resource is made with. */
  tags(resource: string): TagRecord {
    return {
      ...this.#tags,
      [tagKeys.stack]: this.#stack,
      [tagKeys.region]: this.#region,
      [tagKeys.resource]: resource,
      [tagKeys.version]: this.#version,
    };
  }

  /** `TagSpecifications` of an EC2 create. */
  ec2Tags<T extends string>(type: T, resource: string, name: string) {
    return [{ ResourceType: type, Tags: listOf({ Name: name, ...this.tags(resource) }) }];
  }

  /** EC2 filters for everything of ours: one question serves all resources of a kind. */
  get filters(): { Name: string; Values: string[] }[] {
    return [
      { Name: `tag:${tagKeys.stack}`, Values: [this.#stack] },
      { Name: `tag:${tagKeys.region}`, Values: [this.#region] },
    ];
  }

  /**
   * Whether tags are ours, and whose they look like if not. Throws Problem `newer-stack` where a newer version of the
   * tool made the thing.
   */
  of(tags: TagRecord): { ours: boolean; owner?: string; nobodys?: true } {
    const stack = tags[tagKeys.stack];
    const region = tags[tagKeys.region];
    if (stack === undefined) return { ours: false, owner: 'it has no owner tags', nobodys: true };
    if (stack !== this.#stack || region !== this.#region)
      return { ours: false, owner: `it belongs to stack ${stack} in ${region}` };
    const version = tags[tagKeys.version] ?? this.#version;
    if (isNewer(version, this.#version))
      throw new Problem(
        'newer-stack',
        `Stack ${stack} was made by salesreport ${version} and this is ${this.#version}: install the newer version to work on it.`,
      );
    return { ours: true };
  }

  /** Of a list of EC2 things, those that are the given resource of ours. */
  select<T extends { Tags?: { Key?: string; Value?: string }[] }>(
    things: readonly T[] | undefined,
    resource: string,
  ): T[] {
    return (things ?? []).filter(({ Tags }) => {
      const tags = recordOf(Tags);
      return tags[tagKeys.resource] === resource && this.of(tags).ours;
    });
  }

  /**
   * The same, and where there is none what stands in its place: `isRelated` says whether a thing is where ours was put
   * and nothing else can be. Without owner tags it is ours if it still has our name, or a tag that only we give; else
   * it is somebody's, and in the way.
   */
  recognise<T extends { Tags?: { Key?: string; Value?: string }[] }>(
    things: readonly T[] | undefined,
    { resource, name }: { resource: string; name: string },
    isRelated: (thing: T) => boolean,
  ): Owned<T>[] {
    const owned = (thing: T): Owned<T> => ({ thing, tags: recordOf(thing.Tags), ...this.of(recordOf(thing.Tags)) });
    const tagged = this.select(things, resource);
    if (tagged.length > 0) return tagged.map(owned);
    return (things ?? [])
      .filter(isRelated)
      .map(owned)
      .filter(({ tags }) => (tags[tagKeys.resource] ?? resource) === resource)
      .map(({ nobodys, ...one }) => {
        if (!nobodys) return one;
        const isLost = one.tags.Name === name || tagKeys.resource in one.tags;
        return isLost ? { thing: one.thing, tags: one.tags, ours: true } : { ...one, nobodys };
      });
  }
}

/** Whose a thing is, and its tags. */
export type Owned<T> = { thing: T; tags: TagRecord } & ReturnType<Owner['of']>;

function isNewer(version: string, than: string): boolean {
  const [theirs, ours] = [version, than].map(text => text.split('.').map(Number)) as [number[], number[]];
  const at = theirs.findIndex((part, index) => part !== ours[index]);
  return at >= 0 && theirs[at]! > (ours[at] ?? 0);
}
