import { FalseAnswer } from '../../exchange.ts';
import { Problem } from '../../problem.ts';

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
  'InvalidVolume.NotFound',
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

/** A call without an answer of AWS's, told in a sentence: it may have taken effect. */
export class Unanswered extends Problem {}

/** How a connection fails before an answer is whole (Node.js, "Common system errors"; llhttp's own begin with HPE_). */
const brokenConnection =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/;

/** Nobody was reached. */
const nobodyThere = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN)$/;

/** By which Lambda says, with a 502, that it has not started the function (API reference, Invoke). */
const notStarted = [
  'ResourceNotReadyException',
  'EC2AccessDeniedException',
  'EC2ThrottledException',
  'EC2UnexpectedException',
  'ENILimitReachedException',
  'InvalidRuntimeException',
  'InvalidSecurityGroupIDException',
  'InvalidSubnetIDException',
  'InvalidZipFileException',
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSInvalidStateException',
  'KMSNotFoundException',
  'SubnetIPAddressLimitReachedException',
];

/**
 * Whether the call may have taken effect although it failed: a 5xx, an answer that never came, or one that is not
 * AWS's.
 */
export function isLostAnswer(error: unknown): boolean {
  if (error instanceof Unanswered || error instanceof FalseAnswer) return true;
  if (isNoCapacity(error) || hasName(error, ...notStarted)) return false;
  const { code, name } = (error ?? {}) as ServiceError;
  const status = statusOf(error);
  return (status !== undefined && status >= 500) || brokenConnection.test(code ?? '') || name === 'TimeoutError';
}

/** The code of a connection that was never made, such as ENOTFOUND. */
export function unreachedCode(error: unknown): string | undefined {
  const { code } = (error ?? {}) as ServiceError;
  return nobodyThere.test(code ?? '') ? code : undefined;
}

/**
 * Whether AWS refused a call because there were too many. It did nothing (AWS SDK, retry behavior, throttling errors).
 */
export const isThrottled = (error: unknown): boolean =>
  (error instanceof Problem && error.code === 'throttled') ||
  hasName(
    error,
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'RequestThrottled',
    'RequestThrottledException',
    'RequestLimitExceeded',
    'TooManyRequestsException',
    'PriorRequestNotComplete',
    'BandwidthLimitExceeded',
    'SlowDown',
  ) ||
  /^rate exceeded/i.test(errorMessage(error));

/**
 * Whether AWS has no room for it now. It says so with a 5xx, and asking again at once changes nothing (EC2 API
 * reference, error codes).
 */
export const isNoCapacity = (error: unknown): boolean => /^Insufficient\w*Capacity$/.test(errorName(error));

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

/**
 * Whether something cannot be removed because something else uses it: AWS refuses it, or it is known beforehand
 * (`in-use`).
 */
export const isInUse = (error: unknown): boolean =>
  (error instanceof Problem && error.code === 'in-use') ||
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
