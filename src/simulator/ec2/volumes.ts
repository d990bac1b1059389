import type { VolumeType } from '@aws-sdk/client-ec2';
import type { SimulatedService } from '../service.ts';
import { filtered } from './filters.ts';
import { tagList } from './tags.ts';

export const volumes: Pick<SimulatedService<'ec2'>, 'DescribeVolumes'> = {
  DescribeVolumes: {
    takes: ['VolumeIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.volumes
        .listed(input.VolumeIds)
        .map(({ id, createdAt, size, type, encrypted, instanceId, tags }) => ({
          VolumeId: id,
          Size: size,
          VolumeType: type as VolumeType,
          Encrypted: encrypted,
          CreateTime: new Date(createdAt),
          State: world.ec2.instances.find(instanceId) ? ('in-use' as const) : ('available' as const),
          Tags: tagList(tags.asOf(world.now() - world.lag)),
        }));
      return {
        Volumes: filtered(rows, input.Filters, {
          encrypted: row => row.Encrypted,
          size: row => row.Size,
          status: row => row.State,
          'volume-id': row => row.VolumeId,
          'volume-type': row => row.VolumeType,
        }),
      };
    },
  },
};
