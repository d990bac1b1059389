import type { Hop } from '../function-contract.ts';
import type { Certificate, Difference, Outcome, Plan, Progress } from './engine/outcome.ts';

export interface Subscriber {
  protocol: string;
  endpoint: string;
  state: 'pending' | 'confirmed';
  /** True when this call added it, and AWS mailed it the question whether it wants the report. */
  added?: boolean;
}

export interface PipelineStatus {
  resources: { id: string; title: string; state: 'ready' | 'missing' | 'differs' | 'waiting' | 'failed'; awsId?: string; differences: Difference[]; why?: string }[];
  subscribers: Subscriber[];
  healthy: boolean;
}

/** One stack's pipeline in one account and region: everything that an operator can do to it. */
export interface Pipeline {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  /** The URL that stands in for AWS, where an endpoint is overridden. */
  readonly endpoint?: string;
  /** What would change. Mutates nothing. Throws Problem `name-taken` where a stranger's thing has our name. */
  plan(): Promise<Plan>;
  /** Carries a plan out. Never throws for a failed resource: it is an outcome, and what needs it is skipped. */
  provision(plan: Plan, progress: Progress): Promise<{ outcomes: Outcome[]; calls: number; seconds: number }>;
  /** Asks the deployed function whether it reaches the shop and the topic, until it does or its budget is over. */
  probe(progress: Progress): Promise<Hop[]>;
  status(): Promise<PipelineStatus>;
  subscribe(protocol: 'email', addresses: string[]): Promise<Subscriber[]>;
  /** Starts the deployed function and waits for its answer. Throws Problem `not-provisioned` or `function-failed`. */
  invoke(event: object): Promise<unknown>;
  /** Removes everything of the stack, then looks again. Never throws for what could not be removed: it is `left`. */
  teardown(progress: Progress): Promise<Certificate>;
}
