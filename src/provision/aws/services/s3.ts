import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';

/** Where something else stands in for AWS, a bucket is named in the path: few resolvers know a host such as `bucket.localhost`. */
export class Client extends S3Client {
  constructor(configuration: S3ClientConfig) {
    const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 } = process.env;
    super({ forcePathStyle: Boolean(AWS_ENDPOINT_URL ?? AWS_ENDPOINT_URL_S3), ...configuration });
  }
}

export const commands = {
  CreateBucket: CreateBucketCommand,
  DeleteBucket: DeleteBucketCommand,
  DeleteObjects: DeleteObjectsCommand,
  GetBucketEncryption: GetBucketEncryptionCommand,
  GetBucketLifecycleConfiguration: GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControls: GetBucketOwnershipControlsCommand,
  GetBucketPolicy: GetBucketPolicyCommand,
  GetBucketTagging: GetBucketTaggingCommand,
  GetBucketVersioning: GetBucketVersioningCommand,
  GetObject: GetObjectCommand,
  GetPublicAccessBlock: GetPublicAccessBlockCommand,
  HeadBucket: HeadBucketCommand,
  ListBuckets: ListBucketsCommand,
  ListObjectsV2: ListObjectsV2Command,
  ListObjectVersions: ListObjectVersionsCommand,
  PutBucketEncryption: PutBucketEncryptionCommand,
  PutBucketLifecycleConfiguration: PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControls: PutBucketOwnershipControlsCommand,
  PutBucketPolicy: PutBucketPolicyCommand,
  PutBucketTagging: PutBucketTaggingCommand,
  PutBucketVersioning: PutBucketVersioningCommand,
  PutPublicAccessBlock: PutPublicAccessBlockCommand,
};
