import type { Aws } from '../aws/aws.ts';
import { recordOf } from '../aws/owner.ts';
import { tagKeys } from '../names.ts';
import { isOfBackup } from '../resources/database-snapshot.ts';
import type { Placed } from './foreign.ts';
import { allTagged, named, stackCalled } from './leftover.ts';

const Filters = [{ Name: 'tag-key', Values: [tagKeys.stack] }];

/** Of those that are listed for an hour after their end, the ones that have not ended. */
const lives = (state: string | undefined): boolean =>
  !['terminated', 'deleted', 'failed'].includes((state ?? '').toLowerCase());

/**
 * Each kind of thing of EC2 and VPC that the tool makes, from its own Describe: the tagging service shows ghosts and
 * misses things (aws-sdk#676).
 */
export const ec2Looks = (aws: Aws, region: string): (() => Promise<Placed[]>)[] => [
  async () =>
    (await aws.call('ec2:DescribeVpcs', {})).Vpcs?.flatMap(({ VpcId = '', Tags }) => {
      const tags = recordOf(Tags);
      const stack = stackCalled('vpc', tags.Name);
      const seen = { type: 'VPC', awsId: VpcId, region };
      return tags[tagKeys.stack] || stack ? [named(seen, stack ?? '', tags)] : [];
    }) ?? [],
  async () =>
    allTagged((await aws.call('ec2:DescribeSubnets', { Filters })).Subnets, ({ SubnetId = '', VpcId }) => ({
      type: 'subnet',
      awsId: SubnetId,
      region,
      place: { vpcId: VpcId },
    })),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeSecurityGroups', { Filters })).SecurityGroups,
      ({ GroupId = '', GroupName, VpcId }) => ({
        type: 'security group',
        awsId: GroupId,
        region,
        place: { vpcId: VpcId, groupName: GroupName },
      }),
    ),
  async () =>
    allTagged((await aws.call('ec2:DescribeRouteTables', { Filters })).RouteTables, ({ RouteTableId = '', VpcId }) => ({
      type: 'route table',
      awsId: RouteTableId,
      region,
      place: { vpcId: VpcId },
    })),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeInternetGateways', { Filters })).InternetGateways,
      ({ InternetGatewayId = '', Attachments = [] }) => ({
        type: 'internet gateway',
        awsId: InternetGatewayId,
        region,
        place: {
          vpcId: Attachments[0]?.VpcId,
          attachedTo: Attachments.flatMap(({ VpcId }) => VpcId ?? []),
          isRecorded: true,
        },
      }),
    ),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeNatGateways', { Filter: Filters })).NatGateways?.filter(({ State }) => lives(State)),
      ({ NatGatewayId = '', CreateTime, VpcId, NatGatewayAddresses = [] }) => ({
        type: 'NAT gateway',
        awsId: NatGatewayId,
        region,
        since: CreateTime,
        uses: [{ item: 'natGateway', amount: 1 }],
        place: { vpcId: VpcId, holds: NatGatewayAddresses.flatMap(({ AllocationId }) => AllocationId ?? []) },
      }),
    ),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeAddresses', { Filters })).Addresses,
      ({ AllocationId = '', AssociationId }) => ({
        type: 'address',
        awsId: AllocationId,
        region,
        uses: [{ item: 'publicAddress', amount: 1 }],
        place: { attachedTo: AssociationId ? [AssociationId] : [], isOfGateway: true, isRecorded: true },
      }),
    ),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeInstances', { Filters })).Reservations?.flatMap(
        ({ Instances = [] }) => Instances,
      ).filter(({ State }) => lives(State?.Name)),
      ({ InstanceId = '', InstanceType = '', LaunchTime, PublicIpAddress, State, VpcId }) => ({
        type: 'instance',
        awsId: InstanceId,
        region,
        since: LaunchTime,
        uses: [
          ...(['pending', 'running'].includes(State?.Name ?? '') ? [{ instance: InstanceType, amount: 1 }] : []),
          ...(PublicIpAddress ? [{ item: 'publicAddress' as const, amount: 1 }] : []),
        ],
        place: { vpcId: VpcId },
      }),
    ),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeVolumes', { Filters })).Volumes,
      ({ VolumeId = '', Size = 0, CreateTime, Attachments = [] }) => ({
        type: 'volume',
        awsId: VolumeId,
        region,
        since: CreateTime,
        uses: [{ item: 'diskGigabyte', amount: Size }],
        place: { attachedTo: Attachments.flatMap(({ InstanceId }) => InstanceId ?? []) },
      }),
    ),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeSnapshots', { OwnerIds: ['self'], Filters })).Snapshots?.filter(
        ({ Tags }) => !isOfBackup(recordOf(Tags)),
      ),
      ({ SnapshotId = '', VolumeSize = 0, StartTime }) => ({
        type: 'snapshot',
        awsId: SnapshotId,
        region,
        since: StartTime,
        uses: [{ item: 'snapshotGigabyte', amount: VolumeSize }],
      }),
    ),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeVpcEndpoints', { Filters })).VpcEndpoints?.filter(({ State }) => lives(State)),
      ({ VpcEndpointId = '', CreationTimestamp, VpcId }) => ({
        type: 'endpoint',
        awsId: VpcEndpointId,
        region,
        since: CreationTimestamp,
        place: { vpcId: VpcId },
      }),
    ),
  async () => {
    const { NetworkInterfaces = [] } = await aws.call('ec2:DescribeNetworkInterfaces', {
      Filters: [{ Name: 'description', Values: ['AWS Lambda VPC ENI-salesAnalysisReportDataExtractor*'] }],
    });
    // What Lambda makes carries no tags: the function's name stands in its description.
    return NetworkInterfaces.flatMap(({ NetworkInterfaceId = '', Description = '' }) => {
      const [, name] = /^AWS Lambda VPC ENI-(.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(Description) ?? [];
      const stack = stackCalled('functionName', name);
      if (stack === undefined) return [];
      return [{ type: 'network interface', awsId: NetworkInterfaceId, region, stack, resource: 'network-interfaces' }];
    });
  },
];
