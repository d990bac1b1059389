import type { Modelled } from '../coverage.ts';

export const schedulerModelled: readonly Modelled[] = [
  {
    operations: [
      'CreateScheduleGroup',
      'GetScheduleGroup',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
      'DeleteScheduleGroup',
      'ListScheduleGroups',
    ],
    what: 'A group is `DELETING` for some seconds, and takes its schedules with it.',
    source: 'Scheduler user guide, "Deleting a schedule group"',
  },
  {
    operations: ['CreateSchedule', 'GetSchedule', 'UpdateSchedule', 'DeleteSchedule'],
    what: 'Schedules with time zones, whose role the Scheduler must be able to assume for the group of the schedule (`aws:SourceArn`, `aws:SourceAccount`), and which start their target only where it allows that. An update forgets what it leaves out.',
    source: 'API reference, UpdateSchedule; Scheduler user guide, "Setting up" and "Confused deputy prevention"',
  },
];
