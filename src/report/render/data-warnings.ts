import { type CheckResult, doubtsOf } from '../checks.ts';
import type { Report } from '../report.ts';
import { harmless } from './names.ts';
import { numbersOf } from './numbers.ts';

/** So many doubts stand above the numbers, and so many ids beside one. */
const shownNotices = 2;
const shownIds = 5;
const longestSentence = 200;
const longestId = 24;

const weight = { fail: 0, warn: 1, error: 2, pass: 3 } as const;

/** The checks that a reader should know of, those that failed first. */
const inDoubt = ({ checks }: Report): CheckResult[] =>
  doubtsOf(checks).toSorted((a, b) => weight[a.outcome] - weight[b.outcome]);

/** What a check found, as a sentence. */
const sentenceOf = ({ words }: CheckResult): string => harmless(words, longestSentence, 2 * longestSentence);

/**
 * What to know before the numbers are trusted, in at most two lines, or with `shown` fewer, and one that says how many
 * more there are.
 */
export function noticesOf(report: Report, shown = shownNotices): string[] {
  const doubts = inDoubt(report);
  const rest = doubts.length - shown;
  const told = doubts.slice(0, shown).map(doubt => `Check data: ${sentenceOf(doubt)}`);
  if (rest <= 0) return told;
  return [...told, shown === 0 ? `Check data: ${counted(rest, 'doubt')}, at the end` : `and ${rest} more, at the end`];
}

/**
 * What came of all checks: `Data OK: 21 checks`, or `Data: 2 of 21 checks in doubt`. Undefined where there was none.
 */
export function checksSummary({ checks }: Report): string | undefined {
  if (checks.length === 0) return undefined;
  const doubts = doubtsOf(checks).length;
  return doubts === 0
    ? `Data OK: ${counted(checks.length, 'check')}`
    : `Data: ${doubts} of ${counted(checks.length, 'check')} in doubt`;
}

/** One doubt in its parts, for a table; `ids` are a few of those that were counted. */
export interface DoubtTold {
  outcome: string;
  id: string;
  count: string;
  words: string;
  ids: string;
}

export const doubtsTold = (report: Report): DoubtTold[] =>
  inDoubt(report).map(doubt => ({
    outcome: doubt.outcome.toUpperCase(),
    id: doubt.id,
    count: doubt.count === null ? '' : numbersOf(report).number(doubt.count),
    words: sentenceOf(doubt),
    ids: doubt.ids
      .slice(0, shownIds)
      .map(id => harmless(id, longestId, 2 * longestId))
      .join(', '),
  }));

/** `WARN 3 item.orphan.product: 3 items name a product that does not exist. Ids: 7, 8, 9` */
export const doubtLines = (report: Report): string[] =>
  doubtsTold(report).map(
    ({ outcome, id, count, words, ids }) =>
      `${[outcome, count, id].filter(Boolean).join(' ')}: ${words}${ids && ` Ids: ${ids}`}`,
  );

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
