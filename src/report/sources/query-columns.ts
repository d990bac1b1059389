import type { FieldPacket } from 'mysql2/promise';
import { Problem } from '../../problem.ts';
import type { Lacking } from '../facts.ts';
import type { TimeType } from './stored-clock.ts';

/** Column types of the MySQL protocol by their numbers (MySQL internals manual, "Column Definition"). */
const times: Record<number, TimeType> = {
  7: 'timestamp',
  17: 'timestamp',
  10: 'date',
  14: 'date',
  12: 'datetime',
  18: 'datetime',
};
const numbers = [0, 1, 2, 3, 4, 5, 8, 9, 246];
const texts = [15, 247, 249, 250, 251, 252, 253, 254];
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

export const timeTypeOf = (field: FieldPacket): TimeType | undefined => times[field.columnType ?? -1];

function isOf(kind: Kind, field: FieldPacket): boolean {
  const type = field.columnType ?? -1;
  if (kind === 'a time') return type in times;
  if (kind === 'a number') return numbers.includes(type);
  return numbers.includes(type) || (texts.includes(type) && field.characterSet !== binary);
}

/** How a column is made what it must be. */
const remedies: Record<Kind, (name: string) => string> = {
  'a time': name => `write CAST(… AS DATETIME) AS ${name}`,
  'a number': name => `write CAST(… AS DECIMAL(12, 2)) AS ${name}`,
  'text or a number': name => `write CAST(… AS CHAR) AS ${name}`,
};

/** The type of `ordered_at`. Throws Problem `query` at the first column that is missing, unknown or of another type. */
export function verifyColumns(fields: readonly FieldPacket[]): TimeType {
  const refuse = (sentence: string) => new Problem('query', sentence);
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
  return timeTypeOf(fields.find(({ name }) => name === 'ordered_at')!)!;
}
