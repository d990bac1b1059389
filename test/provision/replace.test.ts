import { describe, expect, it } from 'vitest';
import { endInstance } from '../../src/simulator/ec2/instances.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { builtAws, everything, pipelineOn, silent } from '../helpers/simulated-stack.ts';

const living = ({ world }: Simulator) => inventory(world).filter(row => !isEnded(row));
const mutations = (aws: Simulator) => aws.calls.filter(({ mutating }) => mutating).length;
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

const hostOf = (aws: Simulator, privateIp = '10.0.0.10') =>
  aws.world.ec2.instances.existing().find(one => one.privateIp === privateIp && !one.termination)!;

const publishNewer = (aws: Simulator) => {
  for (const image of [...aws.world.ec2.images])
    aws.world.ec2.images.push({ ...image, id: image.id.replace(/.{4}$/, 'ffff') });
};

describe('the database host', () => {
  it('T14: a newer image and another set-up are told, and change nothing', async () => {
    const { aws, pipeline } = await built();
    expect((await pipeline.status()).notes).toEqual([]);
    publishNewer(aws);
    const { changes, notes } = await pipeline.plan();
    expect(changes).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^Amazon Linux has a newer image \(ami-\w+ffff\): a host keeps the one that it was made from, unless --replace names it\.$/,
      ),
    ]);
    const host = hostOf(aws).id;
    const other = await pipelineOn(aws, { settings: { database: { seed: 'none' } } });
    const plan = await other.plan();
    expect(plan.changes.filter(({ id }) => id.startsWith('host.'))).toEqual([]);
    expect(plan.notes.join()).toContain('Database host Web Server 1 was set up by other settings or another version');
    await other.provision(silent);
    expect(hostOf(aws).id).toBe(host);
  });

  it('of another type is replaced only where it is named, with the newest image and its address', async () => {
    const { aws, shape: whole } = await built();
    publishNewer(aws);
    const pipeline = await pipelineOn(aws, { settings: { hosts: { instanceType: 't4g.small' } } });
    const before = mutations(aws);
    await expect(pipeline.plan()).rejects.toMatchObject({
      code: 'needs-replacing',
      message:
        'The instance type of Database host Web Server 1 is t4g.micro and AWS cannot change it to t4g.small in place: set it back, or replace it with --replace host.database, with which its data go.',
    });
    const consent = { replace: ['host.database', 'host.cli'] };
    const plan = await pipeline.plan(consent);
    expect(mutations(aws)).toBe(before);
    const { id, volumeId } = hostOf(aws);
    expect(plan.changes.map(({ id: one, action, loses }) => [action, one, loses])).toEqual([
      [
        'replace',
        'host.database',
        `the sales go with its disk; aws ec2 create-snapshot --region eu-west-1 --volume-id ${volumeId} keeps them`,
      ],
      ['replace', 'host.cli', undefined],
    ]);
    const { outcomes } = await pipeline.provision(silent, { shown: plan, consent });
    expect(outcomes.filter(({ outcome }) => outcome === 'replaced').map(one => one.id)).toEqual([
      'host.database',
      'host.cli',
    ]);
    const host = hostOf(aws);
    expect(host.id).not.toBe(id);
    expect([host.type, host.image.id.slice(-4), host.privateIp]).toEqual(['t4g.small', 'ffff', '10.0.0.10']);
    expect(shape(aws)).toEqual(whole);
    expect((await pipeline.plan()).changes).toEqual([]);
    expect((await pipeline.plan()).notes).toEqual([]);
  });

  it('that AWS ended with its data is not made anew as if there had been none', async () => {
    const { aws, pipeline } = await built();
    const now = aws.world.now();
    const reason = { code: 'Server.InternalError', message: 'Internal error' };
    const host = hostOf(aws);
    endInstance(aws.world, host, { askedAt: now, doneAt: now + 1_000, reason });
    await aws.world.clock.sleep(60_000);
    const refusal = await pipeline.plan().catch(error => error);
    expect(refusal.code).toBe('needs-replacing');
    expect(refusal.message).toContain(
      'has ended, and its data with it unless they are kept elsewhere (it is terminated (Server.InternalError: Internal error))',
    );
    const status = await pipeline.status();
    expect(status.resources.find(({ id }) => id === 'host.database')).toMatchObject({ state: 'failed' });
    const { outcomes } = await pipeline.provision(silent, { consent: { replace: ['host.database'] } });
    expect(outcomes.find(({ id }) => id === 'host.database')?.outcome).toBe('replaced');
    expect((await pipeline.plan()).changes).toEqual([]);
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  });

  it('that is stopped is said to be, with what starts it, and nothing waits for it', async () => {
    const { aws, pipeline } = await built();
    const host = hostOf(aws);
    host.isStopped = true;
    const start = `aws ec2 start-instances --region eu-west-1 --instance-ids ${host.id}`;
    const { resources, healthy } = await pipeline.status();
    expect(healthy).toBe(false);
    expect(resources.find(({ id }) => id === 'host.database')).toMatchObject({
      state: 'stopped',
      why: `it is stopped, so no sales can be read: ${start}`,
    });
    const plan = await pipeline.plan();
    expect([plan.changes, plan.unfinished]).toEqual([[], []]);
    expect(plan.notes.join()).toContain(start);
    expect((await pipeline.provision(silent)).outcomes.every(({ outcome }) => outcome === 'unchanged')).toBe(true);
    expect((await pipeline.teardown(silent, { ...everything, deleteDatabase: true })).left).toEqual([]);
  });

  it('that is stopped beside a change is not waited for either', async () => {
    const { aws } = await built();
    hostOf(aws).isStopped = true;
    const pipeline = await pipelineOn(aws, { settings: { function: { memory: 512 } } });
    const { outcomes, seconds } = await pipeline.provision(silent);
    expect(outcomes.filter(({ outcome }) => outcome !== 'unchanged').map(({ id, outcome }) => [id, outcome])).toEqual([
      ['function', 'updated'],
    ]);
    expect(seconds).toBeLessThan(60);
  });
});

