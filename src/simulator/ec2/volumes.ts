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
        .map(({ id, createdAt, size, type, encrypted, instanceId, deletedWithInstance, tags }) => ({
          VolumeId: id,
          Size: size,
          VolumeType: type as VolumeType,
          Encrypted: encrypted,
          CreateTime: new Date(createdAt),
          State: world.ec2.instances.find(instanceId) ? ('in-use' as const) : ('available' as const),
          Attachments: world.ec2.instances.find(instanceId)
            ? [
                {
                  AttachTime: new Date(createdAt),
                  Device: '/dev/xvda',
                  InstanceId: instanceId,
                  State: 'attached' as const,
                  VolumeId: id,
                  DeleteOnTermination: deletedWithInstance,
                },
              ]
            : [],
          Tags: tagList(tags.asOf(world.now() - world.lag)),
        }));
      return {
        Volumes: filtered(rows, input.Filters, {
          'attachment.instance-id': row => row.Attachments[0]?.InstanceId,
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
