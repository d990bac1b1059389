import { createHash } from 'node:crypto';
import { AwsError, NotSimulated } from '../aws-error.ts';
import { verifyMembers } from '../ec2/refusals.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';
import type { LayerVersion } from './state.ts';
import { filesOf, invalid, largestUnzipped, unzippedSize } from './zips.ts';

const pageSize = 50;

const versionOutput = ({ arn, version, description, createdAt, compatible }: LayerVersion) => ({
  LayerVersionArn: arn,
  Version: version,
  Description: description,
  CreatedDate: new Date(createdAt).toISOString(),
  ...compatible,
});

export const layers: Pick<
  SimulatedService<'lambda'>,
  'PublishLayerVersion' | 'ListLayers' | 'ListLayerVersions' | 'DeleteLayerVersion'
> = {
  ListLayers: {
    takes: ['Marker'],
    run({ Marker }, world) {
      const names = [...new Set(listedLayers(world).map(({ layer }) => layer))];
      const { items, next } = pageOf(names, pageSize, Marker);
      const Layers = items.map(LayerName => ({
        LayerName,
        LayerArn: `arn:${world.partition}:lambda:${world.region}:${world.account}:layer:${LayerName}`,
        LatestMatchingVersion: versionOutput(ofLayer(world, LayerName).at(-1)!),
      }));
      return { Layers, ...(next ? { NextMarker: next } : {}) };
    },
  },
  PublishLayerVersion: {
    takes: ['LayerName', 'Description', 'Content', 'CompatibleRuntimes', 'CompatibleArchitectures', 'LicenseInfo'],
    run({ LayerName: layer = '', Description: description = '', Content, ...compatible }, world) {
      verifyMembers(Content, ['ZipFile'], 'Content');
      if (!/^[\w-]{1,140}$/.test(layer))
        throw new AwsError('ValidationException', `The layer name ${layer} is not valid.`);
      if (description.length > 256) throw invalid('Description is longer than 256 characters.');
      const zip = Content?.ZipFile ?? new Uint8Array();
      const files = filesOf(zip);
      const size = unzippedSize(files);
      if (size > largestUnzipped) throw invalid(`Unzipped size must be smaller than ${largestUnzipped} bytes`);
      // Where packages for Node.js lie (Lambda developer guide, "Packaging layers").
      if (![...files.keys()].some(name => /^nodejs\/(node\d+\/)?node_modules\//.test(name)))
        throw new NotSimulated('a layer without packages for Node.js');
      const version = world.lambda.nextVersion(layer);
      const arn = `arn:${world.partition}:lambda:${world.region}:${world.account}:layer:${layer}:${version}`;
      const { CompatibleRuntimes, CompatibleArchitectures, LicenseInfo } = compatible;
      const made: LayerVersion = {
        layer,
        version,
        arn,
        description,
        compatible: { CompatibleRuntimes, CompatibleArchitectures, LicenseInfo },
        createdAt: world.now(),
        zip,
        unzippedSize: size,
      };
      world.lambda.layers.push(made);
      return {
        ...versionOutput(made),
        LayerArn: arn.slice(0, arn.lastIndexOf(':')),
        Content: { CodeSha256: createHash('sha256').update(zip).digest('base64'), CodeSize: zip.length },
      };
    },
  },
  ListLayerVersions: {
    takes: ['LayerName', 'Marker'],
    run({ LayerName = '', Marker }, world) {
      const { items, next } = pageOf(ofLayer(world, LayerName).reverse(), pageSize, Marker);
      return { LayerVersions: items.map(versionOutput), ...(next ? { NextMarker: next } : {}) };
    },
  },
  DeleteLayerVersion: {
    takes: ['LayerName', 'VersionNumber'],
    run({ LayerName, VersionNumber }, world) {
      // Deleting a version that is not there succeeds.
      const at = world.lambda.layers.findIndex(
        ({ layer, version }) => layer === LayerName && version === VersionNumber,
      );
      if (at >= 0) world.lambda.layers.splice(at, 1);
      return {};
    },
  },
};

const listedLayers = (world: World) => world.lambda.layers.filter(({ createdAt }) => world.isVisible(createdAt));
const ofLayer = (world: World, name: string) => listedLayers(world).filter(({ layer }) => layer === name);
