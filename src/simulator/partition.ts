/** A part of AWS with accounts, names and a control plane of its own. */
interface Partition {
  /** Where the names of its endpoints end. */
  dnsSuffix: string;
  /** The region in which its one IAM is. */
  iamRegion: string;
  /** Other regions that an account has without asking. */
  regions: readonly string[];
}

/**
 * AWS partitions (AWS general reference, "Service endpoints"; IAM user guide, "IAM identifiers"; China: Getting Started
 * guide, "Endpoints and ARNs").
 */
const partitions = {
  aws: { dnsSuffix: 'amazonaws.com', iamRegion: 'us-east-1', regions: ['eu-central-1', 'us-east-1'] },
  'aws-cn': { dnsSuffix: 'amazonaws.com.cn', iamRegion: 'cn-north-1', regions: ['cn-north-1', 'cn-northwest-1'] },
  'aws-us-gov': { dnsSuffix: 'amazonaws.com', iamRegion: 'us-gov-west-1', regions: ['us-gov-east-1', 'us-gov-west-1'] },
} as const satisfies Record<string, Partition>;

export type PartitionName = keyof typeof partitions;

export const partitionNameOf = (region: string): PartitionName =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

export const partitionData = (name: PartitionName): Partition => partitions[name];

/**
 * Whether a trust policy may name this service. In China EC2 goes by a name of its own, and the others by the same as
 * elsewhere (Getting Started with AWS in China, "IAM"; hashicorp/terraform-provider-aws#47141,
 * terraform-aws-modules/terraform-aws-rds-aurora#437).
 */
export const isServicePrincipal = (service: string, partition: string): boolean =>
  /^[\w-]+\.amazonaws\.com$/.test(service) || (partition === 'aws-cn' && service === 'ec2.amazonaws.com.cn');

/** By which name EC2 takes a role. */
export const ec2Principal = (partition: string): string =>
  partition === 'aws-cn' ? 'ec2.amazonaws.com.cn' : 'ec2.amazonaws.com';
