import type { InitializeMiddleware, Pluggable } from '@smithy/types';
import { AwsError } from '../aws-error.ts';
import { type Context, isAllowed } from '../iam/policy.ts';
import type { Role } from '../iam/state.ts';
import type { World } from '../world.ts';
import type { SimulatedFunction } from './state.ts';

/** What the function's code calls: the IAM action, and the resource that the call is about. */
const calls: Record<string, (input: Record<string, unknown>, world: World) => { action: string; resource: string }> = {
  PublishCommand: ({ TopicArn }) => ({ action: 'sns:Publish', resource: String(TopicArn) }),
  GetParameterCommand: ({ Name }, world) => ({ action: 'ssm:GetParameter', resource: parameterArn(world, Name) }),
};

const parameterArn = ({ region, account }: World, name: unknown) => `arn:aws:ssm:${region}:${account}:parameter${name}`;

/** SSM decrypts with the caller's permissions; AWS's own key lets everybody in the account (KMS developer guide, "How Parameter Store uses AWS KMS"). */
function verifyKey(world: World, role: Role, name: unknown, context: Context): void {
  const key = world.ssm.parameters.get(String(name))?.key;
  const asked = {
    ...context,
    'kms:ViaService': `ssm.${world.region}.amazonaws.com`,
    'kms:EncryptionContext:PARAMETER_ARN': parameterArn(world, name),
  };
  if (key === undefined || isAllowed(world, role, 'kms:Decrypt', key, asked)) return;
  throw new AwsError(
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  );
}

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
      const origin = { 'lambda:SourceFunctionArn': one.arn };
      if (!role || !isAllowed(world, role, action, resource, origin))
        throw new AwsError(
          'AuthorizationErrorException',
          `User: ${one.role} is not authorized to perform: ${action} on resource: ${resource}`,
          403,
        );
      if (action === 'ssm:GetParameter') verifyKey(world, role, (args.input as { Name?: string }).Name, origin);
      return next(args);
    };
    stack.add(guard, { step: 'initialize', priority: 'high', name: 'functionNetwork' });
  },
});
