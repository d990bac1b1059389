import { AwsError, NotSimulated } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';
import { readyMark, setUpWords } from './network/reachability.ts';
import type { Instance } from './records.ts';
import { invalidCombination, invalidParameter, required } from './refusals.ts';

function changeable(world: World, id: string | undefined): Instance {
  const instance = world.ec2.instances.get(required(id, 'InstanceId'));
  if (instance.termination && world.now() >= instance.termination.askedAt)
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${instance.id}' is not in a state from which it can be modified.`,
    );
  return instance;
}

function consoleOf(world: World, instance: Instance): string {
  const endedAt = instance.termination?.askedAt ?? Number.POSITIVE_INFINITY;
  if (Math.min(world.now(), endedAt) < instance.runningAt) return '';
  const boot = [
    '[    0.000000] Linux version 6.12 (Amazon Linux 2023)',
    '[    4.210000] cloud-init[1620]: running modules for final',
  ];
  const isMarked = Buffer.from(instance.userData ?? '', 'base64').includes(readyMark);
  const setUp = setUpWords(world.ec2, instance);
  return [...boot, ...(isMarked && setUp ? [setUp] : []), ''].join('\n');
}

export const instanceAttributes: Pick<
  SimulatedService<'ec2'>,
  'DescribeInstanceAttribute' | 'ModifyInstanceAttribute' | 'ModifyInstanceMetadataOptions' | 'GetConsoleOutput'
> = {
  DescribeInstanceAttribute: {
    takes: ['InstanceId', 'Attribute'],
    run(input, world) {
      const instance = world.ec2.instances.get(required(input.InstanceId, 'InstanceId'));
      const InstanceId = instance.id;
      switch (required(input.Attribute, 'Attribute')) {
        case 'disableApiTermination':
          return { InstanceId, DisableApiTermination: { Value: instance.isProtected } };
        case 'instanceType':
          return { InstanceId, InstanceType: { Value: instance.type } };
        case 'userData':
          return { InstanceId, UserData: instance.userData === undefined ? {} : { Value: instance.userData } };
        default:
          throw new NotSimulated(`the attribute ${input.Attribute} of an instance`);
      }
    },
  },
  ModifyInstanceAttribute: {
    takes: ['InstanceId', 'DisableApiTermination', 'Groups', 'SourceDestCheck', 'BlockDeviceMappings'],
    run(input, world) {
      const instance = changeable(world, input.InstanceId);
      const attributes = [input.DisableApiTermination, input.Groups, input.SourceDestCheck, input.BlockDeviceMappings];
      if (attributes.filter(attribute => attribute !== undefined).length !== 1)
        throw invalidCombination('Fields for exactly one attribute type must be specified');
      if (input.Groups) {
        if (input.Groups.length === 0) throw invalidParameter('The request must contain at least one security group');
        for (const group of input.Groups.map(id => world.ec2.groups.get(id)))
          if (group.vpcId !== instance.vpcId)
            throw invalidParameter(
              `Security group ${group.id} and instance ${instance.id} belong to different networks.`,
            );
        world.ec2.interfaces.find(instance.interfaceId)!.groupIds = [...input.Groups];
      }
      if (input.SourceDestCheck)
        world.ec2.interfaces.find(instance.interfaceId)!.ignoresDestination = !input.SourceDestCheck.Value;
      for (const { DeviceName, Ebs } of input.BlockDeviceMappings ?? []) {
        if (DeviceName !== instance.image.rootDevice)
          throw invalidParameter(`No device is currently mapped at ${DeviceName}`);
        const volume = world.ec2.volumes.get(instance.volumeId);
        volume.deletedWithInstance = Ebs?.DeleteOnTermination ?? volume.deletedWithInstance;
      }
      instance.isProtected = input.DisableApiTermination?.Value ?? instance.isProtected;
      return {};
    },
  },
  ModifyInstanceMetadataOptions: {
    takes: ['InstanceId', 'HttpTokens', 'HttpPutResponseHopLimit', 'HttpEndpoint'],
    run({ InstanceId, ...options }, world) {
      const instance = changeable(world, InstanceId);
      const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
      instance.metadata = { ...instance.metadata, ...given };
      return { InstanceId: instance.id, InstanceMetadataOptions: { ...instance.metadata, State: 'pending' } };
    },
  },
  GetConsoleOutput: {
    takes: ['InstanceId', 'Latest'],
    run(input, world) {
      const instance = world.ec2.instances.get(required(input.InstanceId, 'InstanceId'));
      return {
        InstanceId: instance.id,
        Timestamp: new Date(world.now()),
        Output: Buffer.from(consoleOf(world, instance)).toString('base64'),
      };
    },
  },
};
