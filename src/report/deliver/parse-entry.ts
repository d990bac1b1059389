import * as z from 'zod/mini';
import { askedKey, chain, chainKey, type Entry, isSent, type State, startIn, states } from './entry.ts';

const text = z.string();
const instant = text.check(z.refine(value => !Number.isNaN(Date.parse(value))));
const count = z.int().check(z.minimum(0));
const decimal = text.check(z.regex(/^-?\d+(\.\d+)?$/));

const sent = z.object({ messageId: text, subject: text, revision: count, at: instant, run: z.optional(text) });
const told = z.object({ from: instant, to: instant, sales: decimal, orders: count, at: instant });

/** What is only shown, and left out where it cannot be: an entry must not be lost for its sake. */
const shown = <S extends z.ZodMiniType>(schema: S) => z.catch(z.optional(schema), undefined);

/** How entries of version 1 call two of the states. */
const formerStates: Partial<Record<string, State>> = { archived: 'sent', unsent: 'archived' };

/** What a run of any version writes; fields are only ever added, so that more of them than here are no fault. */
const schema = z.looseObject({
  version: z.union([z.literal(1), z.literal(2)]),
  from: instant,
  to: instant,
  state: z.enum([...states, 'unsent']),
  at: instant,
  schedule: z.nullable(text),
  revision: count,
  forced: z.optional(z.boolean()),
  uncertain: z.optional(z.boolean()),
  owner: z.optional(text),
  until: z.optional(instant),
  heldSince: z.optional(instant),
  folder: z.optional(text.check(z.regex(/^reports\/[\w/-]+\/$/))),
  run: z.optional(text),
  sent: z.array(sent),
  reason: shown(text),
  why: shown(text),
  attempts: shown(count),
  totals: shown(z.object({ sales: decimal, orders: count })),
  told: shown(z.array(told)),
});

/**
 * Reads an object of the ledger. One that is no entry of its key's window stands in as `unreadable`: whether its report
 * went out nobody knows then. `endAfter` says where a window ends that begins then, both in ms since 1970 UTC.
 */
export function parseEntry(
  key: string,
  json: string,
  endAfter: (from: number) => number,
): { entry: Entry; isDamaged: boolean } {
  const read = readEntry(key, json);
  return typeof read === 'string'
    ? { entry: standIn(key, read, endAfter), isDamaged: true }
    : { entry: read, isDamaged: false };
}

/** When the pipeline first looked at an empty ledger, ms since 1970 UTC; undefined where that cannot be read. */
export function parseBegin(json: string): number | undefined {
  const parsed = z.object({ at: instant }).safeParse(parsedJson(json));
  return parsed.success ? Date.parse(parsed.data.at) : undefined;
}

function standIn(key: string, trouble: string, endAfter: (from: number) => number): Entry {
  const from = startIn(key);
  const to = key.startsWith(chain) ? endAfter(from) : endIn(key);
  return {
    version: 2,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    state: 'unreadable',
    at: new Date(to).toISOString(),
    schedule: key.startsWith(chain) ? 'unknown' : null,
    revision: 0,
    sent: [],
    why: `The ledger's object ${key} cannot be read (${trouble}), so whether this report went out is not known.`,
  };
}

/** The entry, or what is wrong with it. */
function readEntry(key: string, json: string): Entry | string {
  if (json.trim() === '') return 'it is empty';
  const value = parsedJson(json);
  if (value === undefined) return 'it is not JSON';
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.');
    return at ? `its ${at} is not what it should be` : 'it is no entry';
  }
  const { version, state, ...rest } = parsed.data;
  const present = Object.entries(rest).filter(([, one]) => one !== undefined);
  const entry = {
    ...Object.fromEntries(present),
    version: 2,
    state: (version === 1 && formerStates[state]) || state,
  } as Entry;
  if (!states.includes(entry.state)) return `it is ${state}, which is no state`;
  if (entry.from >= entry.to) return 'its window ends before it begins';
  if ((entry.schedule === null ? askedKey : chainKey)(entry) !== key) return 'it is of another window';
  if (isSent(entry) && entry.sent.length === 0) return 'it names no message';
  if (entry.state === 'published' && entry.folder === undefined) return 'it names no folder';
  return entry;
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const endIn = (key: string): number => startIn(key.replace(/^(.*\/)(\w+)-from-\w+\.json$/, '$1$2.json'));
