import type { Instance } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/aws.ts';
import type { Difference } from '../engine/outcome.ts';

/** What of a host can be changed while it runs; a member that is not known is compared with nothing. */
export interface Attributes {
  /** Ids of its groups. */
  groups?: (string | undefined)[];
  /** The name of its instance profile; `none` where it has lost it. */
  profile?: string;
  /** In the words of `metadataWords`. */
  metadata?: string;
  /** Whether it takes only packets that are for it (Security Hub EC2.180). */
  checksDestination?: boolean;
  /** The device of its root disk, where that outlives the host. */
  lastingDisk?: string;
}

/** Tokens only, and for nobody behind the host (Security Hub EC2.8). */
export const metadataOptions = { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' } as const;

/** `VolumeSize` in GB. */
export const disk = { VolumeType: 'gp3', VolumeSize: 8, Encrypted: true } as const;

/**
 * What a launch says of itself, by IAM's keys of conditions (Service Authorization Reference, Amazon EC2,
 * RunInstances).
 */
export const launchKeys = ({ instanceType }: { instanceType: string }): Record<string, string> => ({
  'ec2:AssociatePublicIpAddress': 'true',
  'ec2:Encrypted': String(disk.Encrypted),
  'ec2:InstanceType': instanceType,
  'ec2:MetadataHttpEndpoint': metadataOptions.HttpEndpoint,
  'ec2:MetadataHttpPutResponseHopLimit': String(metadataOptions.HttpPutResponseHopLimit),
  'ec2:MetadataHttpTokens': metadataOptions.HttpTokens,
  'ec2:VolumeSize': String(disk.VolumeSize),
  'ec2:VolumeType': disk.VolumeType,
});

const metadataWords = ({
  HttpTokens,
  HttpPutResponseHopLimit,
  HttpEndpoint,
}: NonNullable<Instance['MetadataOptions']>): string =>
  HttpEndpoint === 'disabled' ? 'off' : `tokens ${HttpTokens}, ${HttpPutResponseHopLimit} hops`;

const wantedMetadata = metadataWords(metadataOptions);

/** The attributes in AWS's description of an instance; of one that has ended it shows few. */
export function attributesOf({
  State,
  SecurityGroups,
  IamInstanceProfile,
  MetadataOptions,
  SourceDestCheck,
  RootDeviceName,
  BlockDeviceMappings = [],
}: Instance): Attributes {
  if (!['pending', 'running', 'stopping', 'stopped'].includes(State?.Name ?? '')) return {};
  const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === (RootDeviceName ?? '/dev/xvda'));
  return {
    ...(root?.Ebs?.DeleteOnTermination === false ? { lastingDisk: root.DeviceName! } : {}),
    ...(SecurityGroups ? { groups: SecurityGroups.map(({ GroupId = '' }) => GroupId) } : {}),
    profile: IamInstanceProfile?.Arn?.split('/').at(-1) ?? 'none',
    ...(MetadataOptions?.HttpTokens ? { metadata: metadataWords(MetadataOptions) } : {}),
    ...(SourceDestCheck === undefined ? {} : { checksDestination: SourceDestCheck }),
  };
}

const list = (ids: readonly (string | undefined)[]): string => [...ids].sort().join(', ') || 'none';

export function attributeDifferences(is: Attributes = {}, wanted: Attributes): Difference[] {
  const differences: Difference[] = [];
  if (is.groups && wanted.groups && list(is.groups) !== list(wanted.groups))
    differences.push({
      what: 'security groups',
      is: list(is.groups),
      wanted: list(wanted.groups),
      how: 'update',
      operations: ['ec2:ModifyInstanceAttribute'],
    });
  if (is.profile && wanted.profile && is.profile !== wanted.profile)
    differences.push({
      what: 'instance profile',
      is: is.profile,
      wanted: wanted.profile,
      how: 'update',
      operations: ['ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'],
    });
  if (is.metadata && is.metadata !== wantedMetadata)
    differences.push({
      what: 'instance metadata',
      is: is.metadata,
      wanted: wantedMetadata,
      how: 'update',
      operations: ['ec2:ModifyInstanceMetadataOptions'],
    });
  if (is.checksDestination === false)
    differences.push({
      what: 'source and destination check',
      is: 'off',
      wanted: 'on',
      how: 'update',
      operations: ['ec2:ModifyInstanceAttribute'],
    });
  if (is.lastingDisk)
    differences.push({
      what: 'root disk when the host goes',
      is: 'stays',
      wanted: 'goes too',
      how: 'update',
      operations: ['ec2:ModifyInstanceAttribute'],
    });
  return differences;
}

/**
 * Mends the attributes that differ, one call each: AWS takes no two of them in one (API reference,
 * ModifyInstanceAttribute).
 */
export async function mendAttributes(
  aws: Aws,
  InstanceId: string,
  { groups, profile, lastingDisk }: Attributes,
  differences: readonly Difference[],
): Promise<void> {
  const differs = (what: string) => differences.some(difference => difference.what === what);
  if (differs('security groups'))
    await aws.call('ec2:ModifyInstanceAttribute', { InstanceId, Groups: groups as string[] });
  if (differs('source and destination check'))
    await aws.call('ec2:ModifyInstanceAttribute', { InstanceId, SourceDestCheck: { Value: true } });
  if (differs('root disk when the host goes'))
    await aws.call('ec2:ModifyInstanceAttribute', {
      InstanceId,
      BlockDeviceMappings: [{ DeviceName: lastingDisk ?? '/dev/xvda', Ebs: { DeleteOnTermination: true } }],
    });
  if (differs('instance metadata'))
    await aws.call('ec2:ModifyInstanceMetadataOptions', { InstanceId, ...metadataOptions });
  if (differs('instance profile')) await giveProfile(aws, InstanceId, profile!);
}

async function giveProfile(aws: Aws, InstanceId: string, Name: string): Promise<void> {
  const { IamInstanceProfileAssociations = [] } = await aws.call('ec2:DescribeIamInstanceProfileAssociations', {
    Filters: [
      { Name: 'instance-id', Values: [InstanceId] },
      { Name: 'state', Values: ['associating', 'associated'] },
    ],
  });
  const AssociationId = IamInstanceProfileAssociations[0]?.AssociationId;
  const IamInstanceProfile = { Name };
  if (AssociationId) await aws.call('ec2:ReplaceIamInstanceProfileAssociation', { AssociationId, IamInstanceProfile });
  else await aws.call('ec2:AssociateIamInstanceProfile', { InstanceId, IamInstanceProfile });
}
