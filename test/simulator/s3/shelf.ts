import {
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { openAccount } from '../account.ts';

export const Bucket = 'shelf-123456789012-eu-west-1';
export const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };

/** An account with a bucket, and the calls that the report makes. */
export async function openShelf({ versioned = false, ...options }: { versioned?: boolean; lag?: number } = {}) {
  const account = await openAccount(options);
  const { call, clients } = account;
  await call('s3:CreateBucket', { Bucket, CreateBucketConfiguration });
  if (versioned) await call('s3:PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } });
  const send = <T>(command: unknown) => clients.s3!.send(command) as Promise<T>;
  return {
    ...account,
    put: (Key: string, Body = '', more: Partial<PutObjectCommandInput> = {}) =>
      send<PutObjectCommandOutput>(new PutObjectCommand({ Bucket, Key, Body, ...more })),
    get: (Key: string, more: Partial<GetObjectCommandInput> = {}) =>
      send<GetObjectCommandOutput>(new GetObjectCommand({ Bucket, Key, ...more })),
    list: (more: Partial<ListObjectsV2CommandInput> = {}) =>
      send<ListObjectsV2CommandOutput>(new ListObjectsV2Command({ Bucket, ...more })),
  };
}

/** The name of the error that a call ends with. */
export const refusedAs = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (error: Error) => error.name,
  );
