import type { World } from '../world.ts';
import { type AuthorizationsOf, ask, requestTags } from './request.ts';

const bucketArn = ({ partition }: World, name: string | undefined) => `arn:${partition}:s3:::${name}`;

type Named = { Bucket: string | undefined };
const onBucket =
  (...actions: string[]) =>
  ({ Bucket }: Named, world: World) =>
    actions.map(action => ask(`s3:${action}`, bucketArn(world, Bucket)));

/** Service Authorization Reference, "Amazon S3"; S3 user guide, "Required permissions for Amazon S3 API operations". */
export const s3: AuthorizationsOf<'s3'> = {
  CreateBucket: ({ Bucket, CreateBucketConfiguration: configuration, ObjectOwnership }, world) => [
    ask('s3:CreateBucket', bucketArn(world, Bucket), requestTags(configuration?.Tags)),
    ...(configuration?.Tags ? [ask('s3:TagResource', bucketArn(world, Bucket), requestTags(configuration.Tags))] : []),
    ...(ObjectOwnership ? onBucket('PutBucketOwnershipControls')({ Bucket }, world) : []),
  ],
  DeleteBucket: onBucket('DeleteBucket'),
  DeleteObjects: ({ Bucket, Delete }, world) =>
    (Delete?.Objects ?? []).map(({ Key, VersionId }) =>
      ask(VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion', `${bucketArn(world, Bucket)}/${Key}`),
    ),
  GetBucketEncryption: onBucket('GetEncryptionConfiguration'),
  GetBucketLifecycleConfiguration: onBucket('GetLifecycleConfiguration'),
  GetBucketOwnershipControls: onBucket('GetBucketOwnershipControls'),
  GetBucketPolicy: onBucket('GetBucketPolicy'),
  GetBucketTagging: onBucket('GetBucketTagging'),
  GetBucketVersioning: onBucket('GetBucketVersioning'),
  GetObject: ({ Bucket, Key }, world) => [ask('s3:GetObject', `${bucketArn(world, Bucket)}/${Key}`)],
  GetPublicAccessBlock: onBucket('GetBucketPublicAccessBlock'),
  HeadBucket: onBucket('ListBucket'),
  ListBuckets: () => [ask('s3:ListAllMyBuckets')],
  ListObjectVersions: onBucket('ListBucketVersions'),
  ListObjectsV2: onBucket('ListBucket'),
  PutBucketEncryption: onBucket('PutEncryptionConfiguration'),
  PutBucketLifecycleConfiguration: onBucket('PutLifecycleConfiguration'),
  PutBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  PutBucketPolicy: onBucket('PutBucketPolicy'),
  PutBucketTagging: onBucket('PutBucketTagging'),
  PutBucketVersioning: onBucket('PutBucketVersioning'),
  PutObject: ({ Bucket, Key }, world) => [ask('s3:PutObject', `${bucketArn(world, Bucket)}/${Key}`)],
  PutPublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
};
