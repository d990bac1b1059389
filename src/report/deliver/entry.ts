import type { Decimal, Window } from '../facts.ts';
import type { Report, Reported } from '../report.ts';

/**
 * What became of a window's report, by the words that the ledger, JSON, the documents and the terminal use:
 * - missed: it was due, and no run has begun it yet. failed: a run could not compute or publish it. Both are tried again.
 * - claimed: a run is about to publish it. published: SNS accepted it. sent: and all forms of it are kept.
 * - no-readers: published while no reader was confirmed.
 * - archived: kept on purpose, without sending.
 * - held: its data are late. blocked: a check keeps it from everybody. paused: an operator does.
 * - unreadable: the ledger's object cannot be read, so nobody knows whether the report went out. Only a person has it
 *   sent then.
 */
export const states = [
  'missed',
  'claimed',
  'published',
  'sent',
  'no-readers',
  'archived',
  'held',
  'blocked',
  'paused',
  'failed',
  'unreadable',
] as const;
export type State = (typeof states)[number];

/** One mail that SNS took. `at` is an ISO instant. */
export interface Sent {
  messageId: string;
  subject: string;
  revision: number;
  at: string;
  /** The id of the run that sent it. */
  run?: string;
}

/** One window in the ledger. Instants are ISO in UTC. */
export interface Entry extends Window {
  version: 2;
  state: State;
  /** Since when it is in this state. */
  at: string;
  /** By which schedule it was due; null for a window that somebody asked for. */
  schedule: string | null;
  revision: number;
  /** Why it was sent again, or in spite of a check. */
  reason?: string;
  /** Sent in spite of a check that blocks it. */
  forced?: boolean;
  /** A run died, or lost SNS's answer, while it published: readers may have got it. */
  uncertain?: boolean;
  /** Whose claim it is, and until when it holds. */
  owner?: string;
  until?: string;
  /** Since when it waits for its data, also while runs fail. */
  heldSince?: string;
  /** Why it failed, is held or is blocked; and how often in a row it failed. */
  why?: string;
  attempts?: number;
  /** The id of the run that worked on it last. */
  run?: string;
  sent: Sent[];
  /** Of the report that was computed last. */
  totals?: { sales: Decimal; orders: number };
  /** What its report told its readers of this window and of earlier ones. */
  told?: Reported[];
  /** Where the report is kept: a folder of the archive. */
  folder?: string;
}

/** `20261123T1600Z`: in order of time when in order of letters. */
export const stampOf = (instant: string): string => `${instant.slice(0, 16).replace(/[-:]/g, '')}Z`;

/**
 * Windows by the schedule follow each other: no two begin at one time, so the begin is the key, and whoever writes it
 * first has the window.
 */
export const chain = 'ledger/scheduled/';
export const chainKey = ({ from }: Pick<Window, 'from'>): string => `${chain}${stampOf(from)}.json`;

/** Windows that somebody asked for by their bounds. */
export const asked = 'ledger/asked/';
export const askedKey = ({ from, to }: Window): string => `${asked}${stampOf(to)}-from-${stampOf(from)}.json`;

const stamp = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z\.json$/;

/** When the window of a key begins, ms since 1970 UTC; NaN where it is no key of an entry. */
export function startIn(key: string): number {
  const [, year, month, day, hour, minute] = stamp.exec(key) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}Z`);
}

/** Where a window's report is kept; each revision and what was blocked has a folder of its own. */
export function folderOf({
  from,
  to,
  schedule,
  revision,
  state,
}: Pick<Entry, 'from' | 'to' | 'schedule' | 'revision' | 'state'>) {
  const end = `${stampOf(to)}${schedule === null ? `-from-${stampOf(from)}` : ''}`;
  const kind = `${revision > 0 ? `-revised-${revision}` : ''}${state === 'blocked' ? '-blocked' : ''}`;
  return `reports/${to.slice(0, 10).replaceAll('-', '/')}/${end}${kind}/`;
}

export const isSent = ({ state }: Pick<Entry, 'state'>): boolean => state === 'published' || state === 'sent';

/** Without what only one of the states has. */
export const settled = ({ owner, until, why, attempts, ...entry }: Entry): Entry => entry;

/** What of a report the ledger keeps. */
export const totalsOf = ({ sales, orders }: Pick<Report, 'sales' | 'orders'>) => ({ sales, orders });
