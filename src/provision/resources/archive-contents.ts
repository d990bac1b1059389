import { Problem } from '../../problem.ts';
import type { Aws } from '../aws/aws.ts';
import type { Output } from '../aws/operation.ts';
import { currentStep } from '../engine/step.ts';
import { storedWords } from './stored-words.ts';

type Bucket = { Bucket: string; ExpectedBucketOwner: string };
type Page = Output<'s3:ListObjectVersions'>;

/**
 * What is in the bucket and what it costs, in words: `214 objects, 3.1 MB, less than $0.01 a month`. Older versions
 * count.
 */
export async function contentsOf(aws: Aws, bucket: Bucket): Promise<string> {
  let [count, bytes] = [0, 0];
  for (let next: object | undefined = {}; next; ) {
    const page: Page = await aws.call('s3:ListObjectVersions', { ...bucket, ...next });
    for (const { Size = 0 } of page.Versions ?? []) {
      count++;
      bytes += Size;
    }
    next = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  if (count === 0) return 'nothing in it yet';
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'object' : 'objects'}, ${storedWords(bytes, 's3Gigabyte')}`;
}

/** Deletes every version and marker, a thousand at a time. Throws Problem `objects-left` where S3 keeps one. */
export async function empty(aws: Aws, bucket: Bucket): Promise<void> {
  for (let gone = 0; ; ) {
    const { Versions = [], DeleteMarkers = [] } = await aws.call('s3:ListObjectVersions', bucket);
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const { Errors: [refused] = [] } = await aws.call('s3:DeleteObjects', {
      ...bucket,
      Delete: { Objects, Quiet: true },
    });
    if (refused)
      throw new Problem(
        'objects-left',
        `S3 did not delete ${refused.Key} (${refused.Code}: ${refused.Message ?? 'it gives no reason'}): delete it by hand, then run the same command again.`,
      );
    gone += Objects.length;
    currentStep()?.waiting(`${gone.toLocaleString('en-US')} objects deleted`);
  }
}
