import { expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const defaultRules = (aws: Simulator) => aws.world.ec2.groups.existing().find(({ name }) => name === 'default')!.rules;

it('the default group of a new VPC is emptied once it is listed', async () => {
  const aws = simulatedAws({ lag: 10_000 });
  const pipeline = await pipelineOn(aws);
  const { outcomes } = await pipeline.provision(silent);
  expect(outcomes.find(({ id }) => id === 'vpc')?.outcome).toBe('created');
  expect(defaultRules(aws)).toEqual([]);
  expect((await pipeline.plan()).changes).toEqual([]);
});

it('a VPC that a run left behind before its default group was listed has it emptied by the next', async () => {
  const aws = simulatedAws({ lag: 10_000 });
  const pipeline = await pipelineOn(aws);
  aws.fault = ({ mutating, operation }) =>
    mutating && !['PutParameter', 'CreateVpc'].includes(operation) ? 'credentials expired' : undefined;
  await pipeline.provision(silent);
  const [vpc] = aws.world.ec2.vpcs.existing();
  await aws.world.clock.sleep(Math.max(0, vpc!.createdAt + 10_000 - aws.world.now()));
  for (const group of aws.world.ec2.groups.existing()) group.createdAt = aws.world.now();
  aws.fault = () => undefined;
  await pipeline.provision(silent);
  expect(defaultRules(aws)).toEqual([]);
});
