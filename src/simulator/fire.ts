import { inputOf } from './events/input.ts';
import { runFunction } from './lambda/runtime.ts';
import type { World } from './world.ts';

/**
 * What EventBridge does at a scheduled time: starts the targets of the rule that let it, with the input that the rule has for them. `time` is that
 * instant, ms since 1970. Returns how many functions it started; one that fails is started again by nobody here.
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
