import { describe, expect, it } from 'vitest';
import { IamWorld } from '../../src/simulator/iam/state.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { onlyRegions } from '../helpers/guardrails.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const mutations = ({ calls }: Simulator) => calls.filter(({ mutating }) => mutating).length;

/** Two regions of one account. */
function twoRegions() {
  const clock = new VirtualClock({ start: Date.UTC(2026, 10, 24, 9) });
  const iam = new IamWorld();
  const [ireland, frankfurt] = ['eu-west-1', 'eu-central-1'].map(region => simulatedAws({ clock, iam, region })) as [
    Simulator,
    Simulator,
  ];
  const us = simulatedAws({ clock, iam, region: 'us-east-1' });
  const all: Record<string, Simulator> = { 'eu-west-1': ireland, 'eu-central-1': frankfurt, 'us-east-1': us };
  return { ireland, frankfurt, pluginIn: (region: string) => all[region]!.plugin };
}

it('finds nothing in an empty account, and changes nothing', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  expect(await pipeline.sweep(silent)).toEqual({
    regions: ['eu-west-1'],
    stacks: [],
    strangers: [],
    foreign: [],
    unseen: [],
    at: expect.stringMatching(/^2026-11-24T09:00:/),
  });
  expect(mutations(aws)).toBe(0);
});

it('names a whole stack as standing, with each kind of thing that it is of', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws, { settings: { timezone: 'Europe/Berlin' } });
  const { outcomes } = await pipeline.provision(silent);
  const { stacks, strangers } = await pipeline.sweep(silent);
  expect(strangers).toEqual([]);
  expect(stacks).toMatchObject([{ stack: 'salesreport', region: 'eu-west-1', state: 'standing' }]);
  const found = new Set(stacks[0]!.things.map(({ resource }) => resource));
  // A schedule carries no tags and goes with its group; the record of the settings goes with the archive.
  const made = outcomes.map(({ id }) => id).filter(id => id !== 'schedule.scheduler' && id !== 'settings');
  expect(made.filter(id => !found.has(id))).toEqual([]);
  expect(Number(stacks[0]!.monthly)).toBeGreaterThan(50);
});

it('finds what a teardown left, of a stack that is not the one of the settings, with age, price and the way to remove it', async () => {
  const aws = simulatedAws();
  const shop = await pipelineOn(aws, { settings: { stack: 'shop' } });
  await shop.provision(silent);
  aws.fault = ({ operation, mutating }) =>
    mutating && ['DeleteNatGateway', 'DeleteRole'].includes(operation) ? 'denied' : undefined;
  await shop.teardown(silent, everything);
  aws.fault = () => undefined;
  const { stacks } = await (await pipelineOn(aws)).sweep(silent);
  expect(stacks).toHaveLength(1);
  expect(stacks[0]).toMatchObject({
    stack: 'shop',
    region: 'eu-west-1',
    state: 'leftovers',
    monthly: '36.50',
    removedBy: 'salesreport teardown --stack shop --region eu-west-1',
  });
  const things = stacks[0]!.things.map(({ type }) => type);
  expect(things).toEqual(expect.arrayContaining(['NAT gateway', 'address', 'VPC', 'role']));
  expect(things).not.toContain('instance');
  expect(stacks[0]!.things.find(({ type }) => type === 'NAT gateway')).toMatchObject({
    monthly: '32.85',
    since: expect.stringMatching(/^2026-11-24T09:/),
  });
});

it('what a teardown keeps on purpose is no leftover', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  await pipeline.teardown(silent, { snapshot: true });
  const { stacks } = await pipeline.sweep(silent);
  expect(stacks).toMatchObject([{ state: 'kept', monthly: '0.40' }]);
  expect(stacks[0]!.things.map(({ type }) => type).sort()).toEqual(['archive', 'snapshot']);
});

