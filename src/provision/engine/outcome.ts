import type { Operation } from '../aws/operation.ts';

/** One way in which what is there differs from what the settings want, in words of the trade, without secrets. */
export interface Difference {
  /** What differs: `port 3306`, `memory`, `environment variable CURRENCY`. */
  what: string;
  is?: string;
  wanted?: string;
  /**
   * The fact as people of the trade say it, where name, old and new value say it badly:
   * `3306 is open to 0.0.0.0/0 on Database`.
   */
  words?: string;
  /** What mends it, where that is not all of what the resource's `update` may call. */
  operations?: readonly Operation[];
  /** Whether AWS can change it in place; `ended`: it failed or is going, and is made anew. */
  how: 'update' | 'replace' | 'ended';
}

export type Action = 'create' | 'update' | 'replace' | 'adopt' | 'remove';

/** One row of the plan. Resources that stay as they are have none. */
export interface Change {
  id: string;
  title: string;
  action: Action;
  /** The mutating AWS operations that the change calls. */
  operations: Operation[];
  differences: Difference[];
  awsId?: string;
  /** What that is in, where it tells two of them apart: `vpc-0a1b`. */
  where?: string;
  /** What is lost by it, and how to keep that. */
  loses?: string;
}

/** That the report would be of another shop, or by another query. */
export interface ShopChange {
  /** Goes on after `It` or `This`. */
  words: string;
  /** How many readers have confirmed; absent where that may not be asked. */
  readers?: number | undefined;
}

/** What is ours and not wanted, and holds data: it stays until a person names it. */
export interface Surplus {
  id: string;
  title: string;
  awsId: string;
  /** What it is in: `vpc-0a1b`. */
  where?: string;
  /** What is lost when it is removed, and how to keep that. */
  loses: string;
}

export interface Plan {
  /** That the report would be of another shop: wants the stack's name. */
  shop?: ShopChange;
  /**
   * The NAT gateway's public address, from which the function comes to a database of the user's own; absent before it
   * is made.
   */
  outboundAddress?: string | undefined;
  /** In the order of the catalogue: reads like the walk-through. */
  changes: Change[];
  /** What holds data and is not wanted: it stays, with what it needs. */
  surplus: Surplus[];
  /** What stays as it is. */
  unchanged: { id: string; title: string; awsId?: string }[];
  /**
   * What an earlier run began and did not come to the end of, one sentence each: provision waits for it, takes over its
   * lock, gives its proof.
   */
  unfinished: string[];
  /** One sentence each: what a person should know before saying yes. */
  notes: string[];
}

/** `reports on shop at db.example.com:3306 in place of cafe at 10.0.0.10:3306, and 3 readers get its figures`. */
export function shopChangeWords({ words, readers }: ShopChange): string {
  const who = readers === undefined ? 'all readers get' : readers === 1 ? '1 reader gets' : `${readers} readers get`;
  return `${words}, and ${who} its figures`;
}

/** What became of one resource. The terminal makes words of it. */
export interface Outcome {
  id: string;
  title: string;
  outcome:
    | 'created'
    | 'updated'
    | 'unchanged'
    | 'adopted'
    | 'replaced'
    | 'removed'
    | 'absent'
    | 'kept'
    | 'skipped'
    | 'failed';
  awsId?: string;
  /** From the first call for it to its being ready, s. */
  seconds: number;
  /** Why it was skipped or failed, or what came of an unusual way. */
  why?: string;
  /** What keeps it from going, and whose that looks like, one sentence part each; where AWS refused for that reason. */
  heldBy?: string[];
}

/** Whether nothing failed, or was left out because of that. */
export const isWhole = (outcomes: readonly Outcome[]): boolean =>
  outcomes.every(({ outcome }) => outcome !== 'failed' && outcome !== 'skipped');

/** What a long wait means for the whole run, so that nobody has to guess whether to stay. */
export interface WaitForecast {
  /** What is waited for. */
  id: string;
  title: string;
  /** How long it usually takes, and at worst, s. */
  usual: number;
  worst: number;
  /** Titles of what is still to do beside it, and of what can only be done after it. */
  beside: string[];
  after: string[];
}

/** Told by the engine while it works; the terminal shows it. Order is as things happen. */
export interface Progress {
  /** The work begins: so many resources will be worked on. */
  begin(total: number): void;
  started(step: { id: string; title: string; action: Action | 'look' }): void;
  /** What a step waits for, such as `NAT gateway is pending`; `undefined` when it goes on. */
  waiting(id: string, reason: string | undefined): void;
  finished(outcome: Outcome): void;
  /** The work that begins is expected to take so long, s. */
  expect?(seconds: number): void;
  /** What a step that may take very long means for the run; told again whenever something else is over. */
  outlook?(outlook: WaitForecast): void;
}

/** The certificate of a teardown: what AWS answered when asked afterwards. */
export interface Certificate {
  removed: { id: string; title: string; awsId: string; asked: string; answer: string }[];
  /** `monthly`: US dollars a month as a decimal string, where the price is known. */
  kept: { id: string; title: string; awsId: string; why: string; monthly?: string }[];
  left: { id: string; title: string; awsId: string; why: string; heldBy?: string[]; monthly?: string }[];
  /** What has a name of ours and is not ours: it was not touched. */
  strangers: { id: string; title: string; awsId: string; owner: string }[];
  /** What AWS ends by itself, one sentence each: readers, confirmed or not. */
  pending: string[];
  /** What of the permissions could not be asked beforehand, one sentence each; absent where all was. */
  unchecked?: string[];
  /** When AWS had answered, ISO UTC. */
  at: string;
  seconds: number;
}
