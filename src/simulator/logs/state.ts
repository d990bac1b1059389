import type { Tagged } from '../tag-list.ts';

export interface LogGroup extends Tagged {
  name: string;
  createdAt: number;
  retentionDays?: number;
  /** `at`: ms since 1970. */
  lines: { at: number; text: string }[];
}

/** CloudWatch Logs of one region. */
export class LogsWorld {
  readonly groups = new Map<string, LogGroup>();
}
