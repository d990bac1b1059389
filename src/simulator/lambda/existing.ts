import { AwsError, NotSimulated } from '../aws-error.ts';
import type { World } from '../world.ts';
import type { SimulatedFunction } from './state.ts';

/** The function of this name as a caller finds it. Throws ResourceNotFoundException. */
export function existingFunction(world: World, name: string | undefined): SimulatedFunction {
  if (name?.includes(':')) throw new NotSimulated('a function by its ARN or version');
  const found = functionThere(world, name ?? '');
  if (!found || !world.isVisible(found.createdAt))
    throw new AwsError(
      'ResourceNotFoundException',
      `Function not found: arn:${world.partition}:lambda:${world.region}:${world.account}:function:${name}`,
      404,
    );
  return found;
}

/** The function that has this name, seen or not. */
export function functionThere(world: World, name: string): SimulatedFunction | undefined {
  const found = world.lambda.functions.get(name);
  if (found && !isUpdating(world, found) && !found.failedUpdate) delete found.before;
  if (found?.goneAt === undefined || world.now() < found.goneAt) return found;
  world.lambda.functions.delete(name);
  return undefined;
}

function stateOf(world: World, { goneAt, activeAt, failure }: SimulatedFunction) {
  if (goneAt !== undefined) return 'Deleting' as const;
  if (world.now() < activeAt) return 'Pending' as const;
  return failure ? ('Failed' as const) : ('Active' as const);
}

export const isUpdating = (world: World, { updatedAt }: SimulatedFunction): boolean => world.now() < updatedAt;

const conflict = (why: string) =>
  new AwsError('ResourceConflictException', `The operation cannot be performed at this time. ${why}`, 409);

/** Throws ResourceConflictException while it is being made or deleted, and where its making failed. */
export function verifyActive(world: World, one: SimulatedFunction): void {
  const state = stateOf(world, one);
  if (state !== 'Active') throw conflict(`The function is currently in the following state: ${state}`);
}

/**
 * Throws ResourceConflictException while it is being made, deleted or updated (Lambda developer guide, "Lambda function
 * states").
 */
export function verifyQuiet(world: World, one: SimulatedFunction): void {
  verifyActive(world, one);
  if (isUpdating(world, one)) throw conflict(`An update is in progress for resource: ${one.arn}`);
}

/**
 * Throws what Lambda throws where the role of this name is another one than that for which it got its grant on the
 * environment's key.
 */
export function verifyDecryptable({ iam }: World, { role, grantee, environment }: SimulatedFunction): void {
  if (Object.keys(environment).length === 0 || iam.roleByArn(role)?.id === grantee) return;
  throw new AwsError(
    'KMSAccessDeniedException',
    "Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the function's KMS key settings. KMS Exception: AccessDeniedException",
    502,
  );
}

function lastUpdateOf(world: World, one: SimulatedFunction) {
  if (stateOf(world, one) === 'Pending' || isUpdating(world, one)) return { LastUpdateStatus: 'InProgress' as const };
  const LastUpdateStatusReason = one.failure ?? one.failedUpdate;
  if (!LastUpdateStatusReason) return { LastUpdateStatus: 'Successful' as const };
  return {
    LastUpdateStatus: 'Failed' as const,
    LastUpdateStatusReasonCode: 'InternalError' as const,
    LastUpdateStatusReason,
  };
}

/** A function as Lambda shows it. */
export function configurationOf(world: World, one: SimulatedFunction) {
  const { subnetIds, groupIds } = one;
  const state = stateOf(world, one);
  const VpcId = world.ec2.subnets.find(subnetIds[0] ?? '')?.vpcId ?? '';
  const sizes = new Map(world.lambda.layers.map(({ arn, zip }) => [arn, zip.length]));
  return {
    FunctionName: one.name,
    FunctionArn: one.arn,
    Version: '$LATEST',
    Runtime: one.runtime as 'nodejs24.x',
    Role: one.role,
    Handler: one.handler,
    CodeSize: one.zip.length,
    Description: one.description,
    Timeout: one.timeout,
    MemorySize: one.memory,
    LastModified: new Date(one.modifiedAt).toISOString(),
    CodeSha256: one.codeSha256,
    Architectures: [one.architecture as 'arm64'],
    ...(Object.keys(one.environment).length > 0 ? { Environment: { Variables: { ...one.environment } } } : {}),
    Layers: one.layers.map(Arn => ({ Arn, CodeSize: sizes.get(Arn) })),
    VpcConfig: { SubnetIds: [...subnetIds], SecurityGroupIds: [...groupIds], VpcId },
    State: state,
    ...(state === 'Pending'
      ? { StateReasonCode: 'Creating' as const, StateReason: 'The function is being created.' }
      : {}),
    ...(state === 'Failed' ? { StateReasonCode: 'InternalError' as const, StateReason: one.failure } : {}),
    ...lastUpdateOf(world, one),
    TracingConfig: { Mode: one.tracing },
    LoggingConfig: { LogFormat: 'Text' as const, LogGroup: one.logGroup },
    PackageType: 'Zip' as const,
  };
}
