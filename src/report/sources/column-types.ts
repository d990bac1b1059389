import type { FieldPacket } from 'mysql2';
import { Problem } from '../../problem.ts';
import type { TimeType } from './stored-clock.ts';

/**
 * Type codes of the MySQL protocol ("Column Type" in its manual). TINY to DOUBLE, LONGLONG, INT24, and both of DECIMAL.
 */
export const numberTypes = [0, 1, 2, 3, 4, 5, 8, 9, 246];
const inexactTypes = [4, 5];
/** VARCHAR, ENUM, the BLOBs and TEXTs, and both of CHAR. */
export const textTypes = [15, 247, 249, 250, 251, 252, 253, 254];
const timeTypes: Record<number, TimeType> = { 7: 'timestamp', 10: 'date', 12: 'datetime' };
/** What a column of NULL only is: one that the shop does not have. */
const noType = 6;

export const typeOf = ({ columnType }: FieldPacket): number => columnType ?? noType;

export const timeTypeOf = (field: FieldPacket): TimeType | undefined => timeTypes[typeOf(field)];

/** FLOAT or DOUBLE. */
export const isInexact = (field: FieldPacket): boolean => inexactTypes.includes(typeOf(field));

const times = Object.keys(timeTypes).map(Number);

const typed = {
  order_date_time: { name: 'order.order_date_time', types: times, must: 'a date and time' },
  order_amount: { name: 'order.amount', types: numberTypes, must: 'a number such as DECIMAL(10, 2)' },
  quantity: { name: 'order_item.quantity', types: numberTypes, must: 'a whole number' },
  item_amount: { name: 'order_item.amount', types: numberTypes, must: 'a number such as DECIMAL(10, 2)' },
};

/**
 * Of the default schema's columns, those of typesStatement's answer: how its times are kept, and which amounts are
 * FLOAT or DOUBLE. Throws Problem `schema` where a column is of a type that cannot be reckoned with.
 */
export function verifyTypes(fields: readonly FieldPacket[]): { timeType: TimeType; inexact: string[] } {
  const fieldOf = (column: string) => fields.find(({ name }) => name === column)!;
  for (const [column, { name, types, must }] of Object.entries(typed))
    if (![...types, noType].includes(typeOf(fieldOf(column))))
      throw new Problem(
        'schema',
        `The column ${name} is not ${must}: change its type, so that the report can reckon with it.`,
      );
  const amounts = (['order_amount', 'item_amount'] as const).filter(column => isInexact(fieldOf(column)));
  return {
    timeType: timeTypeOf(fieldOf('order_date_time')) ?? 'datetime',
    inexact: amounts.map(column => typed[column].name),
  };
}
