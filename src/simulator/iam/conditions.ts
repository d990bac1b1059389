import { NotSimulated } from '../aws-error.ts';

/** What else is known of a request: keys of conditions and their values. IAM reads the keys without regard to case. */
export type Context = Record<string, string | string[]>;

type Value = string | number | boolean;

/** Operator, key, wanted values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Value | readonly Value[]>>>>;

/** The values of a key; undefined where the request does not have it. */
export type Lookup = (key: string) => string | readonly string[] | undefined;

const lookups = new WeakMap<Context, Lookup>();

/** Reads keys without regard to case. One context is asked by every policy for every resource, so it is read once. */
export function lookupIn(context: Readonly<Context>): Lookup {
  const known = lookups.get(context);
  if (known) return known;
  const byName = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  const lookup: Lookup = key => byName.get(key.toLowerCase());
  lookups.set(context, lookup);
  return lookup;
}

const patterns = new Map<string, RegExp>();

/** A pattern of IAM as an expression: `*` is any number of characters, `?` is one. */
function expressionOf(pattern: string, flags: 'i' | ''): RegExp {
  const key = flags + pattern;
  const known = patterns.get(key);
  if (known) return known;
  const source = pattern
    .split(/(\$\{[*?$]\}|[*?])/)
    .map(part => {
      if (part === '*') return '.*';
      if (part === '?') return '.';
      return (/^\$\{[*?$]\}$/.test(part) ? part[2]! : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  const made = new RegExp(`^${source}$`, `s${flags}`);
  patterns.set(key, made);
  return made;
}

/** Whether a value fits a pattern, by the letter. */
export const matches = (pattern: string, value: string): boolean => expressionOf(pattern, '').test(value);

/** Whether an action fits a pattern: IAM reads those without regard to case. */
export const matchesAction = (pattern: string, action: string): boolean => expressionOf(pattern, 'i').test(action);

/**
 * What a value with policy variables says in a request; undefined where one has no value, and then nothing matches (IAM
 * user guide, "Policy variables").
 */
export function resolved(text: string, lookup: Lookup): string | undefined {
  let isWhole = true;
  const given = text.replace(/\$\{([^}*?$][^}]*)\}/g, (_all, words: string) => {
    const [name = '', fallback] = words.split(/,\s*/);
    const value = lookup(name.trim());
    const plain = typeof value === 'string' ? value : fallback?.replace(/^'|'$/g, '');
    if (plain === undefined) isWhole = false;
    return plain?.replace(/[*?$]/g, sign => `$\{${sign}}`) ?? '';
  });
  return isWhole ? given : undefined;
}

/** Of a value without wildcards: what `${*}` and its like stand for. */
const plainOf = (text: string): string => text.replace(/\$\{([*?$])\}/g, '$1');

/** Each of the six parts of an ARN for itself (IAM user guide, "Condition operators", ARN). */
function arnMatches(pattern: string, arn: string): boolean {
  const parts = (text: string) => {
    const [head, ...rest] = text.split(':');
    return [head!, ...rest.slice(0, 4), rest.slice(4).join(':')];
  };
  const [wanted, is] = [parts(pattern), parts(arn)];
  return (
    pattern.split(':').length >= 6 && arn.split(':').length >= 6 && wanted.every((part, at) => matches(part, is[at]!))
  );
}

/** An instant in ms: ISO 8601 or seconds since 1970. */
const instantOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const addressOf = (text: string): bigint | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some(part => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
};

function isInRange(range: string, address: string): boolean {
  if (range.includes(':') || address.includes(':')) throw new NotSimulated('IPv6 in a condition');
  const [base = '', length = '32'] = range.split('/');
  const [from, is] = [addressOf(base), addressOf(address)];
  if (from === undefined || is === undefined) return false;
  const rest = BigInt(32 - Number(length));
  return from >> rest === is >> rest;
}

type Test = (wanted: string, value: string) => boolean;

const lower =
  (test: Test): Test =>
  (wanted, value) =>
    test(wanted.toLowerCase(), value.toLowerCase());
const numbers =
  (test: (value: number, wanted: number) => boolean): Test =>
  (wanted, value) =>
    wanted.trim() !== '' && value.trim() !== '' && test(Number(value), Number(wanted));
const dates =
  (test: (value: number, wanted: number) => boolean): Test =>
  (wanted, value) =>
    test(instantOf(value), instantOf(wanted));
const equal: Test = (wanted, value) => plainOf(wanted) === value;

/** Whether a value is what one wanted value says, by operator; those that say that it is not are `negated`. */
const tests: Record<string, Test> = {
  StringEquals: equal,
  StringEqualsIgnoreCase: lower(equal),
  StringLike: matches,
  ArnEquals: arnMatches,
  ArnLike: arnMatches,
  NumericEquals: numbers((value, wanted) => value === wanted),
  NumericLessThan: numbers((value, wanted) => value < wanted),
  NumericLessThanEquals: numbers((value, wanted) => value <= wanted),
  NumericGreaterThan: numbers((value, wanted) => value > wanted),
  NumericGreaterThanEquals: numbers((value, wanted) => value >= wanted),
  DateEquals: dates((value, wanted) => value === wanted),
  DateLessThan: dates((value, wanted) => value < wanted),
  DateLessThanEquals: dates((value, wanted) => value <= wanted),
  DateGreaterThan: dates((value, wanted) => value > wanted),
  DateGreaterThanEquals: dates((value, wanted) => value >= wanted),
  Bool: lower(equal),
  BinaryEquals: equal,
  IpAddress: isInRange,
};

const negated: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

interface Operator {
  /** Whether one value of the request is as these values want it. */
  holdsFor: (wanted: readonly string[], value: string) => boolean;
  isNegated: boolean;
  ifExists: boolean;
  set: 'ForAllValues' | 'ForAnyValue' | undefined;
}

function operatorOf(name: string): Operator {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const positive = negated[base];
  const test = tests[positive ?? base];
  if (!test) throw new NotSimulated(`the condition ${name}`);
  return {
    holdsFor: (wanted, value) => wanted.some(one => test(one, value)) !== (positive !== undefined),
    isNegated: positive !== undefined,
    ifExists: ifExists !== undefined,
    set: set as Operator['set'],
  };
}

/**
 * Whether a condition holds. A key that the request lacks makes a positive operator false and a negated one or
 * …IfExists true; ForAllValues is then true and ForAnyValue false. A key with several values holds by a set operator
 * only (IAM user guide, "Condition operators", "Multivalued context keys").
 */
export function holds(conditions: Conditions = {}, lookup: Lookup): boolean {
  return Object.entries(conditions).every(([name, keys]) =>
    Object.entries(keys).every(([key, given]) => holdsForKey(name, [given].flat().map(String), lookup(key), lookup)),
  );
}

function holdsForKey(
  name: string,
  given: readonly string[],
  is: string | readonly string[] | undefined,
  lookup: Lookup,
): boolean {
  if (name === 'Null') return given.some(one => one.toLowerCase() === String(is === undefined));
  const { holdsFor, isNegated, ifExists, set } = operatorOf(name);
  const wanted = given.flatMap(one => resolved(one, lookup) ?? []);
  if (set === 'ForAllValues') return is === undefined || [is].flat().every(value => holdsFor(wanted, value));
  if (set === 'ForAnyValue') return is !== undefined && [is].flat().some(value => holdsFor(wanted, value));
  if (is === undefined) return isNegated || ifExists;
  return typeof is === 'string' && holdsFor(wanted, is);
}

/** Every key that a condition asks for, as it is written there. */
export const keysOf = (conditions: Conditions = {}): string[] =>
  Object.values(conditions).flatMap(keys => Object.keys(keys));