describe('anything else', () => {
  it('is replaced with what stands on it, when it is named', async () => {
    const { aws, pipeline, shape: whole } = await built();
    const consent = { replace: ['nat-gateway'] };
    const plan = await pipeline.plan(consent);
    expect(plan.changes.map(({ id, action }) => `${action} ${id}`)).toEqual([
      'replace nat-gateway',
      'replace route-table.private',
      'replace endpoint.s3',
    ]);
    const { outcomes } = await pipeline.provision(silent, { shown: plan, consent });
    expect(outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
    expect(shape(aws)).toEqual(whole);
    expect((await pipeline.plan()).changes).toEqual([]);
  });

  it('that takes data along wants these named too, and then a whole network is made anew', async () => {
    const { aws, shape: whole } = await built();
    const subnets = {
      publicA: '10.1.0.0/24',
      publicB: '10.1.1.0/24',
      privateA: '10.1.2.0/24',
      privateB: '10.1.3.0/24',
    };
    const pipeline = await pipelineOn(aws, { settings: { network: { cidr: '10.1.0.0/16', subnets } } });
    await expect(pipeline.plan()).rejects.toMatchObject({ code: 'needs-replacing' });
    await expect(pipeline.plan({ replace: ['vpc'] })).rejects.toMatchObject({
      code: 'needs-replacing',
      message: expect.stringContaining(
        'takes Database host Web Server 1 along, with its data: name it too, with --replace host.database.',
      ),
    });
    const consent = { replace: ['vpc', 'host.database'] };
    const { outcomes } = await pipeline.provision(silent, { shown: await pipeline.plan(consent), consent });
    expect(outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
    expect(shape(aws)).toEqual(whole);
    expect((await pipeline.plan()).changes).toEqual([]);
    expect((await pipeline.probe(silent)).every(({ ok }) => ok)).toBe(true);
  });

  it('that there is not is refused by name', async () => {
    const { pipeline } = await built();
    await expect(pipeline.plan({ replace: ['host.web'] })).rejects.toMatchObject({ code: 'unknown-resource' });
  });

  it.each([1, 2, 4, 8])(
    'a replacement that is interrupted after %i changes is finished by the next run',
    async last => {
      const { aws, pipeline, shape: whole } = await built();
      let changes = 0;
      aws.fault = ({ mutating, service }) =>
        mutating && service !== 'ssm' && ++changes > last ? 'credentials expired' : undefined;
      await pipeline.provision(silent, { consent: { replace: ['nat-gateway'] } }).catch(() => undefined);
      aws.fault = () => undefined;
      await pipeline.provision(silent);
      expect((await pipeline.plan()).changes).toEqual([]);
      expect(shape(aws)).toEqual(whole);
    },
  );
});
