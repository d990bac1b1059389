import { Problem } from '../../problem.ts';
import type { Owned, Owner } from '../aws/owner.ts';
import { tagKeys } from '../names.ts';

/**
 * Things that were judged to be copies in this run: they do not become the stack's once the one that serves has gone.
 */
const copies = new WeakMap<Owner, Set<string>>();

/** How the thing that serves is told from a copy of it. */
export interface Judgement<T> {
  /** `subnet.public-a`. */
  resource: string;
  idOf(thing: T): string | undefined;
  /** One that has ended is no copy and serves nobody. Default: none has. */
  hasEnded?(thing: T): boolean;
  /** What shows that a thing is a copy even where it is alone. Default: nothing does. */
  isOther?(thing: T): boolean;
  /** What tells that a thing serves, the strongest first: the most wins, and the next decides between equals. */
  evidence: readonly ((thing: T) => number | boolean)[];
}

/**
 * Of several things in the stack's VPC with the tags of one resource, the one that serves is the stack's and comes
 * first; the others are copies, whatever the order in which AWS lists them. Throws Problem `two-alike`, which names
 * them, where nothing tells them apart.
 */
export function serving<T>(
  owner: Owner,
  owned: Owned<T>[],
  { resource, idOf, hasEnded, isOther, evidence }: Judgement<T>,
): Owned<T>[] {
  const memory = copies.get(owner) ?? new Set<string>();
  copies.set(owner, memory);
  for (const { thing, ours } of owned)
    if (ours && !hasEnded?.(thing) && isOther?.(thing)) memory.add(idOf(thing) ?? '');
  const isCopy = ({ thing, ours }: Owned<T>) => ours && memory.has(idOf(thing) ?? '');
  const contenders = owned.filter(one => one.ours && !hasEnded?.(one.thing) && !isCopy(one));
  const scored = contenders
    .map(one => ({ one, score: evidence.map(measure => Number(measure(one.thing))) }))
    .sort((a, b) => compare(b.score, a.score));
  const [best, next] = scored;
  if (best && next && compare(best.score, next.score) === 0) {
    const alike = scored
      .filter(({ score }) => compare(score, best.score) === 0)
      .map(({ one }) => idOf(one.thing) ?? '');
    throw new Problem('two-alike', alikeWords(resource, alike));
  }
  for (const { one } of scored.slice(1)) memory.add(idOf(one.thing) ?? '');
  const others = owned.filter(one => one !== best?.one);
  return [...(best ? [best.one] : []), ...others.map(one => (isCopy(one) ? asCopy(one) : one))];
}

const asCopy = <T>(one: Owned<T>): Owned<T> => ({
  ...one,
  ours: false,
  owner: "it carries the stack's tags, and does not serve the stack",
});

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

const alikeWords = (resource: string, ids: readonly string[]): string =>
  `${[...ids].sort().join(' and ')} in the stack's VPC carry the tags of ${resource}, and nothing tells which of them is the stack's: remove the tag ${tagKeys.stack} from the one that is not, then run the same command again.`;
