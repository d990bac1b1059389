import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';

export const Client = SchedulerClient;

export const commands = {
  CreateSchedule: CreateScheduleCommand,
  CreateScheduleGroup: CreateScheduleGroupCommand,
  DeleteSchedule: DeleteScheduleCommand,
  DeleteScheduleGroup: DeleteScheduleGroupCommand,
  GetSchedule: GetScheduleCommand,
  GetScheduleGroup: GetScheduleGroupCommand,
  ListScheduleGroups: ListScheduleGroupsCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  TagResource: TagResourceCommand,
  UntagResource: UntagResourceCommand,
  UpdateSchedule: UpdateScheduleCommand,
};
