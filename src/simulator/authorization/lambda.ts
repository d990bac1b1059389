import type { World } from '../world.ts';
import {
  type AuthorizationRequest,
  type AuthorizationsOf,
  ask,
  passRole,
  requestKeys,
  requestTags,
  resourceTags,
} from './request.ts';

const layerArn = ({ partition, region, account }: World, name: string | undefined) =>
  `arn:${partition}:lambda:${region}:${account}:layer:${name}`;

const functionArn = ({ partition, region, account }: World, name: string | undefined) =>
  `arn:${partition}:lambda:${region}:${account}:function:${name}`;

const on = (action: string, name: string | undefined, world: World) => {
  const there = world.lambda.functions.get(name ?? '');
  return [ask(`lambda:${action}`, functionArn(world, name), resourceTags(there?.tags))];
};

/**
 * What a configuration names is asked too: its layers, the role, and the VPC (Lambda developer guide, "Giving Lambda
 * functions access to a VPC").
 */
function configured(
  { Role, Layers = [], VpcConfig }: { Role?: string; Layers?: string[]; VpcConfig?: { SubnetIds?: string[] } },
  world: World,
): AuthorizationRequest[] {
  const subnet = world.ec2.subnets.find(VpcConfig?.SubnetIds?.[0] ?? '');
  const vpc = subnet && world.ec2.vpcs.find(subnet.vpcId);
  return [
    ...passRole(Role, 'lambda.amazonaws.com'),
    ...Layers.map(layer => ask('lambda:GetLayerVersion', layer)),
    ...(vpc
      ? [
          ...['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'].map(action => ask(action)),
          ask(
            'ec2:GetSecurityGroupsForVpc',
            `arn:${world.partition}:ec2:${world.region}:${world.account}:vpc/${vpc.id}`,
            resourceTags(vpc.tags.asOf()),
          ),
        ]
      : []),
  ];
}

/** Service Authorization Reference, "AWS Lambda". */
export const lambda: AuthorizationsOf<'lambda'> = {
  AddPermission: ({ FunctionName, Principal = '' }, world) =>
    on('AddPermission', FunctionName, world).map(one => ({
      ...one,
      context: { ...one.context, 'lambda:Principal': Principal },
    })),
  CreateFunction: (input, world) => [
    ...on('CreateFunction', input.FunctionName, world),
    ...(input.Tags
      ? on('TagResource', input.FunctionName, world).map(one => ({ ...one, context: requestTags(input.Tags) }))
      : []),
    ...configured(input, world),
  ],
  DeleteFunction: ({ FunctionName }, world) => on('DeleteFunction', FunctionName, world),
  DeleteFunctionConcurrency: ({ FunctionName }, world) => on('DeleteFunctionConcurrency', FunctionName, world),
  DeleteLayerVersion: ({ LayerName, VersionNumber }, world) => [
    ask('lambda:DeleteLayerVersion', `${layerArn(world, LayerName)}:${VersionNumber}`),
  ],
  // Without lambda:ListTags it answers without tags, and says so in it: what needs them is refused all the same.
  GetFunction: ({ FunctionName }, world) => [
    ...on('GetFunction', FunctionName, world),
    ...on('ListTags', FunctionName, world),
  ],
  GetPolicy: ({ FunctionName }, world) => on('GetPolicy', FunctionName, world),
  Invoke: ({ FunctionName }, world) => on('InvokeFunction', FunctionName, world),
  ListFunctions: () => [ask('lambda:ListFunctions')],
  ListLayerVersions: () => [ask('lambda:ListLayerVersions')],
  ListLayers: () => [ask('lambda:ListLayers')],
  PublishLayerVersion: ({ LayerName }, world) => [ask('lambda:PublishLayerVersion', layerArn(world, LayerName))],
  RemovePermission: ({ FunctionName }, world) => on('RemovePermission', FunctionName, world),
  TagResource: ({ Resource, Tags }, world) =>
    on('TagResource', Resource?.split(':').at(-1), world).map(one => ({
      ...one,
      context: { ...one.context, ...requestTags(Tags) },
    })),
  UntagResource: ({ Resource, TagKeys }, world) =>
    on('UntagResource', Resource?.split(':').at(-1), world).map(one => ({
      ...one,
      context: { ...one.context, ...requestKeys(TagKeys) },
    })),
  UpdateFunctionCode: ({ FunctionName }, world) => on('UpdateFunctionCode', FunctionName, world),
  UpdateFunctionConfiguration: (input, world) => [
    ...on('UpdateFunctionConfiguration', input.FunctionName, world),
    ...configured(input, world),
  ],
};
