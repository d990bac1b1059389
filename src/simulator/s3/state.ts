import type { LifecycleRule, PublicAccessBlockConfiguration, ServerSideEncryption } from '@aws-sdk/client-s3';
import type { Tagged } from '../tag-list.ts';

/** One version of what is under a key; in a bucket without versions the only one, with the id `null`. */
export interface ObjectVersion {
  key: string;
  versionId: string;
  /** In quotes, as S3 writes it. */
  etag: string;
  body: Uint8Array;
  contentType: string;
  at: number;
  /** The key was deleted here: nothing is under it until it is put again. */
  isDeleteMarker: boolean;
}

export interface Bucket extends Tagged {
  name: string;
  /** Account that owns it, twelve digits. */
  owner: string;
  region: string;
  createdAt: number;
  publicAccess: PublicAccessBlockConfiguration;
  ownership: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';
  encryption: ServerSideEncryption;
  /** Absent: never switched on. */
  versioning?: 'Enabled' | 'Suspended';
  /** JSON, as it was given. */
  policy?: string;
  lifecycle: LifecycleRule[];
  /** Oldest first. */
  versions: ObjectVersion[];
}

/** S3 of one region, and the buckets of others whose names are taken. */
export class S3World {
  /** By name. */
  readonly buckets = new Map<string, Bucket>();
  /** Until when the name of a deleted bucket is not free, ms. */
  readonly leaving = new Map<string, number>();
  /**
   * Keys for which the next conditional write meets another one under way and is answered with 409, once: for tests.
   */
  readonly contested = new Set<string>();

  /** What is under a key now. */
  current(bucket: Bucket, key: string): ObjectVersion | undefined {
    const newest = bucket.versions.findLast(version => version.key === key);
    return newest?.isDeleteMarker ? undefined : newest;
  }

  /**
   * A bucket as AWS makes it when nothing else is asked for, since April 2023: closed to the public, without ACLs,
   * encrypted.
   */
  add(bucket: Pick<Bucket, 'name' | 'owner' | 'region' | 'createdAt'> & Partial<Tagged>): Bucket {
    const made: Bucket = {
      tags: {},
      publicAccess: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      ownership: 'BucketOwnerEnforced',
      encryption: 'AES256',
      lifecycle: [],
      versions: [],
      ...bucket,
    };
    this.buckets.set(made.name, made);
    return made;
  }
}
