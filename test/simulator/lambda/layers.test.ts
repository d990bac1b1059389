import { describe, expect, it } from 'vitest';
import type { Input } from '../../../src/provision/aws/operation.ts';
import { openAccount, zipOf } from '../account.ts';

/** A zip whose directory says of its only file that it unpacks to so many bytes (APPNOTE.TXT, 4.3.12). */
function sayingSize(zip: Uint8Array, bytes: number): Uint8Array {
  const directory = Buffer.from(zip).indexOf('PK\x01\x02');
  new DataView(zip.buffer, zip.byteOffset).setUint32(directory + 24, bytes, true);
  return zip;
}

const LayerName = 'driver';
const ZipFile = zipOf({ 'nodejs/node_modules/driver/index.js': '' });
const request = (more: Partial<Input<'lambda:PublishLayerVersion'>> = {}) => ({
  LayerName,
  Content: { ZipFile },
  ...more,
});

describe('a layer', () => {
  it('has a new version for every publication, newest first, and uses no number again', async () => {
    const { call } = await openAccount();
    const publish = async (Description: string) =>
      (await call('lambda:PublishLayerVersion', request({ Description, CompatibleRuntimes: ['nodejs24.x'] }))).Version;
    expect([await publish('one'), await publish('two')]).toEqual([1, 2]);
    await call('lambda:DeleteLayerVersion', { LayerName, VersionNumber: 2 });
    await call('lambda:DeleteLayerVersion', { LayerName, VersionNumber: 2 });
    expect(await publish('three')).toBe(3);
    expect((await call('lambda:ListLayerVersions', { LayerName })).LayerVersions).toMatchObject([
      { Version: 3, Description: 'three', CompatibleRuntimes: ['nodejs24.x'] },
      { Version: 1, Description: 'one' },
    ]);
    expect((await call('lambda:ListLayerVersions', { LayerName: 'other' })).LayerVersions).toEqual([]);
  });

  it('is listed in pages of 50', async () => {
    const { call } = await openAccount();
    for (let nth = 0; nth < 51; nth++) await call('lambda:PublishLayerVersion', request());
    const first = await call('lambda:ListLayerVersions', { LayerName });
    expect(first.LayerVersions).toHaveLength(50);
    const rest = await call('lambda:ListLayerVersions', { LayerName, Marker: first.NextMarker });
    expect(rest).toMatchObject({ LayerVersions: [{ Version: 1 }] });
    expect(rest.NextMarker).toBeUndefined();
  });

  it.each([
    ['a bad name', { LayerName: 'a b' }, /^ValidationException/],
    ['too long a description', { Description: 'x'.repeat(257) }, /longer than 256/],
    ['no zip', { Content: {} }, /Please provide a source/],
    ['something that is no zip', { Content: { ZipFile: new Uint8Array([1, 2]) } }, /Could not unzip uploaded file/],
    ['too large a zip', { Content: { ZipFile: new Uint8Array(51 * 1024 * 1024) } }, /^RequestEntityTooLargeException/],
    ['no packages', { Content: { ZipFile: zipOf({ 'driver/index.js': '' }) } }, /^NotSimulated/],
    ['content from a bucket', { Content: { S3Bucket: 'b' } }, /^NotSimulated.*Content\.S3Bucket/],
  ])('is refused for %s', async (_what, more, reason) => {
    const { refusal, world } = await openAccount();
    expect(await refusal('lambda:PublishLayerVersion', request(more))).toMatch(reason);
    expect(world.lambda.layers).toEqual([]);
  });

  it('is refused when it is unpacked to more than 250 MB, alone or with the code', async () => {
    const { refusal, call } = await openAccount();
    const large = (megabytes: number) =>
      sayingSize(zipOf({ 'nodejs/node_modules/driver/index.js': '' }), megabytes * 1_000_000);
    expect(await refusal('lambda:PublishLayerVersion', request({ Content: { ZipFile: large(263) } }))).toMatch(
      /Unzipped size must be smaller than 262144000 bytes/,
    );
    const { LayerVersionArn } = await call('lambda:PublishLayerVersion', request({ Content: { ZipFile: large(200) } }));
    const both = {
      FunctionName: 'Extractor',
      Runtime: 'nodejs24.x' as const,
      Handler: 'index.handler',
      Role: 'arn:aws:iam::123456789012:role/Reporter',
      Layers: [LayerVersionArn!],
      Code: { ZipFile: large(100) },
    };
    expect(await refusal('lambda:CreateFunction', both)).toMatch(
      /Function code combined with layers exceeds .* is 300000000 bytes/,
    );
  });
});
