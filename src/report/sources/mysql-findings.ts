import type { FieldPacket } from 'mysql2';
import { Problem } from '../../problem.ts';
import { decimal } from '../decimal.ts';
import { type Findings, type Found, type Looked, type RowCheck, rowChecks, type Window } from '../facts.ts';
import { hoursSpan, soon } from '../hours-span.ts';
import { type Bound, checkStatements, hoursStatement, numbersStatement, typesStatement } from './check-statements.ts';
import { isMissingColumn, isTimeout } from './mysql-problems.ts';

type Row = Record<string, string | number | null>;

/** Sends one statement, its `?` bound to these values, and gives its rows and the types of its columns. */
export type Query = (sql: string, values: readonly (string | null)[]) => Promise<[rows: Row[], fields: readonly FieldPacket[]]>;

/** Times as the database and the report write them. */
export interface Times {
  sqlTime: (instant: string) => string;
  isoTime: (time: string) => string;
}

/** Type codes of the MySQL protocol ("Column Type" in its manual). TINY to DOUBLE, LONGLONG, INT24, and both of DECIMAL; DATE, DATETIME, TIMESTAMP. */
const numberTypes = [0, 1, 2, 3, 4, 5, 8, 9, 246];
const inexactTypes = [4, 5];
const timeTypes = [7, 10, 12];
/** What a column of NULL only is: one that the shop does not have. */
const noType = 6;

const typed = {
  order_date_time: { name: 'order.order_date_time', types: timeTypes, must: 'a date and time' },
  order_amount: { name: 'order.amount', types: numberTypes, must: 'a number such as DECIMAL(10, 2)' },
  quantity: { name: 'order_item.quantity', types: numberTypes, must: 'a whole number' },
  item_amount: { name: 'order_item.amount', types: numberTypes, must: 'a number such as DECIMAL(10, 2)' },
};

/** Columns of amounts that are FLOAT or DOUBLE. Throws Problem `schema` where a column is of a type that cannot be reckoned with. */
export async function readTypes(query: Query): Promise<Looked<string[]>> {
  const start = performance.now();
  const [, fields] = await query(typesStatement, []);
  const typeOf = (column: string) => fields.find(({ name }) => name === column)?.columnType ?? noType;
  for (const [column, { name, types, must }] of Object.entries(typed))
    if (![...types, noType].includes(typeOf(column)))
      throw new Problem('schema', `The column ${name} is not ${must}: change its type, so that the report can reckon with it.`);
  const inexact = (['order_amount', 'item_amount'] as const).filter(column => inexactTypes.includes(typeOf(column)));
  return { found: inexact.map(column => typed[column].name), seconds: secondsSince(start) };
}

/**
 * What the checks look for in a window; `now` is ms since 1970 UTC. A look that fails is an error of its own. All together get `budgetMs`: what is left
 * then is not looked for, so that doubts about the data never cost the report.
 */
export async function readFindings(
  query: Query,
  window: Window,
  now: number,
  { sqlTime, isoTime }: Times,
  budgetMs: number,
): Promise<Pick<Findings, 'rows' | 'hours'>> {
  const begin = performance.now();
  const valuesOf = binder(query, window, now, sqlTime);
  const look = async <T>(work: () => Promise<T>): Promise<Looked<T>> => {
    const start = performance.now();
    if (start - begin > budgetMs) return { error: 'it was not tried, because the checks before it took too long', seconds: 0 };
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
    rows[id] = await look(async () => foundOf((await query(sql, await valuesOf(bounds)))[0]));
  }
  const span = hoursSpan(window);
  const hours = await look(async () => {
    const [found] = await query(hoursStatement, [sqlTime(span.from), sqlTime(span.to)]);
    return found.map(({ at }) => isoTime(String(at)));
  });
  return { rows, hours };
}

/** The values of a statement's bounds. Order numbers are asked for when a statement needs them; without orders they are null, which nothing is above or below. */
export function binder(query: Query, { from, to }: Window, now: number, sqlTime: Times['sqlTime']) {
  const times = { from: sqlTime(from), to: sqlTime(to), soon: sqlTime(new Date(soon(now)).toISOString()) };
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
