import { describe, expect, it } from 'vitest';
import { removeAndCertify, type Verdict } from '../../../src/provision/engine/certify.ts';
import { World } from './world.ts';

const there = { madeAt: 0, ours: true, mended: true };

it('removes what needs a thing before the thing, and states what was answered afterwards', async () => {
  const world = new World();
  const net = world.resource('net');
  const host = world.resource('host', { net });
  for (const id of ['net', 'host']) world.things.set(id, { ...there });
  const { removed, left } = await removeAndCertify(world.engine(), [net, host]);
  expect(world.log).toEqual(['remove host', 'remove net']);
  expect(removed).toEqual([
    { id: 'net', title: 'net', awsId: 'net', asked: 'look net', answer: 'not found' },
    { id: 'host', title: 'host', awsId: 'host', asked: 'look host', answer: 'not found' },
  ]);
  expect(left).toEqual([]);
});

it('names what is left and why, leaves alone what it still needs, and removes the rest', async () => {
  const world = new World();
  const net = world.resource('net');
  const host = world.resource('host', { net }, { stuck: true });
  const topic = world.resource('topic');
  for (const id of ['net', 'host', 'topic']) world.things.set(id, { ...there });
  const { removed, left } = await removeAndCertify(world.engine(), [net, host, topic]);
  expect(removed.map(({ id }) => id)).toEqual(['topic']);
  expect(left).toEqual([
    { id: 'net', title: 'net', awsId: 'net', why: 'host is still there' },
    { id: 'host', title: 'host', awsId: 'host', why: 'host is held' },
  ]);
});

it('takes away what turns up again within ten seconds', async () => {
  const world = new World();
  const log = world.resource('log');
  world.things.set('log', { ...there });
  const done = removeAndCertify(world.engine(), [log]);
  await world.clock.sleep(5_000);
  world.things.set('log', { ...there });
  expect((await done).left).toEqual([]);
  expect(world.things.has('log')).toBe(false);
});

it("never touches a stranger's thing", async () => {
  const world = new World();
  world.things.set('net', { ...there, ours: false });
  expect(await removeAndCertify(world.engine(), [world.resource('net')])).toEqual({
    removed: [],
    kept: [],
    left: [],
    strangers: [{ id: 'net', title: 'net', awsId: 'net', owner: 'it belongs to stack other' }],
  });
  expect(world.things.has('net')).toBe(true);
});

describe('a thing that turns out not to be ours is in one list:', () => {
  const list = (verdict: Verdict) =>
    (['removed', 'kept', 'left', 'strangers'] as const).flatMap(name => verdict[name].map(({ id }) => `${name} ${id}`));

  it("left, where it was held and has become somebody else's meanwhile", async () => {
    const world = new World();
    const role = world.resource('role', {}, { heldBy: ['a profile', 'a profile'] });
    world.things.set('role', { ...there });
    const done = removeAndCertify(world.engine(), [role]);
    await world.clock.sleep(5_000);
    world.things.set('role', { ...there, ours: false });
    expect(list(await done)).toEqual(['left role']);
  });

  it('a stranger, where ours went and somebody has made another of its name', async () => {
    const world = new World();
    world.things.set('role', { ...there });
    const done = removeAndCertify(world.engine(), [world.resource('role')]);
    await world.clock.sleep(5_000);
    world.things.set('role', { ...there, ours: false });
    expect(list(await done)).toEqual(['strangers role']);
  });
});

it('looks twice for what AWS made by itself, because a first empty list lies', async () => {
  const world = new World();
  const net = world.resource('net');
  const interfaces = world.resource('interfaces', { net }, { madeByAws: true });
  const report = world.resource('report', { interfaces });
  for (const id of ['net', 'report']) world.things.set(id, { ...there });
  const done = removeAndCertify(world.engine(), [net, interfaces, report]);
  await world.clock.sleep(5_000);
  expect(world.things.has('net')).toBe(true);
  world.things.set('interfaces', { ...there });
  const { left } = await done;
  expect(left).toEqual([]);
  expect([...world.things.keys()]).toEqual([]);
});

