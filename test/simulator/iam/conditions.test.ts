import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Statement } from '../../../src/simulator/iam/policy.ts';
import { runs } from '../../helpers/sampled.ts';

/** A policy variable. */
const username = `$\{aws:username}`;

/** Values that each kind of operator compares, for policies and for requests. */
const kinds = {
  String: {
    operators: [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'StringLike',
      'StringNotLike',
    ],
    wanted: ['required', 'Required', 're*', '?equired', '*', 'eu-west-1', 'eu-*-?'],
    given: ['required', 'optional', 'REQUIRED', 'eu-west-1', 'ann'],
  },
  Numeric: {
    operators: [
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
    ],
    wanted: ['1', '2', '2.0', '3'],
    given: ['1', '2', '3', '10'],
  },
  Date: {
    operators: [
      'DateEquals',
      'DateNotEquals',
      'DateLessThan',
      'DateLessThanEquals',
      'DateGreaterThan',
      'DateGreaterThanEquals',
    ],
    wanted: ['2026-11-30T00:00:00Z', '2026-12-01T00:00:00Z'],
    given: ['2026-11-30T00:00:00Z', '2026-11-30T12:00:00Z', '2026-12-02T00:00:00Z'],
  },
  Bool: { operators: ['Bool'], wanted: ['true', 'false'], given: ['true', 'false'] },
  Ip: {
    operators: ['IpAddress', 'NotIpAddress'],
    wanted: ['203.0.113.0/24', '198.51.100.7/32', '192.0.0.0/8'],
    given: ['203.0.113.7', '198.51.100.7', '192.0.2.1'],
  },
  Arn: {
    operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    wanted: ['arn:aws:iam::*:role/*', 'arn:aws:iam::123456789012:role/ann', 'arn:*:iam::??????789012:*'],
    given: [
      'arn:aws:iam::123456789012:role/ann',
      'arn:aws:iam::123456789012:user/ann',
      'arn:aws-cn:iam::210987654321:role/x',
    ],
  },
} as const;

type Kind = keyof typeof kinds;

/** A key of each kind, so that a request's value is one that its operators can read. */
const keyOf = (kind: Kind) => `test:${kind}`;

const some = <T>(values: readonly T[]) => fc.constantFrom(...values);

const condition = fc.oneof(
  ...(Object.keys(kinds) as Kind[]).map(kind =>
    fc
      .record({
        operator: some(kinds[kind].operators as readonly string[]),
        set: some(['', '', '', 'ForAllValues:', 'ForAnyValue:']),
        ifExists: some(['', '', 'IfExists']),
        values: fc.uniqueArray(some(kinds[kind].wanted as readonly string[]), { minLength: 1, maxLength: 3 }),
      })
      .map(({ operator, set, ifExists, values }) => ({ [`${set}${operator}${ifExists}`]: { [keyOf(kind)]: values } })),
  ),
  fc
    .record({ key: some(Object.keys(kinds) as Kind[]), value: some(['true', 'false']) })
    .map(({ key, value }) => ({ Null: { [keyOf(key)]: value } })),
);

const statement = fc
  .record({
    Effect: some(['Allow', 'Allow', 'Deny'] as const),
    action: some([
      { Action: '*' },
      { Action: 'ec2:Run*' },
      { Action: ['EC2:runinstances'] },
      { NotAction: ['ec2:RunInstances', 'iam:*'] },
    ]),
    resource: some([
      { Resource: '*' },
      { Resource: 'arn:aws:ec2:*:*:instance/*' },
      { Resource: [`arn:aws:ec2:eu-west-1:123456789012:instance/${username}*`] },
      { NotResource: 'arn:aws:ec2:*:*:instance/i-?' },
    ]),
    conditions: fc.array(condition, { maxLength: 3 }),
  })
  .map(({ Effect, action, resource, conditions }) => ({
    Effect,
    ...action,
    ...resource,
    ...(conditions.length > 0 ? { Condition: Object.assign({}, ...conditions) } : {}),
  }));

