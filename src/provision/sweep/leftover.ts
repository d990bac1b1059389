import { recordOf, type TagList, type TagRecord } from '../aws/owner.ts';
import { type Names, namesOf, tagKeys } from '../names.ts';
import { type BillableItem, sumOf } from '../plan/prices.ts';

/** A thing that this tool made, or that looks as if it had. */
export interface Leftover {
  /** AWS's word: `NAT gateway`, `role`. */
  type: string;
  awsId: string;
  /** Where it stands; IAM's things stand in every region, and count to the one that their tags name. */
  region: string;
  /** The stack that it is of, by its tags or, where it can carry none, by its name. */
  stack: string;
  /** Which resource of the stack it is: `nat-gateway`. Absent for what only has a name. */
  resource?: string;
  /** When it was made, ISO UTC, where AWS tells. */
  since?: string;
  /** US dollars a month, a decimal string, where the price is known and above zero. */
  monthly?: string;
  /** Why it is none of ours though it is named like one. */
  stranger?: string;
  /** Why it is none of ours though it carries our tags: somebody copied them. */
  foreign?: string;
}

/** What tells whether a thing with the tags of a stack is the stack's. */
export interface Place {
  vpcId?: string | undefined;
  /** Of a security group: it cannot be changed. */
  groupName?: string | undefined;
  /** AWS ids of what it is attached to, or whatever AWS names it by; empty where it is free. */
  attachedTo?: string[];
  /** It is the stack's only where the stack's NAT gateway holds it. */
  isOfGateway?: true;
  /** Where it is free, a lock records it. */
  isRecorded?: true;
  /** Allocation ids of addresses. */
  holds?: string[];
}

interface Seen {
  type: string;
  awsId: string;
  region: string;
  since?: Date | number | string | undefined;
  uses?: readonly BillableItem[];
  place?: Place;
}

const detailsOf = ({ since, uses = [], ...seen }: Seen) => {
  const monthly = uses.length > 0 ? sumOf(uses)?.toFixed(2) : undefined;
  return {
    ...seen,
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...(monthly === undefined ? {} : { monthly }),
  };
};

/**
 * What carries our tags; undefined for what does not. A region in the tags counts more than where it was seen: IAM is
 * seen everywhere.
 */
function tagged(seen: Seen, tags: TagRecord): (Leftover & { place?: Place }) | undefined {
  const stack = tags[tagKeys.stack];
  if (stack === undefined) return undefined;
  const resource = tags[tagKeys.resource];
  return { ...detailsOf(seen), stack, region: tags[tagKeys.region] ?? seen.region, ...(resource ? { resource } : {}) };
}

/** Of a list of EC2 things, those that carry our tags. */
export const allTagged = <T extends { Tags?: TagList; TagSet?: TagList }>(
  things: readonly T[] | undefined,
  seenOf: (thing: T) => Seen,
): (Leftover & { place?: Place })[] =>
  (things ?? []).flatMap(one => tagged(seenOf(one), recordOf(one.Tags ?? one.TagSet)) ?? []);

/** What has the name of a stack's thing: ours by its tags, else a stranger's that is named alike. */
export function named(seen: Seen, stack: string, tags: TagRecord): Leftover {
  return tagged(seen, tags) ?? { ...detailsOf(seen), stack, stranger: 'it has no owner tags' };
}

const suffix = /^[a-z]([a-z0-9-]{0,17}[a-z0-9])?$/;

/** The stack whose thing of this kind is called so; undefined where none is. */
export function stackCalled(kind: keyof Names, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const plain = namesOf('salesreport')[kind];
  if (name === plain) return 'salesreport';
  const stack = name.startsWith(`${plain}-`) ? name.slice(plain.length + 1) : '';
  return suffix.test(stack) && namesOf(stack)[kind] === name ? stack : undefined;
}
