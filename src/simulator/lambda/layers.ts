import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { AwsError } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';

const pageSize = 50;
const largestUpload = 50 * 1024 * 1024;

const versionOutput = ({
  arn,
  version,
  description,
  createdAt,
}: {
  arn: string;
  version: number;
  description: string;
  createdAt: number;
}) => ({
  LayerVersionArn: arn,
  Version: version,
  Description: description,
  CreatedDate: new Date(createdAt).toISOString(),
});

export const layers: Pick<SimulatedService<'lambda'>, 'PublishLayerVersion' | 'ListLayerVersions' | 'DeleteLayerVersion'> = {
  PublishLayerVersion: {
    takes: ['LayerName', 'Description', 'Content', 'CompatibleRuntimes', 'CompatibleArchitectures', 'LicenseInfo'],
    run({ LayerName: layer = '', Description: description = '', Content }, world) {
      const zip = Content?.ZipFile;
      if (!zip || zip.length > largestUpload)
        throw new AwsError('RequestEntityTooLargeException', 'Request must be smaller than 70167211 bytes', 413);
      if (description.length > 256)
        throw new AwsError('InvalidParameterValueException', 'Description is longer than 256 characters');
      verifyNodeLayer(zip);
      const version = world.lambda.nextVersion(layer);
      const arn = `arn:aws:lambda:${world.region}:${world.account}:layer:${layer}:${version}`;
      const sha256 = createHash('sha256').update(zip).digest('base64');
      const made = { layer, version, arn, description, createdAt: world.now(), codeSize: zip.length, sha256 };
      world.lambda.layers.push(made);
      return {
        ...versionOutput(made),
        LayerArn: arn.slice(0, arn.lastIndexOf(':')),
        Content: { CodeSha256: sha256, CodeSize: zip.length },
      };
    },
  },
  ListLayerVersions: {
    takes: ['LayerName', 'Marker'],
    run({ LayerName, Marker = '0' }, world) {
      const from = Number(Marker);
      const all = ofLayer(world, LayerName ?? '').reverse();
      const more = all.length > from + pageSize;
      return {
        LayerVersions: all.slice(from, from + pageSize).map(versionOutput),
        ...(more ? { NextMarker: String(from + pageSize) } : {}),
      };
    },
  },
  DeleteLayerVersion: {
    takes: ['LayerName', 'VersionNumber'],
    run({ LayerName, VersionNumber }, world) {
      // Deleting a version that is not there succeeds.
      const at = world.lambda.layers.findIndex(({ layer, version }) => layer === LayerName && version === VersionNumber);
      if (at >= 0) world.lambda.layers.splice(at, 1);
      return {};
    },
  },
};

const ofLayer = (world: World, name: string) => world.lambda.layers.filter(({ layer }) => layer === name);

/** A layer for Node.js holds its packages below nodejs/node_modules (Lambda developer guide, "Packaging layers"). */
function verifyNodeLayer(zip: Uint8Array): void {
  let names: string[];
  try {
    names = Object.keys(unzipSync(zip));
  } catch {
    throw new AwsError(
      'InvalidParameterValueException',
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    );
  }
  if (!names.some(name => name.startsWith('nodejs/node_modules/')))
    throw new AwsError('InvalidParameterValueException', 'The layer has no nodejs/node_modules folder.');
}
