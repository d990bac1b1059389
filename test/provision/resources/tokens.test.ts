import { expect, it } from 'vitest';
import { inventory, isEnded } from '../../../src/simulator/inventory.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { newProcess, pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const shape = (aws: Simulator) =>
  inventory(aws.world)
    .filter(row => row.service === 'ec2' && !isEnded(row))
    .map(({ type, tags }) => `${type} ${tags['salesreport:resource'] ?? ''}`)
    .sort();

const withTags = { settings: { tags: { team: 'sales' } } };

it.each<[operation: string, things: 'natGateways' | 'routeTables' | 'endpoints' | 'instances']>([
  ['CreateNatGateway', 'natGateways'],
  ['CreateRouteTable', 'routeTables'],
  ['CreateVpcEndpoint', 'endpoints'],
  ['RunInstances', 'instances'],
])(
  'a run that ends in %s is finished with other tags: what it made is found, though not listed at first, and nothing made twice',
  async (last, things) => {
    const whole = simulatedAws();
    await (await pipelineOn(whole)).provision(silent);

    const aws = simulatedAws({ lag: 20_000 });
    const made = () => aws.world.ec2[things].existing().find(({ tags }) => tags.asOf()['salesreport:stack']);
    aws.fault = ({ mutating, operation }) => {
      if (mutating && made()) return 'credentials expired';
      return operation === last ? 'answer lost' : undefined;
    };
    const { outcomes } = await (await pipelineOn(aws)).provision(silent);
    expect(outcomes.some(({ outcome }) => outcome === 'failed')).toBe(true);

    made()!.createdAt = aws.world.now();
    aws.fault = () => undefined;
    const pipeline = await pipelineOn(aws, { ...withTags, self: newProcess('shop', () => false) });
    await pipeline.provision(silent);
    const mismatches = aws.calls.filter(({ error }) => error === 'IdempotentParameterMismatch');
    expect(mismatches.map(({ operation }) => operation)).toContain(last);
    expect(shape(aws)).toEqual(shape(whole));
    // The new tags are not seen at once.
    await aws.world.clock.sleep(20_000);
    expect((await pipeline.plan()).changes).toEqual([]);
  },
);

it('a token whose thing has gone without a trace is given up after a minute', async () => {
  const aws = simulatedAws();
  await (await pipelineOn(aws)).provision(silent);
  const [host] = aws.world.ec2.instances.existing().filter(({ privateIp }) => privateIp === '10.0.0.10');
  host!.isProtected = false;
  await aws.answer('ec2', 'TerminateInstances', { InstanceIds: [host!.id] });
  await aws.world.clock.sleep(2 * 3_600_000);
  const { outcomes } = await (await pipelineOn(aws, withTags)).provision(silent);
  const remade = outcomes.find(({ id }) => id === 'host.database');
  expect(remade?.outcome).toBe('created');
  expect(remade?.seconds).toBeGreaterThan(60);
});
