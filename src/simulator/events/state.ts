import type { Tagged } from '../tag-list.ts';

export interface RuleTarget {
  arn: string;
  /** What it gets in place of the event. */
  transformer?: { InputPathsMap?: Record<string, string>; InputTemplate: string | undefined };
  retry?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
}

export interface Rule extends Tagged {
  name: string;
  arn: string;
  createdAt: number;
  schedule: string;
  enabled: boolean;
  description?: string;
  /** JSON: events that start the targets besides the schedule. */
  pattern?: string;
  /** By target id. */
  targets: Map<string, RuleTarget>;
  /** When the last of them were removed, ms since 1970. */
  targetsTakenAt?: number;
}

/** EventBridge of one region: the rules of its default bus. */
export class EventsWorld {
  readonly rules = new Map<string, Rule>();
  /**
   * Ids of targets for which EventBridge answers well and says in the answer that it failed, as it does under load: for
   * tests.
   */
  readonly failingTargets = new Set<string>();
}
