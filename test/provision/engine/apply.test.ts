import { describe, expect, it } from 'vitest';
import { apply } from '../../../src/provision/engine/apply.ts';
import { takeInventory } from '../../../src/provision/engine/inventory.ts';
import { planOf } from '../../../src/provision/engine/plan.ts';
import type { AnyResource } from '../../../src/provision/engine/resource.ts';
import { World } from './world.ts';

const run = async (world: World, resources: AnyResource[]) => {
  const outcomes = await apply(world.engine(), resources, await takeInventory(resources, world));
  return Object.fromEntries(outcomes.map(({ id, outcome }) => [id, outcome]));
};

describe('apply', () => {
  it('makes a thing and mends what its create leaves bare, and the second time changes nothing', async () => {
    const world = new World();
    const net = world.resource('net', {}, { mends: true });
    const all = [net, world.resource('host', { net })];
    expect(await run(world, all)).toEqual({ net: 'created', host: 'created' });
    expect(world.log).toEqual(['create net', 'mended net', 'create host']);
    world.log.length = 0;
    expect(await run(world, all)).toEqual({ net: 'unchanged', host: 'unchanged' });
    expect(world.log).toEqual([]);
  });

  it('finishes what an interrupted run left half-made', async () => {
    const world = new World();
    world.things.set('net', { madeAt: 0, ours: true, mended: false });
    expect(await run(world, [world.resource('net', {}, { mends: true })])).toEqual({ net: 'updated' });
    expect(world.things.get('net')?.mended).toBe(true);
  });

  it('waits until a need is ready before it makes what needs it', async () => {
    const world = new World();
    const slow = world.resource('slow', {}, { readyAfter: 60_000 });
    const start = world.clock.now();
    await run(world, [slow, world.resource('next', { slow })]);
    const waited = world.things.get('next')!.madeAt - start;
    expect(waited).toBeGreaterThanOrEqual(60_000);
    expect(waited).toBeLessThan(66_000);
  });

  it('looks for a thing whose create lost its answer instead of making a second one', async () => {
    const world = new World();
    let creates = 0;
    const create = () => {
      creates++;
      return 'lost' as const;
    };
    expect(await run(world, [world.resource('net', {}, { create })])).toEqual({ net: 'created' });
    expect(creates).toBe(1);
  });

  it('creates again when the lost create left nothing within a minute', async () => {
    const world = new World();
    let creates = 0;
    const create = () => {
      if (++creates === 1) throw new Error('lost');
      return undefined;
    };
    expect(await run(world, [world.resource('net', {}, { create })])).toEqual({ net: 'created' });
    expect(creates).toBe(2);
  });

  it('skips what needs a failed thing, and goes on with the rest', async () => {
    const world = new World();
    const broken = world.resource(
      'broken',
      {},
      {
        create: () => {
          throw new Error('no');
        },
      },
    );
    const all = [broken, world.resource('needs-it', { broken }), world.resource('free')];
    expect(await run(world, all)).toEqual({ broken: 'failed', 'needs-it': 'skipped', free: 'created' });
    expect(world.finished.find(({ id }) => id === 'needs-it')?.why).toBe('broken is not ready');
  });
});

describe('planOf', () => {
  it('lists creates, updates and removals with their operations, and counts what stays', async () => {
    const world = new World();
    world.things.set('kept', { madeAt: 0, ours: true, mended: true });
    world.things.set('bare', { madeAt: 0, ours: true, mended: false });
    world.things.set('old', { madeAt: 0, ours: true, mended: true });
    const all = [
      world.resource('kept'),
      world.resource('bare', {}, { mends: true }),
      world.resource('new'),
      world.resource('old', {}, { wanted: false }),
    ];
    const plan = planOf(all, await takeInventory(all, world));
    expect(plan.unchanged).toHaveLength(1);
    expect(plan.changes.map(({ id, action, operations }) => [id, action, ...operations])).toEqual([
      ['bare', 'update', 'ec2:ModifyVpcAttribute'],
      ['new', 'create', 'ec2:CreateVpc'],
      ['old', 'remove', 'ec2:DeleteVpc'],
    ]);
  });

  it("stops at a stranger's thing with our name", async () => {
    const world = new World();
    world.things.set('net', { madeAt: 0, ours: false, mended: true });
    const all = [world.resource('net')];
    const surveyed = await takeInventory(all, world);
    expect(() => planOf(all, surveyed)).toThrow(
      'net (net) is there already and is not ours (it belongs to stack other)',
    );
  });
});
