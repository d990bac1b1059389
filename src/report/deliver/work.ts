import type { Clock } from '../../clock.ts';
import type { Window } from '../facts.ts';
import type { Occasion } from '../report.ts';
import type { Rendered } from '../run.ts';
import type { Timetable } from '../timetable.ts';
import type { Entry } from './entry.ts';
import type { Ledger } from './ledger.ts';
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
  compute(window: Window, occasion: Occasion): Promise<Rendered>;
  /** Throws Problem `publish` where it surely was not published, `publish-unknown` where it may have been. */
  publish(kind: MessageKind, message: Message): Promise<string>;
}

/** A new entry of a window by the timetable, or of one that was asked for. */
export const entryOf = (work: Work, window: Window, schedule: string | null): Entry => ({
  version: 1,
  ...window,
  state: 'missed',
  at: nowOf(work),
  schedule,
  revision: 0,
  sent: [],
});

export const nowOf = ({ clock }: Pick<Work, 'clock'>): string => new Date(clock.now()).toISOString();
