import type { BlockDeviceMapping, RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { AwsError, NotSimulated } from '../aws-error.ts';
import type { World } from '../world.ts';
import type { Image } from './images.ts';
import { takeAddress } from './network/network-interfaces.ts';
import { coresOf, instanceTypes, isFreeTierEligible, zonesOf } from './network/zones.ts';
import type { Instance, Subnet, Volume } from './records.ts';
import { invalidCombination, invalidParameter, required, verifyMembers } from './refusals.ts';
import { Tags, tagsFrom } from './tags.ts';

const taggedKinds = ['instance', 'network-interface', 'volume'] as const;

/** Starts the one instance that a RunInstances asks for, or throws what AWS throws. */
export function launch(world: World, input: RunInstancesCommandInput): Instance {
  if (input.MinCount !== 1 || input.MaxCount !== 1)
    throw new NotSimulated('a launch of any number of instances but one');
  const image = imageFor(world, required(input.ImageId, 'ImageId'));
  const network = networkFor(world, input);
  const type = typeFor(input.InstanceType, image, network.subnet);
  const profileArn = profileFor(world, input.IamInstanceProfile);
  verifyUserData(input.UserData);
  const metadata = metadataFor(input.MetadataOptions);
  const disk = diskFor(image, input.BlockDeviceMappings);
  const [instanceTags, interfaceTags, volumeTags] = taggedKinds.map(
    kind => new Tags(tagsFrom(input.TagSpecifications, kind, taggedKinds)),
  );
  verifyVcpus(world, type);
  verifyAllowed(world, type, network.subnet);
  const privateIp = takeAddress(world, network.subnet, network.privateIp);

  const id = world.newId('i');
  const createdAt = world.now();
  const { id: subnetId, vpcId, zone } = network.subnet;
  const eni = world.ec2.interfaces.add({
    id: world.newId('eni'),
    createdAt,
    tags: interfaceTags!,
    type: 'interface',
    description: '',
    vpcId,
    subnetId,
    privateIp,
    groupIds: network.groupIds,
    attachment: { id: world.newId('eni-attach'), until: Number.POSITIVE_INFINITY, instanceId: id },
    ...(network.isPublic ? { publicIp: world.ec2.newPublicIp() } : {}),
  });
  const volume = world.ec2.volumes.add({
    id: world.newId('vol'),
    createdAt,
    tags: volumeTags!,
    instanceId: id,
    ...disk,
  });
  return world.ec2.instances.add({
    id,
    createdAt,
    tags: instanceTags!,
    reservationId: world.newId('r'),
    image,
    type,
    vpcId,
    subnetId,
    zone,
    interfaceId: eni.id,
    volumeId: volume.id,
    privateIp,
    profileArn,
    ...(profileArn ? { profileAssociation: world.newId('iip-assoc') } : {}),
    userData: input.UserData,
    metadata,
    isProtected: input.DisableApiTermination ?? false,
    clientToken: input.ClientToken,
    runningAt: createdAt + world.takes('instance.running', id),
    readyAt: createdAt + world.takes('host.ready', id),
  });
}

/**
 * Capacity of the zone, and what the free plan launches (EC2 user guide, "Insufficient instance capacity"; AWS Free
 * Tier, instance types).
 */
function verifyAllowed({ ec2, region }: World, type: string, { zone }: Subnet): void {
  if (ec2.isOnFreePlan && !isFreeTierEligible(type))
    throw new AwsError(
      'InvalidParameterCombination',
      "The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'.",
    );
  const others = zonesOf(region).filter(one => !ec2.refusing.capacity.includes(one));
  if (ec2.refusing.capacity.includes(zone))
    throw new AwsError(
      'InsufficientInstanceCapacity',
      `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity. You can currently get ${type} capacity by not specifying an Availability Zone in your request or choosing ${others.join(', ')}.`,
      500,
    );
}

function verifyVcpus({ ec2 }: World, type: string): void {
  const running = ec2.instances.existing().filter(({ termination, isStopped }) => !termination && !isStopped);
  const used = running.reduce((sum, one) => sum + coresOf(one.type), 0);
  if (used + coresOf(type) > ec2.quotas.vcpus)
    throw new AwsError(
      'VcpuLimitExceeded',
      `You have requested more vCPU capacity than your current vCPU limit of ${ec2.quotas.vcpus} allows for the instance bucket that the specified instance type belongs to.`,
    );
}

function imageFor(world: World, id: string): Image {
  if (id.startsWith('resolve:ssm:')) throw new NotSimulated('an image that AWS resolves itself');
  const image = world.ec2.images.find(candidate => candidate.id === id);
  if (!image) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return image;
}

function typeFor(type: string | undefined, { architecture }: Image, { zone }: Subnet): string {
  const known = instanceTypes[required(type, 'InstanceType')];
  if (!known) throw invalidParameter(`Invalid value '${type}' for InstanceType.`);
  if (known.architecture !== architecture)
    throw invalidParameter(
      `The architecture '${known.architecture}' of the specified instance type does not match the architecture '${architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
    );
  const region = zone.slice(0, -1);
  if (!known.zones.includes(zone.slice(-1)))
    throw new AwsError(
      'Unsupported',
      `Your requested instance type (${type}) is not supported in your requested Availability Zone (${zone}). Please retry your request by not specifying an Availability Zone or choosing ${known.zones.map(letter => region + letter).join(', ')}.`,
    );
  return type!;
}

/**
 * Where the instance stands in the network, from its one interface specification or from the parameters of the instance
 * itself.
 */
function networkFor(world: World, input: RunInstancesCommandInput) {
  const [specification, ...more] = input.NetworkInterfaces ?? [];
  if (more.length > 0) throw new NotSimulated('a launch with several network interfaces');
  verifyMembers(
    specification,
    ['DeviceIndex', 'SubnetId', 'Groups', 'PrivateIpAddress', 'AssociatePublicIpAddress', 'DeleteOnTermination'],
    'NetworkInterfaces',
  );
  if (specification && (input.SubnetId || input.PrivateIpAddress))
    throw invalidCombination(
      'Network interfaces and an instance-level subnet ID may not be specified on the same request',
    );
  if (specification && input.SecurityGroupIds)
    throw invalidCombination(
      'Network interfaces and an instance-level security groups may not be specified on the same request',
    );
  if (specification && specification.DeviceIndex !== 0)
    throw invalidParameter('The primary network interface must have device index 0.');
  if (specification?.DeleteOnTermination === false)
    throw new NotSimulated('a network interface that outlives its instance');
  const subnetId = specification?.SubnetId ?? input.SubnetId;
  if (!subnetId) throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user.');
  const subnet = world.ec2.subnets.get(subnetId);
  const groupIds = specification?.Groups ?? input.SecurityGroupIds ?? [defaultGroupId(world, subnet.vpcId)];
  for (const group of groupIds.map(id => world.ec2.groups.get(id)))
    if (group.vpcId !== subnet.vpcId)
      throw invalidParameter(`Security group ${group.id} and subnet ${subnet.id} belong to different networks.`);
  return {
    subnet,
    groupIds: [...groupIds],
    privateIp: specification?.PrivateIpAddress ?? input.PrivateIpAddress,
    isPublic: specification?.AssociatePublicIpAddress ?? subnet.mapsPublicIp,
  };
}

const defaultGroupId = (world: World, vpcId: string): string =>
  world.ec2.groups.existing().find(group => group.vpcId === vpcId && group.name === 'default')!.id;

/**
 * EC2 learns of a new instance profile some seconds after IAM; until then it calls its name invalid
 * (aws/aws-sdk-js-v3#5253).
 */
export function profileFor(
  world: World,
  specification: { Arn?: string; Name?: string } | undefined,
): string | undefined {
  if (!specification) return undefined;
  if (specification.Arn && specification.Name)
    throw invalidCombination(
      "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'",
    );
  const [parameter, value] = specification.Arn
    ? ['arn', specification.Arn]
    : ['name', required(specification.Name, 'IamInstanceProfile.Name')];
  const name = value!.slice(value!.lastIndexOf('/') + 1);
  const profile = world.iam.instanceProfile(name);
  const isKnown =
    profile &&
    world.now() >= profile.createdAt + world.takes('profile.usable', name) &&
    [name, profile.arn].includes(value!);
  if (!isKnown)
    throw invalidParameter(
      `Value (${value}) for parameter iamInstanceProfile.${parameter} is invalid. Invalid IAM Instance Profile ${parameter === 'arn' ? 'ARN' : 'name'}`,
    );
  if (profile.roles.length === 0)
    throw invalidParameter(`IAM Instance Profile "${profile.arn}" has no associated IAM Roles`);
  return profile.arn;
}

function verifyUserData(text: string | undefined): void {
  if (text === undefined) return;
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    throw new AwsError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data');
  if (Buffer.from(text, 'base64').length > 16_384) throw invalidParameter('User data is limited to 16384 bytes');
}

function metadataFor(options: RunInstancesCommandInput['MetadataOptions']): Instance['metadata'] {
  verifyMembers(
    options,
    ['HttpTokens', 'HttpPutResponseHopLimit', 'HttpEndpoint', 'InstanceMetadataTags', 'HttpProtocolIpv6'],
    'MetadataOptions',
  );
  // The images have imdsSupport=v2.0, so tokens are required unless somebody says otherwise.
  return {
    HttpTokens: 'required',
    HttpPutResponseHopLimit: 2,
    HttpEndpoint: 'enabled',
    HttpProtocolIpv6: 'disabled',
    InstanceMetadataTags: 'disabled',
    ...options,
  };
}

function diskFor(
  image: Image,
  mappings: BlockDeviceMapping[] | undefined,
): Omit<Volume, 'id' | 'createdAt' | 'tags' | 'instanceId'> {
  const [mapping, ...more] = mappings ?? [];
  if (more.length > 0 || (mapping && mapping.DeviceName !== image.rootDevice))
    throw new NotSimulated('a disk besides the root disk');
  verifyMembers(mapping, ['DeviceName', 'Ebs'], 'BlockDeviceMappings');
  verifyMembers(
    mapping?.Ebs,
    ['VolumeSize', 'VolumeType', 'Encrypted', 'DeleteOnTermination'],
    'BlockDeviceMappings.Ebs',
  );
  const {
    VolumeSize: size = image.size,
    VolumeType: type = 'gp3',
    Encrypted,
    DeleteOnTermination,
  } = mapping?.Ebs ?? {};
  if (size < image.size)
    throw new AwsError(
      'InvalidBlockDeviceMapping',
      `Volume of size ${size}GB is smaller than snapshot, expect size >= ${image.size}GB`,
    );
  return { size, type, encrypted: Encrypted ?? false, deletedWithInstance: DeleteOnTermination ?? true };
}
