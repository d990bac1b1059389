import Big from 'big.js';
import {
  type CheckId,
  checkRules,
  type GivenLimits,
  type Limit,
  limitsOf,
  type RuledCheck,
} from '../../check-limits.ts';
import type { CheckResult } from '../checks.ts';
import type { Decimal, Looked } from '../facts.ts';

/** What a check measured, before its limits have judged it. */
export interface Measured {
  /** Null where nothing is counted. */
  count: number | null;
  ids: string[];
  /** What was found, as a sentence for a reader of the report. */
  words: string;
  seconds: number;
  /** What a limit in `%` is held against: a part, and the whole of which it is one. Signs do not count. */
  part?: { is: Decimal; of: Decimal } | undefined;
  /** What a limit in hours is held against. */
  hours?: number;
  /** What is held against the limit of failing, where it is less than all that was found. */
  failing?: { count: number; is: Decimal };
}

/** Holds what a check measured against its limits. */
export function judged(id: RuledCheck, measured: Measured, given: GivenLimits): CheckResult {
  const { count, ids, words, seconds, failing, part } = measured;
  const { warn, block = 'never', hold = 'never' } = limitsOf(id, given);
  const policy = 'hold' in checkRules[id] ? 'hold' : 'block';
  const strict = policy === 'hold' ? hold : block;
  const serious = failing
    ? { ...measured, count: failing.count, ...(part && { part: { ...part, is: failing.is } }) }
    : measured;
  const outcome = exceeds(serious, strict) ? 'fail' : exceeds(measured, warn) ? 'warn' : 'pass';
  return { id, outcome, ...(strict === 'never' ? {} : { policy }), count, ids, words, seconds };
}

/** Any part of nothing exceeds every limit in `%`. */
function exceeds({ count, part, hours }: Measured, limit: Limit): boolean {
  if (limit === 'never') return false;
  if (typeof limit === 'number') return (count ?? 0) > limit;
  if (limit.endsWith('h')) return (hours ?? 0) > Number(limit.slice(0, -1));
  if (!part) return false;
  return new Big(part.is)
    .abs()
    .times(100)
    .gt(new Big(part.of).abs().times(limit.slice(0, -1)));
}

/** A result that no limit has a say in. */
export const plain = (id: CheckId, outcome: CheckResult['outcome'], words: string, seconds = 0): CheckResult => ({
  id,
  outcome,
  count: null,
  ids: [],
  words,
  seconds,
});

/** What was looked for and found, judged; what could not be looked for warns; what the shop does not have passes. */
export function judgedLook<T>(
  id: RuledCheck,
  looked: Looked<T>,
  given: GivenLimits,
  measure: (found: T) => Omit<Measured, 'seconds'>,
): CheckResult {
  const { seconds } = looked;
  if ('error' in looked)
    return plain(id, 'error', `This could not be checked: ${looked.error.replace(/\.$/, '')}.`, seconds);
  if ('absent' in looked) return plain(id, 'pass', 'Not checked: the query gives no column for it.', seconds);
  return judged(id, { ...measure(looked.found), seconds }, given);
}
