import type { ServiceName } from '../../provision/aws/operation.ts';
import { parameterArn } from '../ssm/access.ts';
import type { World } from '../world.ts';
import { ec2 } from './ec2.ts';
import { iam } from './iam.ts';
import { lambda } from './lambda.ts';
import { type AuthorizationsOf, ask, passRole, requestKeys, requestTags, resourceTags } from './request.ts';
import { s3 } from './s3.ts';

const arn = ({ partition, region, account }: World, service: string, rest: string) =>
  `arn:${partition}:${service}:${region}:${account}:${rest}`;

const ruleArn = (world: World, name: string | undefined) => arn(world, 'events', `rule/${name}`);
const onRule = (action: string) => (name: string | undefined, world: World) => [
  ask(`events:${action}`, ruleArn(world, name)),
];

/** Service Authorization Reference, "Amazon EventBridge". */
const events: AuthorizationsOf<'events'> = {
  DeleteRule: ({ Name }, world) => onRule('DeleteRule')(Name, world),
  DescribeRule: ({ Name }, world) => onRule('DescribeRule')(Name, world),
  DisableRule: ({ Name }, world) => onRule('DisableRule')(Name, world),
  ListRules: () => [ask('events:ListRules')],
  ListTagsForResource: ({ ResourceARN }) => [ask('events:ListTagsForResource', ResourceARN)],
  ListTargetsByRule: ({ Rule }, world) => onRule('ListTargetsByRule')(Rule, world),
  PutRule: ({ Name, Tags }, world) => [
    ask('events:PutRule', ruleArn(world, Name), requestTags(Tags)),
    ...(Tags ? [ask('events:TagResource', ruleArn(world, Name), requestTags(Tags))] : []),
  ],
  PutTargets: ({ Rule }, world) => onRule('PutTargets')(Rule, world),
  RemoveTargets: ({ Rule }, world) => onRule('RemoveTargets')(Rule, world),
  TagResource: ({ ResourceARN, Tags }) => [ask('events:TagResource', ResourceARN, requestTags(Tags))],
  UntagResource: ({ ResourceARN, TagKeys }) => [ask('events:UntagResource', ResourceARN, requestKeys(TagKeys))],
};

/**
 * What is done to a group, as IAM sees its name; what is done to its tags is asked of the ARN without the rest
 * (CloudWatch Logs user guide).
 */
const logArn = (world: World, name: string | undefined) => arn(world, 'logs', `log-group:${name}:log-stream:`);

/** Service Authorization Reference, "Amazon CloudWatch Logs". */
const logs: AuthorizationsOf<'logs'> = {
  CreateLogGroup: ({ logGroupName, tags }, world) => [
    ask('logs:CreateLogGroup', logArn(world, logGroupName), requestTags(tags)),
    // A refusal of the tags names the create (aws/aws-parallelcluster#4580).
    ...(tags
      ? [
          {
            ...ask('logs:TagResource', arn(world, 'logs', `log-group:${logGroupName}`), requestTags(tags)),
            named: 'logs:CreateLogGroup',
          },
        ]
      : []),
  ],
  DeleteLogGroup: ({ logGroupName }, world) => [ask('logs:DeleteLogGroup', logArn(world, logGroupName))],
  DescribeLogGroups: () => [ask('logs:DescribeLogGroups')],
  ListTagsForResource: ({ resourceArn }) => [ask('logs:ListTagsForResource', resourceArn)],
  PutRetentionPolicy: ({ logGroupName }, world) => [ask('logs:PutRetentionPolicy', logArn(world, logGroupName))],
  TagResource: ({ resourceArn, tags }) => [ask('logs:TagResource', resourceArn, requestTags(tags))],
  UntagResource: ({ resourceArn, tagKeys }) => [ask('logs:UntagResource', resourceArn, requestKeys(tagKeys))],
};

const groupArn = (world: World, name: string | undefined) => arn(world, 'scheduler', `schedule-group/${name}`);
const scheduleArn = (world: World, group: string | undefined, name: string | undefined) =>
  arn(world, 'scheduler', `schedule/${group ?? 'default'}/${name}`);

