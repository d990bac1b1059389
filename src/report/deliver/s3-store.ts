import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { answeredByAws } from '../../exchange.ts';
import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { patience } from '../patience.ts';
import type { Store } from './store.ts';

export type ArchiveClient = Pick<S3Client, 'send'>;

/** The function's client for the archive. Every write that matters is conditional, so each may be sent again. */
export const archiveClient = (): ArchiveClient =>
  answeredByAws(new S3Client({ maxAttempts: 4, requestHandler: patience }));

/**
 * S3's answers to a conditional write that came too late: somebody else wrote, is writing at this moment, or the key is
 * gone (S3 user guide, "Conditional writes").
 */
const tooLate = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];

/** A bucket of `account` (twelve digits) as a store. Throws Problem `archive`. */
export function s3Store(client: ArchiveClient, Bucket: string, ExpectedBucketOwner: string): Store {
  const at = { Bucket, ExpectedBucketOwner };
  const explained = (cause: unknown): never => {
    const { name, message } = cause as Error;
    throw new Problem(
      'archive',
      `The archive ${Bucket} cannot be used (${name}: ${message}): run ${salesreport`provision`}, which repairs the bucket and the role.`,
      { cause },
    );
  };
  return {
    async get(Key) {
      try {
        const { Body, ETag = '' } = await client.send(new GetObjectCommand({ ...at, Key }));
        return { text: (await Body?.transformToString('utf-8')) ?? '', etag: ETag };
      } catch (error) {
        return (error as Error).name === 'NoSuchKey' ? undefined : explained(error);
      }
    },

    async put(Key, text, { type, if: condition }) {
      const only = condition === 'absent' ? { IfNoneMatch: '*' } : condition ? { IfMatch: condition.etag } : {};
      try {
        const { ETag = '' } = await client.send(
          new PutObjectCommand({ ...at, Key, Body: text, ContentType: type, ...only }),
        );
        return ETag;
      } catch (error) {
        return condition && tooLate.includes((error as Error).name) ? 'refused' : explained(error);
      }
    },

    async list(Prefix, after) {
      const keys: string[] = [];
      for (let token: string | undefined, more = true; more; ) {
        const page = await client
          .send(new ListObjectsV2Command({ ...at, Prefix, StartAfter: after, ContinuationToken: token }))
          .catch(explained);
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        token = page.NextContinuationToken;
        more = page.IsTruncated === true;
      }
      return keys;
    },
  };
}
