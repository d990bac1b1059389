import { expect, it } from 'vitest';
import { takes } from '../../src/provision/readers/filter-policy.ts';

it.each<[policy: object | undefined, gets: boolean | undefined]>([
  [undefined, true],
  [{ kind: ['report'] }, true],
  [{ kind: ['notice', 'report'] }, true],
  [{ kind: ['notice'] }, false],
  [{ kind: [] }, false],
  [{ kind: ['report'], shop: ['corner'] }, false],
  [{ kind: ['report'], shop: [{ exists: false }] }, true],
  [{ kind: [{ exists: true }] }, true],
  [{ kind: [{ exists: false }] }, false],
  [{ kind: [{ prefix: 're' }] }, true],
  [{ kind: [{ prefix: 'no' }, { suffix: 'rt' }] }, true],
  [{ kind: [{ 'equals-ignore-case': 'REPORT' }] }, true],
  [{ kind: [{ 'anything-but': 'report' }] }, false],
  [{ kind: [{ 'anything-but': ['notice', 'probe'] }] }, true],
  [{ kind: [{ 'anything-but': { prefix: 're' } }] }, undefined],
  [{ kind: [{ wildcard: 'r*' }] }, undefined],
  [{ kind: [{ wildcard: 'r*' }], shop: ['corner'] }, false],
  [{ $or: [{ shop: ['corner'] }, { kind: ['report'] }] }, true],
  [{ $or: [{ shop: ['corner'] }, { kind: ['notice'] }] }, false],
])('the filter %j lets a report through: %j', (policy, gets) => {
  expect(takes({ FilterPolicy: policy && JSON.stringify(policy) }, 'report')).toBe(gets);
});

it('a filter of the body lets no mail through', () => {
  expect(takes({ FilterPolicy: '{"kind":["report"]}', FilterPolicyScope: 'MessageBody' }, 'report')).toBe(false);
});
