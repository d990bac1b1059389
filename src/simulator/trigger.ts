import { inputOf } from './events/input.ts';
import { isAllowed, isAssumable } from './iam/policy.ts';
import { runFunction } from './lambda/runtime.ts';
import { sourceOf } from './scheduler/groups.ts';
import type { World } from './world.ts';

/**
 * What EventBridge does at a scheduled time: starts the targets of the rule that let it, with the input that the rule
 * has for them. `time` is that instant, ms since 1970. Returns how many functions it started; one that fails is started
 * again by nobody here.
 */
export async function fire(world: World, ruleName: string, time: number): Promise<number> {
  const rule = world.events.rules.get(ruleName);
  if (!rule?.enabled) return 0;
  const event = {
    id: world.newId('event'),
    // EventBridge writes whole seconds.
    time: new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'),
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
  };
  const started = [...rule.targets.values()].flatMap(target => {
    const one = [...world.lambda.functions.values()].find(candidate => candidate.arn === target.arn);
    const permitted = [...(one?.permissions.values() ?? [])].some(
      ({ principal, sourceArn }) => principal === 'events.amazonaws.com' && sourceArn === rule.arn,
    );
    return one && permitted ? [{ one, input: inputOf(target, event) }] : [];
  });
  await Promise.all(started.map(({ one, input }) => runFunction(world, one, input)));
  return started.length;
}

/**
 * What EventBridge Scheduler does at a schedule's time: starts its target with the schedule's role, and what it is told
 * to put into the input. Gives whether it did; one that the role does not allow is not tried again here. Scheduler user
 * guide, "Adding context attributes".
 */
export async function fireSchedule(world: World, groupName: string, name: string, time: number): Promise<boolean> {
  const schedule = world.scheduler.groups.get(groupName)?.schedules.get(name);
  const { Arn = '', RoleArn = '', Input = '{}' } = schedule?.Target ?? {};
  const one = [...world.lambda.functions.values()].find(({ arn }) => arn === Arn);
  const role = world.iam.roleByArn(RoleArn);
  if (!one || !role || schedule?.State === 'DISABLED') return false;
  if (
    !isAssumable(world, role, 'scheduler.amazonaws.com', sourceOf(world, groupName)) ||
    !isAllowed(world, role, 'lambda:InvokeFunction', Arn, {})
  )
    return false;
  const input = Input.replaceAll(
    '<aws.scheduler.scheduled-time>',
    new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'),
  ).replaceAll('<aws.scheduler.execution-id>', world.newId('execution'));
  await runFunction(world, one, JSON.parse(input));
  return true;
}
