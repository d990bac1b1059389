import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { hasName } from '../aws/errors.ts';
import { archiveName } from '../names.ts';
import type { Stack } from '../stack.ts';

/** What lies in a stack's archive, for who only reads. */
export interface ArchiveObjects {
  /** Undefined where there is nothing under the key. */
  get(key: string): Promise<{ text: string; etag: string } | undefined>;
  /** Keys that begin with `prefix`, in ascending order, those after `after` only. */
  list(prefix: string, after?: string): Promise<string[]>;
}

/** Reads the archive as the operator. Throws Problem `no-archive` where the stack has none. */
export function archiveObjects(stack: Stack): ArchiveObjects {
  const { aws, account, region, settings } = stack;
  const own = { Bucket: archiveName(stack), ExpectedBucketOwner: account };
  const noArchive = (cause: unknown) =>
    new Problem(
      'no-archive',
      `Stack ${settings.stack} has no archive in ${region}: run ${salesreport`provision`} first.`,
      {
        cause,
      },
    );
  return {
    async get(Key) {
      try {
        const { Body, ETag = '' } = await aws.call('s3:GetObject', { ...own, Key });
        return { text: (await Body?.transformToString('utf-8')) ?? '', etag: ETag };
      } catch (error) {
        if (hasName(error, 'NoSuchKey')) return undefined;
        throw hasName(error, 'NoSuchBucket') ? noArchive(error) : error;
      }
    },

    async list(Prefix, StartAfter) {
      const keys: string[] = [];
      for (let token: string | undefined, more = true; more; ) {
        const page = await aws
          .call('s3:ListObjectsV2', { ...own, Prefix, StartAfter, ContinuationToken: token })
          .catch(error => {
            throw hasName(error, 'NoSuchBucket') ? noArchive(error) : error;
          });
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        token = page.NextContinuationToken;
        more = page.IsTruncated === true;
      }
      return keys;
    },
  };
}
