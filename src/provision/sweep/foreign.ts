import { namesOf } from '../names.ts';
import type { Leftover, Place } from './leftover.ts';

/** A thing with the tags of a stack, and where it is, as far as that tells whether it is the stack's. */
export type Placed = Leftover & { place?: Place };

const elsewhere = (vpcId: string, own: string | undefined): string =>
  own ? `it is in ${vpcId}, and the stack's VPC is ${own}` : `it is in ${vpcId}, and the stack has no VPC`;

/**
 * Says of the things in one region why those are foreign to which somebody copied the tags of a stack: no teardown
 * removes them. `things` are all that one place has; without `isWhole` some of it is not known, and nothing is foreign.
 */
export function judged(things: readonly Placed[], { isWhole }: { isWhole: boolean }): Leftover[] {
  const stacks = new Map<string, Placed[]>();
  for (const one of things) {
    // A thing that was copied from another region is that region's by its tags.
    const key = `${one.stack} ${one.region}`;
    stacks.set(key, [...(stacks.get(key) ?? []), one]);
  }
  return [...stacks.values()].flatMap(own => judgedOfStack(own, isWhole));
}

function judgedOfStack(things: readonly Placed[], isWhole: boolean): Leftover[] {
  const vpcs = things.filter(({ type }) => type === 'VPC').map(({ awsId }) => awsId);
  const holding = vpcs.filter(vpc => things.some(({ type, place }) => type === 'subnet' && place?.vpcId === vpc));
  const candidates = vpcs.length > 1 ? holding : vpcs;
  // Of two a run says which, or stops: here nothing is said of either.
  const isClear = isWhole && (vpcs.length === 0 || candidates.length === 1);
  const [own] = candidates;
  const hasLock = things.some(({ type }) => type === 'lock');
  const why = ({ type, stack, awsId, resource, place = {} }: Placed): string | undefined => {
    if (!isClear) return undefined;
    if (type === 'VPC') return awsId === own ? undefined : `it is not the VPC that holds the stack's subnets`;
    if (place.vpcId !== undefined && place.vpcId !== own) return elsewhere(place.vpcId, own);
    if (place.groupName !== undefined && !groupNames(stack).includes(place.groupName))
      return `its name is ${place.groupName}, and the stack has no group of that name`;
    if (type === 'snapshot' && resource !== 'snapshot.database') return 'no teardown made it';
    return undefined;
  };
  const first = things.map(one => ({ one, foreign: why(one) }));
  const foreignIds = new Set(first.flatMap(({ one, foreign }) => (foreign ? [one.awsId] : [])));
  const held = new Set(things.flatMap(({ awsId, place }) => (foreignIds.has(awsId) ? [] : (place?.holds ?? []))));
  /** What is judged by what it is attached to. */
  const attached = ({ awsId, place }: Placed): string | undefined => {
    if (!isClear || !place?.attachedTo) return undefined;
    const holder = place.attachedTo.find(id => foreignIds.has(id));
    if (holder) return `it is attached to ${holder}, which is not the stack's`;
    if (place.isOfGateway && place.attachedTo.length > 0 && !held.has(awsId))
      return "it is associated with something that is not the stack's";
    // Only a lock records what is free, and is the stack's.
    if (place.isRecorded && place.attachedTo.length === 0 && !hasLock)
      return "it is attached to nothing, and no lock records it as the stack's";
    return undefined;
  };
  return first.map(({ one, foreign = attached(one) }) => {
    const { place, ...leftover } = one;
    return foreign ? { ...leftover, foreign } : leftover;
  });
}

function groupNames(stack: string): string[] {
  const { webGroup, databaseGroup } = namesOf(stack);
  return [webGroup, databaseGroup];
}
