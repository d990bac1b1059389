import type { RunInstancesCommandInput, TagSpecification } from '@aws-sdk/client-ec2';
import type { Context } from '../iam/policy.ts';
import { ec2Principal } from '../partition.ts';
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

/** How ARNs call the kinds of things, by the beginning of their ids. */
const kinds: Record<string, string> = {
  acl: 'network-acl',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
  i: 'instance',
  igw: 'internet-gateway',
  nat: 'natgateway',
  rtb: 'route-table',
  sg: 'security-group',
  snap: 'snapshot',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
};

/** Snapshots and images are of no account in their ARNs. */
const arnOf = ({ partition, region, account }: World, rest: string) =>
  `arn:${partition}:ec2:${region}:${/^(snapshot|image)\//.test(rest) ? '' : account}:${rest}`;

/** Questions about things that are there, with their tags. What is not there is not found, whoever asks. */
function on(world: World, action: string, ...ids: (string | undefined)[]): AuthorizationRequest[] {
  return ids.flatMap(id => {
    const kind = kinds[id?.slice(0, id.lastIndexOf('-')) ?? ''];
    if (id === undefined || kind === undefined) return [];
    try {
      const { tags } = world.ec2.taggable(id);
      return [ask(`ec2:${action}`, arnOf(world, `${kind}/${id}`), resourceTags(tags.asOf(world.now())))];
    } catch {
      return [];
    }
  });
}

/**
 * Questions about things that do not exist yet, and about giving them tags (EC2 user guide, "Grant permission to tag
 * Amazon EC2 resources during creation").
 */
function made(
  world: World,
  action: string,
  kindsMade: readonly string[],
  specifications: TagSpecification[] | undefined,
  more: Context = {},
): AuthorizationRequest[] {
  const tags = requestTags((specifications ?? []).flatMap(({ Tags }) => Tags ?? []));
  return [
    ...kindsMade.map(kind => ask(`ec2:${action}`, arnOf(world, `${kind}/*`), { ...tags, ...more })),
    ...(specifications ?? []).map(({ ResourceType }) =>
      ask('ec2:CreateTags', arnOf(world, `${ResourceType}/*`), { ...tags, 'ec2:CreateAction': action }),
    ),
  ];
}

const list = (action: string) => () => [ask(`ec2:${action}`)];

const roleOf = (world: World, profile: { Name?: string; Arn?: string } | undefined): AuthorizationRequest[] => {
  const name = profile?.Name ?? profile?.Arn?.split('/').at(-1);
  const [role] = world.iam.instanceProfile(name ?? '')?.roles ?? [];
  return passRole(world.iam.role(role ?? '')?.arn, ec2Principal(world.partition));
};

const tableOf = (world: World, associationId: string | undefined) => {
  const table = world.ec2.routeTables
    .existing()
    .find(({ associations }) => associations.some(({ id }) => id === associationId));
  return [table?.id, table?.associations.find(({ id }) => id === associationId)?.subnetId];
};

const subnetOf = (world: World, associationId: string | undefined) =>
  world.ec2.networkAcls
    .existing()
    .flatMap(({ associations }) => associations)
    .find(({ id }) => id === associationId)?.subnetId;

/**
 * What a launch makes, each with what it says of it (Service Authorization Reference, "Actions, resources, and
 * condition keys for Amazon EC2", RunInstances).
 */
