import type { Aws } from '../aws/aws.ts';
import { recordOf } from '../aws/owner.ts';
import { isOfBackup } from '../database-snapshot.ts';
import { tagKeys } from '../names.ts';
import { allTagged, type Leftover, named, stackCalled } from './leftover.ts';

const Filters = [{ Name: 'tag-key', Values: [tagKeys.stack] }];

/** Of those that are listed for an hour after their end, the ones that have not ended. */
const lives = (state: string | undefined): boolean => !['terminated', 'deleted', 'failed'].includes((state ?? '').toLowerCase());

/** Each kind of thing of EC2 and VPC that the tool makes, from its own Describe: the tagging service shows ghosts and misses things (aws-sdk#676). */
export const ec2Looks = (aws: Aws, region: string): (() => Promise<Leftover[]>)[] => [
  async () =>
    (await aws.call('ec2:DescribeVpcs', {})).Vpcs?.flatMap(({ VpcId = '', Tags }) => {
      const tags = recordOf(Tags);
      const stack = stackCalled('vpc', tags.Name);
      const seen = { type: 'VPC', awsId: VpcId, region };
      return tags[tagKeys.stack] || stack ? [named(seen, stack ?? '', tags)] : [];
    }) ?? [],
  async () =>
    allTagged((await aws.call('ec2:DescribeSubnets', { Filters })).Subnets, ({ SubnetId = '' }) => ({
      type: 'subnet',
      awsId: SubnetId,
      region,
    })),
  async () =>
    allTagged((await aws.call('ec2:DescribeSecurityGroups', { Filters })).SecurityGroups, ({ GroupId = '' }) => ({
      type: 'security group',
      awsId: GroupId,
      region,
    })),
  async () =>
    allTagged((await aws.call('ec2:DescribeRouteTables', { Filters })).RouteTables, ({ RouteTableId = '' }) => ({
      type: 'route table',
      awsId: RouteTableId,
      region,
    })),
  async () =>
    allTagged((await aws.call('ec2:DescribeInternetGateways', { Filters })).InternetGateways, ({ InternetGatewayId = '' }) => ({
      type: 'internet gateway',
      awsId: InternetGatewayId,
      region,
    })),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeNatGateways', { Filter: Filters })).NatGateways?.filter(({ State }) => lives(State)),
      ({ NatGatewayId = '', CreateTime }) => ({
        type: 'NAT gateway',
        awsId: NatGatewayId,
        region,
        since: CreateTime,
        uses: [{ item: 'natGateway', amount: 1 }],
      }),
    ),
  async () =>
    allTagged((await aws.call('ec2:DescribeAddresses', { Filters })).Addresses, ({ AllocationId = '' }) => ({
      type: 'address',
      awsId: AllocationId,
      region,
      uses: [{ item: 'publicAddress', amount: 1 }],
    })),
  async () =>
    allTagged(
      (await aws.call('ec2:DescribeInstances', { Filters })).Reservations?.flatMap(({ Instances = [] }) => Instances).filter(
        ({ State }) => lives(State?.Name),
      ),
      ({ InstanceId = '', InstanceType = '', LaunchTime, PublicIpAddress, State }) => ({
        type: 'instance',
        awsId: InstanceId,
        region,
        since: LaunchTime,
        uses: [
          ...(['pending', 'running'].includes(State?.Name ?? '') ? [{ instance: InstanceType, amount: 1 }] : []),
          ...(PublicIpAddress ? [{ item: 'publicAddress' as const, amount: 1 }] : []),
        ],
      }),
    ),
  async () =>
    allTagged((await aws.call('ec2:DescribeVolumes', { Filters })).Volumes, ({ VolumeId = '', Size = 0, CreateTime }) => ({
      type: 'volume',
      awsId: VolumeId,
      region,
      since: CreateTime,
      uses: [{ item: 'diskGigabyte', amount: Size }],
    })),
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
      ({ VpcEndpointId = '', CreationTimestamp }) => ({
        type: 'endpoint',
        awsId: VpcEndpointId,
        region,
        since: CreationTimestamp,
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
