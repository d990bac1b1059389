import type { Modelled } from '../coverage.ts';

export const s3Modelled: readonly Modelled[] = [
  {
    operations: ['CreateBucket', 'HeadBucket', 'GetBucketTagging', 'PutBucketTagging', 'DeleteBucket', 'ListBuckets'],
    what: 'Names are unique over all accounts. A bucket stands where its location says, with its tags; one that is made again is refused with `BucketAlreadyOwnedByYou`, but in us-east-1. It is not found before the lag is over, and refused to who expects another owner. One with any version in it cannot go, and its name is not free for a while.',
    source: 'API reference, CreateBucket and DeleteBucket; S3 user guide, "Amazon S3 data consistency model"',
  },
  {
    operations: [
      'PutPublicAccessBlock',
      'GetPublicAccessBlock',
      'PutBucketPolicy',
      'GetBucketPolicy',
      'PutBucketEncryption',
      'GetBucketEncryption',
      'PutBucketVersioning',
      'GetBucketVersioning',
      'PutBucketLifecycleConfiguration',
      'GetBucketLifecycleConfiguration',
      'PutBucketOwnershipControls',
      'GetBucketOwnershipControls',
    ],
    what: 'A new bucket is closed to the public, without ACLs and encrypted. What a policy forbids everybody is forbidden to the function; a public one is refused where that is blocked. Lifecycle rules are kept, and not carried out.',
    source:
      'S3 user guide, "Blocking public access", "Default settings for new S3 buckets" and "Setting lifecycle configuration"',
  },
  {
    operations: ['PutObject', 'GetObject', 'ListObjectsV2'],
    what: 'Conditional writes, decided in one step with the write; whole bodies; keys in the order of their bytes, by the thousand. The function needs its role for each, the listing permission to be told that a key is not there, and a gateway endpoint or the NAT gateway.',
    source: 'S3 user guide, "Conditional writes" and "Listing object keys programmatically"; API reference, GetObject',
  },
  {
    operations: ['ListObjectVersions', 'DeleteObjects'],
    what: 'Once versions are kept, a put adds one, and a deletion without a version adds a marker; each goes by its id. A thousand at a time.',
    source: 'S3 user guide, "Retaining multiple versions of objects with S3 Versioning"; API reference, DeleteObjects',
  },
];
