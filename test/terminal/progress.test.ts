import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { LineProgress, LiveProgress } from '../../src/terminal/progress.ts';
import { outcomes, plain } from './samples.ts';

const still: Clock = { now: () => 0, elapsed: () => 0, sleep: async () => {} };

test('where nobody watches each change is a line', () => {
  const lines: string[] = [];
  const progress = new LineProgress({ clock: still, canvas: plain(), write: line => lines.push(line) });
  progress.begin(12);
  for (const outcome of outcomes.slice(0, 4)) progress.finished(outcome);
  expect(lines).toEqual([
    '[ 1/12]  ✓ created  VPC Lab VPC  2.1 s',
    '[ 2/12]  ✓ created  NAT gateway  1 min 46 s',
    '[ 3/11]  ✗ failed  host Web Server 1  12 s  AWS has no capacity for t4g.micro in eu-west-1a: try again, or set hosts.instanceType.',
  ]);
});

test('on a terminal a block shows what runs and what it waits for, by the given clock', () => {
  let now = 0;
  const clock: Clock = { now: () => now, elapsed: () => now, sleep: async () => {} };
  const progress = new LiveProgress({
    title: 'Provisioning',
    clock,
    canvas: plain(),
    stream: { write: () => {}, isTTY: false },
  });
  progress.begin(31);
  progress.expect(120);
  progress.started({ id: 'nat', title: 'NAT gateway', action: 'create' });
  now = 64_000;
  progress.started({ id: 'role', title: `role ${'x'.repeat(80)}`, action: 'update' });
  progress.waiting('nat', 'it is pending');
  progress.finished(outcomes[0]!);
  expect(progress.block()).toBe(
    [
      '1 of 31, 1 min 04 s, about 56 s left',
      '  creating NAT gateway, 1 min 04 s: it is pending',
      `  updating role ${'x'.repeat(62)}…`,
    ].join('\n'),
  );
  progress.waiting('nat', undefined);
  for (let n = 0; n < 9; n++) progress.started({ id: `s${n}`, title: `subnet ${n}`, action: 'create' });
  expect(progress.block().split('\n').slice(1, 3)).toEqual([
    '  creating NAT gateway, 1 min 04 s',
    `  updating role ${'x'.repeat(62)}…`,
  ]);
  expect(progress.block().split('\n').slice(-2)).toEqual(['  creating subnet 5, 0 s', '  and 3 more']);
  progress.end();
});

const outlook = {
  id: 'interfaces',
  title: 'Network interfaces of the function',
  usual: 240,
  worst: 2700,
  beside: ['NAT gateway'],
  after: ['Security group Web', 'Private subnet a', 'Lab VPC'],
};

test('a long wait says what it means, at a terminal all the time', () => {
  const progress = new LiveProgress({
    title: 'Removing',
    clock: still,
    canvas: plain(),
    stream: { write: () => {}, isTTY: false },
  });
  progress.begin(31);
  progress.started({ id: 'interfaces', title: outlook.title, action: 'remove' });
  progress.outlook(outlook);
  expect(progress.block()).not.toContain('Nothing else');
  progress.outlook({ ...outlook, beside: [] });
  expect(progress.block()).toMatchInlineSnapshot(`
    "0 of 31, 0 s
      removing Network interfaces of the function, 0 s
      Network interfaces of the function: AWS usually takes 4 min, at worst 45 min.
      Nothing else can go meanwhile. Left to do after it: Security group Web,
      Private subnet a, Lab VPC. It is safe to stop now: the same command goes on
      from here."
  `);
  progress.finished({ id: 'interfaces', title: outlook.title, outcome: 'removed', seconds: 240 });
  expect(progress.block()).toBe('1 of 31, 0 s');
  progress.end();
});

test('and in a log once it is all that goes on, and every five minutes', () => {
  let now = 0;
  const lines: string[] = [];
  const progress = new LineProgress({
    clock: { ...still, elapsed: () => now },
    canvas: plain(),
    write: line => lines.push(line),
  });
  progress.begin(31);
  progress.outlook(outlook);
  expect(lines).toEqual([]);
  now = 60_000;
  progress.outlook({ ...outlook, beside: [] });
  for (; now < 700_000; now += 6_000) progress.waiting('interfaces');
  expect(lines).toMatchInlineSnapshot(`
    [
      "[ 0/31]  … waiting  Network interfaces of the function: AWS usually takes 4 min, at worst 45 min. Nothing else can go meanwhile. Left to do after it: Security group Web, Private subnet a, Lab VPC. It is safe to stop now: the same command goes on from here.",
      "[ 0/31]  … waiting  Network interfaces of the function  for 6 min 00 s so far",
      "[ 0/31]  … waiting  Network interfaces of the function  for 11 min 00 s so far",
    ]
  `);
});
