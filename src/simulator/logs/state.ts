import type { Tags } from '../tag-list.ts';

export interface LogGroup {
  name: string;
  createdAt: number;
  tags: Tags;
  retentionDays?: number;
  /** `at`: ms since 1970. */
  lines: { at: number; text: string }[];
}

/** CloudWatch Logs of one region. */
export class LogsWorld {
  readonly groups = new Map<string, LogGroup>();
}
