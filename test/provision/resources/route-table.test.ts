import { expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const everywhere = '0.0.0.0/0';
const tables = (aws: Simulator) => aws.world.ec2.routeTables.existing().filter(({ main }) => !main);
const privateTable = (aws: Simulator) =>
  tables(aws).find(({ tags }) => tags.asOf()['salesreport:resource'] === 'route-table.private')!;
const target = (aws: Simulator) =>
  privateTable(aws).routes.find(({ destination }) => destination === everywhere)?.target;

it('a default route to a host is seen and put back', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  const [before, table] = [target(aws), privateTable(aws)];
  const [host] = aws.world.ec2.instances.existing();
  const NetworkInterfaceId = host!.interfaceId;
  await aws.answer('ec2', 'ReplaceRoute', {
    RouteTableId: table.id,
    DestinationCidrBlock: everywhere,
    NetworkInterfaceId,
  });
  const { changes } = await pipeline.plan();
  expect(changes).toMatchObject([
    { id: 'route-table.private', differences: [{ is: NetworkInterfaceId, wanted: before }] },
  ]);
  await pipeline.provision(silent);
  expect(target(aws)).toBe(before);
  expect((await pipeline.plan()).changes).toEqual([]);
});

it('a default route that somebody else makes meanwhile is put right in the same run', async () => {
  const aws = simulatedAws();
  aws.fault = ({ operation, input }) => {
    const table = tables(aws).find(({ id }) => 'RouteTableId' in input && input.RouteTableId === id);
    const [host] = aws.world.ec2.instances.existing();
    if (operation === 'CreateRoute' && table === privateTable(aws))
      table.routes.push({ destination: everywhere, target: host!.interfaceId });
    return undefined;
  };
  await (await pipelineOn(aws)).provision(silent);
  expect(target(aws)).toMatch(/^nat-/);
});
