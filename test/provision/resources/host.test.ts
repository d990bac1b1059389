import { expect, it } from 'vitest';
import { inventory, isEnded } from '../../../src/simulator/inventory.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const ownDatabase = { database: { host: 'db.example.com', name: 'shop', user: 'reporter' } };

it('a host that AWS ends at its start says why at once, is replaced, and no run looks at it again', async () => {
  const aws = simulatedAws();
  aws.world.ec2.quotas.volumeStorage = 0;
  const pipeline = await pipelineOn(aws);
  const { outcomes } = await pipeline.provision(silent);
  const failed = outcomes.find(({ id }) => id === 'host.database')!;
  expect(failed.why).toContain('it is terminated (Client.VolumeLimitExceeded: Volume limit exceeded)');
  expect(failed.seconds).toBeLessThan(60);
  const { resources } = await pipeline.status();
  expect(resources.find(({ id }) => id === 'host.database')).toMatchObject({ state: 'failed' });

  aws.world.ec2.quotas.volumeStorage = 100;
  const again = await pipeline.provision(silent);
  expect(again.outcomes.filter(({ id }) => id.startsWith('host.')).map(({ outcome }) => outcome)).toEqual([
    'replaced',
    'replaced',
  ]);
  expect((await pipeline.plan()).changes).toEqual([]);
});

it('a host that AWS ended at its start is nothing to take down twice, nor to remove when it is not wanted any more', async () => {
  const aws = simulatedAws();
  aws.world.ec2.quotas.volumeStorage = 0;
  await (await pipelineOn(aws)).provision(silent);
  const pipeline = await pipelineOn(aws, { settings: ownDatabase });
  await pipeline.provision(silent);
  expect((await pipeline.plan()).changes).toEqual([]);
  const whole = await pipelineOn(aws);
  expect((await whole.teardown(silent, everything)).left).toEqual([]);
  expect(inventory(aws.world).filter(row => !isEnded(row))).toEqual([]);
  expect(await whole.teardown(silent, everything)).toMatchObject({ removed: [], left: [] });
});

it('hosts of another architecture, after those of the first went, get an image of their own', async () => {
  const aws = simulatedAws();
  await (await pipelineOn(aws)).provision(silent);
  const other = await pipelineOn(aws, { settings: ownDatabase });
  const removeSurplus = (await other.plan()).surplus.map(({ awsId }) => awsId);
  await other.provision(silent, { consent: { removeSurplus } });
  const pipeline = await pipelineOn(aws, { settings: { hosts: { instanceType: 't3.micro' } } });
  const { outcomes } = await pipeline.provision(silent);
  expect(outcomes.filter(({ id }) => id.startsWith('host.')).map(({ outcome }) => outcome)).toEqual([
    'created',
    'created',
  ]);
  const [vpc] = aws.world.ec2.vpcs.existing();
  expect(Object.keys(vpc!.tags.asOf()).filter(key => key.startsWith('salesreport:ami:'))).toEqual([
    'salesreport:ami:arm64',
    'salesreport:ami:x86_64',
  ]);
});
