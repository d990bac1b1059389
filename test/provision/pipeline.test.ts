import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../src/provision/aws/aws.ts';
import { isMutating } from '../../src/provision/operations.ts';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { IamWorld } from '../../src/simulator/iam/state.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { sampled } from '../helpers/sampled.ts';
import { builtAws, everything, pipelineOn, silent, simulatedAws, smallArtifacts } from '../helpers/simulated-stack.ts';

const provision = async (pipeline: Pipeline) => pipeline.provision(silent);
const living = (aws: Simulator) => inventory(aws.world).filter(row => !isEnded(row));
const mutations = (aws: Simulator) =>
  aws.calls.filter(({ mutating, operation }) => mutating && operation !== 'Invoke').length;

/** What exists, without ids: `subnet subnet.public-a`. Main route tables and default groups come with the VPC. */
const shape = (aws: Simulator) =>
  living(aws)
    .map(({ type, tags, id, name }) =>
      `${type} ${tags['salesreport:resource'] ?? name ?? id}`.replace(/[0-9a-f]{17}|[0-9a-f]{8}-[0-9a-f-]{27}/, ''),
    )
    .sort();

const built = async () => {
  const aws = await builtAws();
  const pipeline = await pipelineOn(aws);
  return { aws, pipeline, shape: shape(aws) };
};

describe('a pipeline', () => {
  it('is built once, proves itself, and is taken down without a trace', async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws);
    const plan = await pipeline.plan();
    expect(mutations(aws)).toBe(0);
    expect(plan.changes.every(({ action }) => action === 'create')).toBe(true);

    const { outcomes } = await pipeline.provision(silent);
    expect(outcomes.filter(({ outcome }) => outcome !== 'created')).toEqual([]);
    expect((await pipeline.probe(silent)).every(({ ok }) => ok)).toBe(true);

    const before = mutations(aws);
    expect((await pipeline.plan()).changes).toEqual([]);
    expect((await provision(pipeline)).outcomes.every(({ outcome }) => outcome === 'unchanged')).toBe(true);
    const status = await pipeline.status();
    expect(status.resources.filter(({ state }) => state !== 'ready')).toEqual([]);
    expect(status.healthy).toBe(true);
    expect(mutations(aws)).toBe(before);

    const certificate = await pipeline.teardown(silent, everything);
    expect(certificate.left).toEqual([]);
    expect(certificate.removed.length).toBeGreaterThan(outcomes.length);
    expect(living(aws)).toEqual([]);

    const after = mutations(aws);
    expect(await pipeline.teardown(silent, everything)).toMatchObject({ removed: [], left: [] });
    // Only the lock: what an interrupted run just made may not be listed yet.
    expect(mutations(aws)).toBe(after + 2);
  });

  it('waits for the host to set itself up, and says what it last heard of one that never does', async () => {
    const { aws, pipeline } = await built();
    const [host] = aws.world.ec2.instances.existing().filter(({ privateIp }) => privateIp === '10.0.0.10');
    Object.assign(host!, { readyAt: aws.world.now() + 5 * 60_000, database: undefined });
    expect((await pipeline.probe(silent)).every(({ ok }) => ok)).toBe(true);
    // As if made anew, and never to be ready.
    Object.assign(host!, { readyAt: Number.POSITIVE_INFINITY, database: undefined });
    const start = aws.world.now();
    const hops = await pipeline.probe(silent);
    expect(hops.map(({ hop, ok }) => `${hop} ${ok}`)).toEqual(['name true', 'tcp false', 'login false']);
    expect(hops[1]!.detail).toMatch(/^connect ECONNREFUSED 10\.0\.0\.10:3306 \(the host says: .+\)$/);
    expect((aws.world.now() - start) / 60_000).toBeCloseTo(15, 0);
  });

  it('calls for a new resource just the operations that the plan shows for it', async () => {
    const aws = simulatedAws();
    const calls: CallRecord[] = [];
    const pipeline = await pipelineOn(aws, { onCall: call => calls.push(call) });
    const plan = await pipeline.plan();
    await pipeline.provision(silent);
    const shown = plan.changes.map(({ id, operations }) => [id, [...new Set(operations)].sort()]);
    const called = plan.changes.map(({ id }) => {
      const own = calls.filter(({ operation, resource }) => resource === id && isMutating(operation));
      return [id, [...new Set(own.map(({ operation }) => operation))].sort()];
    });
    // A tag on the VPC, only where something of the same kind was there before.
    const withoutTags = (rows: (string | string[])[][]) =>
      rows.map(([id, operations]) => [id, (operations as string[]).filter(one => one !== 'ec2:CreateTags')]);
    expect(withoutTags(called)).toEqual(withoutTags(shown));
  });

  it('stands beside another stack, and goes without touching it', async () => {
    const { aws, pipeline } = await built();
    const dev = await pipelineOn(aws, { settings: { stack: 'dev' } });
    await provision(dev);
    const both = shape(aws);
    await dev.teardown(silent, everything);
    expect(shape(aws).length).toBeLessThan(both.length);
    expect((await pipeline.status()).healthy).toBe(true);
    await pipeline.teardown(silent, everything);
    expect(living(aws)).toEqual([]);
  });

  it('of the same name in a second region stops with a sentence before any change', async () => {
    const iam = new IamWorld();
    const first = simulatedAws({ iam });
    await provision(await pipelineOn(first));
    const second = simulatedAws({ iam, region: 'us-east-1', clock: first.world.clock });
    const pipeline = await pipelineOn(second);
    await expect(pipeline.plan()).rejects.toMatchObject({
      code: 'name-taken',
      message:
        'Role salesAnalysisReportRole (salesAnalysisReportRole) is there already and is not ours (it belongs to stack salesreport in eu-west-1): rename or remove it, or choose another name with --stack.',
    });
    expect(mutations(second)).toBe(0);
    expect(await pipeline.teardown(silent, everything)).toMatchObject({ removed: [], left: [] });
    expect(iam.roles.size).toBe(3);
  });
});

