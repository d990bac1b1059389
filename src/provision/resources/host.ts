import { createHash } from 'node:crypto';
import type { Instance } from '@aws-sdk/client-ec2';
import { Problem } from '../../problem.ts';
import { as, awsCli, flagged } from '../../suggest.ts';
import { ask } from '../aws/ask.ts';
import { createWithToken } from '../aws/client-token.ts';
import { wroteToConsole } from '../aws/console.ts';
import { errorMessage, unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import type { Difference } from '../engine/outcome.ts';
import { type Found, type Known, type Made, ready } from '../engine/resource.ts';
import { tagKeys } from '../names.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import {
  type Attributes,
  attributeDifferences,
  attributesOf,
  disk,
  mendAttributes,
  metadataOptions,
} from './host-attributes.ts';
import { launchFromImage, newestImage } from './host-image.ts';
import type { InstanceProfileFound } from './instance-profile.ts';
import type { SecurityGroupFound } from './security-group.ts';
import { type HostId, hostAddress, stackHosts } from './stack-hosts.ts';
import type { SubnetFound } from './subnet.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import type { VpcFound } from './vpc.ts';
import { elsewhere, inZones } from './zones.ts';

export interface HostFound extends Tagged {
  state: string;
  /** What can be changed while it runs; absent where it was made a moment ago with all of it. */
  attributes?: Attributes;
  /** When it was last started, ms since 1970 UTC. */
  startedAt?: number;
  instanceType: string;
  protected: boolean;
  publicIp?: string;
  /** The image that it was made from, and the newest that is published. */
  image?: string;
  newestImage?: string;
  /** Of its root disk. */
  volumeId?: string;
  /** Whether AWS ended it after it had lived. */
  isLost?: boolean;
  /** Why AWS changed its state by itself: `Client.VolumeLimitExceeded: …`. */
  reason?: string;
}

export interface HostNeeds {
  [name: string]: AwsResource;
  vpc: AwsResource<VpcFound>;
  subnet: AwsResource<SubnetFound>;
  profile: AwsResource<InstanceProfileFound>;
  /** The way out: packages are fetched at the first start. */
  publicTable: AwsResource;
  web: AwsResource<SecurityGroupFound>;
}

const alive = ['pending', 'running', 'stopping', 'stopped'];

const isRunning = (found: HostFound | undefined): boolean => !found || ['pending', 'running'].includes(found.state);

/** What ends an instance on somebody's wish (API reference, StateReason); every other reason is a failure. */
const askedFor = ['Client.UserInitiatedShutdown', 'Client.InstanceInitiatedShutdown'];

/**
 * Whether an instance that has ended ever ran, and so may have held data. EC2 lists an ended instance for about an
 * hour, so one launched earlier than that lived; a younger one ran if it wrote to its console, which AWS keeps for an
 * hour after (API reference, GetConsoleOutput). Where AWS does not tell, it is taken to have run.
 */
async function everRan(aws: Stack['aws'], { InstanceId = '', LaunchTime }: Instance): Promise<boolean> {
  if (LaunchTime && aws.clock.now() - LaunchTime.getTime() > listedAfterEnd) return true;
  return (await wroteToConsole(aws, InstanceId)) ?? true;
}

/** How long EC2 lists an ended instance at most, ms: "approximately one hour" in its user guide, and a margin. */
const listedAfterEnd = 2 * 3_600_000;

/**
 * An EC2 instance of Amazon Linux 2023. It is stateful: a newer image, other user-data or another subnet are no
 * differences, so that no run replaces it.
 */
