/** What the operator's side and the deployed function say to each other: environment, events, answers. The only thing that both sides import. */

/** Names of the function's environment variables. Values are strings; DB_PASSWORD is set only with `database.secret: env`. */
export const environmentNames = [
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USER',
  'DB_TLS',
  'DB_PASSWORD_PARAMETER',
  'DB_PASSWORD',
  'TOPIC_ARN',
  'STACK',
  'SCHEDULE',
  'TIME_ZONE',
  'CURRENCY',
  'LOCALE',
] as const;
export type FunctionEnvironment = Partial<Record<(typeof environmentNames)[number], string>>;

/**
 * - scheduled: `time` is the scheduled instant, ISO UTC (EventBridge's own event has it under this name; Scheduler is told to send it so).
 * - manual: `run` may name a window, else it is the last one that has ended, or with `partial` the one that goes on; `dryRun` publishes nothing.
 * - probe: asks for the hops from the function's own place in the network. With `topic: 'skip'` the topic is not published to, because a reader
 *   without a filter on `kind` would get mail.
 */
export type FunctionEvent =
  | { time: string; id?: string }
  | { run: { from?: string; to?: string; partial?: boolean; dryRun?: boolean } }
  | { probe: true; topic?: 'publish' | 'skip' };

/** What one hop of the probe found. `ms` is its duration. */
export interface Hop {
  hop: 'secret' | 'name' | 'tcp' | 'login' | `select ${string}` | 'topic';
  ok: boolean;
  ms: number;
  /** Why it failed, in words without secrets; or what it proved. */
  detail?: string;
  /** True where it was not tried: a hop before it failed, or it cannot be proved without mailing somebody. */
  skipped?: boolean;
}

export interface ProbeAnswer {
  ok: boolean;
  hops: Hop[];
}

/** The answer to a scheduled or manual run. `report` is the report's JSON model, `text` its mail form. */
export interface RunAnswer {
  report: object;
  subject: string;
  text: string;
  /** SNS's id of what was published; absent after a dry run. */
  messageId?: string;
}
