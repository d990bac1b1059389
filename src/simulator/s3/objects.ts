import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type {
  GetObjectCommandInput,
  GetObjectCommandOutput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { AwsError, NotSimulated } from '../aws-error.ts';
import type { Simulated } from '../service.ts';
import { newUuid } from '../uuid.ts';
import type { World } from '../world.ts';
import { existingBucket, invalid, noSuchKey } from './existing.ts';
import type { Bucket, ObjectVersion } from './state.ts';

type Answer<O> = Omit<O, '$metadata'>;

/** Keys are listed in the order of their bytes (S3 user guide, "Listing object keys programmatically"). */
export const byKey = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Makes a version the newest under its key. Without versioning it takes the place of the one with the id `null`. */
export function addVersion(
  world: World,
  bucket: Bucket,
  version: Omit<ObjectVersion, 'versionId' | 'at'>,
): ObjectVersion {
  const versionId = bucket.versioning === 'Enabled' ? newUuid(world, 'object-version').replaceAll('-', '') : 'null';
  const added = { ...version, versionId, at: world.now() };
  bucket.versions = bucket.versions.filter(other => other.key !== added.key || other.versionId !== added.versionId);
  bucket.versions.push(added);
  return added;
}

/** Throws where the write's condition does not hold: S3 decides, in one step with the write. */
function verifyCondition(
  world: World,
  bucket: Bucket,
  { Key: key = '', IfMatch, IfNoneMatch }: PutObjectCommandInput,
): void {
  if (IfMatch === undefined && IfNoneMatch === undefined) return;
  const failed = () =>
    new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*')
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501);
  if (world.s3.contested.delete(key))
    throw new AwsError(
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
      409,
    );
  const current = world.s3.current(bucket, key);
  if (IfNoneMatch !== undefined && current) throw failed();
  if (IfMatch !== undefined && !current) throw noSuchKey();
  if (IfMatch !== undefined && current?.etag !== IfMatch) throw failed();
}

function bytesOf(body: PutObjectCommandInput['Body']): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body === undefined || body instanceof Uint8Array) return body ?? new Uint8Array();
  throw new NotSimulated('a body that is a stream');
}

/** Bytes with the methods that the SDK gives a body. */
function bodyOf(bytes: Uint8Array): GetObjectCommandOutput['Body'] {
  const body = Object.assign(Readable.from([bytes]), {
    transformToString: async (encoding?: string) => Buffer.from(bytes).toString((encoding ?? 'utf8') as BufferEncoding),
    transformToByteArray: async () => bytes,
  });
  return body as unknown as GetObjectCommandOutput['Body'];
}

export const putObject: Simulated<PutObjectCommandInput, Answer<PutObjectCommandOutput>> = {
  takes: ['Bucket', 'Key', 'Body', 'ContentType', 'IfMatch', 'IfNoneMatch', 'ExpectedBucketOwner', 'ChecksumAlgorithm'],
  run(input, world) {
    const bucket = existingBucket(world, input);
    const { Key: key = '', Body, ContentType: contentType = 'application/octet-stream' } = input;
    if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
    verifyCondition(world, bucket, input);
    const body = bytesOf(Body);
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const { versionId } = addVersion(world, bucket, { key, body, etag, contentType, isDeleteMarker: false });
    return {
      ETag: etag,
      ServerSideEncryption: bucket.encryption,
      ...(bucket.versioning === 'Enabled' ? { VersionId: versionId } : {}),
    };
  },
};

export const getObject: Simulated<GetObjectCommandInput, Answer<GetObjectCommandOutput>> = {
  takes: ['Bucket', 'Key', 'ExpectedBucketOwner', 'ChecksumMode'],
  run(input, world) {
    const bucket = existingBucket(world, input);
    const found = world.s3.current(bucket, input.Key ?? '');
    if (!found) throw noSuchKey();
    const { body, etag, contentType, at, versionId } = found;
    return {
      Body: body as never,
      ETag: etag,
      ContentType: contentType,
      ContentLength: body.length,
      LastModified: new Date(at),
      ServerSideEncryption: bucket.encryption,
      ...(bucket.versioning ? { VersionId: versionId } : {}),
    };
  },
  present: answer => ({ ...answer, Body: bodyOf(answer.Body as unknown as Uint8Array) }),
};

/** How many things a page of a list has, unless fewer are asked for. */
export const pageSize = 1_000;

export const listObjectsV2: Simulated<ListObjectsV2CommandInput, Answer<ListObjectsV2CommandOutput>> = {
  takes: ['Bucket', 'Prefix', 'StartAfter', 'ContinuationToken', 'MaxKeys', 'ExpectedBucketOwner'],
  run(input, world) {
    const bucket = existingBucket(world, input);
    const { Prefix: prefix = '', StartAfter, ContinuationToken, MaxKeys = pageSize } = input;
    if (MaxKeys < 0) throw invalid('Argument maxKeys must be an integer between 0 and 2147483647');
    // A token takes the place of where the list began.
    const after = ContinuationToken === undefined ? (StartAfter ?? '') : afterOf(ContinuationToken);
    const keys = [...new Set(bucket.versions.map(({ key }) => key))].sort(byKey);
    const found = keys
      .filter(key => key.startsWith(prefix) && (after === '' || byKey(key, after) > 0))
      .flatMap(key => world.s3.current(bucket, key) ?? []);
    const page = found.slice(0, Math.min(MaxKeys, pageSize));
    const isTruncated = page.length > 0 && page.length < found.length;
    return {
      Name: bucket.name,
      Prefix: prefix,
      MaxKeys,
      KeyCount: page.length,
      IsTruncated: isTruncated,
      ...(isTruncated ? { NextContinuationToken: tokenOf(page.at(-1)!.key) } : {}),
      // Where nothing is found, the member is left out.
      ...(page.length > 0
        ? {
            Contents: page.map(({ key, etag, body, at }) => ({
              Key: key,
              ETag: etag,
              Size: body.length,
              LastModified: new Date(at),
              StorageClass: 'STANDARD' as const,
            })),
          }
        : {}),
    };
  },
};

const tokenOf = (key: string): string => Buffer.from(key).toString('base64');

function afterOf(token: string): string {
  const key = Buffer.from(token, 'base64').toString();
  if (tokenOf(key) !== token || key === '') throw invalid('The continuation token provided is incorrect');
  return key;
}