describe('an interrupted run', () => {
  it.each(sampled([1, 4, 9, 16, 25, 36, 46, 50], 3))(
    'is finished by the next one, when calls stopped working after %i changes',
    async last => {
      const whole = await built();
      const aws = simulatedAws();
      let changes = 0;
      aws.fault = ({ mutating }) => (mutating && ++changes > last ? 'credentials expired' : undefined);
      const pipeline = await pipelineOn(aws);
      const { outcomes } = await provision(pipeline);
      expect(outcomes.some(({ outcome }) => outcome === 'failed')).toBe(true);
      aws.fault = () => undefined;
      await provision(pipeline);
      expect(shape(aws)).toEqual(whole.shape);
      expect((await pipeline.plan()).changes).toEqual([]);
    },
  );

  it.each(sampled([2, 8, 20, 40], 2))('can be taken down from half-way, after %i changes', async last => {
    const aws = simulatedAws();
    let changes = 0;
    aws.fault = ({ mutating }) => (mutating && ++changes > last ? 'credentials expired' : undefined);
    const pipeline = await pipelineOn(aws);
    await provision(pipeline);
    aws.fault = () => undefined;
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
    expect(living(aws)).toEqual([]);
  });

  it.each(sampled([1, 5, 12, 24, 40], 2))(
    'of a teardown says what is left, and the next one ends it, after %i changes',
    async last => {
      const { aws, pipeline } = await built();
      let changes = 0;
      aws.fault = ({ mutating }) => (mutating && ++changes > last ? 'credentials expired' : undefined);
      expect((await pipeline.teardown(silent, everything)).left.length).toBeGreaterThan(0);
      aws.fault = () => undefined;
      expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
      expect(living(aws)).toEqual([]);
    },
  );

  it('of a teardown can be built up again at once', async () => {
    const { aws, pipeline, shape: whole } = await built();
    let changes = 0;
    aws.fault = ({ mutating }) => (mutating && ++changes > 12 ? 'credentials expired' : undefined);
    await pipeline.teardown(silent, everything);
    aws.fault = () => undefined;
    const { outcomes } = await provision(pipeline);
    expect(outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped')).toEqual([]);
    expect(shape(aws)).toEqual(whole);
  });
});

describe('faults', () => {
  it.each(['answer lost', 'error after', 'error before', 'throttled'] as const)(
    '%s at the first try of every change: nothing double',
    async fault => {
      const whole = await built();
      const aws = simulatedAws();
      aws.fault = ({ mutating, operation }, nth) =>
        mutating && nth === 1 && operation !== 'Invoke' ? fault : undefined;
      const pipeline = await pipelineOn(aws);
      const { outcomes } = await provision(pipeline);
      expect(outcomes.filter(({ outcome }) => outcome !== 'created')).toEqual([]);
      expect(shape(aws)).toEqual(whole.shape);
      expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
      expect(living(aws)).toEqual([]);
    },
  );

  it.each([2, 20])('new ids that are not found for %i s are waited for', async seconds => {
    const whole = await built();
    const aws = simulatedAws({ lag: seconds * 1_000 });
    const pipeline = await pipelineOn(aws);
    const { outcomes } = await provision(pipeline);
    expect(outcomes.filter(({ outcome }) => outcome !== 'created')).toEqual([]);
    expect(shape(aws)).toEqual(whole.shape);
  });

  it('names the denied action, and makes nothing of what needs it', async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws);
    // The dry run that asks beforehand is allowed.
    aws.fault = ({ operation, mutating }) => (mutating && operation === 'CreateVpc' ? 'denied' : undefined);
    const { outcomes } = await provision(pipeline);
    const vpc = outcomes.find(({ id }) => id === 'vpc');
    expect(vpc?.outcome).toBe('failed');
    expect(vpc?.why).toContain('You may not ec2:CreateVpc');
    expect(outcomes.find(({ id }) => id === 'function')?.outcome).toBe('skipped');
  });
});

