import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';

export const Client = CloudWatchLogsClient;

export const commands = {
  CreateLogGroup: CreateLogGroupCommand,
  DeleteLogGroup: DeleteLogGroupCommand,
  DescribeLogGroups: DescribeLogGroupsCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  PutRetentionPolicy: PutRetentionPolicyCommand,
  TagResource: TagResourceCommand,
  UntagResource: UntagResourceCommand,
};
