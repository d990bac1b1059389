import { createHash } from 'node:crypto';
import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import type { Found } from '../engine/resource.ts';
import { awsResource, type Stack } from '../stack.ts';

export interface LayerFound extends Found {
  version: number;
}

/**
 * The database driver as a layer. Layer versions carry no tags and each publish makes a new one: owner and content hash
 * stand in the description, and a version is published only when its content is new.
 */
export function layer(stack: Stack) {
  const { aws, artifacts, names, region, settings } = stack;
  const id = 'layer';
  const LayerName = names.layer;
  const owner = `salesreport stack=${settings.stack} region=${region}`;
  const description = `${owner} sha256=${createHash('sha256').update(artifacts.layerZip).digest('hex')}`;
  return awsResource<LayerFound, Record<never, never>>({
    id,
    title: `Layer ${LayerName}`,
    wanted: true,
    needsIntent: true,
    needs: {},
    operations: { create: ['lambda:PublishLayerVersion'], update: [], remove: ['lambda:DeleteLayerVersion'] },

    async find(snapshot) {
      const pages = await snapshot.pages('lambda:ListLayerVersions', { LayerName }, ({ NextMarker }) =>
        NextMarker ? { Marker: NextMarker } : undefined,
      );
      return pages
        .flatMap(({ LayerVersions = [] }) => LayerVersions)
        .map(({ LayerVersionArn = '', Version = 0, Description = '' }) => ({
          awsId: LayerVersionArn,
          version: Version,
          ours: Description.startsWith(`${owner} `),
          owner: `its description is "${Description}"`,
          outdated: Description !== description,
        }))
        .sort((a, b) => b.version - a.version);
    },

    async create() {
      const { LayerVersionArn, Version = 0 } = await aws.call('lambda:PublishLayerVersion', {
        LayerName,
        Description: description,
        Content: { ZipFile: artifacts.layerZip },
        CompatibleRuntimes: ['nodejs24.x'],
        CompatibleArchitectures: ['arm64', 'x86_64'],
        LicenseInfo: 'MIT',
      });
      return { awsId: LayerVersionArn!, version: Version, ours: true };
    },

    async remove({ version }) {
      await unlessNotFound(aws.call('lambda:DeleteLayerVersion', { LayerName, VersionNumber: version }));
    },

    ask: ({ awsId, version }) =>
      ask(aws, 'lambda:ListLayerVersions', { LayerName }, awsId, ({ LayerVersions }) =>
        LayerVersions?.some(one => one.Version === version) ? 'there' : undefined,
      ),
  });
}
