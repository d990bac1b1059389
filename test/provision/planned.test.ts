import { describe, expect, it } from 'vitest';
import { planOf as planOfEngine } from '../../src/provision/engine/plan.ts';
import { plannedOf, priceNotes } from '../../src/provision/plan/planned.ts';
import { costOf, sumOf } from '../../src/provision/plan/prices.ts';
import type { Stack } from '../../src/provision/stack.ts';
import { catalogueOf } from '../helpers/catalogue-of.ts';
import { pipelineOn, settingsWith, silent, simulatedAws, smallArtifacts } from '../helpers/simulated-stack.ts';

const planOf = async (settings: object = {}) => (await pipelineOn(simulatedAws(), { settings })).plan();

describe('what a plan costs', () => {
  it('is the list price of 730 hours and of a month, to the cent', async () => {
    const { cost, changes } = await planOf();
    expect(cost).toEqual({
      added: '57.34',
      removed: '0.00',
      parts: [
        { what: 'NAT gateway', monthly: '32.85' },
        { what: '2 t4g.micro hosts', monthly: '12.26' },
        { what: '3 public IPv4 addresses', monthly: '10.95' },
        { what: '16 GB of gp3 disk', monthly: '1.28' },
      ],
    });
    const priced = changes.filter(({ monthly }) => monthly !== '0.00').map(({ id, monthly }) => [id, monthly]);
    expect(priced).toEqual([
      ['address.nat', '3.65'],
      ['nat-gateway', '32.85'],
      ['host.database', '10.42'],
      ['host.cli', '10.42'],
    ]);
  });

  it('is not guessed for an instance type that is not in the list', () => {
    const given = { hosts: { instanceType: 'x9z.huge' } };
    const resources = catalogueOf(simulatedAws(), given);
    const nothing = new Map(resources.map(({ id }) => [id, []]));
    const stack = { settings: settingsWith(given), artifacts: smallArtifacts } as unknown as Stack;
    const plan = plannedOf(stack, resources, nothing, planOfEngine(resources, nothing), {});
    expect(plan.changes.find(({ id }) => id === 'host.cli')?.monthly).toBeNull();
    expect(plan.cost.parts).toContainEqual({ what: '2 x9z.huge hosts', monthly: null });
    expect(plan.cost.added).toBe('45.08');
    expect(priceNotes(plan, stack.settings, resources).join(' ')).not.toContain('a month less');
  });

  it('is less where something goes, by what was there', async () => {
    const aws = simulatedAws();
    await (await pipelineOn(aws)).provision(silent);
    const { cost, changes } = await (await pipelineOn(aws, { settings: { hosts: { cli: false } } })).plan();
    expect({ added: cost.added, removed: cost.removed }).toEqual({ added: '0.00', removed: '10.42' });
    expect(changes.find(({ id }) => id === 'host.cli')).toMatchObject({ action: 'remove', monthly: '-10.42' });
  });

  it('is nothing where nothing is made or goes', async () => {
    const aws = simulatedAws();
    await (await pipelineOn(aws)).provision(silent);
    const { cost } = await (await pipelineOn(aws, { settings: { function: { memory: 512 } } })).plan();
    expect(cost).toEqual({ added: '0.00', removed: '0.00', parts: [] });
  });

  it.each([
    ['running', '10.42'],
    ['stopped', '0.64'],
    ['terminated', '0.00'],
  ])('of a host that is %s is %s', (state, dollars) => {
    const host = catalogueOf(simulatedAws()).find(({ id }) => id === 'host.cli')!;
    const found = { awsId: 'i-0a', ours: true, state, instanceType: 't4g.micro' };
    expect(sumOf(host.billableItems!(found))!.toFixed(2)).toBe(dollars);
  });
});

describe('notes on the price', () => {
  const notesOf = async (settings: object = {}) => (await planOf(settings)).notes.filter(note => note.includes('$'));

  it('name what no free tier covers, what would do instead, and what need not be', async () => {
    expect(await notesOf()).toEqual([
      'The NAT gateway and its address are never free: $36.50 a month.',
      'Interface endpoints for SNS and SSM would be $14.60 a month in one zone, $29.20 in both, and reach nothing else; salesreport does not make them.',
      'Without the administration host (hosts.cli: false) it costs $10.42 a month less.',
    ]);
  });

  it('say what the same size of Graviton would save', async () => {
    expect(await notesOf({ hosts: { instanceType: 't3.micro' } })).toContain(
      'Hosts of t4g.micro in place of t3.micro (hosts.instanceType) cost $2.92 a month less.',
    );
  });

  it('name SNS alone where the function is given its password', async () => {
    expect((await notesOf({ database: { secret: 'env' } }))[1]).toContain(
      'An interface endpoint for SNS would be $7.30 a month in one zone, $14.60',
    );
  });

  it('offer no endpoints where the function needs the way out to reach the database', async () => {
    expect(await notesOf({ database: { host: 'db.example.com' } })).toEqual([
      'The NAT gateway and its address are never free: $36.50 a month.',
    ]);
  });

  it('are not repeated when nothing that costs is made', async () => {
    const aws = simulatedAws();
    await (await pipelineOn(aws)).provision(silent);
    const { notes } = await (await pipelineOn(aws, { settings: { function: { memory: 512 } } })).plan();
    expect(notes).toEqual([]);
  });
});

it('money is decimal: a thousand hours of a cent are ten dollars', () => {
  expect(sumOf([{ item: 'interfaceEndpoint', amount: 3 }])!.toString()).toBe('21.9');
  expect(costOf({ item: 'publicAddress', amount: 1 })).toMatchObject({ words: 'public IPv4 address' });
});

it('each change says which IAM actions its operations need, and the whole those of the lock too', async () => {
  const { changes, permissions } = await planOf();
  expect(changes.find(({ id }) => id === 'host.cli')?.permissions).toEqual([
    'ec2:CreateTags',
    'ec2:RunInstances',
    'iam:PassRole',
  ]);
  expect(permissions).toEqual(
    [
      ...new Set([
        ...changes.flatMap(one => one.permissions),
        'ssm:AddTagsToResource',
        'ssm:DeleteParameter',
        'ssm:PutParameter',
      ]),
    ].sort(),
  );
});
