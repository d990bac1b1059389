import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import type { Window } from '../facts.ts';
import type { RunContext } from '../report.ts';
import type { Rendered } from '../run.ts';
import type { Timetable } from '../timetable.ts';
import type { Entry } from './entry.ts';
import type { Found, Ledger } from './ledger.ts';
import type { Message, MessageKind } from './sns.ts';
import type { Store } from './store.ts';

/** What one run works with. */
export interface Work {
  ledger: Ledger;
  store: Store;
  clock: Clock;
  timetable: Timetable;
  /** Whose claims these are: Lambda starts a failed event again under the same id. */
  owner: string;
  /** Until when the run may last, ms since 1970 UTC: its claims hold a little longer. */
  until: number;
  /** How long a report is held for late data, ms. */
  holdMs: number;
  /** Throws the source's Problems. */
  compute(window: Window, occasion: RunContext): Promise<Rendered>;
  /** Throws Problem `publish` where it surely was not published, `publish-unknown` where it may have been. */
  publish(kind: MessageKind, message: Message): Promise<string>;
}

/** A window, what the ledger has of it, and the schedule by which it is due; null for one that somebody asked for. */
export interface Target {
  window: Window;
  found: Found | undefined;
  schedule: string | null;
}

/** A new entry of a window by the timetable, or of one that was asked for. */
export const entryOf = (work: Work, window: Window, schedule: string | null): Entry => ({
  version: 2,
  ...window,
  state: 'missed',
  at: nowOf(work),
  schedule,
  revision: 0,
  sent: [],
});

export const nowOf = ({ clock }: Pick<Work, 'clock'>): string => new Date(clock.now()).toISOString();

/** Writes an entry. Throws Problem `claimed` where another run was first. */
export async function record(work: Work, entry: Entry, over: Found | undefined): Promise<Found> {
  const done = await work.ledger.write(entry, over);
  if (!done) throw raced(entry);
  return done;
}

const raced = ({ from, to }: Window) =>
  new Problem(
    'claimed',
    `Another run has begun with the report from ${from} to ${to} at the same moment: try again in a minute.`,
  );
