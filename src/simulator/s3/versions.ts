import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';
import { existingBucket, malformed } from './existing.ts';
import { addVersion, byKey, pageSize } from './objects.ts';
import type { Bucket, ObjectVersion } from './state.ts';

export const versions: Pick<SimulatedService<'s3'>, 'ListObjectVersions' | 'DeleteObjects'> = {
  ListObjectVersions: {
    takes: ['Bucket', 'Prefix', 'KeyMarker', 'VersionIdMarker', 'MaxKeys', 'ExpectedBucketOwner'],
    run(input, world) {
      const bucket = existingBucket(world, input);
      const { Prefix: prefix = '', KeyMarker, VersionIdMarker, MaxKeys = pageSize } = input;
      const all = newestFirst(bucket).filter(({ key }) => key.startsWith(prefix));
      const found = all.slice(startAfter(all, KeyMarker, VersionIdMarker));
      const page = found.slice(0, Math.min(MaxKeys, pageSize));
      const last = page.at(-1);
      const isTruncated = page.length < found.length;
      const isLatest = (version: ObjectVersion) => all.find(({ key }) => key === version.key) === version;
      const shown = (version: ObjectVersion) => ({
        Key: version.key,
        VersionId: version.versionId,
        IsLatest: isLatest(version),
        LastModified: new Date(version.at),
      });
      const markers = page.filter(({ isDeleteMarker }) => isDeleteMarker).map(shown);
      const contents = page
        .filter(({ isDeleteMarker }) => !isDeleteMarker)
        .map(version => ({ ...shown(version), ETag: version.etag, Size: version.body.length }));
      return {
        Name: bucket.name,
        Prefix: prefix,
        MaxKeys,
        IsTruncated: isTruncated,
        ...(isTruncated && last ? { NextKeyMarker: last.key, NextVersionIdMarker: last.versionId } : {}),
        ...(contents.length > 0 ? { Versions: contents } : {}),
        ...(markers.length > 0 ? { DeleteMarkers: markers } : {}),
      };
    },
  },
  DeleteObjects: {
    takes: ['Bucket', 'Delete', 'ExpectedBucketOwner', 'ChecksumAlgorithm'],
    run(input, world) {
      const bucket = existingBucket(world, input);
      const { Objects = [], Quiet: quiet = false } = input.Delete ?? {};
      if (Objects.length === 0 || Objects.length > pageSize) throw malformed();
      const deleted = Objects.map(({ Key: key = '', VersionId: versionId }) => {
        deleteOne(world, bucket, key, versionId);
        return { Key: key, ...(versionId ? { VersionId: versionId } : {}) };
      });
      return quiet ? {} : { Deleted: deleted };
    },
  },
};

/** By key, and of a key the newest first. */
const newestFirst = ({ versions: all }: Bucket): ObjectVersion[] =>
  all.toReversed().sort((a, b) => byKey(a.key, b.key));

/** Where the page after this version begins; with a key alone, after all of its versions. */
function startAfter(
  all: readonly ObjectVersion[],
  keyMarker: string | undefined,
  versionMarker: string | undefined,
): number {
  if (keyMarker === undefined) return 0;
  const at = all.findIndex(({ key, versionId }) => key === keyMarker && versionId === versionMarker);
  if (versionMarker !== undefined && at >= 0) return at + 1;
  return all.filter(({ key }) => byKey(key, keyMarker) <= 0).length;
}

/**
 * Takes one version away; without its id, what is under the key is hidden where versions are kept, and gone elsewhere.
 */
function deleteOne(world: World, bucket: Bucket, key: string, versionId: string | undefined): void {
  if (versionId !== undefined || bucket.versioning === undefined) {
    const id = versionId ?? 'null';
    bucket.versions = bucket.versions.filter(version => version.key !== key || version.versionId !== id);
  } else addVersion(world, bucket, { key, body: new Uint8Array(), etag: '', contentType: '', isDeleteMarker: true });
}