/** Service Authorization Reference, "Amazon EventBridge Scheduler". */
const scheduler: AuthorizationsOf<'scheduler'> = {
  CreateSchedule: ({ GroupName, Name, Target }, world) => [
    ask('scheduler:CreateSchedule', scheduleArn(world, GroupName, Name)),
    ...passRole(Target?.RoleArn, 'scheduler.amazonaws.com'),
  ],
  CreateScheduleGroup: ({ Name, Tags }, world) => [
    ask('scheduler:CreateScheduleGroup', groupArn(world, Name), requestTags(Tags)),
    ...(Tags ? [ask('scheduler:TagResource', groupArn(world, Name), requestTags(Tags))] : []),
  ],
  DeleteSchedule: ({ GroupName, Name }, world) => [
    ask('scheduler:DeleteSchedule', scheduleArn(world, GroupName, Name)),
  ],
  DeleteScheduleGroup: ({ Name }, world) => [ask('scheduler:DeleteScheduleGroup', groupArn(world, Name))],
  GetSchedule: ({ GroupName, Name }, world) => [ask('scheduler:GetSchedule', scheduleArn(world, GroupName, Name))],
  GetScheduleGroup: ({ Name }, world) => [ask('scheduler:GetScheduleGroup', groupArn(world, Name))],
  ListScheduleGroups: () => [ask('scheduler:ListScheduleGroups')],
  ListTagsForResource: ({ ResourceArn }) => [ask('scheduler:ListTagsForResource', ResourceArn)],
  TagResource: ({ ResourceArn, Tags }) => [ask('scheduler:TagResource', ResourceArn, requestTags(Tags))],
  UntagResource: ({ ResourceArn, TagKeys }) => [ask('scheduler:UntagResource', ResourceArn, requestKeys(TagKeys))],
  UpdateSchedule: ({ GroupName, Name, Target }, world) => [
    ask('scheduler:UpdateSchedule', scheduleArn(world, GroupName, Name)),
    ...passRole(Target?.RoleArn, 'scheduler.amazonaws.com'),
  ],
};

/** Service Authorization Reference, "Amazon SNS". What is about a subscription is asked without a resource. */
const sns: AuthorizationsOf<'sns'> = {
  CreateTopic: ({ Name, Tags }, world) => [
    ask('sns:CreateTopic', arn(world, 'sns', `${Name}`), requestTags(Tags)),
    ...(Tags ? [ask('sns:TagResource', arn(world, 'sns', `${Name}`), requestTags(Tags))] : []),
  ],
  ConfirmSubscription: ({ TopicArn }) => [ask('sns:ConfirmSubscription', TopicArn)],
  DeleteTopic: ({ TopicArn }) => [ask('sns:DeleteTopic', TopicArn)],
  GetSubscriptionAttributes: () => [ask('sns:GetSubscriptionAttributes')],
  GetTopicAttributes: ({ TopicArn }) => [ask('sns:GetTopicAttributes', TopicArn)],
  ListSubscriptionsByTopic: ({ TopicArn }) => [ask('sns:ListSubscriptionsByTopic', TopicArn)],
  ListTagsForResource: ({ ResourceArn }) => [ask('sns:ListTagsForResource', ResourceArn)],
  ListTopics: () => [ask('sns:ListTopics')],
  SetSubscriptionAttributes: () => [ask('sns:SetSubscriptionAttributes')],
  SetTopicAttributes: ({ TopicArn }) => [ask('sns:SetTopicAttributes', TopicArn)],
  Subscribe: ({ TopicArn, Protocol = '', Endpoint = '' }) => [
    ask('sns:Subscribe', TopicArn, { 'sns:Protocol': Protocol, 'sns:Endpoint': Endpoint }),
  ],
  TagResource: ({ ResourceArn, Tags }) => [ask('sns:TagResource', ResourceArn, requestTags(Tags))],
  UntagResource: ({ ResourceArn, TagKeys }) => [ask('sns:UntagResource', ResourceArn, requestKeys(TagKeys))],
};

const onParameter = (action: string, name: string | undefined, world: World) => [
  ask(`ssm:${action}`, parameterArn(world, name), resourceTags(world.ssm.parameters.get(name ?? '')?.tags)),
];

/** Service Authorization Reference, "AWS Systems Manager". */
const ssm: AuthorizationsOf<'ssm'> = {
  AddTagsToResource: ({ ResourceId }, world) => onParameter('AddTagsToResource', ResourceId, world),
  RemoveTagsFromResource: ({ ResourceId }, world) => onParameter('RemoveTagsFromResource', ResourceId, world),
  DeleteParameter: ({ Name }, world) => onParameter('DeleteParameter', Name, world),
  GetParameter: ({ Name }, world) => onParameter('GetParameter', Name?.split(':')[0], world),
  GetParametersByPath: ({ Path }, world) => onParameter('GetParametersByPath', Path, world),
  ListTagsForResource: ({ ResourceId }, world) => onParameter('ListTagsForResource', ResourceId, world),
  PutParameter: ({ Name, Tags }, world) => [
    ask('ssm:PutParameter', parameterArn(world, Name), requestTags(Tags)),
    ...(Tags ? [ask('ssm:AddTagsToResource', parameterArn(world, Name), requestTags(Tags))] : []),
  ],
};

/**
 * What each service asks IAM, from what AWS documents of it and from nothing of the tool's: the two are held against
 * each other.
 */
export const authorizations: { [S in ServiceName]: AuthorizationsOf<S> } = {
  ec2,
  events,
  iam,
  lambda,
  logs,
  s3,
  scheduler,
  servicequotas: {
    GetServiceQuota: ({ ServiceCode, QuotaCode }, world) => [
      ask('servicequotas:GetServiceQuota', arn(world, 'servicequotas', `${ServiceCode}/${QuotaCode}`)),
    ],
  },
  sns,
  ssm,
  // Whoever has credentials may ask whose they are (API reference, GetCallerIdentity).
  sts: { GetCallerIdentity: () => [] },
};
