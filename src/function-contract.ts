/**
 * What the operator's side and the deployed function say to each other: environment, events, answers. The only thing
 * that both sides import.
 */

import type { GivenLimits } from './check-limits.ts';

/**
 * Names of the function's environment variables. Values are strings; DB_PASSWORD is set only with
 * `database.secret: env`.
 */
const environmentNames = [
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USER',
  'DB_TLS',
  'DB_PASSWORD_PARAMETER',
  'DB_PASSWORD',
  'TOPIC_ARN',
  'OPERATORS_TOPIC_ARN',
  'STACK',
  'SCHEDULE',
  'TIME_ZONE',
  'CURRENCY',
  'LOCALE',
  'ARCHIVE_BUCKET',
  'ACCOUNT',
  'REPORT',
] as const;
export type FunctionEnvironment = Partial<Record<(typeof environmentNames)[number], string>>;

/**
 * The settings that shape the report beyond its numbers' looks; REPORT in the function's environment holds them as
 * JSON.
 */
export interface ReportOptions {
  /** Whether a window begins where the one before ended, or is of whole days. */
  window: 'since-last-run' | 'day';
  /** When the shop's day begins on the clocks of the time zone, `HH:MM`. */
  dayStart: string;
  /** Days on which the shop is closed: `sunday` for each week, or dates such as `2026-12-25`. */
  closed: readonly string[];
  /** Whether amounts stand in the subject and the SMS, which others may see on a locked phone. */
  amountsInSubject: boolean;
  /** How long a report is held for data that are late, hours. */
  holdHours: number;
  /** IANA zone of the times in the database. */
  storedTimes: string;
  /** A SELECT that gives the shop's order lines, for shops of another schema than the default. */
  query?: string | undefined;
  /** Limits of the checks that differ from the defaults, by the check's id. */
  checks?: GivenLimits;
}

/**
 * - scheduled: `time` is the scheduled instant, ISO UTC (EventBridge's own event has it under this name; Scheduler is
 *   told to send it so).
 * - watch: looks for what is due, held or died, and otherwise ends at once.
 * - manual: `run` may name a window by its bounds or the report that was `due` at an instant, else it is the last one
 *   that has ended, or with `partial` the one that goes on; `dryRun` publishes nothing. `id` is the run's own: the
 *   ledger keeps it with what the run did, for who loses the answer. `resend` sends one that was sent already, as
 *   revised; `force` one that the checks blocked. Both are the reason, which stands in the report.
 * - backfill: computes the reports of the schedule's windows in a span and archives them unsent, as many as its time
 *   allows; `done` says how far it came.
 * - beyondSeed: counts what the default shop's database holds beyond the data that it was made with.
 * - probe: asks for the hops from the function's own place in the network. A topic is published to only where that
 *   mails nobody: of one that says `skip` it is only asked whether SNS answers.
 */
export type FunctionEvent =
  | { time: string; id?: string }
  | { watch: true; time: string; id?: string }
  | {
      run: {
        id?: string;
        from?: string;
        to?: string;
        due?: string;
        partial?: boolean;
        dryRun?: boolean;
        resend?: string;
        force?: string;
      };
    }
  | { backfill: { from: string; to: string } }
  | { beyondSeed: Seed }
  | { probe: true; topic?: 'publish' | 'skip'; operators?: 'publish' | 'skip' };

/** What a database host of ours begins with: a sample café that keeps selling, or empty tables. */
export type Seed = 'cafe' | 'none';

/** What a shop's database holds beyond its seed. */
export interface BeyondSeed {
  orders: number;
  /** The time of the last of them, as the database keeps it: `2026-11-24 15:59:00`. Null without any. */
  last: string | null;
  products: number;
  /** Names of tables and views of others than the default shop's. */
  tables: string[];
}

/** What one hop of the probe found. `ms` is its duration. */
export interface Hop {
  hop: 'secret' | 'name' | 'tcp' | 'login' | `select ${string}` | 'topic' | 'operators topic' | 'archive';
  ok: boolean;
  ms: number;
  /** Why it failed, in words without secrets; or what it proved. */
  detail?: string;
  /** Of `secret`: which version of the parameter was read. */
  version?: number;
  /** True where it was not tried: a hop before it failed. */
  skipped?: boolean;
  /** What it does not prove, one sentence; absent where it proves all. */
  unproved?: string;
}

export interface ProbeAnswer {
  ok: boolean;
  hops: Hop[];
}

/**
 * What became of one window. `shown`: a dry run. `already sent`, `blocked` and `held` name no new message. `archived`:
 * kept and sent to nobody.
 */
type RunOutcome = 'shown' | 'sent' | 'already sent' | 'blocked' | 'held' | 'archived';

/**
 * The answer to a scheduled or manual run. `report` is the report's JSON model, `text` its mail form; absent when it
 * was already sent.
 */
export interface RunAnswer {
  outcome: RunOutcome;
  window: { from: string; to: string };
  report?: object;
  subject?: string;
  text?: string;
  /** SNS's id of what was published, now or before. */
  messageId?: string;
  /** Why it is blocked or held, one sentence, and how to go on. */
  why?: string;
}

/** The answer to a watch or a backfill: each window that it worked on. */
export interface WatchAnswer {
  windows: { from: string; to: string; outcome: RunOutcome | 'failed'; why?: string }[];
  /** Up to where the span of a backfill is archived, an ISO instant. */
  done?: string;
}
