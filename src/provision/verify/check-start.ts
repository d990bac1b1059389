import { canonicalJson } from '../aws/policy-document.ts';
import type { FunctionFound } from '../resources/lambda-function.ts';
import type { RoleFound } from '../resources/role.ts';
import { schedulerPolicy } from '../resources/role-policies.ts';
import { permissionOf, type RuleFound } from '../resources/rule.ts';
import type { ScheduleFound } from '../resources/scheduler.ts';
import { arn } from '../stack.ts';
import { broken, ok, repair, servingIn, type VerifyContext } from './context.ts';
import type { Finding } from './root-cause.ts';

/** What starts the report: the schedule, its target, its permission; and the watch. */
export function checkStart(walked: VerifyContext): Finding[] {
  const { timezone } = walked.stack.settings;
  return [...(timezone === 'UTC' ? ruleFindings(walked) : schedulerFindings(walked)), watchFinding(walked)];
}

function ruleFindings(walked: VerifyContext): Finding[] {
  const { names, settings } = walked.stack;
  const found = servingIn<RuleFound>(walked, 'schedule.rule');
  if (!found)
    return [broken('schedule', `There is no rule ${names.rule}, so nothing starts the report`, repair('makes it'))];
  const { schedule, enabled } = found;
  if (!enabled)
    return [
      broken('schedule', `The rule ${names.rule} is disabled, so nothing starts the report`, repair('enables it')),
    ];
  if (schedule !== settings.schedule)
    return [
      broken(
        'schedule',
        `The rule ${names.rule} fires at ${schedule} and not at ${settings.schedule}`,
        repair('sets it'),
      ),
    ];
  const { target, permission } = waysIn(walked, names.rule, found);
  return [
    ok('schedule', `${schedule} UTC`),
    target ? broken('target', target, repair('sets it')) : ok('target', names.functionName),
    permission ? broken('permission', permission, repair('gives it')) : ok('permission', `rule ${names.rule}`),
  ];
}

/** What keeps a rule from starting the function: its target, or the function's own policy. */
function waysIn(walked: VerifyContext, rule: string, { targets }: RuleFound): { target?: string; permission?: string } {
  const { stack } = walked;
  const { names } = stack;
  const target = targets[names.target]?.arn;
  const { statements } = servingIn<FunctionFound>(walked, 'function') ?? {};
  return {
    ...(target === undefined ? { target: `The rule ${rule} has no target` } : {}),
    ...(target !== undefined && target !== arn(stack, 'lambda', `function:${names.functionName}`)
      ? { target: `The rule ${rule} starts ${target} and not ${names.functionName}` }
      : {}),
    ...(permissionOf(rule, arn(stack, 'events', `rule/${rule}`), statements) === 'this rule'
      ? {}
      : { permission: `The function ${names.functionName} does not let the rule ${rule} start it` }),
  };
}

function watchFinding(walked: VerifyContext): Finding {
  const { names } = walked.stack;
  const found = servingIn<RuleFound>(walked, 'schedule.watch');
  const without = 'so reports that are held or died are not taken up';
  if (!found) return broken('watch', `There is no rule ${names.watchRule}, ${without}`, repair('makes it'));
  if (!found.enabled)
    return broken('watch', `The rule ${names.watchRule} is disabled, ${without}`, repair('enables it'));
  const { target, permission } = waysIn(walked, names.watchRule, found);
  const problem = target ?? permission;
  return problem ? broken('watch', problem, repair('updates it')) : ok('watch', found.schedule);
}

function schedulerFindings(walked: VerifyContext): Finding[] {
  const { stack } = walked;
  const { names, settings } = stack;
  const name = `${names.scheduleGroup}/${names.schedule}`;
  const found = servingIn<ScheduleFound>(walked, 'schedule.scheduler')?.settings;
  if (!found)
    return [broken('schedule', `There is no schedule ${name}, so nothing starts the report`, repair('makes it'))];
  if (found.state !== 'ENABLED')
    return [broken('schedule', `The schedule ${name} is disabled, so nothing starts the report`, repair('enables it'))];
  const [is, wanted] = [`${found.schedule} ${found['time zone']}`, `${settings.schedule} ${settings.timezone}`];
  if (is !== wanted)
    return [broken('schedule', `The schedule ${name} fires at ${is} and not at ${wanted}`, repair('sets it'))];
  const { functionName, schedulerRole, schedulerPolicy: policyName } = names;
  const role = servingIn<RoleFound>(walked, 'role.scheduler');
  const problem = !role
    ? `There is no role ${schedulerRole}, by which the Scheduler starts the function`
    : found.role !== role.arn
      ? `The schedule ${name} comes with the role ${found.role || 'of nobody'} and not with ${schedulerRole}`
      : role.policies[policyName] !== canonicalJson(schedulerPolicy(stack))
        ? `The policy ${policyName} of the role ${schedulerRole} does not let the Scheduler start the function`
        : undefined;
  return [
    ok('schedule', wanted),
    found.target === arn(stack, 'lambda', `function:${functionName}`)
      ? ok('target', functionName)
      : broken(
          'target',
          `The schedule ${name} starts ${found.target || 'nothing'} and not ${functionName}`,
          repair('sets it'),
        ),
    problem ? broken('permission', problem, repair('updates it')) : ok('permission', `role ${schedulerRole}`),
  ];
}
