import type { _InstanceType, Instance as InstanceOutput, InstanceState, InstanceStateName } from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';
import { filtered } from './filters.ts';
import { instanceAttributes } from './instance-attributes.ts';
import { launch } from './launch.ts';
import { coresOf } from './network/zones.ts';
import type { Instance } from './records.ts';
import { required } from './refusals.ts';
import { tagList } from './tags.ts';

const shownAfterEnd = 3_600_000;
const codes: Partial<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopped: 80,
};

export function instanceState({ termination, runningAt, isStopped }: Instance, now: number): InstanceStateName {
  if (termination && now >= termination.askedAt) return now < termination.doneAt ? 'shutting-down' : 'terminated';
  if (isStopped) return 'stopped';
  return now < runningAt ? 'pending' : 'running';
}

const stateOutput = (state: InstanceStateName): InstanceState => ({ Name: state, Code: codes[state] });

const internalName = (world: World, privateIp: string) =>
  `ip-${privateIp.replaceAll('.', '-')}.${world.region}.compute.internal`;

/** A terminated instance has lost its place in the network, so no filter on that finds it. */
function placeOf(world: World, instance: Instance): Partial<InstanceOutput> {
  const eni = world.ec2.interfaces.find(instance.interfaceId);
  if (!eni)
    return {
      SecurityGroups: [],
      NetworkInterfaces: [],
      BlockDeviceMappings: [],
      PrivateDnsName: '',
      PublicDnsName: '',
    };
  const groups = eni.groupIds.map(GroupId => ({ GroupId, GroupName: world.ec2.groups.find(GroupId)?.name }));
  const hasName = eni.publicIp && world.ec2.vpcs.find(instance.vpcId)?.dnsHostnames;
  const publicName = hasName
    ? `ec2-${eni.publicIp!.replaceAll('.', '-')}.${world.region}.compute.${world.dnsSuffix}`
    : '';
  return {
    VpcId: instance.vpcId,
    SubnetId: instance.subnetId,
    PrivateIpAddress: instance.privateIp,
    PrivateDnsName: internalName(world, instance.privateIp),
    PublicDnsName: publicName,
    ...(eni.publicIp ? { PublicIpAddress: eni.publicIp } : {}),
    SecurityGroups: groups,
    SourceDestCheck: !eni.ignoresDestination,
    NetworkInterfaces: [
      {
        NetworkInterfaceId: eni.id,
        SubnetId: eni.subnetId,
        VpcId: eni.vpcId,
        PrivateIpAddress: eni.privateIp,
        InterfaceType: 'interface',
        Status: 'in-use',
        Groups: groups,
        ...(eni.publicIp ? { Association: { PublicIp: eni.publicIp, IpOwnerId: 'amazon' } } : {}),
        Attachment: { AttachmentId: eni.attachment?.id, DeviceIndex: 0, DeleteOnTermination: true, Status: 'attached' },
      },
    ],
    BlockDeviceMappings: [
      {
        DeviceName: instance.image.rootDevice,
        Ebs: {
          VolumeId: instance.volumeId,
          Status: 'attached',
          AttachTime: new Date(instance.createdAt),
          DeleteOnTermination: world.ec2.volumes.find(instance.volumeId)?.deletedWithInstance,
        },
      },
    ],
  };
}

