import type { Tags } from '../tag-list.ts';

export interface Rule {
  name: string;
  arn: string;
  createdAt: number;
  schedule: string;
  enabled: boolean;
  description?: string;
  tags: Tags;
  /** ARNs by target id. */
  targets: Map<string, string>;
}

/** EventBridge of one region: the rules of its default bus. */
export class EventsWorld {
  readonly rules = new Map<string, Rule>();
  /** Ids of targets for which EventBridge answers well and says in the answer that it failed, as it does under load: for tests. */
  readonly failingTargets = new Set<string>();
}
