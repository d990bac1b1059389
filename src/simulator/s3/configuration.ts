import type { LifecycleRule } from '@aws-sdk/client-s3';
import { AwsError, NotSimulated } from '../aws-error.ts';
import { verifyMembers } from '../ec2/refusals.ts';
import type { SimulatedService } from '../service.ts';
import { accessDenied, existingBucket, invalid, malformed } from './existing.ts';
import { isPublic, parseBucketPolicy } from './policy.ts';

type Settings =
  | 'PutPublicAccessBlock'
  | 'GetPublicAccessBlock'
  | 'PutBucketPolicy'
  | 'GetBucketPolicy'
  | 'PutBucketEncryption'
  | 'GetBucketEncryption'
  | 'PutBucketVersioning'
  | 'GetBucketVersioning'
  | 'PutBucketLifecycleConfiguration'
  | 'GetBucketLifecycleConfiguration'
  | 'PutBucketOwnershipControls'
  | 'GetBucketOwnershipControls';

const get = ['Bucket', 'ExpectedBucketOwner'] as const;
/** The SDK adds its checksum by itself. */
const put = [...get, 'ChecksumAlgorithm'] as const;

/** Each put replaces all that was there. */
export const configuration: Pick<SimulatedService<'s3'>, Settings> = {
  PutPublicAccessBlock: {
    takes: [...put, 'PublicAccessBlockConfiguration'],
    run(input, world) {
      const bucket = existingBucket(world, input);
      const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } =
        input.PublicAccessBlockConfiguration ?? {};
      bucket.publicAccess = {
        BlockPublicAcls: BlockPublicAcls ?? false,
        IgnorePublicAcls: IgnorePublicAcls ?? false,
        BlockPublicPolicy: BlockPublicPolicy ?? false,
        RestrictPublicBuckets: RestrictPublicBuckets ?? false,
      };
      return {};
    },
  },
  GetPublicAccessBlock: {
    takes: get,
    run: (input, world) => ({ PublicAccessBlockConfiguration: existingBucket(world, input).publicAccess }),
  },
  PutBucketPolicy: {
    takes: [...put, 'Policy'],
    run(input, world) {
      const bucket = existingBucket(world, input);
      const statements = parseBucketPolicy(input.Policy ?? '', bucket.name, world.partition);
      if (bucket.publicAccess.BlockPublicPolicy && isPublic(statements))
        throw accessDenied(
          'User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
        );
      bucket.policy = input.Policy;
      return {};
    },
  },
  GetBucketPolicy: {
    takes: get,
    run(input, world) {
      const { policy } = existingBucket(world, input);
      if (policy === undefined) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
      return { Policy: policy };
    },
  },
  PutBucketEncryption: {
    takes: [...put, 'ServerSideEncryptionConfiguration'],
    run(input, world) {
      const bucket = existingBucket(world, input);
      const [rule, ...others] = input.ServerSideEncryptionConfiguration?.Rules ?? [];
      verifyMembers(rule, ['ApplyServerSideEncryptionByDefault', 'BucketKeyEnabled'], 'Rules');
      const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
      if (!algorithm || others.length > 0) throw malformed();
      bucket.encryption = algorithm;
      return {};
    },
  },
  GetBucketEncryption: {
    takes: get,
    run: (input, world) => ({
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: existingBucket(world, input).encryption },
            BucketKeyEnabled: false,
          },
        ],
      },
    }),
  },
  PutBucketVersioning: {
    takes: [...put, 'VersioningConfiguration'],
    run(input, world) {
      const bucket = existingBucket(world, input);
      verifyMembers(input.VersioningConfiguration, ['Status'], 'VersioningConfiguration');
      const status = input.VersioningConfiguration?.Status;
      if (status !== 'Enabled' && status !== 'Suspended')
        throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
      bucket.versioning = status;
      return {};
    },
  },
  GetBucketVersioning: {
    takes: get,
    run(input, world) {
      const { versioning } = existingBucket(world, input);
      return versioning ? { Status: versioning } : {};
    },
  },
  PutBucketLifecycleConfiguration: {
    takes: [...put, 'LifecycleConfiguration'],
    run(input, world) {
      const bucket = existingBucket(world, input);
      const rules = input.LifecycleConfiguration?.Rules ?? [];
      if (rules.length === 0) throw malformed();
      for (const rule of rules) verifyRule(rule);
      if (new Set(rules.map(({ ID }) => ID)).size < rules.length)
        throw invalid('Rule ID must be unique. Found same ID for more than one rule');
      bucket.lifecycle = rules;
      return {};
    },
  },
  GetBucketLifecycleConfiguration: {
    takes: get,
    run(input, world) {
      const { lifecycle } = existingBucket(world, input);
      if (lifecycle.length === 0)
        throw new AwsError('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', 404);
      return { Rules: lifecycle };
    },
  },
  PutBucketOwnershipControls: {
    takes: [...put, 'OwnershipControls'],
    run(input, world) {
      const bucket = existingBucket(world, input);
      const [rule, ...others] = input.OwnershipControls?.Rules ?? [];
      if (!rule?.ObjectOwnership || others.length > 0) throw malformed();
      bucket.ownership = rule.ObjectOwnership;
      return {};
    },
  },
  GetBucketOwnershipControls: {
    takes: get,
    run: (input, world) => ({
      OwnershipControls: { Rules: [{ ObjectOwnership: existingBucket(world, input).ownership }] },
    }),
  },
};

/** Rules are kept, and nobody carries them out. */
function verifyRule(rule: LifecycleRule): void {
  const { Status, Filter, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  verifyMembers(
    rule,
    ['ID', 'Status', 'Filter', 'Expiration', 'NoncurrentVersionExpiration', 'AbortIncompleteMultipartUpload'],
    'Rules',
  );
  verifyMembers(Filter, ['Prefix'], 'Rules.Filter');
  verifyMembers(Expiration, ['Days'], 'Rules.Expiration');
  verifyMembers(NoncurrentVersionExpiration, ['NoncurrentDays'], 'Rules.NoncurrentVersionExpiration');
  verifyMembers(AbortIncompleteMultipartUpload, ['DaysAfterInitiation'], 'Rules.AbortIncompleteMultipartUpload');
  if (!Status || !Filter) throw malformed();
  if (Status === 'Disabled') throw new NotSimulated('a lifecycle rule that is disabled');
  const days = [
    Expiration?.Days,
    NoncurrentVersionExpiration?.NoncurrentDays,
    AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  ].filter(value => value !== undefined);
  if (days.length === 0) throw new AwsError('InvalidRequest', 'At least one action needs to be specified in a rule.');
  if (days.some(value => !Number.isInteger(value) || value < 1))
    throw invalid("'Days' for an action must be a positive integer");
}
