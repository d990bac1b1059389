import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { Tags } from '../tag-list.ts';

export interface ScheduleGroup {
  name: string;
  arn: string;
  tags: Tags;
  /** By name, as they were last asked for. */
  schedules: Map<string, CreateScheduleCommandInput>;
}

/** EventBridge Scheduler of one region. */
export class SchedulerWorld {
  readonly groups = new Map<string, ScheduleGroup>();
}
