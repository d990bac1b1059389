/**
 * The commands that messages suggest: the one place where they are written, so that whoever pastes one runs what was
 * meant and nothing else.
 */

import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What every suggested command repeats, as it was given by flag. What the environment or `salesreport.yaml` says holds
 * for the next command too.
 */
export interface Given {
  stack?: string | undefined;
  region?: string | undefined;
  profile?: string | undefined;
  /** The settings file. */
  settings?: string | undefined;
  /** The profile that the settings name: the AWS CLI does not read them. */
  settingsProfile?: string | undefined;
}

/** The stack that is meant where none is named. */
export const defaultStack = 'salesreport';

const invocation = new AsyncLocalStorage<Given>();

/** Runs a command or an event so that what it suggests repeats `given`. Without it nothing is repeated. */
export const withGiven = <T>(given: Given, work: () => T): T => invocation.run({ ...given }, work);

/** Says which profile the settings name, once they are read. */
export function noteProfile(profile: string | undefined): void {
  const given = invocation.getStore();
  if (given) given.settingsProfile = profile;
}

/**
 * What a person may call almost as they like: nothing that a terminal hides, obeys or turns round, and nothing that
 * reads as a flag.
 */
const visible = /^(?!-)[\p{L}\p{N}\p{P}\p{S}][^\p{C}\p{Zl}\p{Zp}]{0,1023}$/u;

/** What a value of each kind looks like. One that looks otherwise is never suggested. */
export const kinds = {
  stack: /^[a-z](?:[a-z0-9-]{0,17}[a-z0-9])?$/,
  region: /^[a-z]{2,4}(-[a-z]+)+-\d$/,
  profile: visible,
  file: visible,
  /** A resource of ours: `host.cli`. */
  resource: /^[a-z][a-z0-9.-]{0,99}$/,
  /** AWS's id of a thing: `i-0123456789abcdef0`. */
  awsId: /^[a-z][a-z0-9]{0,19}-[0-9a-z-]{1,64}$/,
  arn: /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{0,12}:[A-Za-z0-9_+=,.@/:-]{1,512}$/,
  account: /^\d{12}$/,
  address: /^[\p{L}\p{N}_][\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]{0,63}@[\p{L}\p{N}][\p{L}\p{N}.-]{0,252}$/u,
  /** A day, or an instant: `2026-11-24`, `2026-11-24T16:00`. */
  time: /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{3})?)?Z?)?$/,
  /** A short code of AWS's: `L-F678F1CE`. */
  code: /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/,
  number: /^\d{1,15}(\.\d{1,6})?$/,
  /** A verb of ours. */
  verb: /^[a-z]{1,20}$/,
} as const;

export type Kind = keyof typeof kinds;

/** A value in a suggested command, which comes from somewhere else. */
export interface Value {
  kind: Kind;
  text: string;
}

/** Makes a value of each kind: `as.stack('trial')`. */
export const as = Object.fromEntries(
  Object.keys(kinds).map(kind => [
    kind,
    (text: string | number): Value => ({ kind: kind as Kind, text: String(text) }),
  ]),
) as Record<Kind, (text: string | number) => Value>;

/** What stands where a command needs a value that cannot be shown. */
const placeholders: Partial<Record<Kind, string>> = {
  address: 'NAME@HOST',
  file: 'FILE',
  time: 'DAY',
  arn: 'ARN',
  awsId: 'ID',
};

type Values = readonly (Value | readonly Value[])[];

export type Suggest = (words: TemplateStringsArray, ...values: Values) => string;

/**
 * A command of this tool for a message: salesreport`subscribe email ${as.address(endpoint)}`. The words are ours; each
 * value passes the pattern of its kind and is quoted for the shell. A flag whose value does not pass is named behind
 * the command without it: `salesreport teardown (add --stack)`. The flags that were given by flag are repeated, unless
 * the command names them itself.
 */
export const salesreport: Suggest = (words, ...values) => ours(invocation.getStore() ?? {}, words, values);

/**
 * The same for what outlives the command that made it, as a mail does: of what was given only the stack counts, unless
 * it is the default one.
 */
export const commandFor =
  (stack: string): Suggest =>
  (words, ...values) =>
    ours(givenFor(stack), words, values);

/** What to give where there is no command line, as in the deployed function. */
export const givenFor = (stack: string): Given => (stack === defaultStack ? {} : { stack });

/**
 * A command of the AWS CLI for a message, as `salesreport` makes one of ours. It repeats the profile, also one that the
 * settings name.
 */
export const awsCli: Suggest = (words, ...values) => {
  const { profile, settingsProfile } = invocation.getStore() ?? {};
  return written('aws', parsed(words, values), [['--profile', 'profile', profile ?? settingsProfile]]);
};

/** Flags alone, for a command that the reader has at hand: flagged`--settings ${as.file(name)}`. */
export const flagged: Suggest = (words, ...values) => {
  const { told, lacking } = sorted(parsed(words, values));
  return [...told, ...lacking].join(' ');
};

function ours({ stack, region, profile, settings }: Given, words: TemplateStringsArray, values: Values): string {
  return written('salesreport', parsed(words, values), [
    ['--stack', 'stack', stack],
    ['--region', 'region', region],
    ['--profile', 'profile', profile],
    ['--settings', 'file', settings],
  ]);
}

/** One word of a command, with the flag that it belongs to. */
type Word = { own: string } | { flag: string | undefined; value: Value };

function parsed(words: TemplateStringsArray, values: Values): Word[] {
  return [...words].flatMap((part, index): Word[] => {
    const own = part.split(/\s+/).filter(word => word !== '');
    const value = values[index];
    if (value === undefined) return own.map(word => ({ own: word }));
    const last = own.at(-1);
    const flag = last?.startsWith('--') ? last : undefined;
    const before = flag === undefined ? own : own.slice(0, -1);
    const given = 'kind' in value ? [value] : value;
    return [...before.map(word => ({ own: word })), ...given.map(one => ({ flag, value: one }))];
  });
}

function written(
  program: string,
  words: Word[],
  repeated: readonly [flag: string, kind: Kind, text: string | undefined][],
) {
  const has = (flag: string) => words.some(word => ('own' in word ? word.own : word.flag) === flag);
  const more = repeated.flatMap(([flag, kind, text]): Word[] =>
    text === undefined || has(flag) ? [] : [{ flag, value: { kind, text } }],
  );
  const { told, lacking } = sorted([...words, ...more]);
  return [program, ...told, ...(lacking.length > 0 ? [`(add ${lacking.join(' and ')})`] : [])].join(' ');
}

/** The words as a shell takes them, and the flags whose values cannot be shown. */
function sorted(words: readonly Word[]): { told: string[]; lacking: string[] } {
  const told: string[] = [];
  const lacking: string[] = [];
  for (const word of words) {
    if ('own' in word) told.push(word.own);
    else {
      const { flag, value } = word;
      const isShown = kinds[value.kind].test(value.text);
      if (isShown) told.push(...(flag ? [flag] : []), quoted(value.text));
      else if (flag) lacking.push(flag);
      else told.push(placeholders[value.kind] ?? value.kind.toUpperCase());
    }
  }
  return { told, lacking };
}

/** One word for a POSIX shell. */
const quoted = (text: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
