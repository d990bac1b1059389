import { describe, expect, it } from 'vitest';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import { copyAll, reorder, stateOf } from '../helpers/copies.ts';
import { builtAws, everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

/** What no list of the tool's shows: it has none of our names, and its service finds things by those. */
const isShown = (what: string) => !['another VPC', 'topic', 'log group', 'parameter'].includes(what);
/** Beside another in the same VPC: only a run with the stack's settings says which serves. */
const isSwept = (what: string) => !/^inside (subnet|public|private|endpoint|host)|inside$/.test(what);
/** What a survey shows. */
const isInView = (what: string) =>
  !/elsewhere (subnet|security|public|private|endpoint)|NAT gateway elsewhere|snapshot/.test(what) && isShown(what);

describe("what somebody else has with the stack's tags", () => {
  it.each(['first', 'last'] as const)('survives every verb unchanged where AWS lists it %s', async order => {
    const aws = await builtAws();
    const own = inventory(aws.world).filter(row => !isEnded(row));
    const copies = await copyAll(aws);
    reorder(aws, copies, order);
    const before = stateOf(aws, copies);
    const pipeline = () => pipelineOn(aws);
    expect((await (await pipeline()).plan()).changes).toEqual([]);
    for (const { awsId } of copies.filter(({ what }) => what.includes('host.')))
      await expect((await pipeline()).plan({ removeSurplus: [awsId] })).rejects.toMatchObject({
        code: 'unknown-surplus',
      });
    await (await pipeline()).status();
    await (await pipeline()).provision(silent, {
      consent: { adopt: true, replace: ['nat-gateway', 'host.cli', 'function'] },
    });
    expect(stateOf(aws, copies)).toEqual(before);
    expect((await (await pipeline()).plan()).changes).toEqual([]);
    const named = (await (await pipeline()).status()).strangers.map(({ awsId }) => awsId);
    const swept = await (await pipeline()).sweep(silent);
    expect(swept.stacks).toMatchObject([{ state: 'standing' }]);
    for (const { what, awsId } of copies.filter(one => isShown(one.what))) {
      expect([what, swept.foreign.some(one => one.awsId === awsId)]).toEqual([what, isSwept(what)]);
      if (isInView(what)) expect(named).toContain(awsId);
    }
    const first = await (await pipeline()).teardown(silent, everything);
    expect(stateOf(aws, copies)).toEqual(before);
    // What holds what somebody else has cannot go before that.
    expect(first.left.map(({ id }) => id).sort()).toEqual(['internet-gateway', 'vpc']);
    const certified = first.strangers.map(({ awsId }) => awsId);
    for (const { awsId } of copies.filter(({ what }) => isInView(what))) expect(certified).toContain(awsId);
    const rest = inventory(aws.world).filter(row => !isEnded(row) && own.some(({ id }) => id === row.id));
    expect(rest.map(({ type }) => type).sort()).toEqual(expect.arrayContaining(['internet-gateway', 'vpc']));
    // Now the copies alone have the tags.
    await (await pipeline()).teardown(silent, everything);
    expect(stateOf(aws, copies)).toEqual(before);
  });
});

it('a run that is killed before its internet gateway is attached is gone on with, and a detached copy stays', async () => {
  const aws = simulatedAws();
  const killed = new Promise<void>(done => {
    aws.onKill = done;
  });
  aws.fault = ({ operation }) => (operation === 'AttachInternetGateway' ? 'killed before' : undefined);
  void (await pipelineOn(aws)).provision(silent);
  await killed;
  aws.fault = () => undefined;
  aws.restart();
  const [own] = aws.world.ec2.internetGateways.existing();
  const Tags = Object.entries(own!.tags.asOf(aws.world.now()))
    .filter(([Key]) => Key !== 'salesreport:begun')
    .map(([Key, Value]) => ({ Key, Value }));
  await aws.answer('ec2', 'CreateInternetGateway', { TagSpecifications: [{ ResourceType: 'internet-gateway', Tags }] });
  await aws.world.clock.sleep(120_000);
  await (await pipelineOn(aws)).provision(silent);
  const gateways = aws.world.ec2.internetGateways.existing();
  expect(gateways.map(({ id, vpcId }) => [id === own!.id, vpcId !== undefined])).toEqual([
    [true, true],
    [false, false],
  ]);
});

it('two things that nothing tells apart are named, and stay', async () => {
  const aws = simulatedAws();
  const killed = new Promise<void>(done => {
    aws.onKill = done;
  });
  aws.fault = ({ operation }) => (operation === 'CreateRoute' ? 'killed before' : undefined);
  void (await pipelineOn(aws)).provision(silent);
  await killed;
  aws.fault = () => undefined;
  aws.restart();
  await aws.world.clock.sleep(120_000);
  const isPublic = ({ tags }: { tags: { asOf(at: number): Record<string, string> } }) =>
    tags.asOf(aws.world.now())['salesreport:resource'] === 'route-table.public';
  const own = aws.world.ec2.routeTables.existing().find(isPublic)!;
  const Tags = Object.entries(own.tags.asOf(aws.world.now())).map(([Key, Value]) => ({ Key, Value }));
  await aws.answer('ec2', 'CreateRouteTable', {
    VpcId: own.vpcId,
    TagSpecifications: [{ ResourceType: 'route-table', Tags }],
  });
  await aws.world.clock.sleep(120_000);
  const both = aws.world.ec2.routeTables.existing().filter(isPublic);
  expect(both).toHaveLength(2);
  const ids = both.map(({ id }) => id).sort();
  const alike = {
    code: 'two-alike',
    message: `${ids.join(' and ')} in the stack's VPC carry the tags of route-table.public, and nothing tells which of them is the stack's: remove the tag salesreport:stack from the one that is not, then run the same command again.`,
  };
  const pipeline = await pipelineOn(aws);
  await expect(pipeline.status()).rejects.toMatchObject(alike);
  await expect(pipeline.provision(silent)).rejects.toMatchObject(alike);
  await expect(pipeline.teardown(silent, everything)).rejects.toMatchObject(alike);
  expect(aws.world.ec2.routeTables.existing().filter(isPublic)).toHaveLength(2);
});
