import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { Tagged } from '../tag-list.ts';

export interface ScheduleGroup extends Tagged {
  name: string;
  arn: string;
  createdAt: number;
  /** By name, as they were last asked for. */
  schedules: Map<string, CreateScheduleCommandInput & { createdAt: number; modifiedAt: number }>;
  /** Set once it is being deleted: when it is gone, ms. */
  goneAt?: number;
}

/**
 * EventBridge Scheduler of one region. The default group, into which the tool never puts anything, is not simulated.
 */
export class SchedulerWorld {
  readonly groups = new Map<string, ScheduleGroup>();
}