function launched(input: RunInstancesCommandInput, world: World): AuthorizationRequest[] {
  const { TagSpecifications, InstanceType = '', MetadataOptions, BlockDeviceMappings, NetworkInterfaces } = input;
  const disk = BlockDeviceMappings?.[0]?.Ebs;
  const text = (value: unknown, otherwise: string) => String(value ?? otherwise);
  const keys: Record<string, Context> = {
    instance: {
      'ec2:InstanceType': InstanceType,
      'ec2:EbsOptimized': 'false',
      'ec2:MetadataHttpEndpoint': text(MetadataOptions?.HttpEndpoint, 'enabled'),
      'ec2:MetadataHttpPutResponseHopLimit': text(MetadataOptions?.HttpPutResponseHopLimit, '2'),
      'ec2:MetadataHttpTokens': text(MetadataOptions?.HttpTokens, 'optional'),
      'ec2:RootDeviceType': 'ebs',
      'ec2:Tenancy': 'default',
      ...(input.IamInstanceProfile?.Arn ? { 'ec2:InstanceProfile': input.IamInstanceProfile.Arn } : {}),
    },
    'network-interface': {
      'ec2:AssociatePublicIpAddress': text(NetworkInterfaces?.[0]?.AssociatePublicIpAddress, 'false'),
    },
    volume: {
      'ec2:Encrypted': text(disk?.Encrypted, 'false'),
      'ec2:VolumeSize': text(disk?.VolumeSize, '8'),
      'ec2:VolumeType': text(disk?.VolumeType, 'gp3'),
    },
  };
  const [first, ...others] = Object.entries(keys);
  return [
    ...others.flatMap(([kind, more]) => made(world, 'RunInstances', [kind], TagSpecifications, more).slice(0, 1)),
    ...made(world, 'RunInstances', [first![0]], TagSpecifications, first![1]),
  ];
}

/**
 * Resource types and condition keys: Service Authorization Reference, "Actions, resources, and condition keys for
 * Amazon EC2".
 */