export function host<N extends HostNeeds>(
  stack: Stack,
  needs: N,
  options: {
    id: HostId;
    name: string;
    /** What it is for: `Database host`. */
    kind: string;
    wanted: boolean;
    /** Whether it holds the database: it is protected from termination, and serves some time after it runs. */
    protect: boolean;
    userData: string;
    groups: (made: Known<N>) => (string | undefined)[];
  },
): AwsResource<HostFound, N> {
  const { aws, owner, settings } = stack;
  const { id, name, kind, wanted, protect, userData, groups } = options;
  /** Of the set-up that it runs at its first start: a tag, so that another one is noticed, which it will not run. */
  const setUp = createHash('sha256').update(userData).digest('hex').slice(0, 16);
  let renewed = false;

  /** The attributes that it should have, as far as its needs are made. */
  const wantedOf = (needs: Known<N>): Attributes => {
    const profile = (needs as unknown as Known<HostNeeds>).profile?.awsId;
    const ids = groups(needs);
    return { groups: ids.every(group => group !== undefined) ? ids : undefined, profile };
  };
  const resource = awsResource<HostFound, N>({
    id,
    title: `${kind} ${name}`,
    wanted,
    needs,
    operations: {
      create: ['ec2:RunInstances', 'ec2:CreateTags'],
      update: [
        'ec2:ModifyInstanceAttribute',
        'ec2:ModifyInstanceMetadataOptions',
        'ec2:AssociateIamInstanceProfile',
        'ec2:ReplaceIamInstanceProfileAssociation',
      ],
      remove: ['ec2:ModifyInstanceAttribute', 'ec2:TerminateInstances'],
    },
    durations: {
      create: ['instance.running'],
      remove: ['instance.terminated'],
      ...(protect ? { serve: ['host.ready'] } : {}),
    },
    // A stopped one keeps its disk only, and one that has ended keeps nothing.
    billableItems: found => [
      ...(isRunning(found)
        ? [
            { instance: found?.instanceType ?? settings.hosts.instanceType, amount: 1 },
            { item: 'publicAddress' as const, amount: 1 },
          ]
        : []),
      ...(found && !alive.includes(found.state) ? [] : [{ item: 'diskGigabyte' as const, amount: disk.VolumeSize }]),
    ],

    ...(protect
      ? {
          stateful: ({ volumeId }: HostFound) =>
            `the sales go with its disk; ${volumeId ? awsCli`ec2 create-snapshot --region ${as.region(stack.region)} --volume-id ${as.awsId(volumeId)}` : 'a snapshot of it'} keeps them`,
        }
      : {}),

    async find(snapshot) {
      const [own, newest] = await Promise.all([
        stackHosts(snapshot, stack, id),
        // Asked also before there is one: whether it may be asked is known then before the first change.
        wanted ? newestImage(snapshot, stack) : undefined,
      ]);
      // One that AWS ended by itself at its start is listed for an hour, like any other: it is of interest as long as
      // somebody waits for it.
      const isWaitedFor = ({ StateReason }: Instance) =>
        wanted && StateReason?.Code !== undefined && !askedFor.includes(StateReason.Code);
      const instances = own.filter(instance => instance.State?.Name !== 'terminated' || isWaitedFor(instance));
      const found = await Promise.all(
        instances.map(async instance => {
          const {
            InstanceId = '',
            State,
            StateReason,
            InstanceType = '',
            LaunchTime,
            PublicIpAddress,
            Tags,
          } = instance;
          const isAlive = alive.includes(State?.Name ?? '');
          const reasonCode = StateReason?.Code ?? askedFor[0]!;
          const isKept = protect && isAlive ? await isProtected(snapshot, InstanceId) : protect;
          return {
            awsId: InstanceId,
            ours: true,
            tags: recordOf(Tags),
            where: instance.VpcId,
            state: State?.Name ?? 'pending',
            startedAt: LaunchTime?.getTime(),
            instanceType: InstanceType,
            attributes: attributesOf(instance),
            protected: isKept,
            image: instance.ImageId,
            newestImage: newest,
            volumeId: instance.BlockDeviceMappings?.[0]?.Ebs?.VolumeId,
            isLost: protect && !isAlive && !askedFor.includes(reasonCode) && (await everRan(aws, instance)),
            publicIp: PublicIpAddress,
            reason: StateReason?.Message,
          };
        }),
      );
      return found.filter(({ state }, index) => index === 0 || state !== 'terminated');
    },

    create(made) {
      const { vpc, subnet, profile } = made as unknown as Made<HostNeeds>;
      return createWithToken(stack, vpc, this, async ClientToken => {
        const launch = (ImageId: string) =>
          aws.call('ec2:RunInstances', {
            ImageId,
            InstanceType: settings.hosts.instanceType as 't4g.micro',
            MinCount: 1,
            MaxCount: 1,
            ClientToken,
            UserData: Buffer.from(userData).toString('base64'),
            IamInstanceProfile: { Name: profile.awsId },
            DisableApiTermination: protect,
            MetadataOptions: metadataOptions,
            BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { ...disk, DeleteOnTermination: true } }],
            NetworkInterfaces: [
              {
                DeviceIndex: 0,
                SubnetId: subnet.awsId,
                AssociatePublicIpAddress: true,
                Groups: groups(made as Known<N>) as string[],
                PrivateIpAddress: hostAddress(stack, id),
              },
            ],
            TagSpecifications: [
              { ResourceType: 'instance', Tags: listOf({ Name: name, ...owner.tags(id), [tagKeys.setUp]: setUp }) },
              ...owner.ec2Tags('volume', id, name),
              ...owner.ec2Tags('network-interface', id, name),
            ],
          });
        const { Instances = [] } = await inZones([subnet.zone], ['subnet.public-a'], () =>
          launchFromImage(stack, vpc, renewed, launch),
        ).catch(error => {
          if (!/not eligible for Free Tier/i.test(errorMessage(error))) throw error;
          throw new Problem(
            'free-plan',
            `AWS's free plan, on which this account is, does not launch a ${settings.hosts.instanceType}: set hosts.instanceType to t4g.micro or t4g.small, or upgrade the account to the paid plan.`,
            { cause: error },
          );
        });
        const [instance = {}] = Instances;
        if (!alive.includes(instance.State?.Name ?? 'pending')) return 'dead';
        return {
          awsId: instance.InstanceId!,
          ours: true,
          state: instance.State?.Name ?? 'pending',
          instanceType: settings.hosts.instanceType,
          protected: protect,
        };
      });
    },

    readiness({ awsId, state, reason, isLost }) {
      if (state === 'running' || (state === 'stopped' && !protect)) return ready;
      if (state === 'stopped')
        return {
          state: 'idle',
          why: `it is stopped, so no sales can be read: ${awsCli`ec2 start-instances --region ${as.region(stack.region)} --instance-ids ${as.awsId(awsId)}`}`,
        };
      if (alive.includes(state)) return { state: 'waiting', why: `the host is ${state}` };
      const full = /Insufficient\w*Capacity/.test(reason ?? '') ? `; ${elsewhere([], ['subnet.public-a'])}` : '';
      return {
        state: 'failed',
        why: `it is ${state}${reason ? ` (${reason})` : ''}${full}`,
        ...(isLost ? { lost: true } : {}),
      };
    },

    notes({ image, newestImage: newest, tags = {} }) {
      const notes: string[] = [];
      if (image && newest && image !== newest)
        notes.push(
          `Amazon Linux has a newer image (${newest}): a host keeps the one that it was made from, unless --replace names it.`,
        );
      if (tags[tagKeys.setUp] && tags[tagKeys.setUp] !== setUp)
        notes.push(
          `${kind} ${name} was set up by other settings or another version: a set-up runs once, at the first start, and is not repeated unless ${flagged`--replace ${as.resource(id)}`} makes a new host.`,
        );
      return notes;
    },

    useLatestImage() {
      renewed = true;
    },

    differences(found, needs) {
      const differences: Difference[] = [];
      if (protect && !found.protected)
        differences.push({
          what: 'termination protection',
          is: 'off',
          wanted: 'on',
          how: 'update',
          operations: ['ec2:ModifyInstanceAttribute'],
        });
      if (found.instanceType !== settings.hosts.instanceType)
        differences.push({
          what: 'instance type',
          is: found.instanceType,
          wanted: settings.hosts.instanceType,
          how: 'replace',
        });
      return [...differences, ...attributeDifferences(found.attributes, wantedOf(needs))];
    },

    async update(found, made, differences) {
      const InstanceId = found.awsId;
      if (differences.some(({ what }) => what === 'termination protection'))
        await aws.call('ec2:ModifyInstanceAttribute', { InstanceId, DisableApiTermination: { Value: true } });
      await mendAttributes(
        aws,
        InstanceId,
        { ...wantedOf(made as Known<N>), lastingDisk: found.attributes?.lastingDisk },
        differences,
      );
    },

    async remove({ awsId, state }) {
      if (!alive.includes(state)) return;
      if (protect)
        await unlessNotFound(
          aws.call('ec2:ModifyInstanceAttribute', { InstanceId: awsId, DisableApiTermination: { Value: false } }),
        );
      await unlessNotFound(aws.call('ec2:TerminateInstances', { InstanceIds: [awsId] }));
    },

    ask: ({ awsId }) =>
      ask(
        aws,
        'ec2:DescribeInstances',
        { InstanceIds: [awsId] },
        awsId,
        ({ Reservations }) => Reservations?.[0]?.Instances?.[0]?.State?.Name,
        ['terminated'],
      ),
  });
  /** Its disks and interfaces, which were tagged with it when it was launched. */
  const attached = async ({ awsId }: Found): Promise<string[]> => {
    const [{ Volumes = [] }, { NetworkInterfaces = [] }] = await Promise.all([
      aws.call('ec2:DescribeVolumes', { Filters: owner.filters }),
      aws.call('ec2:DescribeNetworkInterfaces', { Filters: owner.filters }),
    ]);
    return [
      ...Volumes.filter(({ Attachments = [] }) => Attachments.some(({ InstanceId }) => InstanceId === awsId)).map(
        ({ VolumeId }) => VolumeId!,
      ),
      ...NetworkInterfaces.filter(({ Attachment }) => Attachment?.InstanceId === awsId).map(
        ({ NetworkInterfaceId }) => NetworkInterfaceId!,
      ),
    ];
  };
  return tagged(stack, ec2Tagging(stack, name, attached), resource);
}

async function isProtected(snapshot: Parameters<AwsResource['find']>[0], InstanceId: string): Promise<boolean> {
  // One that another run ends meanwhile has no attributes any more.
  const answer = await snapshot.find('ec2:DescribeInstanceAttribute', {
    InstanceId,
    Attribute: 'disableApiTermination',
  });
  return answer?.DisableApiTermination?.Value ?? false;
}
