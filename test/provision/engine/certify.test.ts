import { expect, it } from 'vitest';
import { removeAndCertify } from '../../../src/provision/engine/certify.ts';
import { World } from './world.ts';

const there = { madeAt: 0, ours: true, mended: true };

it('removes what needs a thing before the thing, and states what was answered afterwards', async () => {
  const world = new World();
  const net = world.resource('net');
  const host = world.resource('host', { net });
  for (const id of ['net', 'host']) world.things.set(id, { ...there });
  const { removed, left } = await removeAndCertify(world.engine(), [net, host], { keeps: true });
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
  const { removed, left } = await removeAndCertify(world.engine(), [net, host, topic], { keeps: true });
  expect(removed.map(({ id }) => id)).toEqual(['topic']);
  expect(left).toEqual([
    { id: 'net', awsId: 'net', why: 'host is still there' },
    { id: 'host', awsId: 'host', why: 'host is held' },
  ]);
});

it('takes away what turns up again within ten seconds', async () => {
  const world = new World();
  const log = world.resource('log');
  world.things.set('log', { ...there });
  const done = removeAndCertify(world.engine(), [log], { keeps: true });
  await world.clock.sleep(5_000);
  world.things.set('log', { ...there });
  expect((await done).left).toEqual([]);
  expect(world.things.has('log')).toBe(false);
});

it("never touches a stranger's thing", async () => {
  const world = new World();
  world.things.set('net', { ...there, ours: false });
  expect(await removeAndCertify(world.engine(), [world.resource('net')], { keeps: true })).toEqual({
    removed: [],
    kept: [],
    left: [],
  });
  expect(world.things.has('net')).toBe(true);
});

it('looks twice for what AWS made by itself, because a first empty list lies', async () => {
  const world = new World();
  const net = world.resource('net');
  const interfaces = world.resource('interfaces', { net }, { byproduct: true });
  const report = world.resource('report', { interfaces });
  for (const id of ['net', 'report']) world.things.set(id, { ...there });
  const done = removeAndCertify(world.engine(), [net, interfaces, report], { keeps: true });
  await world.clock.sleep(5_000);
  expect(world.things.has('net')).toBe(true);
  world.things.set('interfaces', { ...there });
  const { left } = await done;
  expect(left).toEqual([]);
  expect([...world.things.keys()]).toEqual([]);
});
