import { Problem } from '../../problem.ts';
import type { Context } from '../context.ts';
import type { Plan } from '../engine/outcome.ts';
import { lockOperations } from '../lock/lock-store.ts';
import type { AwsResource, Stack } from '../stack.ts';
import { tryDry } from './dry-runs.ts';
import type { Use } from './place.ts';
import { needsOf } from './policy-of.ts';
import { type Refusal, simulate } from './simulate.ts';

/** What the changes of a plan may call: their own operations, those for what AWS made for a thing that goes, and the lock's. */
export function usesOfPlan(resources: readonly AwsResource[], { changes }: Pick<Plan, 'changes'>): Use[] {
  const going = new Set(changes.filter(({ action }) => action === 'remove' || action === 'replace').map(({ id }) => id));
  const orphaned = resources.filter(({ byproduct, needs }) => byproduct && Object.values(needs).some(({ id }) => going.has(id)));
  return [
    ...changes.flatMap(({ id, operations }) => operations.map(operation => ({ operation, resource: id }))),
    ...orphaned.flatMap(({ id, operations }) => operations.remove.map(operation => ({ operation, resource: id }))),
    ...lockOperations.map(operation => ({ operation, resource: 'lock' })),
  ];
}

/**
 * Asks AWS, before the first change, whether the caller may do what a plan needs: IAM by SimulatePrincipalPolicy, and EC2 by a dry run of what needs no id
 * or one that is known, which sees the policies of the organization too. Throws Problem `not-permitted` with all that is missing. What cannot be asked is
 * told, one sentence each, and keeps nobody from trying.
 */
export async function verifyPermitted({ stack, resources }: Context, plan: Plan): Promise<string[]> {
  const needs = needsOf(usesOfPlan(resources, plan), stack);
  const [simulated, tried] = await Promise.all([simulate(stack, needs), tryDry(stack, plan.changes)]);
  const refusals = [...simulated.refusals, ...tried];
  if (refusals.length > 0) throw notPermitted(stack, refusals);
  return simulated.unchecked;
}

function notPermitted({ settings }: Stack, refusals: readonly Refusal[]): Problem {
  const actions = [...new Set(refusals.map(({ action }) => action))].sort();
  const [first, ...more] = refusals;
  const words =
    more.length === 0
      ? `${first!.action} on ${first!.resource}`
      : actions.length > longest
        ? `${actions.slice(0, longest).join(', ')} and ${actions.length - longest} more`
        : actions.join(', ');
  const named = settings.stack === 'salesreport' ? '' : ` --stack ${settings.stack}`;
  return new Problem(
    'not-permitted',
    `You may not ${words}: attach what salesreport policy provision${named} prints to your user or role, then run the same command again. Nothing was changed.`,
  );
}

/** So many actions are named one by one. */
const longest = 8;
