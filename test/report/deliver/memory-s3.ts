import type { ArchiveClient } from '../../../src/report/deliver/s3-store.ts';

interface Input {
  Key?: string;
  Body?: string;
  IfNoneMatch?: string;
  IfMatch?: string;
  Prefix?: string;
  StartAfter?: string;
  ContinuationToken?: string;
  Bucket?: string;
  ExpectedBucketOwner?: string;
}

const refused = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

/**
 * As much of a bucket as the archive uses, with S3's conditional writes. Pages are small, so that every list has some.
 */
export class MemoryS3 {
  readonly objects = new Map<string, { text: string; etag: string }>();
  #writes = 0;

  /** Texts of the keys that begin so, in the order of keys. */
  texts(prefix: string): string[] {
    return [...this.objects]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, { text }]) => (key.startsWith(prefix) ? [text] : []));
  }

  readonly client: ArchiveClient = { send: ((command: object) => this.#answer(command)) as never };

  async #answer(command: object): Promise<object> {
    const { input } = command as { input: Input };
    switch (command.constructor.name) {
      case 'GetObjectCommand':
        return this.#get(input);
      case 'PutObjectCommand':
        return this.#put(input);
      case 'ListObjectsV2Command':
        return this.#list(input);
      default:
        throw new Error(`${command.constructor.name} is not one of the archive's`);
    }
  }

  #get({ Key = '' }: Input): object {
    const there = this.objects.get(Key);
    if (!there) throw refused('NoSuchKey', 404);
    return { ETag: there.etag, Body: { transformToString: async () => there.text } };
  }

  #put({ Key = '', Body = '', IfNoneMatch, IfMatch }: Input): object {
    const there = this.objects.get(Key);
    if (IfNoneMatch === '*' && there) throw refused('PreconditionFailed', 412);
    if (IfMatch !== undefined && there?.etag !== IfMatch)
      throw there ? refused('PreconditionFailed', 412) : refused('NoSuchKey', 404);
    const etag = `"${++this.#writes}"`;
    this.objects.set(Key, { text: Body, etag });
    return { ETag: etag };
  }

  #list({ Prefix = '', StartAfter = '', ContinuationToken = '' }: Input): object {
    const after = StartAfter > ContinuationToken ? StartAfter : ContinuationToken;
    const keys = [...this.objects.keys()].filter(key => key.startsWith(Prefix) && key > after).sort();
    const page = keys.slice(0, 5);
    return {
      Contents: page.map(Key => ({ Key })),
      IsTruncated: keys.length > page.length,
      ...(keys.length > page.length ? { NextContinuationToken: page.at(-1) } : {}),
    };
  }
}