it('the interfaces that Lambda still holds, the lock of a dead run and what carries no tags are found by their names', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  const killed = new Promise<void>(done => {
    aws.onKill = done;
  });
  aws.fault = ({ operation }) => (operation === 'DeleteFunction' ? 'killed after' : undefined);
  void pipeline.teardown(silent, everything);
  await killed;
  aws.fault = () => undefined;
  aws.restart();
  await aws.world.clock.sleep(5_000);
  const { stacks } = await (await pipelineOn(aws)).sweep(silent);
  expect(stacks).toMatchObject([{ state: 'leftovers' }]);
  const types = stacks[0]!.things.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['network interface', 'lock', 'layer', 'log group']));
});

describe('of several regions', () => {
  it('all are looked at, and what IAM has counts to the region of its tags', async () => {
    const { ireland, frankfurt, pluginIn } = twoRegions();
    await (await pipelineOn(frankfurt, { settings: { stack: 'shop' } })).provision(silent);
    const pipeline = await pipelineOn(ireland, { pluginIn });
    expect((await pipeline.sweep(silent)).stacks).toEqual([]);
    const { stacks, regions } = await pipeline.sweep(silent, { allRegions: true });
    expect(regions).toEqual(['eu-central-1', 'eu-west-1', 'us-east-1']);
    expect(stacks).toMatchObject([{ stack: 'shop', region: 'eu-central-1', state: 'standing' }]);
    expect(stacks[0]!.things.filter(({ type }) => type === 'role').length).toBeGreaterThan(0);
  });
});

it('what is only named alike is said to be a stranger', async () => {
  const aws = simulatedAws();
  await aws.answer('sns', 'CreateTopic', { Name: 'salesAnalysisReportTopic' });
  await aws.answer('logs', 'CreateLogGroup', { logGroupName: '/aws/lambda/salesAnalysisReportDataExtractor-shop' });
  await aws.answer('sns', 'CreateTopic', { Name: 'salesAnalysisReportTopics' });
  const { stacks, strangers } = await (await pipelineOn(aws)).sweep(silent);
  expect(stacks).toEqual([]);
  expect(strangers.map(({ type, stack, stranger }) => [type, stack, stranger]).sort()).toEqual([
    ['log group', 'shop', 'it has no owner tags'],
    ['topic', 'salesreport', 'it has no owner tags'],
  ]);
});

it('what may not be looked at is named, and is no proof', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  aws.fault = ({ operation }) => (operation === 'ListBuckets' ? 'denied' : undefined);
  const { unseen } = await pipeline.sweep(silent);
  expect(unseen).toEqual([{ region: 'eu-west-1', why: expect.stringContaining('You may not s3:List') }]);
});

it('a region that the organization denies is one line, and the others are looked at', async () => {
  const { ireland, frankfurt, pluginIn } = twoRegions();
  await (await pipelineOn(ireland)).provision(silent);
  for (const { world } of [ireland, frankfurt]) world.operator.serviceControl = [onlyRegions('eu-west-1', 'us-east-1')];
  const { unseen, stacks } = await (await pipelineOn(ireland, { pluginIn })).sweep(silent, { allRegions: true });
  // The guardrail lets everybody list buckets.
  const who = 'arn:aws:organizations::111122223333:policy/o-exampleorgid/service_control_policy/p-regionexample';
  expect(unseen).toEqual([
    {
      region: 'eu-central-1',
      why: expect.stringMatching(
        new RegExp(
          `^(\\d+) of \\d+ questions are denied: a service control policy of your organization \\(${who}\\) denies it$`,
        ),
      ),
    },
  ]);
  expect(stacks).toMatchObject([{ stack: 'salesreport', state: 'standing' }]);
});

it('several questions of a region that fail are one line too', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  aws.fault = ({ operation }) => (['ListBuckets', 'ListTopics'].includes(operation) ? 'denied' : undefined);
  const { unseen } = await pipeline.sweep(silent);
  expect(unseen).toEqual([
    { region: 'eu-west-1', why: expect.stringMatching(/^2 of \d+ questions failed, the first with: You may not/) },
  ]);
});
