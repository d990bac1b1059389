import { type Denial, Problem } from '../../problem.ts';
import { as, salesreport } from '../../suggest.ts';
import { adviceFor, denierWords, isLack } from '../aws/denial.ts';
import { Snapshot } from '../aws/snapshot.ts';
import type { Context } from '../context.ts';
import { isDenial } from '../engine/engine.ts';
import { type Inventory, oursOf, takeInventory } from '../engine/inventory.ts';
import type { Plan } from '../engine/outcome.ts';
import { goingOf, type Removal } from '../engine/remove.ts';
import { lockOperations } from '../lock/lock-store.ts';
import type { RoleFound } from '../resources/role.ts';
import type { AwsResource, Stack } from '../stack.ts';
import { tryDry } from './dry-runs.ts';
import type { OperationUse, PolicyContext } from './iam-scope.ts';
import { needsOf } from './policy-of.ts';
import { listed, type Refusal, simulate } from './simulate.ts';
import { usesOf, usesOfRemoval } from './verbs.ts';

/** What is said of a run that does not ask. */
export const skippedWords = 'Whether you may do all of it was not asked, because of --skip-permission-check.';

/**
 * What the changes of a plan may call: their own operations, those for what AWS made for a thing that goes, and the
 * lock's.
 */
function usesOfPlan(resources: readonly AwsResource[], { changes }: Pick<Plan, 'changes'>): OperationUse[] {
  const going = new Set(
    changes.filter(({ action }) => action === 'remove' || action === 'replace').map(({ id }) => id),
  );
  const orphaned = resources.filter(
    ({ madeByAws, needs }) => madeByAws && Object.values(needs).some(({ id }) => going.has(id)),
  );
  return [
    ...changes.flatMap(({ id, operations }) => operations.map(operation => ({ operation, resource: id }))),
    ...orphaned.flatMap(({ id, operations }) => operations.remove.map(operation => ({ operation, resource: id }))),
    ...lockOperations.map(operation => ({ operation, resource: 'lock' })),
  ];
}

/**
 * Asks AWS, before the first change, whether the caller may do what a plan needs: IAM by SimulatePrincipalPolicy, and
 * EC2 by a dry run of what needs no id or one that is known, which sees the policies of the organization too. Throws
 * Problem `not-permitted` with all that is missing. What cannot be asked is told, one sentence each, and keeps nobody
 * from trying.
 */
export async function verifyPermitted({ stack, resources }: Context, plan: Plan): Promise<string[]> {
  const needs = needsOf(usesOfPlan(resources, plan), stack);
  const printed = needsOf(usesOf(undefined, resources), stack);
  const [simulated, tried] = await Promise.all([simulate(stack, needs, printed), tryDry(stack, plan.changes)]);
  const refusals = [...simulated.refusals, ...tried];
  if (refusals.length > 0) throw notPermitted('provision', refusals);
  return simulated.unchecked;
}

/**
 * Asks IAM the same before a teardown takes its lock. First whatever a teardown of these resources may call, since that
 * needs no look; only where something of it is refused, what is really there is looked for, and nobody is kept from
 * removing that.
 */
export async function verifyMayRemove(
  { stack }: Context,
  resources: readonly AwsResource[],
  options: { keepsSnapshot: boolean },
): Promise<string[]> {
  const ask = (going: readonly AwsResource[], ground: PolicyContext) =>
    simulate(stack, needsOf(usesOfRemoval(going, options), ground), needsOf(usesOf(undefined, resources), ground));
  const whole = await ask(resources, stack);
  if (whole.refusals.length === 0) return whole.unchecked;
  const inventory = await takeInventory(resources, new Snapshot(stack.aws)).catch((error: unknown) => {
    throw isDenial(error) ? notPermitted('teardown', whole.refusals) : error;
  });
  const going = goingOf(resources.map(resource => ({ resource, found: oursOf(inventory, resource.id) })));
  const { refusals, unchecked } = await ask(
    going.map(({ resource }) => resource),
    groundIn(inventory, stack),
  );
  if (refusals.length > 0) throw notPermitted('teardown', refusals);
  return unchecked;
}

/** IAM's things have the path that they were made with, which a teardown without the settings file does not know. */
function groundIn(inventory: Inventory, stack: Stack): PolicyContext {
  const roles = [...inventory]
    .filter(([id]) => id.startsWith('role.'))
    .flatMap(([, found]) => found as readonly RoleFound[]);
  const [path = stack.settings.iam.path] = roles
    .filter(({ ours }) => ours)
    .map(({ arn }) => /:role(\/.*?)[^/]+$/.exec(arn)![1]!);
  return { ...stack, settings: { ...stack.settings, iam: { ...stack.settings.iam, path } } };
}

/** Tries with EC2, before the first of these is removed, whether it would do it. */
export async function verifyRemovable({ stack }: Context, removals: readonly Removal[]): Promise<void> {
  const changes = removals.flatMap(({ resource: { operations }, found }) =>
    found.map(({ awsId }) => ({ operations: operations.remove, awsId })),
  );
  const refusals = await tryDry(stack, changes);
  if (refusals.length > 0) throw notPermitted('teardown', refusals);
}

/** One Problem for all that is refused: what to do depends on who refuses it. */
function notPermitted(verb: 'provision' | 'teardown', refusals: readonly Refusal[]): Problem {
  const groups = new Map<string, Refusal[]>();
  for (const one of refusals) {
    const key = isLack(denialOf(one)) ? '' : denierWords(denialOf(one));
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const sentences = [...groups].map(([who, denied]) =>
    who === ''
      ? `You may not ${deniedWords(denied)}: attach what ${salesreport`policy ${as.verb(verb)}`} prints to your user or role.`
      : `You may not ${deniedWords(denied)}: ${who}. ${capital(adviceFor(denied[0]!))}.`,
  );
  const again =
    'Then run the same command again; --skip-permission-check runs it without this check. Nothing was changed.';
  const aws = refusals.find(one => one.aws)?.aws;
  return new Problem('not-permitted', [...sentences, again].join(' '), aws ? { aws } : {});
}

const denialOf = ({ action, by, isExplicit = false, policyArn }: Refusal): Denial => ({
  action,
  by,
  isExplicit,
  policyArn,
});

/** What is denied: with its resource where it is one thing, else by action. */
function deniedWords(denied: readonly Refusal[]): string {
  const [first, ...more] = denied;
  if (more.length > 0)
    return listed(
      denied.map(({ action }) => action),
      longest,
    );
  return first!.resource === '*' ? first!.action : `${first!.action} on ${first!.resource}`;
}

/** So many actions are named one by one. */
const longest = 8;

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