const context = fc
  .record(
    Object.fromEntries(
      (Object.keys(kinds) as Kind[]).map(kind => [
        keyOf(kind),
        fc.oneof(
          { weight: 4, arbitrary: some(kinds[kind].given as readonly string[]) },
          {
            weight: 1,
            arbitrary: fc.uniqueArray(some(kinds[kind].given as readonly string[]), { minLength: 1, maxLength: 2 }),
          },
        ),
      ]),
    ),
    { requiredKeys: [] },
  )
  .chain(keys =>
    fc
      .boolean()
      .map(
        hasName => ({ ...keys, ...(hasName ? { 'aws:username': 'ann' } : {}) }) as Record<string, string | string[]>,
      ),
  );

const outcomes = { Allowed: 'allowed', ImplicitlyDenied: 'implicitDeny', ExplicitlyDenied: 'explicitDeny' } as const;

/** What an evaluation of IAM's rules that is not the simulator's says. */
function otherwise(
  statements: readonly object[],
  action: string,
  resource: string,
  keys: Record<string, string | string[]>,
): string {
  const result = runUnsafeSimulation(
    {
      request: {
        principal: 'arn:aws:iam::123456789012:user/ann',
        action,
        resource: { resource, accountId: '123456789012' },
        contextVariables: keys,
      },
      identityPolicies: [{ name: 'given', policy: { Version: '2012-10-17', Statement: statements } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return outcomes[result as keyof typeof outcomes] ?? result;
}

it('decides as another evaluation of the same policies and requests does', () => {
  const request = fc.record({
    action: some(['ec2:RunInstances', 'ec2:CreateVpc', 'iam:CreateRole']),
    resource: some([
      'arn:aws:ec2:eu-west-1:123456789012:instance/i-1',
      'arn:aws:ec2:eu-west-1:123456789012:instance/ann',
      'arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1',
    ]),
    keys: context,
  });
  fc.assert(
    fc.property(
      fc.array(statement, { minLength: 1, maxLength: 3 }),
      request,
      (statements, { action, resource, keys }) => {
        expect(decide(statements as Statement[], action, resource, keys as never)).toBe(
          otherwise(statements, action, resource, keys),
        );
      },
    ),
    { ...runs(3_000), seed: 20261130 },
  );
});

const deny = (Condition: object): Statement[] => [
  { Effect: 'Allow', Action: '*', Resource: '*' },
  { Effect: 'Deny', Action: '*', Resource: '*', Condition: Condition as never },
];
const decisionOf = (Condition: object, keys: Record<string, string | string[]>) =>
  decide(deny(Condition), 'ec2:RunInstances', 'arn:aws:ec2:eu-west-1:123456789012:instance/i-1', keys as never);

describe('a key that the request lacks', () => {
  it.each([
    ['a negated operator holds', { StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' } }, 'explicitDeny'],
    ['…IfExists holds', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, 'explicitDeny'],
    ['a positive operator does not', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, 'allowed'],
    ['ForAllValues holds', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, 'explicitDeny'],
    ['ForAnyValue does not', { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } }, 'allowed'],
    ['Null holds', { Null: { 'aws:RequestTag/CostCenter': 'true' } }, 'explicitDeny'],
  ])('%s', (_what, Condition, decision) => expect(decisionOf(Condition, {})).toBe(decision));
});

it('keys are read without regard to case, and values written as booleans too', () => {
  expect(
    decisionOf(
      { ArnLike: { 'aws:PrincipalARN': 'arn:aws:iam::*:role/x' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/x' },
    ),
  ).toBe('explicitDeny');
  expect(decisionOf({ Bool: { 'aws:SecureTransport': false } }, { 'aws:SecureTransport': 'false' })).toBe(
    'explicitDeny',
  );
});
