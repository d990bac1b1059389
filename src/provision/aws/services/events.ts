import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  EventBridgeClient,
} from '@aws-sdk/client-eventbridge';

export const Client = EventBridgeClient;

export const commands = {
  DeleteRule: DeleteRuleCommand,
  DescribeRule: DescribeRuleCommand,
  DisableRule: DisableRuleCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  ListTargetsByRule: ListTargetsByRuleCommand,
  PutRule: PutRuleCommand,
  PutTargets: PutTargetsCommand,
  RemoveTargets: RemoveTargetsCommand,
  TagResource: TagResourceCommand,
};