describe('changed settings', () => {
  const changesTo = async (settings: object, from: object = {}) => {
    const aws = simulatedAws();
    await provision(await pipelineOn(aws, { settings: from }));
    const pipeline = await pipelineOn(aws, { settings });
    const plan = await pipeline.plan();
    await pipeline.provision(silent);
    expect((await pipeline.plan()).changes).toEqual([]);
    const { left } = await pipeline.teardown(silent, everything);
    expect(left).toEqual([]);
    expect(living(aws)).toEqual([]);
    return plan.changes.map(({ id, action, differences }) => [
      id,
      action,
      ...differences.map(({ what, is, wanted }) => `${what}: ${is} -> ${wanted}`),
    ]);
  };

  it('of the function are updates', async () => {
    expect(await changesTo({ function: { memory: 512 }, currency: 'EUR' })).toEqual([
      ['function', 'update', 'memory: 256 MB -> 512 MB', 'environment variable CURRENCY: not set -> EUR'],
    ]);
  });

  it('of the ports close them', async () => {
    expect(await changesTo({ network: { webPorts: false, adminCidr: '198.51.100.0/24' } })).toEqual([
      [
        'group.web',
        'update',
        '22 from 198.51.100.0/24: closed -> open',
        '22 from 203.0.113.7/32: open -> closed',
        '80 from 0.0.0.0/0: open -> closed',
        '443 from 0.0.0.0/0: open -> closed',
      ],
    ]);
  });

  it('of the time zone put the Scheduler in the place of the rule, and back', async () => {
    const berlin = { timezone: 'Europe/Berlin' };
    const there = await changesTo(berlin);
    expect(there.map(([id, action]) => `${action} ${id}`)).toEqual([
      'update function',
      'remove schedule.rule',
      'create role.scheduler',
      'create schedule.group',
      'create schedule.scheduler',
    ]);
    const back = await changesTo({}, berlin);
    expect(back.map(([id, action]) => `${action} ${id}`)).toEqual([
      'update function',
      'create schedule.rule',
      'remove role.scheduler',
      'remove schedule.group',
      'remove schedule.scheduler',
    ]);
  });

  it('to a database of the user remove our hosts, the one with the data only where it is named', async () => {
    const { aws } = await built();
    const settings = { database: { host: 'db.example.com', name: 'shop', user: 'reporter' } };
    const pipeline = await pipelineOn(aws, { settings });
    const words = async (consent = {}) =>
      (await pipeline.plan(consent)).changes.map(({ id, action }) => `${action} ${id}`);
    expect(await words()).toEqual([
      'remove role.cli-host',
      'remove profile.cli-host',
      'remove host.cli',
      'update function',
    ]);
    const [host] = (await pipeline.plan()).surplus;
    expect(host).toMatchObject({ id: 'host.database', where: expect.stringMatching(/^vpc-/) });
    expect(await words({ removeSurplus: [host!.awsId] })).toEqual([
      'remove role.database-host',
      'remove profile.database-host',
      'remove role.cli-host',
      'remove profile.cli-host',
      'remove host.database',
      'remove host.cli',
      'update function',
    ]);
  });

  it('that AWS cannot change in place are refused before any change', async () => {
    const { aws } = await built();
    const pipeline = await pipelineOn(aws, { settings: { hosts: { instanceType: 't4g.small' } } });
    const before = mutations(aws);
    await expect(pipeline.plan()).rejects.toMatchObject({ code: 'needs-replacing' });
    expect(mutations(aws)).toBe(before);
  });
});

