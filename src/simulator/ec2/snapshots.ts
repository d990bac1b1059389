import type { Snapshot as SnapshotOutput } from '@aws-sdk/client-ec2';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';
import { filtered } from './filters.ts';
import type { Snapshot } from './records.ts';
import { required } from './refusals.ts';
import { Tags, tagList, tagsFrom } from './tags.ts';

function describeSnapshot(world: World, snapshot: Snapshot): SnapshotOutput {
  const { id, createdAt, completedAt, volumeId, size, encrypted, description, tags } = snapshot;
  const now = world.now();
  const done = Math.min(1, (now - createdAt) / (completedAt - createdAt));
  return {
    SnapshotId: id,
    VolumeId: volumeId,
    VolumeSize: size,
    Encrypted: encrypted,
    Description: description,
    OwnerId: world.account,
    StartTime: new Date(createdAt),
    State: done < 1 ? 'pending' : 'completed',
    Progress: `${Math.floor(done * 100)}%`,
    StorageTier: 'standard',
    Tags: tagList(tags.asOf(now - world.lag)),
  };
}

export const snapshots: Pick<SimulatedService<'ec2'>, 'CreateSnapshot' | 'DescribeSnapshots'> = {
  CreateSnapshot: {
    takes: ['VolumeId', 'Description', 'TagSpecifications'],
    run(input, world) {
      const volume = world.ec2.volumes.get(required(input.VolumeId, 'VolumeId'));
      const tags = new Tags(tagsFrom(input.TagSpecifications, 'snapshot'));
      const id = world.newId('snap');
      const snapshot = world.ec2.snapshots.add({
        id,
        createdAt: world.now(),
        tags,
        volumeId: volume.id,
        size: volume.size,
        encrypted: volume.encrypted,
        description: input.Description ?? '',
        completedAt: world.now() + world.takes('snapshot.completed', id),
      });
      return describeSnapshot(world, snapshot);
    },
  },
  DescribeSnapshots: {
    takes: ['SnapshotIds', 'OwnerIds', 'Filters'],
    run(input, world) {
      const owners = input.OwnerIds ?? ['self'];
      const rows = world.ec2.snapshots
        .listed(input.SnapshotIds)
        .map(snapshot => describeSnapshot(world, snapshot))
        .filter(({ OwnerId }) => owners.some(owner => owner === 'self' || owner === OwnerId));
      return {
        Snapshots: filtered(rows, input.Filters, {
          description: row => row.Description,
          encrypted: row => row.Encrypted,
          'owner-id': row => row.OwnerId,
          'snapshot-id': row => row.SnapshotId,
          status: row => row.State,
          'volume-id': row => row.VolumeId,
          'volume-size': row => row.VolumeSize,
        }),
      };
    },
  },
};
