import { AwsError } from '../aws-error.ts';
import type { World } from '../world.ts';
import type { Taken } from './state.ts';

/**
 * Throws what IAM throws for the name or path of a role or instance profile (IAM user guide, "IAM and AWS STS quotas").
 */
export function verifyNamed(kind: 'roleName' | 'instanceProfileName', name: string, path: string): void {
  if (!/^[\w+=,.@-]+$/.test(name))
    throw new AwsError(
      'ValidationError',
      `The specified value for ${kind} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  const longest = kind === 'roleName' ? 64 : 128;
  if (name.length > longest)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${name}' at '${kind}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
    );
  if (path.length > 512 || !/^\/([!-~]+\/)?$/.test(path))
    throw new AwsError(
      'ValidationError',
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
}

/**
 * Throws DeleteConflict while something is `left` in a role or profile, and until what was taken from it last is
 * forgotten (hashicorp/terraform#14707).
 */
export function verifyBare(world: World, left: Taken['what'] | undefined, taken: Taken | undefined): void {
  const what = left ?? (taken && !world.isVisible(taken.at) ? taken.what : undefined);
  if (what) throw new AwsError('DeleteConflictException', `Cannot delete entity, must ${what} first.`, 409);
}