describe('new artifacts', () => {
  it('new code and a new driver are rolled out, and the old layer version goes', async () => {
    const { aws } = await built();
    const { functionZip, layerZip } = smallArtifacts;
    const newer = (zip: Uint8Array) => zipSync({ ...unzipSync(zip), 'nodejs/node_modules/new.txt': strToU8('new') });
    const pipeline = await pipelineOn(aws, {
      artifacts: { functionZip: newer(functionZip), layerZip: newer(layerZip) },
    });
    const plan = await pipeline.plan();
    expect(plan.changes.map(({ id, action }) => `${action} ${id}`)).toEqual([
      'create layer',
      'remove layer',
      'update function',
    ]);
    await pipeline.provision(silent);
    expect((await pipeline.plan()).changes).toEqual([]);
    expect(aws.world.lambda.layers.map(({ version }) => version)).toEqual([2]);
  });

  it('a new driver alone is shown as an update of the function too', async () => {
    const { aws } = await built();
    const layerZip = zipSync({ ...unzipSync(smallArtifacts.layerZip), 'nodejs/node_modules/new.txt': strToU8('new') });
    const pipeline = await pipelineOn(aws, { artifacts: { ...smallArtifacts, layerZip } });
    const { changes } = await pipeline.plan();
    expect(changes.map(({ id, action }) => `${action} ${id}`)).toEqual([
      'create layer',
      'remove layer',
      'update function',
    ]);
    expect(changes[2]!.differences).toMatchObject([{ what: 'layer', wanted: 'the new Layer mysql2Library' }]);
  });
});

it.each([
  ['with a host', {}, true],
  [
    'with the administration host only',
    { database: { host: 'db.example.com', name: 'shop', user: 'reader' }, hosts: { cli: true } },
    true,
  ],
  ['without hosts', { database: { host: 'db.example.com', name: 'shop', user: 'reader' } }, false],
])('an address that could not be asked closes SSH %s', async (_what, settings, told) => {
  const options = { settings, publicAddress: undefined };
  const pipeline = await pipelineOn(await builtAws(options), options);
  const { notes } = await pipeline.plan();
  expect(notes.some(note => note.startsWith('SSH stays closed'))).toBe(told);
});
