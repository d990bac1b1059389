import { factsOf, type IamAction } from '../operations.ts';
import type { IamScope, OperationUse, PolicyContext } from './iam-scope.ts';
import { scopes } from './scopes.ts';

export interface Statement {
  Effect: 'Allow';
  Action: string | string[];
  Resource: string | string[];
  Condition?: { StringEquals: Record<string, string | string[]> };
}

export interface Policy {
  Version: '2012-10-17';
  Statement: Statement[];
}

/** Characters that a managed policy may hold, white space not counted (IAM user guide, "IAM and AWS STS quotas"). */
export const managedPolicySize = 6_144;

/** Something that must be allowed. */
export interface Need {
  action: IamAction;
  place: IamScope;
}

/** What must be allowed for these uses, each thing once. */
export function needsOf(uses: readonly OperationUse[], ground: PolicyContext): Need[] {
  // What many resources do in the same way is placed once: a plan has a thousand uses and a hundred of them differ.
  const different = new Map(uses.map(use => [JSON.stringify(use), use])).values();
  const needs = [...different].flatMap(use =>
    factsOf(use.operation).actions.flatMap(action => placesOf(action, use, ground).map(place => ({ action, place }))),
  );
  return [...new Map(needs.map(need => [JSON.stringify(need), need])).values()];
}

const placesOf = (action: IamAction, use: OperationUse, ground: PolicyContext): IamScope[] =>
  use.resource === 'any' ? [{ resources: ['*'] }] : scopes[action](ground, use);

/**
 * The least that allows these uses. Actions on the same things stand together. So do those on whatever has the stack's
 * tag: each thing that AWS then looks at must have it, so that a longer list of kinds allows no more.
 */
export function policyOf(uses: readonly OperationUse[], ground: PolicyContext): Policy {
  const gathered = new Map<string, Gathered>();
  for (const { action, place } of needsOf(uses, ground)) {
    const isByTag = Object.keys(place.equals ?? {}).some(key => key.startsWith('aws:ResourceTag/'));
    const key = JSON.stringify([place.equals, isByTag || place.resources]);
    const one: Gathered = gathered.get(key) ?? { actions: new Set(), resources: new Set(), equals: place.equals };
    gathered.set(key, one);
    one.actions.add(action);
    for (const resource of place.resources) one.resources.add(resource);
  }
  const statements = onePerCondition([...gathered.values()]).map(
    ({ actions, resources, equals }): Statement => ({
      Effect: 'Allow',
      Action: compact([...actions]),
      Resource: compact([...resources]),
      ...(equals ? { Condition: { StringEquals: mutable(equals) } } : {}),
    }),
  );
  return { Version: '2012-10-17', Statement: statements.sort((a, b) => (firstOf(a) < firstOf(b) ? -1 : 1)) };
}

interface Gathered {
  actions: Set<string>;
  resources: Set<string>;
  equals: IamScope['equals'];
}

/** Tagging in the call that makes a thing: one statement whose condition lists the calls. */
function onePerCondition(gathered: Gathered[]): Gathered[] {
  const calls = gathered.filter(({ equals }) => equals?.['ec2:CreateAction'] !== undefined);
  const [first] = calls;
  if (!first) return gathered;
  const all = {
    ...first,
    resources: new Set(calls.flatMap(({ resources }) => [...resources])),
    equals: { ...first.equals, 'ec2:CreateAction': calls.map(({ equals }) => String(equals!['ec2:CreateAction'])) },
  };
  return [...gathered.filter(one => !calls.includes(one)), all];
}

const compact = (values: string[]): string | string[] => (values.length === 1 ? values[0]! : values.sort());
const mutable = (equals: NonNullable<IamScope['equals']>) =>
  Object.fromEntries(Object.entries(equals).map(([key, value]) => [key, compact([value].flat())]));
const firstOf = ({ Action, Resource }: Statement): string => `${[Action].flat()[0]} ${[Resource].flat()[0]}`;

/** Characters that AWS counts. */
export const sizeOf = (policy: Policy): number => JSON.stringify(policy).replace(/\s/g, '').length;

/** The same in as few documents as hold it, none of them larger than a managed policy may be. */
export function partsOf({ Version, Statement: statements }: Policy, size = managedPolicySize): Policy[] {
  const parts: Policy[] = [];
  for (const statement of statements) {
    const last = parts.at(-1);
    const longer: Policy = { Version, Statement: [...(last?.Statement ?? []), statement] };
    if (last && sizeOf(longer) <= size) parts[parts.length - 1] = longer;
    else parts.push({ Version, Statement: [statement] });
  }
  return parts;
}
