/** A part of AWS with accounts, ARNs and a control plane of its own. */
interface Partition {
  /** How the names of its regions begin. */
  regions: string;
  /** Where the names of its endpoints end. */
  dnsSuffix: string;
  /** The region in which its one IAM is, as policies see it. */
  iamRegion: string;
}

/**
 * AWS general reference, "Service endpoints"; Getting Started with AWS in China, "Endpoints and ARNs"; the SDK's
 * partitions.json.
 */
const partitions: Record<string, Partition> = {
  'aws-cn': { regions: 'cn-', dnsSuffix: 'amazonaws.com.cn', iamRegion: 'cn-north-1' },
  'aws-us-gov': { regions: 'us-gov-', dnsSuffix: 'amazonaws.com', iamRegion: 'us-gov-west-1' },
  'aws-eusc': { regions: 'eusc-', dnsSuffix: 'amazonaws.eu', iamRegion: 'eusc-de-east-1' },
  aws: { regions: '', dnsSuffix: 'amazonaws.com', iamRegion: 'us-east-1' },
};

const partitionData = (name: string): Partition => partitions[name] ?? partitions.aws!;

/** The partition of a region: `aws`, `aws-cn`, `aws-us-gov`. */
export const partitionOf = (region: string): string =>
  Object.entries(partitions).find(([, { regions }]) => region.startsWith(regions))![0];

/** Where the names of a partition's endpoints end. */
export const dnsSuffixOf = (partition: string): string => partitionData(partition).dnsSuffix;

/** The region that calls of IAM count to. */
export const iamRegionOf = (partition: string): string => partitionData(partition).iamRegion;

/**
 * How EC2 is called where a role trusts it or is passed to it. In China it has a name of its own, and the tool's other
 * services are called there as everywhere (Getting Started with AWS in China, "IAM";
 * hashicorp/terraform-provider-aws#47141, terraform-aws-modules/terraform-aws-eks#3636).
 */
export const ec2Principal = (partition: string): string =>
  partition === 'aws-cn' ? 'ec2.amazonaws.com.cn' : 'ec2.amazonaws.com';
