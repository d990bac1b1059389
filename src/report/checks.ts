import type { firmChecks } from '../check-limits.ts';
import { Problem } from '../problem.ts';
import { judged, judgedLook, plain } from './checks/judge.ts';
import { rowResults } from './checks/rows.ts';
import { timeResults } from './checks/times.ts';
import { type Words, wordsOf } from './checks/words.ts';
import type { Decimal, Facts, Reading, Window } from './facts.ts';
import type { Late, ReportSettings } from './report.ts';

/** What becomes of a report of which a check failed: it goes to nobody, or waits for its data. */
type Policy = 'block' | 'hold';

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
  /** What was found, as sentences for a reader of the report. */
  words: string;
  /** How long it took, s; 0 where it is told from what the report reads anyway. */
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
export const doubtsOf = (checks: readonly CheckResult[]): CheckResult[] =>
  checks.filter(({ outcome }) => outcome !== 'pass');

/**
 * What the checks are told from: `weeks` are the facts of the same time in the eight weeks before, the latest first.
 */
export interface Checked {
  reading: Reading;
  facts: Facts;
  weeks: readonly Facts[];
  late: readonly Late[];
  settings: ReportSettings;
  /** When the data were read, ms since 1970 UTC. */
  now: number;
}

/** All checks of a report's data, in the order of docs/reference/checks.md. */
export function checksOf({ reading, facts, weeks, late, settings, now }: Checked): CheckResult[] {
  const { findings } = reading;
  const { timezone: zone, report } = settings;
  // A function that was deployed before these settings has none of them.
  const { checks: limits = {}, closed = [] } = report;
  const words = wordsOf(settings);
  return [
    plain('schema.columns', 'pass', 'Every table and column is there.'),
    plain('query.complete', 'pass', 'Every statement finished in its time.', findings.seconds),
    ...rowResults({ facts, reading, storedTimes: report.storedTimes, limits, words }),
    ...timeResults({ facts, reading, weeks, closed, zone, limits, words, now }),
    judged('history.changed', { ...changed(late, words), seconds: 0 }, limits),
    judgedLook('money.type', findings.inexact, limits, columns => ({
      count: columns.length,
      ids: columns,
      words:
        columns.length === 0
          ? 'Amounts are exact to the cent.'
          : `${columns.join(' and ')}: FLOAT or DOUBLE cannot hold cents exactly, DECIMAL can.`,
    })),
  ];
}

function changed(late: readonly Late[], { money, time }: Words) {
  const [first] = late;
  if (!first) return { count: 0, ids: [], words: 'No window that was reported has changed.' };
  const told = (sales: Decimal, orders: number) => `${money(sales)} (${orders})`;
  const { to, sales, orders, salesBefore, ordersBefore } = first;
  const others = late.length > 1 ? `, and ${late.length - 1} more` : '';
  return {
    count: late.length,
    ids: late.slice(0, 5).map((window: Window) => window.to),
    words: `Sales (and orders) of the report of ${time(to)} were ${told(salesBefore, ordersBefore)} and are ${told(sales, orders)} now${others}.`,
  };
}

/**
 * Which check a source's Problem fails, by its code: a report that could not be read has no numbers, and no other
 * checks.
 */
const failing: Record<string, keyof typeof firmChecks> = { schema: 'schema.columns', timeout: 'query.complete' };

/**
 * The check that fails where a source threw instead of reading: Problem `schema` (a table or a column is missing or
 * cannot be reckoned with) or `timeout` (a statement did not finish). It blocks. Undefined of any other error, which is
 * not about the data: the run fails and is tried again.
 */
export function blockingCheck(error: unknown): CheckResult | undefined {
  const id = error instanceof Problem ? failing[error.code] : undefined;
  return id && { ...plain(id, 'fail', (error as Problem).message), policy: 'block' };
}
