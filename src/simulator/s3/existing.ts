import { AwsError } from '../aws-error.ts';
import type { World } from '../world.ts';
import type { Bucket } from './state.ts';

export const invalid = (message: string) => new AwsError('InvalidArgument', message);
export const malformed = () =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
export const noSuchKey = () => new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
export const accessDenied = (message = 'Access Denied') => new AwsError('AccessDenied', message, 403);

/** The bucket that a call names. Throws what S3 throws where it is not there, or not the expected account's. */
export function existingBucket(
  world: World,
  { Bucket: name = '', ExpectedBucketOwner: expected }: { Bucket?: string; ExpectedBucketOwner?: string },
): Bucket {
  const bucket = world.s3.buckets.get(name);
  if (!bucket || !world.isVisible(bucket.createdAt))
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  if (bucket.owner !== world.account || (expected !== undefined && expected !== bucket.owner)) throw accessDenied();
  return bucket;
}
