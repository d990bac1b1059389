import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { LineProgress, LiveProgress } from '../../src/terminal/progress.ts';
import { outcomes, plain } from './samples.ts';

test('where nobody watches each change is a line', () => {
  const lines: string[] = [];
  const progress = new LineProgress({ canvas: plain(), write: line => lines.push(line) });
  progress.begin(12);
  for (const outcome of outcomes.slice(0, 4)) progress.finished(outcome);
  expect(lines).toEqual([
    '[ 1/12]  ✓ created  VPC Lab VPC  2.1 s',
    '[ 2/12]  ✓ created  NAT gateway  1 min 46 s',
    '[ 4/12]  ✗ failed  host Web Server 1  12 s  AWS has no capacity for t4g.micro in eu-west-1a: try again, or set hosts.instanceType.',
  ]);
});

test('on a terminal a block shows what runs and what it waits for, by the given clock', () => {
  let now = 0;
  const clock: Clock = { now: () => now, sleep: async () => {} };
  const progress = new LiveProgress({ title: 'Provisioning', clock, canvas: plain(), stream: { write: () => {}, isTTY: false } });
  progress.begin(31);
  progress.started({ id: 'nat', title: 'NAT gateway', action: 'create' });
  now = 64_000;
  progress.started({ id: 'role', title: `role ${'x'.repeat(80)}`, action: 'update' });
  progress.waiting('nat', 'it is pending');
  progress.finished(outcomes[0]!);
  expect(progress.block()).toBe(
    ['1 of 31, 1 min 04 s', '  creating NAT gateway, 1 min 04 s: it is pending', `  updating role ${'x'.repeat(62)}…`].join('\n'),
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
