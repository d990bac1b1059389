import { describe, expect, it } from 'vitest';
import { longestPath, reversed, walk } from '../../../src/provision/engine/graph.ts';

const diamond = new Map<string, string[]>([
  ['top', []],
  ['left', ['top']],
  ['right', ['top']],
  ['bottom', ['left', 'right']],
]);

describe('walk', () => {
  it('visits a node only after everything before it, and hands it their results', async () => {
    const order: string[] = [];
    const results = await walk<number>(diamond, async (id, before) => {
      await Promise.resolve();
      order.push(id);
      return 1 + [...before.values()].reduce((sum, value) => sum + value, 0);
    });
    expect(order[0]).toBe('top');
    expect(order.at(-1)).toBe('bottom');
    expect(Object.fromEntries(results)).toEqual({ top: 1, left: 2, right: 2, bottom: 5 });
  });

  it('runs what does not depend on each other at the same time', async () => {
    let running = 0;
    let most = 0;
    await walk(diamond, async () => {
      most = Math.max(most, ++running);
      await new Promise(resolve => setImmediate(resolve));
      running--;
    });
    expect(most).toBe(2);
  });

  it('refuses a cycle before it visits anything', async () => {
    const visited: string[] = [];
    const cycle = new Map([
      ['a', ['b']],
      ['b', ['a']],
    ]);
    await expect(walk(cycle, async id => void visited.push(id))).rejects.toThrow('a -> b -> a');
    expect(visited).toEqual([]);
  });
});

it('reverses every arrow', () => {
  expect(Object.fromEntries(reversed(diamond))).toEqual({
    top: ['left', 'right'],
    left: ['bottom'],
    right: ['bottom'],
    bottom: [],
  });
});

it('finds the longest path by duration', () => {
  const seconds: Record<string, number> = { top: 1, left: 10, right: 2, bottom: 1 };
  expect(longestPath(diamond, id => seconds[id]!)).toEqual({ length: 12, path: ['top', 'left', 'bottom'] });
});
