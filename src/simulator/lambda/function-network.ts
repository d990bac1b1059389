import type { InitializeMiddleware, Pluggable } from '@smithy/types';
import { AwsError } from '../aws-error.ts';
import { isAllowed } from '../iam/policy.ts';
import type { World } from '../world.ts';
import type { SimulatedFunction } from './state.ts';

/** What the function's code calls: the IAM action, and the resource that the call is about. */
const calls: Record<string, (input: Record<string, unknown>, world: World) => { action: string; resource: string }> = {
  PublishCommand: ({ TopicArn }) => ({ action: 'sns:Publish', resource: String(TopicArn) }),
  GetParameterCommand: ({ Name }, { region, account }) => ({
    action: 'ssm:GetParameter',
    resource: `arn:aws:ssm:${region}:${account}:parameter${Name}`,
  }),
};

/** Stands under the clients inside the function: AWS is reached only by a way out of the VPC, and only what the role allows is done. */
export const functionNetwork = (world: World, one: SimulatedFunction): Pluggable<object, object> => ({
  applyToStack: stack => {
    const guard: InitializeMiddleware<object, object> = (next, context) => async args => {
      const describe = calls[context.commandName ?? ''];
      if (!describe) throw new AwsError('AccessDeniedException', `The function's role allows no ${context.commandName}.`, 403);
      if (!one.subnetIds.every(subnet => world.ec2.reachesInternet(subnet)))
        throw Object.assign(new Error('connect ETIMEDOUT'), { name: 'TimeoutError', code: 'ETIMEDOUT' });
      const { action, resource } = describe(args.input as Record<string, unknown>, world);
      const role = world.iam.roleByArn(one.role);
      if (!role || !isAllowed(world, role, action, resource, true))
        throw new AwsError(
          'AuthorizationErrorException',
          `User: ${one.role} is not authorized to perform: ${action} on resource: ${resource}`,
          403,
        );
      return next(args);
    };
    stack.add(guard, { step: 'initialize', priority: 'high', name: 'functionNetwork' });
  },
});
