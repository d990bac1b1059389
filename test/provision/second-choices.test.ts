import { describe, expect, it } from 'vitest';
import { schema } from '../../src/settings/schema.ts';
import { endInstance } from '../../src/simulator/ec2/instances.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { builtAws, everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const hostOf = ({ world }: Simulator) =>
  world.ec2.instances.existing().find(({ privateIp, termination }) => privateIp === '10.0.0.10' && !termination)!;

const launches = ({ calls }: Simulator) => calls.filter(({ operation }) => operation === 'RunInstances');

describe('an image that AWS no longer offers', () => {
  it.each(['host.database', 'host.cli'])('is replaced by the newest, which the outcome of %s says', async id => {
    const aws = await builtAws();
    const pipeline = await pipelineOn(aws);
    const { images } = aws.world.ec2;
    const gone = images[0]!;
    images.push({ ...gone, id: 'ami-0new' });
    images.splice(images.indexOf(gone), 1);
    // The host goes, as one that somebody terminated.
    const host = aws.world.ec2.instances.existing().find(({ tags }) => tags.asOf()['salesreport:resource'] === id)!;
    host.isProtected = false;
    await aws.answer('ec2', 'TerminateInstances', { InstanceIds: [host.id] });
    await aws.world.clock.sleep(120_000);
    const { outcomes } = await pipeline.provision(silent);
    expect(outcomes.find(one => one.id === id)).toMatchObject({
      outcome: 'created',
      why: `AWS no longer offers image ${gone.id}, so it is made from the newest, ami-0new`,
    });
    expect((await pipeline.plan()).changes).toEqual([]);
  });
});

describe('availability zones', () => {
  const zonesIn = ({ world }: Simulator) =>
    Object.fromEntries(
      world.ec2.subnets.existing().map(({ tags, zone }) => [tags.asOf()['salesreport:resource'], zone.slice(-1)]),
    );

  it.each([
    ['the first two by default', {}, 'a', 'b'],
    ['two names', { zones: ['eu-west-1c', 'eu-west-1a'] }, 'c', 'a'],
    ['two ids', { zones: ['euw1-az2', 'euw1-az3'] }, 'b', 'c'],
    ['not one that is avoided', { avoidZones: ['eu-west-1a'] }, 'b', 'c'],
    ['not one that is avoided, by its id', { avoidZones: ['euw1-az2'] }, 'a', 'c'],
  ] as const)('are chosen: %s', async (_name, network, first, second) => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws, { settings: { network, hosts: { instanceType: 't4g.small' } } });
    await pipeline.provision(silent);
    expect(zonesIn(aws)).toEqual({
      'subnet.public-a': first,
      'subnet.private-a': first,
      'subnet.public-b': second,
      'subnet.private-b': second,
    });
    // They choose where something new is made, and are no difference for what is there.
    const others = await pipelineOn(aws, {
      settings: { network: { avoidZones: [`eu-west-1${first}`] }, hosts: { instanceType: 't4g.small' } },
    });
    expect((await others.plan()).changes).toEqual([]);
  });

  it.each([
    [
      'unknown',
      { zones: ['eu-west-1a', 'eu-west-1z'] },
      'network.zones names eu-west-1z, which is not an available zone of eu-west-1',
    ],
    [
      'unknown',
      { avoidZones: ['use1-az1'] },
      'network.avoidZones names use1-az1, which is not an available zone of eu-west-1',
    ],
    ['the same twice', { zones: ['eu-west-1a', 'euw1-az1'] }, 'network.zones names the same zone twice'],
    [
      'without the instance type',
      { zones: ['eu-west-1a', 'eu-west-1c'] },
      't4g.micro is not offered in eu-west-1c, which network.zones names',
    ],
    [
      'all but one avoided',
      { avoidZones: ['eu-west-1a'] },
      't4g.micro is offered in 1 availability zones of this region, without eu-west-1a, and two are needed',
    ],
  ])('that are %s stop the plan', async (_name, network, words) => {
    const pipeline = await pipelineOn(simulatedAws(), { settings: { network } });
    const refusal = await pipeline.plan().catch(error => error);
    expect(refusal).toMatchObject({ code: 'too-few-zones', exit: 'usage' });
    expect(refusal.message).toContain(words);
  });

  it('are named in one way at a time', () => {
    const parsed = schema.safeParse({ network: { zones: ['eu-west-1a'] } });
    expect(parsed.error?.issues[0]?.message).toBe('must be two availability zones such as [eu-west-1a, eu-west-1b]');
  });

  it.each([
    ['subnets', 'subnet.public-a', undefined],
    ['natGateways', 'nat-gateway', 'subnet.public-a'],
    ['capacity', 'host.database', 'subnet.public-a'],
    ['functions', 'function', 'subnet.private-a'],
  ] as const)('that refuse %s are named, and avoiding them ends well', async (what, id, moved) => {
    const settings = { hosts: { instanceType: 't4g.small' } };
    const aws = simulatedAws();
    aws.world.ec2.refusing[what].push('eu-west-1a');
    const pipeline = await pipelineOn(aws, { settings });
    const { outcomes } = await pipeline.provision(silent);
    const failed = outcomes.find(one => one.id === id);
    expect(failed?.outcome).toBe('failed');
    expect(failed?.why).toContain('eu-west-1a');
    expect(failed?.why).toContain('network.avoidZones');
    if (moved) expect(failed?.why).toContain(`--replace ${moved}`);

    const avoiding = await pipelineOn(aws, { settings: { ...settings, network: { avoidZones: ['eu-west-1a'] } } });
    const replace = [...(failed?.why?.matchAll(/--replace (\S+?)[.]?(?= |$)/g) ?? [])].map(([, one]) => one!);
    // The host is beside the NAT gateway, and goes along where a person names it.
    if (what === 'natGateways') replace.push('host.database');
    const second = await avoiding.provision(silent, { consent: { replace } });
    expect(second.outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped')).toEqual([]);
    expect((await avoiding.plan()).changes).toEqual([]);
    expect((await avoiding.teardown(silent, everything)).left).toEqual([]);
  });

  it('without capacity are asked once', async () => {
    const aws = simulatedAws();
    aws.world.ec2.refusing.capacity.push('eu-west-1a');
    await (await pipelineOn(aws)).provision(silent);
    expect(launches(aws)).toHaveLength(2);
    expect(new Set(launches(aws).map(({ error }) => error))).toEqual(new Set(['InsufficientInstanceCapacity']));
  });
});

