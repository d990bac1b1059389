import { isAllowed } from '../iam/policy.ts';
import type { World } from '../world.ts';
import type { SimulatedFunction } from './state.ts';

/**
 * Lambda writes a function's log with its role, and is silent about it where that does not allow it. Where the group is
 * not there it makes one, without tags and kept for ever, if the role may (Lambda developer guide, "Sending logs to
 * CloudWatch Logs"; hashicorp/terraform-provider-aws#454).
 */
export function writeLog(
  world: World,
  { logGroup: name, role }: SimulatedFunction,
  requestId: string,
  text: string,
): void {
  const { groups } = world.logs;
  const writer = world.iam.roleByArn(role);
  if (!writer) return;
  const group = `arn:${world.partition}:logs:${world.region}:${world.account}:log-group:${name}`;
  if (!groups.has(name) && isAllowed(world, writer, 'logs:CreateLogGroup', group, {}))
    groups.set(name, { name, createdAt: world.now(), tags: {}, lines: [] });
  const log = groups.get(name);
  if (!log) return;
  const day = new Date(world.now()).toISOString().slice(0, 10).replaceAll('-', '/');
  const stream = `${group}:log-stream:${day}/[$LATEST]${requestId.replaceAll('-', '')}`;
  if (['logs:CreateLogStream', 'logs:PutLogEvents'].every(action => isAllowed(world, writer, action, stream, {})))
    log.lines.push({ at: world.now(), text });
}
