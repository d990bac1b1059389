import { expect, test } from 'vitest';
import { namesOf } from '../../../src/provision/names.ts';
import { functionEnvironment } from '../../../src/provision/resources/function-environment.ts';
import type { Stack } from '../../../src/provision/stack.ts';
import { findConflicts } from '../../../src/settings/relations.ts';
import { schema } from '../../../src/settings/schema.ts';

/** Lambda's limit (Lambda developer guide, "Lambda quotas"), and as much of it as later variables may need. */
const limit = 4096;
const reserve = 200;

/** A query of just so many bytes as settings say that there is room for. */
function longest(settings: object) {
  const withQuery = (query: string) => schema.parse({ ...settings, report: { query } });
  const mistakeOf = (query: string) =>
    findConflicts(withQuery(query), () => true).find(({ path }) => path[1] === 'query');
  const room = Number(/has room for (\d+)/.exec(mistakeOf('é'.repeat(3_000))!.words)?.[1]);
  const query = 'x'.repeat(room - 2);
  expect(mistakeOf(query)).toBeUndefined();
  expect(mistakeOf(`${query}x`)).toBeDefined();
  return withQuery(query);
}

test.each([
  ['the defaults', {}],
  [
    'long settings',
    {
      stack: `s${'x'.repeat(18)}`,
      timezone: 'America/Argentina/ComodRivadavia',
      database: {
        host: `${'h'.repeat(60)}.example.com`,
        name: `n${'x'.repeat(62)}`,
        user: `u${'x'.repeat(62)}`,
        passwordParameter: `/${'p'.repeat(400)}`,
      },
    },
  ],
])('the longest query that is taken fits into the environment: %s', (_what, given) => {
  const settings = longest(given);
  const place = { account: '123456789012', region: 'ap-southeast-1', partition: 'aws-us-gov' };
  const stack = { settings, names: namesOf(settings.stack), ...place } as unknown as Stack;
  const variables = Object.entries(functionEnvironment(stack, undefined));
  const bytes = variables.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  expect(bytes).toBeLessThan(limit - reserve);
});
