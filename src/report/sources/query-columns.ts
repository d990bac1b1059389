import type { FieldPacket } from 'mysql2/promise';
import { Problem } from '../../problem.ts';
import type { Lacking } from '../facts.ts';
import { isInexact, numberTypes, textTypes, timeTypeOf, typeOf } from './column-types.ts';
import type { TimeType } from './stored-clock.ts';

/** The character set of what is bytes and no text. */
const binary = 63;

type Kind = 'a time' | 'a number' | 'text or a number';

/** What a query may give. */
const columns: Record<string, { kind: Kind; what: string; isRequired?: true }> = {
  ordered_at: { kind: 'a time', what: 'when the order was made, a DATETIME, TIMESTAMP or DATE', isRequired: true },
  order_id: { kind: 'text or a number', what: 'which order the line is of', isRequired: true },
  amount: { kind: 'a number', what: 'what the line sold for', isRequired: true },
  order_amount: { kind: 'a number', what: 'what the whole order sold for' },
  product_id: { kind: 'text or a number', what: 'which product was sold' },
  product: { kind: 'text or a number', what: "the product's name" },
  product_group: { kind: 'text or a number', what: "the product group's name" },
  quantity: { kind: 'a number', what: 'how many were sold' },
};

/** Columns without which a part of the report is left out. */
const optional = ['product', 'product_group', 'quantity'] as const;

export const lacksOf = (names: ReadonlySet<string>): Lacking[] => optional.filter(name => !names.has(name));

function isOf(kind: Kind, field: FieldPacket): boolean {
  const type = typeOf(field);
  if (kind === 'a time') return timeTypeOf(field) !== undefined;
  if (kind === 'a number') return numberTypes.includes(type);
  return numberTypes.includes(type) || (textTypes.includes(type) && field.characterSet !== binary);
}

/** How a column is made what it must be. */
const remedies: Record<Kind, (name: string) => string> = {
  'a time': name => `write CAST(… AS DATETIME) AS ${name}`,
  'a number': name => `write CAST(… AS DECIMAL(12, 2)) AS ${name}`,
  'text or a number': name => `write CAST(… AS CHAR) AS ${name}`,
};

/**
 * How the times of `ordered_at` are kept, and which amounts are FLOAT or DOUBLE. Throws Problem `schema` at the first
 * column that is missing, unknown or of another type.
 */
export function verifyColumns(fields: readonly FieldPacket[]): { timeType: TimeType; inexact: string[] } {
  const refuse = (sentence: string) => new Problem('schema', sentence);
  const known = Object.keys(columns);
  for (const [name, { isRequired, what }] of Object.entries(columns))
    if (isRequired && !fields.some(field => field.name === name))
      throw refuse(`The query gives no column ${name}: name one so with AS, ${what}.`);
  for (const field of fields) {
    const column = Object.hasOwn(columns, field.name) ? columns[field.name] : undefined;
    if (!column)
      throw refuse(
        `The query gives a column ${field.name}, which the report does not know: name it one of ${known.join(', ')}, or leave it out.`,
      );
    if (!isOf(column.kind, field))
      throw refuse(`The query's column ${field.name} is not ${column.kind}: ${remedies[column.kind](field.name)}.`);
  }
  const amounts = fields.filter(field => ['amount', 'order_amount'].includes(field.name) && isInexact(field));
  return {
    timeType: timeTypeOf(fields.find(({ name }) => name === 'ordered_at')!)!,
    inexact: amounts.map(({ name }) => name),
  };
}
