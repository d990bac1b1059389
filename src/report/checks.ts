/** What becomes of a report of which a check failed: it goes to nobody, or waits for its data. */
export type Policy = 'block' | 'hold';

/** What one check of the data found. */
export interface CheckResult {
  /** Named after what it tests: `order.amount.null`. */
  id: string;
  /** `warn`: sent with a notice. `fail`: as `policy` says. `error`: the check itself could not run, which warns. */
  outcome: 'pass' | 'warn' | 'fail' | 'error';
  /** What a failure does; absent where it can only warn. */
  policy?: Policy;
  /** How many rows, or whatever the check counts; null where it counts nothing. */
  count: number | null;
  /** Ids of up to five of them. */
  ids: string[];
  /** What was found, as one sentence for a reader of the report. */
  words: string;
  /** How long it took, s. */
  seconds: number;
}

/** What is done with a report by its checks. */
export type Decision = 'send' | Policy;

export function decisionOf(checks: readonly CheckResult[]): Decision {
  const policies = checks.filter(({ outcome }) => outcome === 'fail').map(({ policy }) => policy);
  if (policies.includes('block')) return 'block';
  return policies.includes('hold') ? 'hold' : 'send';
}

/** Those that a reader should know of before the numbers are trusted. */
export const doubtsOf = (checks: readonly CheckResult[]): CheckResult[] => checks.filter(({ outcome }) => outcome !== 'pass');
