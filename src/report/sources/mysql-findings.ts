import type { FieldPacket } from 'mysql2';
import { decimal } from '../decimal.ts';
import { type Findings, type Found, type Looked, type RowCheck, rowChecks, type Window } from '../facts.ts';
import { hoursSpan, soon } from '../hours-span.ts';
import { checkStatements, hoursStatement } from './check-statements.ts';
import { isMissingColumn, isTimeout } from './mysql-problems.ts';
import type { StoredClock } from './stored-clock.ts';

/** A row as the driver gives it: decimals and times as text. */
export type Row = Record<string, string | number | null>;

/** Sends one statement, its `?` bound to these values, and gives its rows and the types of its columns. */
export type Query = (sql: string, values: readonly string[]) => Promise<[rows: Row[], fields: readonly FieldPacket[]]>;

/**
 * What the checks look for in a window; `now` is ms since 1970 UTC. A look that fails is an error of its own. All together get `budgetMs`: what is left
 * then is not looked for, so that doubts about the data never cost the report. `absent` are the checks whose rows this shop cannot have.
 */
export async function readFindings(
  query: Query,
  window: Window,
  now: number,
  { clock, absent, budgetMs }: { clock: StoredClock; absent: readonly RowCheck[]; budgetMs: number },
): Promise<Pick<Findings, 'rows' | 'hours'>> {
  const begin = performance.now();
  const bounds = { from: window.from, to: window.to, soon: new Date(soon(now)).toISOString() };
  const look = async <T>(sql: string, values: readonly string[], made: (rows: Row[]) => T): Promise<Looked<T>> => {
    const start = performance.now();
    if (start - begin > budgetMs) return { error: 'it was not tried, because the checks before it took too long', seconds: 0 };
    try {
      const [rows] = await query(sql, values);
      return { found: made(rows), seconds: secondsSince(start) };
    } catch (error) {
      const seconds = secondsSince(start);
      if (isMissingColumn(error)) return { absent: true, seconds };
      return { error: isTimeout(error) ? 'it did not finish in its time' : (error as Error).message, seconds };
    }
  };
  const rows = {} as Record<RowCheck, Looked<Found>>;
  for (const id of rowChecks) {
    const statement = checkStatements[id];
    const values = statement.bounds.map(bound => clock.bound(bounds[bound]));
    rows[id] = absent.includes(id) ? { absent: true, seconds: 0 } : await look(statement.sql, values, foundOf);
  }
  const span = hoursSpan(window);
  const hours = await look(hoursStatement, [clock.bound(span.from), clock.bound(span.to)], found =>
    found.map(({ at }) => clock.instant(String(at))),
  );
  return { rows, hours };
}

const foundOf = (rows: Row[]): Found => ({
  count: Number(rows[0]?.found ?? 0),
  value: decimal(String(rows[0]?.value ?? 0)),
  ids: rows.map(({ id }) => String(id)),
});

const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000;