function reasonOf(instance: Instance, now: number): Partial<InstanceOutput> {
  const { termination } = instance;
  if (!termination || now < termination.askedAt) return { StateTransitionReason: '' };
  const { askedAt, reason } = termination;
  if (reason)
    return {
      StateTransitionReason: reason.code,
      StateReason: { Code: reason.code, Message: `${reason.code}: ${reason.message}` },
    };
  return {
    StateTransitionReason: `User initiated (${new Date(askedAt).toISOString().slice(0, 19).replace('T', ' ')} GMT)`,
    StateReason: {
      Code: 'Client.UserInitiatedShutdown',
      Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
  };
}

function describeInstance(world: World, instance: Instance): InstanceOutput {
  return {
    InstanceId: instance.id,
    ImageId: instance.image.id,
    InstanceType: instance.type as _InstanceType,
    Architecture: instance.image.architecture,
    State: stateOutput(instanceState(instance, world.now())),
    ...reasonOf(instance, world.now()),
    LaunchTime: new Date(instance.createdAt),
    Placement: { AvailabilityZone: instance.zone, Tenancy: 'default', GroupName: '' },
    ClientToken: instance.clientToken ?? '',
    ...(instance.profileArn ? { IamInstanceProfile: { Arn: instance.profileArn } } : {}),
    MetadataOptions: { ...instance.metadata, State: 'applied' },
    Monitoring: { State: 'disabled' },
    EbsOptimized: false,
    CpuOptions: { CoreCount: 1, ThreadsPerCore: coresOf(instance.type) },
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    RootDeviceName: instance.image.rootDevice,
    RootDeviceType: 'ebs',
    ...placeOf(world, instance),
    Tags: tagList(instance.tags.asOf(world.now() - world.lag)),
  };
}

export const instances: Pick<
  SimulatedService<'ec2'>,
  'RunInstances' | 'DescribeInstances' | 'TerminateInstances' | keyof typeof instanceAttributes
> = {
  ...instanceAttributes,
  RunInstances: {
    takes: [
      'ImageId',
      'InstanceType',
      'MinCount',
      'MaxCount',
      'SubnetId',
      'SecurityGroupIds',
      'PrivateIpAddress',
      'NetworkInterfaces',
      'IamInstanceProfile',
      'UserData',
      'MetadataOptions',
      'BlockDeviceMappings',
      'DisableApiTermination',
      'ClientToken',
      'TagSpecifications',
    ],
    run(input, world) {
      const instance = world.ec2.tokens.once('RunInstances', input, () => {
        const launched = launch(world, input);
        const stored = world.ec2.volumes.existing().reduce((sum, { size }) => sum + size, 0);
        if (stored > world.ec2.quotas.volumeStorage) {
          const askedAt = world.now() + world.takes('instance.refused', launched.id);
          const reason = { code: 'Client.VolumeLimitExceeded', message: 'Volume limit exceeded' };
          endInstance(world, launched, { askedAt, doneAt: askedAt, reason });
        }
        return launched;
      });
      // Since January 2025 (boto/boto3#4406).
      if (instance.termination && world.now() >= instance.termination.askedAt)
        throw new AwsError(
          'IdempotentInstanceTerminated',
          'The client token you have provided is associated with a resource that is already deleted. Please use a different client token.',
        );
      return {
        ReservationId: instance.reservationId,
        OwnerId: world.account,
        Groups: [],
        Instances: [describeInstance(world, instance)],
      };
    },
  },
  DescribeInstances: {
    takes: ['InstanceIds', 'Filters'],
    run(input, world) {
      const listed = world.ec2.instances.listed(input.InstanceIds);
      const reservationOf = new Map(listed.map(({ id, reservationId }) => [id, reservationId]));
      const rows = listed.map(instance => describeInstance(world, instance));
      const found = filtered(rows, input.Filters, {
        architecture: row => row.Architecture,
        'availability-zone': row => row.Placement?.AvailabilityZone,
        'client-token': row => row.ClientToken,
        'iam-instance-profile.arn': row => row.IamInstanceProfile?.Arn,
        'image-id': row => row.ImageId,
        'instance-id': row => row.InstanceId,
        'instance-state-name': row => row.State?.Name,
        'instance-type': row => row.InstanceType,
        'instance.group-id': row => row.SecurityGroups?.map(({ GroupId }) => GroupId),
        'instance.group-name': row => row.SecurityGroups?.map(({ GroupName }) => GroupName),
        'ip-address': row => row.PublicIpAddress,
        'network-interface.network-interface-id': row => row.NetworkInterfaces?.map(eni => eni.NetworkInterfaceId),
        'private-ip-address': row => row.PrivateIpAddress,
        'subnet-id': row => row.SubnetId,
        'vpc-id': row => row.VpcId,
      });
      return {
        Reservations: found.map(row => ({
          ReservationId: reservationOf.get(row.InstanceId!),
          OwnerId: world.account,
          Groups: [],
          Instances: [row],
        })),
      };
    },
  },
  TerminateInstances: {
    takes: ['InstanceIds'],
    run(input, world) {
      const found = required(input.InstanceIds, 'InstanceIds').map(id => world.ec2.instances.get(id));
      for (const { id, isProtected, termination } of found)
        if (isProtected && !termination)
          throw new AwsError(
            'OperationNotPermitted',
            `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
          );
      const TerminatingInstances = found.map(instance => {
        const before = instanceState(instance, world.now());
        terminate(world, instance);
        return {
          InstanceId: instance.id,
          PreviousState: stateOutput(before),
          CurrentState: stateOutput(instanceState(instance, world.now())),
        };
      });
      return { TerminatingInstances };
    },
  },
};

function terminate(world: World, instance: Instance): void {
  if (instance.termination) return;
  endInstance(world, instance, {
    askedAt: world.now(),
    doneAt: world.now() + world.takes('instance.terminated', instance.id),
  });
}

/** Its interface, and with it its groups and public address, are free only once it is terminated. */
export function endInstance(world: World, instance: Instance, termination: NonNullable<Instance['termination']>): void {
  const { doneAt } = termination;
  instance.termination = termination;
  instance.goneAt = doneAt + shownAfterEnd;
  const eni = world.ec2.interfaces.find(instance.interfaceId);
  if (eni) eni.goneAt = doneAt;
  const volume = world.ec2.volumes.find(instance.volumeId);
  if (volume?.deletedWithInstance) volume.goneAt = doneAt;
}