it('takes what AWS made by itself for gone only after two empty lists, ten seconds apart, also when it was seen before and in a run that goes on', async () => {
  const world = new World();
  const net = world.resource('net');
  const interfaces = world.resource('interfaces', { net }, { madeByAws: true });
  for (const id of ['net', 'interfaces']) world.things.set(id, { ...there });
  const done = removeAndCertify(world.engine(), [net, interfaces]);
  await world.clock.sleep(5_000);
  expect(world.things.has('net')).toBe(true);
  world.things.set('interfaces', { ...there });
  expect((await done).left).toEqual([]);
  expect(world.things.size).toBe(0);
});

it('says what holds a thing, and tries it and what waited for it once more', async () => {
  const world = new World();
  const net = world.resource('net', {}, { heldBy: ['a till', 'a till'] });
  const vpc = world.resource('vpc');
  const inside = { ...net, needs: { vpc } };
  for (const id of ['net', 'vpc']) world.things.set(id, { ...there });
  const { left } = await removeAndCertify(world.engine(), [vpc, inside]);
  expect(world.log).toEqual(['remove net', 'remove net']);
  expect(left).toEqual([
    { id: 'vpc', title: 'vpc', awsId: 'vpc', why: 'net is still there' },
    { id: 'net', title: 'net', awsId: 'net', why: 'in use', heldBy: ['a till'] },
  ]);
  expect((await removeAndCertify(world.engine(), [vpc, inside])).left).toEqual([]);
});

it('removes once more what AWS makes again by itself', async () => {
  const world = new World();
  const log = world.resource('log', {}, { mayReturnWithin: 30_000 });
  world.things.set('log', { ...there });
  const done = removeAndCertify(world.engine(), [log]);
  await world.clock.sleep(20_000);
  world.things.set('log', { ...there });
  expect((await done).left).toEqual([]);
  expect(world.things.has('log')).toBe(false);
});

describe('what says why it should be kept', () => {
  const built = (options: { stuck?: boolean } = {}) => {
    const world = new World();
    const shelf = world.resource('shelf', {}, { kept: 'ten books' });
    const host = world.resource('host', { shelf }, options);
    for (const id of ['shelf', 'host']) world.things.set(id, { ...there });
    return { world, resources: [shelf, host] };
  };

  it('stays, and is named with its reason; the second time nothing is waited for', async () => {
    const { world, resources } = built();
    const verdict = await removeAndCertify(world.engine(), resources, { keeps: new Set(['shelf', 'host']) });
    expect(verdict).toMatchObject({ removed: [{ id: 'host' }], left: [] });
    expect(verdict.kept).toEqual([{ id: 'shelf', title: 'shelf', awsId: 'shelf', why: 'ten books' }]);
    expect([...world.things.keys()]).toEqual(['shelf']);
    const start = world.clock.now();
    expect(await removeAndCertify(world.engine(), resources, { keeps: new Set(['shelf', 'host']) })).toEqual({
      ...verdict,
      removed: [],
    });
    expect(world.clock.now()).toBe(start);
    expect(world.log).toEqual(['remove host']);
  });

  it('is kept and not left where what needs it could not go', async () => {
    const { world, resources } = built({ stuck: true });
    const { kept, left } = await removeAndCertify(world.engine(), resources, { keeps: new Set(['shelf', 'host']) });
    expect({ kept: kept.map(({ id }) => id), left: left.map(({ id }) => id) }).toEqual({
      kept: ['shelf'],
      left: ['host'],
    });
  });

  it('goes where everything is to go', async () => {
    const { world, resources } = built();
    const { removed, kept } = await removeAndCertify(world.engine(), resources, { keeps: new Set(['host']) });
    expect({ removed: removed.map(({ id }) => id), kept }).toEqual({ removed: ['shelf', 'host'], kept: [] });
    expect(world.things.size).toBe(0);
  });
});