export const ec2: AuthorizationsOf<'ec2'> = {
  AllocateAddress: ({ TagSpecifications }, world) => made(world, 'AllocateAddress', ['elastic-ip'], TagSpecifications),
  AssociateIamInstanceProfile: ({ InstanceId, IamInstanceProfile }, world) => [
    ...on(world, 'AssociateIamInstanceProfile', InstanceId),
    ...roleOf(world, IamInstanceProfile),
  ],
  AssociateRouteTable: ({ RouteTableId, SubnetId }, world) => on(world, 'AssociateRouteTable', RouteTableId, SubnetId),
  AttachInternetGateway: ({ InternetGatewayId, VpcId }, world) =>
    on(world, 'AttachInternetGateway', InternetGatewayId, VpcId),
  AuthorizeSecurityGroupEgress: ({ GroupId }, world) => on(world, 'AuthorizeSecurityGroupEgress', GroupId),
  AuthorizeSecurityGroupIngress: ({ GroupId }, world) => on(world, 'AuthorizeSecurityGroupIngress', GroupId),
  CreateInternetGateway: ({ TagSpecifications }, world) =>
    made(world, 'CreateInternetGateway', ['internet-gateway'], TagSpecifications),
  CreateNatGateway: ({ TagSpecifications, SubnetId, AllocationId }, world) => [
    ...made(world, 'CreateNatGateway', ['natgateway'], TagSpecifications),
    ...on(world, 'CreateNatGateway', SubnetId, AllocationId),
  ],
  CreateNetworkAclEntry: ({ NetworkAclId }, world) => on(world, 'CreateNetworkAclEntry', NetworkAclId),
  CreateRoute: ({ RouteTableId }, world) => on(world, 'CreateRoute', RouteTableId),
  CreateRouteTable: ({ TagSpecifications, VpcId }, world) => [
    ...made(world, 'CreateRouteTable', ['route-table'], TagSpecifications),
    ...on(world, 'CreateRouteTable', VpcId),
  ],
  CreateSecurityGroup: ({ TagSpecifications, VpcId }, world) => [
    ...made(world, 'CreateSecurityGroup', ['security-group'], TagSpecifications),
    ...on(world, 'CreateSecurityGroup', VpcId),
  ],
  CreateSnapshot: ({ TagSpecifications, VolumeId }, world) => [
    ...made(world, 'CreateSnapshot', ['snapshot'], TagSpecifications),
    ...on(world, 'CreateSnapshot', VolumeId),
  ],
  CreateSubnet: ({ TagSpecifications, VpcId }, world) => [
    ...made(world, 'CreateSubnet', ['subnet'], TagSpecifications),
    ...on(world, 'CreateSubnet', VpcId),
  ],
  CreateTags: ({ Resources = [], Tags }, world) =>
    on(world, 'CreateTags', ...Resources).map(one => ({ ...one, context: { ...one.context, ...requestTags(Tags) } })),
  CreateVpc: ({ TagSpecifications }, world) => made(world, 'CreateVpc', ['vpc'], TagSpecifications),
  CreateVpcEndpoint: ({ TagSpecifications, VpcId, RouteTableIds = [] }, world) => [
    ...made(world, 'CreateVpcEndpoint', ['vpc-endpoint'], TagSpecifications),
    ...on(world, 'CreateVpcEndpoint', VpcId, ...RouteTableIds),
  ],
  DeleteInternetGateway: ({ InternetGatewayId }, world) => on(world, 'DeleteInternetGateway', InternetGatewayId),
  DeleteNatGateway: ({ NatGatewayId }, world) => on(world, 'DeleteNatGateway', NatGatewayId),
  DeleteNetworkAclEntry: ({ NetworkAclId }, world) => on(world, 'DeleteNetworkAclEntry', NetworkAclId),
  DeleteNetworkInterface: ({ NetworkInterfaceId }, world) => on(world, 'DeleteNetworkInterface', NetworkInterfaceId),
  DeleteRoute: ({ RouteTableId }, world) => on(world, 'DeleteRoute', RouteTableId),
  DeleteRouteTable: ({ RouteTableId }, world) => on(world, 'DeleteRouteTable', RouteTableId),
  DeleteSecurityGroup: ({ GroupId }, world) => on(world, 'DeleteSecurityGroup', GroupId),
  DeleteSubnet: ({ SubnetId }, world) => on(world, 'DeleteSubnet', SubnetId),
  DeleteTags: ({ Resources = [], Tags }, world) =>
    on(world, 'DeleteTags', ...Resources).map(one => ({
      ...one,
      context: { ...one.context, ...requestKeys(Tags?.map(({ Key = '' }) => Key)) },
    })),
  DeleteVpc: ({ VpcId }, world) => on(world, 'DeleteVpc', VpcId),
  DeleteVpcEndpoints: ({ VpcEndpointIds = [] }, world) => on(world, 'DeleteVpcEndpoints', ...VpcEndpointIds),
  DescribeAddresses: list('DescribeAddresses'),
  DescribeAvailabilityZones: list('DescribeAvailabilityZones'),
  DescribeEgressOnlyInternetGateways: list('DescribeEgressOnlyInternetGateways'),
  DescribeIamInstanceProfileAssociations: list('DescribeIamInstanceProfileAssociations'),
  DescribeInstanceAttribute: ({ InstanceId }, world) => on(world, 'DescribeInstanceAttribute', InstanceId),
  DescribeInstanceTypeOfferings: list('DescribeInstanceTypeOfferings'),
  DescribeInstanceTypes: list('DescribeInstanceTypes'),
  DescribeInstances: list('DescribeInstances'),
  DescribeInternetGateways: list('DescribeInternetGateways'),
  DescribeNatGateways: list('DescribeNatGateways'),
  DescribeNetworkAcls: list('DescribeNetworkAcls'),
  DescribeNetworkInterfaces: list('DescribeNetworkInterfaces'),
  DescribeRegions: list('DescribeRegions'),
  DescribeRouteTables: list('DescribeRouteTables'),
  DescribeSecurityGroups: list('DescribeSecurityGroups'),
  DescribeSnapshots: list('DescribeSnapshots'),
  DescribeSubnets: list('DescribeSubnets'),
  DescribeVolumes: list('DescribeVolumes'),
  DescribeVpcAttribute: ({ VpcId }, world) => on(world, 'DescribeVpcAttribute', VpcId),
  DescribeVpcBlockPublicAccessOptions: list('DescribeVpcBlockPublicAccessOptions'),
  DescribeVpcEndpoints: list('DescribeVpcEndpoints'),
  DescribeVpcPeeringConnections: list('DescribeVpcPeeringConnections'),
  DescribeVpcs: list('DescribeVpcs'),
  DescribeVpnGateways: list('DescribeVpnGateways'),
  DetachInternetGateway: ({ InternetGatewayId, VpcId }, world) =>
    on(world, 'DetachInternetGateway', InternetGatewayId, VpcId),
  DisassociateRouteTable: ({ AssociationId }, world) =>
    on(world, 'DisassociateRouteTable', ...tableOf(world, AssociationId)),
  GetConsoleOutput: ({ InstanceId }, world) => on(world, 'GetConsoleOutput', InstanceId),
  ModifyInstanceAttribute: ({ InstanceId }, world) => on(world, 'ModifyInstanceAttribute', InstanceId),
  ModifyInstanceMetadataOptions: ({ InstanceId }, world) => on(world, 'ModifyInstanceMetadataOptions', InstanceId),
  ModifySubnetAttribute: ({ SubnetId }, world) => on(world, 'ModifySubnetAttribute', SubnetId),
  ModifyVpcAttribute: ({ VpcId }, world) => on(world, 'ModifyVpcAttribute', VpcId),
  ModifyVpcEndpoint: ({ VpcEndpointId, AddRouteTableIds = [], RemoveRouteTableIds = [] }, world) =>
    on(world, 'ModifyVpcEndpoint', VpcEndpointId, ...AddRouteTableIds, ...RemoveRouteTableIds),
  ReleaseAddress: ({ AllocationId }, world) => on(world, 'ReleaseAddress', AllocationId),
  ReplaceIamInstanceProfileAssociation: ({ AssociationId, IamInstanceProfile }, world) => [
    ...on(
      world,
      'ReplaceIamInstanceProfileAssociation',
      world.ec2.instances.existing().find(({ profileAssociation }) => profileAssociation === AssociationId)?.id,
    ),
    ...roleOf(world, IamInstanceProfile),
  ],
  ReplaceNetworkAclAssociation: ({ AssociationId, NetworkAclId }, world) =>
    on(world, 'ReplaceNetworkAclAssociation', NetworkAclId, subnetOf(world, AssociationId)),
  ReplaceNetworkAclEntry: ({ NetworkAclId }, world) => on(world, 'ReplaceNetworkAclEntry', NetworkAclId),
  ReplaceRoute: ({ RouteTableId }, world) => on(world, 'ReplaceRoute', RouteTableId),
  // Of the table that the subnet leaves the reference says nothing.
  ReplaceRouteTableAssociation: ({ AssociationId, RouteTableId }, world) =>
    on(world, 'ReplaceRouteTableAssociation', RouteTableId, tableOf(world, AssociationId).at(1)),
  RevokeSecurityGroupEgress: ({ GroupId }, world) => on(world, 'RevokeSecurityGroupEgress', GroupId),
  RevokeSecurityGroupIngress: ({ GroupId }, world) => on(world, 'RevokeSecurityGroupIngress', GroupId),
  RunInstances: (input, world) => [
    ...launched(input, world),
    ask('ec2:RunInstances', arnOf(world, `image/${input.ImageId}`), { 'ec2:Owner': 'amazon' }),
    ...on(
      world,
      'RunInstances',
      input.NetworkInterfaces?.[0]?.SubnetId,
      ...(input.NetworkInterfaces?.[0]?.Groups ?? []),
    ),
    ...roleOf(world, input.IamInstanceProfile),
  ],
  TerminateInstances: ({ InstanceIds = [] }, world) => on(world, 'TerminateInstances', ...InstanceIds),
};
