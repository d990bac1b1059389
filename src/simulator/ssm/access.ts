import { type Context, isAllowed } from '../iam/policy.ts';
import type { Role } from '../iam/state.ts';
import type { World } from '../world.ts';

/**
 * Public parameters are of no account; the slash at a name's beginning is the one of the ARN (Systems Manager user
 * guide).
 */
export const parameterArn = ({ partition, region, account }: World, name = ''): string =>
  name.startsWith('/aws/')
    ? `arn:${partition}:ssm:${region}::parameter${name}`
    : `arn:${partition}:ssm:${region}:${account}:parameter${name.replace(/^(?!\/)/, '/')}`;

/**
 * Whether SSM may decrypt a parameter for a role, with whose permissions it does; AWS's own key lets everybody in the
 * account (KMS developer guide, "How Parameter Store uses AWS KMS").
 */
export function mayDecrypt(world: World, role: Role, name: string, context: Context): boolean {
  const key = world.ssm.parameters.get(name)?.key;
  const asked = {
    ...context,
    'kms:ViaService': `ssm.${world.region}.${world.dnsSuffix}`,
    'kms:EncryptionContext:PARAMETER_ARN': parameterArn(world, name),
  };
  return key === undefined || isAllowed(world, role, 'kms:Decrypt', key, asked);
}