describe('what cannot be changed in place', () => {
  it('is a difference: the path of roles and profiles', async () => {
    const aws = await builtAws();
    const pipeline = await pipelineOn(aws, { settings: { iam: { path: '/reports/' } } });
    const refusal = await pipeline.plan().catch(error => error);
    expect(refusal.code).toBe('needs-replacing');
    expect(refusal.message).toContain('is / and AWS cannot change it to /reports/ in place');
    const { resources } = await pipeline.status();
    expect(resources.filter(({ state }) => state !== 'ready').map(({ id }) => id)).toContain('role.function');
  });
});

describe('a host that has ended', () => {
  const ended = async (code: string, { after, unreadable = false }: { after: number; unreadable?: boolean }) => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws);
    aws.fault = call => {
      if (unreadable && call.operation === 'GetConsoleOutput') return 'denied';
      return undefined;
    };
    await pipeline.provision(silent);
    const host = hostOf(aws);
    const now = aws.world.now();
    // As AWS shows one that ended so long after its launch.
    host.createdAt = now;
    host.runningAt = now + 20_000;
    endInstance(aws.world, host, {
      askedAt: now + after,
      doneAt: now + after + 1_000,
      reason: { code, message: 'ended' },
    });
    await aws.world.clock.sleep(after + 10_000);
    return pipeline.plan().catch(error => error);
  };

  it.each([
    'Server.InternalError',
    'Client.InvalidParameterCombination',
    'Server.SpotInstanceTermination',
    'Client.VolumeLimitExceeded',
  ])('with %s before it ever ran held nothing: it is made anew', async code => {
    const plan = await ended(code, { after: 10_000 });
    expect(plan.changes?.find(({ id }: { id: string }) => id === 'host.database')).toMatchObject({ action: 'replace' });
  });

  it.each(['Server.InternalError', 'Client.VolumeLimitExceeded', 'Client.InternalError'])(
    'with %s after it ran may have held data: only a person replaces it',
    async code => {
      expect(await ended(code, { after: 60_000 })).toMatchObject({ code: 'needs-replacing' });
    },
  );

  it('counts as one that ran where AWS does not show its console', async () => {
    expect(await ended('Server.InternalError', { after: 10_000, unreadable: true })).toMatchObject({
      code: 'needs-replacing',
    });
  });
});

describe('tags', () => {
  it.each([
    ['names that differ by case only', { Team: 'a', team: 'b' }],
    ['a name of 128 characters', { ['k'.repeat(128)]: 'x' }],
    ['an empty value', { team: '' }],
    ['a value of 257 characters', { team: 'x'.repeat(257) }],
    ['a sign that IAM refuses', { team: 'a&b' }],
    ['a line break', { team: 'a\nb' }],
  ])('%s are refused before anything is asked', (_name, tags) => {
    expect(schema.safeParse({ tags }).success).toBe(false);
  });

  it('that the settings take are taken by every service', async () => {
    const tags = { ['k'.repeat(127)]: 'v'.repeat(256), 'Kostenstelle: Süd/2': '+-=._:/@ ü', x: ' ' };
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws, { settings: { tags, timezone: 'Europe/Berlin' } });
    const { outcomes } = await pipeline.provision(silent);
    expect(outcomes.filter(({ outcome }) => outcome !== 'created')).toEqual([]);
  });
});
