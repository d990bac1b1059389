import { expect, it } from 'vitest';
import { inventory, isEnded } from '../../../src/simulator/inventory.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const gateways = (aws: Simulator) => inventory(aws.world).filter(({ type }) => type === 'natgateway');
const states = (aws: Simulator) => gateways(aws).map(({ state }) => state);

/** A stack whose NAT gateway failed because somebody detached the internet gateway in the wrong moment. */
async function withFailedGateway() {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  aws.fault = ({ operation }) => {
    if (operation === 'CreateNatGateway')
      for (const gateway of aws.world.ec2.internetGateways.existing()) gateway.attachedAt = Infinity;
    return undefined;
  };
  const { outcomes } = await pipeline.provision(silent);
  aws.fault = () => undefined;
  for (const gateway of aws.world.ec2.internetGateways.existing()) gateway.attachedAt = aws.world.now();
  return { aws, pipeline, why: outcomes.find(({ id }) => id === 'nat-gateway')?.why };
}

it('is made when internet gateway and subnet are there, and routes when they know of the attachment', async () => {
  const aws = simulatedAws();
  aws.fault = ({ operation, at }, nth) => {
    if (operation === 'CreateRoute' && nth === 1)
      for (const gateway of aws.world.ec2.internetGateways.existing()) gateway.attachedAt = at + 3_000;
    return undefined;
  };
  const { outcomes } = await (await pipelineOn(aws)).provision(silent);
  expect(outcomes.filter(({ outcome }) => outcome !== 'created')).toEqual([]);
  expect(states(aws)).toEqual(['available']);
  const refused = aws.calls.filter(({ operation, error }) => operation === 'CreateRoute' && error === 'InvalidParameterValue');
  expect(refused).not.toEqual([]);
});

it('that failed says why, is replaced, and no run looks at it again', async () => {
  const { aws, pipeline, why } = await withFailedGateway();
  expect(why).toContain('has no Internet gateway attached');
  expect((await pipeline.plan()).changes.find(({ id }) => id === 'nat-gateway')).toMatchObject({ action: 'replace' });
  await pipeline.provision(silent);
  expect(states(aws)).toEqual(['failed', 'available']);
  expect((await pipeline.plan()).changes).toEqual([]);
  expect((await pipeline.status()).healthy).toBe(true);
});

it('that failed does not stop a teardown, whose certificate says what becomes of it', async () => {
  const { aws, pipeline } = await withFailedGateway();
  const { left, removed } = await pipeline.teardown(silent, everything);
  expect(left).toEqual([]);
  expect(removed.find(({ id }) => id === 'nat-gateway')?.answer).toBe('failed; AWS forgets it within the hour');
  expect(inventory(aws.world).filter(row => !isEnded(row))).toEqual([]);
  expect(states(aws)).toEqual(['failed']);
  expect(await pipeline.teardown(silent, everything)).toMatchObject({ removed: [], left: [] });
});

it('an internet gateway that somebody detached is a difference, not something to wait for', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  for (const gateway of aws.world.ec2.internetGateways.existing()) {
    delete gateway.vpcId;
    delete gateway.attachedAt;
  }
  const { resources } = await pipeline.status();
  expect(resources.find(({ id }) => id === 'internet-gateway')).toMatchObject({ state: 'differs' });
  await pipeline.provision(silent);
  expect((await pipeline.plan()).changes).toEqual([]);
});
