import { describe, expect, it } from 'vitest';
import { Bucket, openShelf, refusedAs } from './shelf.ts';

const keysOf = ({ Contents = [] }: { Contents?: { Key?: string }[] }) => Contents.map(({ Key }) => Key);

describe('what is put', () => {
  it('is got as it was, with its type and its ETag', async () => {
    const { put, get } = await openShelf();
    const { ETag } = await put('a/ü', 'Grüße', { ContentType: 'text/plain' });
    expect(ETag).toMatch(/^"[0-9a-f]{32}"$/);
    const found = await get('a/ü');
    expect(found).toMatchObject({ ETag, ContentType: 'text/plain', ContentLength: 7 });
    expect(await found.Body!.transformToString()).toBe('Grüße');
    expect(await (await get('a/ü')).Body!.transformToByteArray()).toEqual(new TextEncoder().encode('Grüße'));
    expect(await refusedAs(get('b'))).toBe('NoSuchKey');
    expect(await refusedAs(put('k'.repeat(1025)))).toBe('KeyTooLongError');
  });

  it('is refused to who expects another owner', async () => {
    const { put, get, list } = await openShelf();
    const ExpectedBucketOwner = '999999999999';
    expect(await refusedAs(put('a', '', { ExpectedBucketOwner }))).toBe('AccessDenied');
    expect(await refusedAs(get('a', { ExpectedBucketOwner }))).toBe('AccessDenied');
    expect(await refusedAs(list({ ExpectedBucketOwner }))).toBe('AccessDenied');
  });
});

