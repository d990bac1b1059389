import { expect, it } from 'vitest';
import type { NetworkInterface } from '../../../src/simulator/ec2/records.ts';
import { Tags } from '../../../src/simulator/ec2/tags.ts';
import { inventory, isEnded } from '../../../src/simulator/inventory.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const gateways = (aws: Simulator) => inventory(aws.world).filter(({ type }) => type === 'natgateway');
const states = (aws: Simulator) => gateways(aws).map(({ state }) => state);

/** Of a machine in another VPC. */
const strangersInterface = ({ world }: Simulator): NetworkInterface => ({
  id: world.newId('eni'),
  createdAt: world.now(),
  tags: new Tags({}),
  type: 'interface',
  description: '',
  vpcId: 'vpc-00000000000000000',
  subnetId: 'subnet-00000000000000000',
  privateIp: '172.31.0.5',
  groupIds: [],
});

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
  const refused = aws.calls.filter(
    ({ operation, error }) => operation === 'CreateRoute' && error === 'InvalidParameterValue',
  );
  expect(refused).not.toEqual([]);
});

it('T7: that failed because the internet gateway was not attached says why, is replaced, and no run looks at it again', async () => {
  const { aws, pipeline, why } = await withFailedGateway();
  expect(why).toContain('has no Internet gateway attached');
  expect((await pipeline.plan()).changes.find(({ id }) => id === 'nat-gateway')).toMatchObject({ action: 'replace' });
  await pipeline.provision(silent);
  expect(states(aws)).toEqual(['failed', 'available']);
  expect((await pipeline.plan()).changes).toEqual([]);
  expect((await pipeline.status()).healthy).toBe(true);
});

it('T7: that failed because its address is in use says so, and is made once the address is free', async () => {
  const aws = simulatedAws();
  let taken: string | undefined;
  aws.fault = ({ operation, input }) => {
    if (operation !== 'CreateNatGateway' || taken !== undefined) return undefined;
    // Somebody gives the address to a machine of their own at that moment.
    taken = (input as { AllocationId: string }).AllocationId;
    const elastic = { allocationId: taken, associationId: 'eipassoc-1' };
    aws.world.ec2.interfaces.existing()[0]!.elastic = elastic;
    return undefined;
  };
  aws.world.ec2.interfaces.add(strangersInterface(aws));
  const pipeline = await pipelineOn(aws);
  const { outcomes } = await pipeline.provision(silent);
  expect(outcomes.find(({ id }) => id === 'nat-gateway')?.why).toContain(
    `Elastic IP address [${taken}] is already associated`,
  );
  expect(outcomes.find(({ id }) => id === 'route-table.private')?.outcome).toBe('skipped');
  for (const eni of aws.world.ec2.interfaces.existing()) if (eni.elastic?.allocationId === taken) delete eni.elastic;
  await pipeline.provision(silent);
  expect(states(aws)).toEqual(['failed', 'available']);
  expect((await pipeline.plan()).changes).toEqual([]);
  expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
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
