import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';

export const Client = EventBridgeClient;

export const commands = {
  DeleteRule: DeleteRuleCommand,
  DescribeRule: DescribeRuleCommand,
  DisableRule: DisableRuleCommand,
  ListRules: ListRulesCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  ListTargetsByRule: ListTargetsByRuleCommand,
  PutRule: PutRuleCommand,
  PutTargets: PutTargetsCommand,
  RemoveTargets: RemoveTargetsCommand,
  TagResource: TagResourceCommand,
  UntagResource: UntagResourceCommand,
};
