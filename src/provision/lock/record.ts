import * as z from 'zod';
import { salesreport } from '../../suggest.ts';

/** Which run of the tool holds the lock. */
export interface Holder {
  /** The ARN of the caller. */
  who: string;
  host: string;
  pid: number;
  /** A word of its own for each run: a pid is given away again. */
  run: string;
}

/** What stands in the lock. It holds no secret. */
export interface LockRecord extends Holder {
  verb: string;
  /** When the run took the lock, ISO UTC. */
  since: string;
  /**
   * When the create of a resource began that AWS would do twice, ms since 1970, by the resource's id: also those of
   * interrupted runs whose lock was taken over, and of creates whose answer was lost and whose thing never turned up.
   */
  intents: Record<string, number>;
  /**
   * By which generation the ClientToken of a resource is made, where a run has changed it: the VPC's tags may show it
   * late.
   */
  generations: Record<string, string>;
  /**
   * AWS ids, by the resource's id, of what is the stack's although nothing holds it: it was made and is not in use yet,
   * or not any more.
   */
  free?: Record<string, string[]>;
  /** Until when AWS may not show everything that an interrupted run made, ms since 1970. */
  settlesAt?: number;
  /**
   * Since when runs may have begun creates of which nothing is known, because their lock could not be read, ms since
   * 1970.
   */
  unknownSince?: number;
  /** A change of the database's password that is not proved yet: the number of the version that was good before. */
  rotation?: { before: number };
  /** The run is over, so that nobody is at work, and whether what it made works is still to be proved. */
  unproved?: true;
}

/** Whether a lock holds what the next run needs, whoever's it was. */
export const isOwed = ({ rotation, free = {}, intents }: LockRecord): boolean =>
  rotation !== undefined || Object.keys(intents).length > 0 || Object.values(free).some(ids => ids.length > 0);

/** One lock as it stands in AWS. */
export interface LockEntry {
  /** Of the parameter. */
  name: string;
  /** Each takeover makes the next number. */
  number: number;
  /** Rises with each renewal. */
  version: number;
  /** ms since 1970, by AWS's clock. */
  modifiedAt: number;
  record: LockRecord;
  /** What stands in it is no record of a run: who made it cannot be asked, and what that run began is unknown. */
  isDamaged: boolean;
}

/** A lock, and whether nobody can be at work under it any more. */
export interface Seen extends LockEntry {
  isStale: boolean;
}

const instant = z.number().min(0).max(8.64e15);

/** What a run of any version writes; fields are only ever added. */
const schema = z.object({
  who: z.string(),
  host: z.string(),
  pid: z.int().min(1),
  run: z.string(),
  verb: z.string(),
  since: z.string().refine(text => !Number.isNaN(Date.parse(text))),
  intents: z.record(z.string(), instant),
  generations: z.record(z.string(), z.string()),
  free: z.record(z.string(), z.array(z.string())).optional(),
  settlesAt: instant.optional(),
  unknownSince: instant.optional(),
  rotation: z.object({ before: z.int().min(1) }).optional(),
  unproved: z.literal(true).optional(),
});

/** Held by nobody who can be asked. */
const unknown: LockRecord = {
  who: 'somebody',
  host: '',
  pid: 0,
  run: '',
  verb: 'work',
  since: '',
  intents: {},
  generations: {},
};

/** Reads what stands in a lock. */
export function recordFrom(text: string): Pick<LockEntry, 'record' | 'isDamaged'> {
  const parsed = schema.safeParse(parsedJson(text));
  return parsed.success
    ? { record: parsed.data as LockRecord, isDamaged: false }
    : { record: { ...unknown }, isDamaged: true };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `ann on host shop-1 (pid 4711) has run teardown since 2026-11-25T13:00:00Z`. */
export function holderWords({ name, record, isDamaged }: Pick<LockEntry, 'name' | 'record' | 'isDamaged'>): string {
  if (isDamaged) return `The lock ${name} cannot be read, so nobody knows whose it is`;
  const { who, host, pid, verb, since } = record;
  return `${who.split('/').at(-1)} on host ${host} (pid ${pid}) has run ${verb} since ${since.replace(/\.\d+Z$/, 'Z')}`;
}

/** What a lock says of the stack, one sentence. */
export function seenWords(seen: Seen): string {
  const { record, isStale, isDamaged } = seen;
  if (isDamaged)
    return `${holderWords(seen)}: the next run takes it over once it has not changed for 90 seconds, and ${salesreport`unlock`} removes it.`;
  if (record.rotation && isStale)
    return `A change of the database's password was interrupted: ${salesreport`provision`} or ${salesreport`password set`} finishes it.`;
  if (record.unproved && record.verb === 'teardown')
    return `The last teardown left what is recorded in its lock: ${salesreport`teardown`} removes it.`;
  if (record.unproved)
    return `It is not proved yet that what the last run made works: ${salesreport`provision`} proves it.`;
  return isStale
    ? `An interrupted run of ${record.verb} left its lock: the next run takes it over, and continues from there.`
    : `${holderWords(seen)}, and may still be at work.`;
}