describe('a conditional write', () => {
  it('where nothing may be there is taken once', async () => {
    const { put, get } = await openShelf();
    await put('a', 'first', { IfNoneMatch: '*' });
    expect(await refusedAs(put('a', 'second', { IfNoneMatch: '*' }))).toBe('PreconditionFailed');
    expect(await (await get('a')).Body!.transformToString()).toBe('first');
  });

  it.each([false, true])('is taken once when many come at the same time (versions kept: %s)', async versioned => {
    const { put } = await openShelf({ versioned });
    const outcomes = await Promise.all(
      Array.from({ length: 9 }, (_, nth) => refusedAs(put('a', String(nth), { IfNoneMatch: '*' }))),
    );
    expect(outcomes.toSorted()).toEqual([...Array(8).fill('PreconditionFailed'), 'accepted']);
  });

  it('on one version is taken only while that is the current one', async () => {
    const { put } = await openShelf();
    const { ETag } = await put('a', '1');
    const second = await put('a', '2', { IfMatch: ETag });
    expect(await refusedAs(put('a', '3', { IfMatch: ETag }))).toBe('PreconditionFailed');
    await put('a', '3', { IfMatch: second.ETag });
    expect(await refusedAs(put('b', '1', { IfMatch: ETag }))).toBe('NoSuchKey');
  });

  it('takes a deleted key for an absent one', async () => {
    const { call, put, get } = await openShelf({ versioned: true });
    const { ETag } = await put('a', '1');
    await call('s3:DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'a' }] } });
    expect(await refusedAs(get('a'))).toBe('NoSuchKey');
    expect(await refusedAs(put('a', '2', { IfMatch: ETag }))).toBe('NoSuchKey');
    await put('a', '2', { IfNoneMatch: '*' });
  });

  it('may meet another one under way, and is asked for by nothing but a star or an ETag', async () => {
    const { put, world } = await openShelf();
    world.s3.contested.add('a');
    await put('a', '0');
    expect(await refusedAs(put('a', '1', { IfNoneMatch: '*' }))).toBe('ConditionalRequestConflict');
    expect(await refusedAs(put('a', '1', { IfNoneMatch: '*' }))).toBe('PreconditionFailed');
    expect(await refusedAs(put('a', '1', { IfNoneMatch: '"x"' }))).toBe('NotImplemented');
  });
});

describe('a list', () => {
  it('is in the order of bytes, below a prefix and after a key', async () => {
    const { put, list } = await openShelf();
    for (const key of ['b/1', 'a/2', 'a/10', 'a/1', 'a0', 'B', 'ü']) await put(key);
    expect(keysOf(await list())).toEqual(['B', 'a/1', 'a/10', 'a/2', 'a0', 'b/1', 'ü']);
    expect(keysOf(await list({ Prefix: 'a/' }))).toEqual(['a/1', 'a/10', 'a/2']);
    expect(keysOf(await list({ Prefix: 'a/', StartAfter: 'a/10' }))).toEqual(['a/2']);
    expect(keysOf(await list({ Prefix: 'a/', StartAfter: 'a/15' }))).toEqual(['a/2']);
    expect(await list({ Prefix: 'none' })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect((await list({ Prefix: 'none' })).Contents).toBeUndefined();
  });

  it('comes by the thousand', async () => {
    const { put, list } = await openShelf();
    const keys = Array.from({ length: 2_001 }, (_, nth) => `k${String(nth).padStart(4, '0')}`);
    await Promise.all(keys.map(key => put(key)));
    const pages = [await list({ StartAfter: 'k0000' })];
    for (let token = pages[0]!.NextContinuationToken; token; token = pages.at(-1)!.NextContinuationToken)
      pages.push(await list({ StartAfter: 'k0000', ContinuationToken: token }));
    expect(pages.map(({ KeyCount, IsTruncated }) => [KeyCount, IsTruncated])).toEqual([
      [1_000, true],
      [1_000, false],
    ]);
    expect(pages.flatMap(keysOf)).toEqual(keys.slice(1));
    expect(keysOf(await list({ MaxKeys: 2 }))).toEqual(['k0000', 'k0001']);
    expect(await refusedAs(list({ ContinuationToken: 'x' }))).toBe('InvalidArgument');
  });

  it('leaves deleted keys out', async () => {
    const { call, put, list } = await openShelf({ versioned: true });
    await put('a');
    await put('b');
    await call('s3:DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'a' }] } });
    expect(keysOf(await list())).toEqual(['b']);
  });
});

describe('versions', () => {
  it('are kept once that is switched on; what was there before is the one called null', async () => {
    const { call, put } = await openShelf();
    await put('a', '1');
    await put('a', '2');
    await call('s3:PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    const { VersionId } = await put('a', '3');
    const { Versions = [] } = await call('s3:ListObjectVersions', { Bucket });
    expect(Versions.map(one => [one.Key, one.VersionId, one.IsLatest, one.Size])).toEqual([
      ['a', VersionId, true, 1],
      ['a', 'null', false, 1],
    ]);
  });

  it('are listed by key, the newest first, with markers, page by page', async () => {
    const { call, put } = await openShelf({ versioned: true });
    for (const [key, text] of [
      ['b', '1'],
      ['a', '1'],
      ['a', '2'],
      ['a', '3'],
    ] as const)
      await put(key, text);
    await call('s3:DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'a' }], Quiet: true } });
    const seen: string[] = [];
    let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (marker) {
      const page: Awaited<ReturnType<typeof call<'s3:ListObjectVersions'>>> = await call('s3:ListObjectVersions', {
        Bucket,
        MaxKeys: 2,
        ...marker,
      });
      seen.push(
        ...(page.DeleteMarkers ?? []).map(({ Key }) => `${Key} deleted`),
        ...(page.Versions ?? []).map(({ Key }) => Key!),
      );
      marker = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    expect(seen).toEqual(['a deleted', 'a', 'a', 'a', 'b']);
    const { Versions } = await call('s3:ListObjectVersions', { Bucket, KeyMarker: 'a' });
    expect(Versions?.map(({ Key }) => Key)).toEqual(['b']);
  });

  it('go by their ids, at most a thousand at a time', async () => {
    const { call, refusal, put, get } = await openShelf({ versioned: true });
    await put('a', '1');
    const { VersionId } = await put('a', '2');
    await call('s3:DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'a', VersionId }] } });
    expect(await (await get('a')).Body!.transformToString()).toBe('1');
    const Objects = Array.from({ length: 1_001 }, () => ({ Key: 'a' }));
    expect(await refusal('s3:DeleteObjects', { Bucket, Delete: { Objects } })).toMatch(/^MalformedXML: /);
    expect(await refusal('s3:DeleteObjects', { Bucket, Delete: { Objects: [] } })).toMatch(/^MalformedXML: /);
  });

  it('are not kept without it: what is deleted is gone', async () => {
    const { call, put, world } = await openShelf();
    await put('a');
    const answer = await call('s3:DeleteObjects', {
      Bucket,
      Delete: { Objects: [{ Key: 'a' }, { Key: 'never there' }] },
    });
    expect(answer.Deleted).toEqual([{ Key: 'a' }, { Key: 'never there' }]);
    expect(world.s3.buckets.get(Bucket)!.versions).toEqual([]);
  });
});
