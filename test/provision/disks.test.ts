import { expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { builtAws, everything, pipelineOn, silent } from '../helpers/simulated-stack.ts';

const hostsOf = ({ world }: Simulator) => world.ec2.instances.existing().filter(({ termination }) => !termination);

/** By hand, at the console: the disk of each host outlives it. */
function keepDisks(aws: Simulator): string[] {
  return hostsOf(aws).map(({ volumeId }) => {
    const volume = aws.world.ec2.volumes.get(volumeId);
    volume.deletedWithInstance = false;
    return volume.id;
  });
}

test('a root disk that would outlive its host is a difference, and is put right in place', async () => {
  const aws = await builtAws();
  const hosts = hostsOf(aws).map(({ id }) => id);
  const kept = keepDisks(aws);
  expect(kept.length).toBeGreaterThan(0);
  const plan = await (await pipelineOn(aws)).plan();
  expect(plan.changes.map(({ action, differences }) => [action, differences])).toEqual(
    kept.map(() => [
      'update',
      [expect.objectContaining({ what: 'root disk when the host goes', is: 'stays', wanted: 'goes too' })],
    ]),
  );
  await (await pipelineOn(aws)).provision(silent);
  expect(hostsOf(aws).map(({ id }) => id)).toEqual(hosts);
  expect(kept.map(id => aws.world.ec2.volumes.get(id).deletedWithInstance)).toEqual(kept.map(() => true));
  expect((await (await pipelineOn(aws)).plan()).changes).toEqual([]);
});

test('a certificate asks for each disk and interface of the hosts, and names a disk that outlives its host with its price', async () => {
  const aws = await builtAws();
  const interfaces = hostsOf(aws).map(({ interfaceId }) => interfaceId);
  const [kept, ...others] = hostsOf(aws).map(({ volumeId }) => volumeId);
  aws.world.ec2.volumes.get(kept!).deletedWithInstance = false;
  const { left, removed } = await (await pipelineOn(aws)).teardown(silent, everything);
  expect(left).toMatchObject([
    {
      title: expect.stringMatching(/^Disk of /),
      awsId: kept,
      monthly: '0.64',
      why: expect.stringContaining(`--volume-id ${kept}`),
    },
  ]);
  expect(removed.map(({ awsId }) => awsId)).toEqual(expect.arrayContaining([...others, ...interfaces]));
  expect(removed.find(({ awsId }) => awsId === others[0])).toMatchObject({
    asked: `ec2:DescribeVolumes ${others[0]}`,
    answer: 'InvalidVolume.NotFound',
  });
});
