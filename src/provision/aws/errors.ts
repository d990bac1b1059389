/** An error as an SDK client throws it; other errors lack most of it. */
interface ServiceError extends Error {
  Code?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

/** AWS's name for a failure: `InvalidGroup.NotFound`, `NoSuchEntityException`. Empty for what is no Error. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : '');
export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
export const requestIdOf = (error: unknown): string | undefined => (error as ServiceError)?.$metadata?.requestId;

export const statusOf = (error: unknown): number | undefined => (error as ServiceError)?.$metadata?.httpStatusCode;

export const hasName = (error: unknown, ...names: string[]): boolean => names.includes(errorName(error));

/** Names by which the services say that a thing is not there. Nothing else counts as gone. */
const notFoundNames = new Set([
  'InvalidVpcID.NotFound',
  'InvalidSubnetID.NotFound',
  'InvalidSubnetId.NotFound',
  'InvalidGroup.NotFound',
  'InvalidGroupId.NotFound',
  'InvalidSecurityGroupID.NotFound',
  'InvalidInternetGatewayID.NotFound',
  'InvalidRouteTableID.NotFound',
  'InvalidRouteTableId.NotFound',
  'InvalidRoute.NotFound',
  'InvalidAssociationID.NotFound',
  'InvalidNetworkAclEntry.NotFound',
  'InvalidAllocationID.NotFound',
  'InvalidInstanceID.NotFound',
  'InvalidNetworkInterfaceID.NotFound',
  'InvalidVpcEndpointId.NotFound',
  'InvalidPermission.NotFound',
  'NatGatewayNotFound',
  'Gateway.NotAttached',
  'NoSuchEntityException',
  'NoSuchEntity',
  'ResourceNotFoundException',
  'NotFoundException',
  'NotFound',
  'ParameterNotFound',
  // Of the tags of a parameter that is not there.
  'InvalidResourceId',
  'NoSuchBucket',
  'NoSuchTagSet',
  'NoSuchBucketPolicy',
  'NoSuchLifecycleConfiguration',
  'NoSuchPublicAccessBlockConfiguration',
  'OwnershipControlsNotFoundError',
  'ServerSideEncryptionConfigurationNotFoundError',
]);

export const isNotFound = (error: unknown): boolean => notFoundNames.has(errorName(error));

/** The answer of a call, or undefined where AWS says that the thing is not there. Every other failure is thrown. */
export async function unlessNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Whether the call may have taken effect although it failed: a 5xx or an answer that never came. */
export function isLostAnswer(error: unknown): boolean {
  const { code, $metadata, name } = (error ?? {}) as ServiceError;
  const status = $metadata?.httpStatusCode;
  return (
    (status !== undefined && status >= 500) ||
    /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT)$/.test(code ?? '') ||
    name === 'TimeoutError'
  );
}

/** Whether AWS says that something with this natural key is there already. */
export const isAlreadyThere = (error: unknown): boolean =>
  hasName(
    error,
    'InvalidGroup.Duplicate',
    'InvalidSubnet.Conflict',
    'RouteAlreadyExists',
    'Resource.AlreadyAssociated',
    'EntityAlreadyExistsException',
    'EntityAlreadyExists',
    'ResourceAlreadyExistsException',
    'ParameterAlreadyExists',
    'ConflictException',
    'BucketAlreadyOwnedByYou',
    'BucketAlreadyExists',
  ) ||
  (hasName(error, 'ResourceConflictException') && /already exist/i.test(errorMessage(error)));

/** Whether AWS refuses to remove something because something else uses it. */
export const isInUse = (error: unknown): boolean =>
  hasName(error, 'DependencyViolation', 'DeleteConflictException', 'DeleteConflict');

export const isAccessDenied = (error: unknown): boolean =>
  hasName(
    error,
    'AccessDenied',
    'AccessDeniedException',
    'UnauthorizedOperation',
    'AuthorizationErrorException',
    'AuthorizationError',
  );

export const isExpired = (error: unknown): boolean =>
  hasName(error, 'ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired') ||
  /security token .*expired|token .*is expired|SSO session .*expired/i.test(errorMessage(error));
