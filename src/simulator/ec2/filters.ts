import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { NotSimulated } from '../aws-error.ts';
import { invalidParameter, required } from './refusals.ts';

type Value = string | number | boolean | undefined;

/** What each filter of a Describe looks at, in a row of its answer. */
export type Fields<R> = Record<string, (row: R) => Value | Value[]>;

/**
 * The rows that pass every filter: one of its values (with `*` and `?` as wildcards) matches one of the row's.
 * `tag:KEY` and `tag-key` work everywhere; a filter that is not among `fields` is not simulated.
 */
export function filtered<R extends object>(rows: R[], filters: Filter[] | undefined, fields: Fields<R>): R[] {
  const tests = (filters ?? []).map(({ Name, Values }) => {
    const name = required(Name, 'Filter.Name');
    if (!Values || Values.length === 0) throw invalidParameter(`The filter '${name}' has no values.`);
    const field = fieldOf(name, fields);
    const patterns = Values.map(pattern);
    return (row: R) =>
      [field(row)].flat().some(value => value !== undefined && patterns.some(test => test.test(String(value))));
  });
  return rows.filter(row => tests.every(test => test(row)));
}

function fieldOf<R extends object>(name: string, fields: Fields<R>): Fields<R>[string] {
  // Network interfaces say TagSet where everything else says Tags.
  const tags = (row: { Tags?: Tag[]; TagSet?: Tag[] }) => row.Tags ?? row.TagSet ?? [];
  if (name === 'tag-key') return row => tags(row).map(({ Key }) => Key);
  if (name.startsWith('tag:'))
    return row =>
      tags(row)
        .filter(({ Key }) => Key === name.slice(4))
        .map(({ Value }) => Value);
  const field = fields[name];
  if (!field) throw new NotSimulated(`the filter ${name}`);
  return field;
}

const pattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
