import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { Operation } from '../aws/operation.ts';
import { canonicalJson, type PolicyDocument } from '../aws/policy-document.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { archiveName } from '../names.ts';
import type { Stack } from '../stack.ts';

/** Below these the function reads and writes: the reports, and what became of each window. */
export const archivePrefixes = ['ledger/', 'reports/'] as const;

export const archiveArn = (stack: Stack): string => `arn:${stack.partition}:s3:::${archiveName(stack)}`;

/** One setting of the bucket, as a whole: what it should be and is, in words. */
export interface BucketSetting {
  what: string;
  wanted: string;
  read(snapshot: Snapshot): Promise<string>;
  operation: Operation;
  put(): Promise<unknown>;
}

const closed = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

/** Nobody comes without TLS, whoever it is (Security Hub S3.5). */
const tlsOnly = (bucket: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [bucket, `${bucket}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});

/** What S3 clears away by itself. It says nothing of the ledger: a window that is forgotten would be sent again. */
const lifecycle = (keepDays: number | undefined): LifecycleRule[] => [
  {
    ID: 'reports',
    Status: 'Enabled',
    Filter: { Prefix: 'reports/' },
    ...(keepDays ? { Expiration: { Days: keepDays } } : {}),
    NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  },
];

/** `wanted` where the two say the same. */
const compared = (is: unknown, ours: unknown, wanted: string): string =>
  is === undefined ? 'none' : canonicalJson(is) === canonicalJson(ours) ? wanted : 'changed';

/**
 * Everything of the bucket that can be mended. A bucket is born with the last two (S3 user guide, "Default settings for
 * new S3 buckets").
 */
export function bucketSettings(stack: Stack): BucketSetting[] {
  const { aws, account, settings } = stack;
  const { keepDays } = settings.archive;
  const own = { Bucket: archiveName(stack), ExpectedBucketOwner: account };
  const policy = tlsOnly(archiveArn(stack));
  const Rules = lifecycle(keepDays);
  const kept = keepDays ? `reports go after ${keepDays} days` : 'reports stay';
  return [
    {
      what: 'public access',
      wanted: 'blocked',
      async read(snapshot) {
        const answer = await snapshot.find('s3:GetPublicAccessBlock', own);
        return compared(answer?.PublicAccessBlockConfiguration, closed, 'blocked');
      },
      operation: 's3:PutPublicAccessBlock',
      put: () => aws.call('s3:PutPublicAccessBlock', { ...own, PublicAccessBlockConfiguration: closed }),
    },
    {
      what: 'policy',
      wanted: 'TLS only',
      async read(snapshot) {
        const answer = await snapshot.find('s3:GetBucketPolicy', own);
        return compared(answer?.Policy && JSON.parse(answer.Policy), policy, 'TLS only');
      },
      operation: 's3:PutBucketPolicy',
      put: () => aws.call('s3:PutBucketPolicy', { ...own, Policy: JSON.stringify(policy) }),
    },
    {
      what: 'versions',
      wanted: 'kept',
      read: async snapshot =>
        (await snapshot.read('s3:GetBucketVersioning', own)).Status === 'Enabled' ? 'kept' : 'not kept',
      operation: 's3:PutBucketVersioning',
      put: () => aws.call('s3:PutBucketVersioning', { ...own, VersioningConfiguration: { Status: 'Enabled' } }),
    },
    {
      what: 'lifecycle',
      wanted: kept,
      async read(snapshot) {
        const answer = await snapshot.find('s3:GetBucketLifecycleConfiguration', own);
        return compared(answer?.Rules, Rules, kept);
      },
      operation: 's3:PutBucketLifecycleConfiguration',
      put: () => aws.call('s3:PutBucketLifecycleConfiguration', { ...own, LifecycleConfiguration: { Rules } }),
    },
    {
      what: 'ownership',
      wanted: 'BucketOwnerEnforced',
      async read(snapshot) {
        const answer = await snapshot.find('s3:GetBucketOwnershipControls', own);
        return answer?.OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? 'none';
      },
      operation: 's3:PutBucketOwnershipControls',
      put: () =>
        aws.call('s3:PutBucketOwnershipControls', {
          ...own,
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        }),
    },
    {
      what: 'encryption',
      wanted: 'AES256',
      async read(snapshot) {
        const answer = await snapshot.find('s3:GetBucketEncryption', own);
        const [rule] = answer?.ServerSideEncryptionConfiguration?.Rules ?? [];
        return rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'none';
      },
      operation: 's3:PutBucketEncryption',
      put: () =>
        aws.call('s3:PutBucketEncryption', {
          ...own,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
        }),
    },
  ];
}
