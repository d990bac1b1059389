import type { FieldPacket } from 'mysql2';
import { decimal } from '../decimal.ts';
import { type Findings, type Found, type Looked, type RowCheck, rowChecks, type Window } from '../facts.ts';
import { hoursSpan, soon } from '../hours-span.ts';
import { type Bound, checkStatements, hoursStatement, numbersStatement } from './check-statements.ts';
import { isMissingColumn, isTimeout } from './mysql-problems.ts';
import type { StoredClock } from './stored-clock.ts';

/** A row as the driver gives it: decimals and times as text. */
export type Row = Record<string, string | number | null>;

/** Sends one statement, its `?` bound to these values, and gives its rows and the types of its columns. */
export type Query = (
  sql: string,
  values: readonly (string | null)[],
) => Promise<[rows: Row[], fields: readonly FieldPacket[]]>;

/**
 * What the checks look for in a window; `now` is ms since 1970 UTC. A look that fails is an error of its own. All
 * together get `budgetMs`: what is left then is not looked for, so that doubts about the data never cost the report.
 * `absent` are the checks whose rows this shop cannot have.
 */
export async function readFindings(
  query: Query,
  window: Window,
  now: number,
  { clock, absent, budgetMs }: { clock: StoredClock; absent: readonly RowCheck[]; budgetMs: number },
): Promise<Pick<Findings, 'rows' | 'hours'>> {
  const begin = performance.now();
  const valuesOf = binder(query, window, now, clock);
  const look = async <T>(work: () => Promise<T>): Promise<Looked<T>> => {
    const start = performance.now();
    if (start - begin > budgetMs)
      return { error: 'it was not tried, because the checks before it took too long', seconds: 0 };
    try {
      return { found: await work(), seconds: secondsSince(start) };
    } catch (error) {
      const seconds = secondsSince(start);
      if (isMissingColumn(error)) return { absent: true, seconds };
      return { error: isTimeout(error) ? 'it did not finish in its time' : (error as Error).message, seconds };
    }
  };
  const rows = {} as Record<RowCheck, Looked<Found>>;
  for (const id of rowChecks) {
    const { sql, bounds } = checkStatements[id];
    rows[id] = absent.includes(id)
      ? { absent: true, seconds: 0 }
      : await look(async () => foundOf((await query(sql, await valuesOf(bounds)))[0]));
  }
  const span = hoursSpan(window);
  const hours = await look(async () => {
    const [found] = await query(hoursStatement, [clock.bound(span.from), clock.bound(span.to)]);
    return found.map(({ at }) => clock.instant(String(at)));
  });
  return { rows, hours };
}

/**
 * The values of a statement's bounds. Order numbers are asked for when a statement needs them; without orders they are
 * null, which nothing is above or below.
 */
export function binder(query: Query, { from, to }: Window, now: number, { bound }: StoredClock) {
  const times = { from: bound(from), to: bound(to), soon: bound(new Date(soon(now)).toISOString()) };
  return async (bounds: readonly Bound[]): Promise<(string | null)[]> => {
    if (!bounds.includes('lowest')) return bounds.map(bound => times[bound as keyof typeof times]);
    const [[numbers = {}]] = await query(numbersStatement, [times.from, times.to]);
    return bounds.map(bound => (numbers[bound] == null ? null : String(numbers[bound])));
  };
}

const foundOf = (rows: Row[]): Found => ({
  count: Number(rows[0]?.found ?? 0),
  value: decimal(String(rows[0]?.value ?? 0)),
  ids: rows.map(({ id }) => String(id)),
});

const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000;
