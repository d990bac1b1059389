import { isAllowed } from '../iam/policy.ts';
import type { World } from '../world.ts';
import type { SimulatedFunction } from './state.ts';

/**
 * Writes a line into a function's log, with the function's role. Where the group is not there Lambda makes one, without tags and kept for ever, if the role may
 * (Lambda developer guide, "Working with Lambda function logs").
 */
export function writeLog(world: World, { role: roleArn, logGroup: name }: SimulatedFunction, text: string): void {
  const { groups } = world.logs;
  const role = world.iam.roleByArn(roleArn);
  const arn = `arn:aws:logs:${world.region}:${world.account}:log-group:${name}`;
  const may = (action: string, resource: string) => role !== undefined && isAllowed(world, role, action, resource, {});
  if (!groups.has(name) && may('logs:CreateLogGroup', arn))
    groups.set(name, { name, createdAt: world.now(), tags: {}, lines: [] });
  if (may('logs:PutLogEvents', `${arn}:log-stream:latest`)) groups.get(name)?.lines.push({ at: world.now(), text });
}
