/** Which run of the tool holds the lock. */
import { salesreport } from '../../suggest.ts';
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
   * When the create of a resource began that AWS would do twice, ms since 1970, by the resource's id: also those of interrupted runs whose lock was
   * taken over.
   */
  intents: Record<string, number>;
  /** By which generation the ClientToken of a resource is made, where a run has changed it: the VPC's tags may show it late. */
  generations: Record<string, string>;
  /** Until when AWS may not show everything that an interrupted run made, ms since 1970. */
  settlesAt?: number;
  /** The run is over, so that nobody is at work, and whether what it made works is still to be proved. */
  unproved?: true;
}

/** One lock as it stands in AWS. */
export interface Standing {
  /** Each takeover makes the next number. */
  number: number;
  /** Rises with each renewal. */
  version: number;
  /** ms since 1970, by AWS's clock. */
  modifiedAt: number;
  record: LockRecord;
}

/** A lock, and whether nobody can be at work under it any more. */
export interface Seen extends Standing {
  isStale: boolean;
}

/** Reads what stands in a lock. One that cannot be read, of another make, counts as held by nobody who can be asked. */
export function recordFrom(text: string): LockRecord {
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
  try {
    return { ...unknown, ...(JSON.parse(text) as Partial<LockRecord>) };
  } catch {
    return unknown;
  }
}

/** `ann on host shop-1 (pid 4711) has run teardown since 2026-11-25T13:00:00Z`. */
export const holderWords = ({ who, host, pid, verb, since }: LockRecord): string =>
  `${who.split('/').at(-1)}${host ? ` on host ${host} (pid ${pid})` : ''} has run ${verb}${since ? ` since ${since.replace(/\.\d+Z$/, 'Z')}` : ''}`;

/** What a lock says of the stack, one sentence. */
export function seenWords({ record, isStale }: Seen): string {
  if (record.unproved) return `It is not proved yet that what the last run made works: ${salesreport`provision`} proves it.`;
  return isStale
    ? `An interrupted run of ${record.verb} left its lock: the next run takes it over, and goes on from there.`
    : `${holderWords(record)}, and may still be at work.`;
}
