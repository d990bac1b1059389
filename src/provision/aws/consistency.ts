import type { Transient } from '../engine/retry.ts';
import { errorMessage, errorName } from './errors.ts';

/** One way in which AWS refuses for a while what it will take soon. */
export interface TransientError {
  names: readonly string[];
  /** Where one name serves lasting refusals too. */
  message?: RegExp;
  /** How long to go on asking, s, or `iam`: as long as the settings give IAM. */
  budget: number | 'iam';
  /** What the user reads meanwhile. */
  reason: string;
}

/**
 * AWS's eventual consistency, by listed names and messages. Sources: aws-sdk and Terraform's provider (function.go
 * retryFunctionOp, errors.go), EC2 developer guide "eventual consistency".
 */
export const transientErrors = {
  role: {
    names: ['InvalidParameterValueException', 'ValidationException'],
    message:
      /cannot be assumed by|does not have permissions to call|must allow .* to assume the role|principal|invalid for CreateGrant/i,
    budget: 'iam',
    reason: 'IAM is making the new role known',
  },
  profile: {
    names: ['InvalidParameterValue'],
    message: /Invalid IAM Instance Profile|no associated IAM Roles/i,
    budget: 'iam',
    reason: 'IAM is making the new instance profile known',
  },
  roleInProfile: {
    names: ['NoSuchEntityException', 'NoSuchEntity'],
    budget: 60,
    reason: 'IAM is making the new role known',
  },
  newId: {
    names: [
      'InvalidVpcID.NotFound',
      'InvalidSubnetID.NotFound',
      'InvalidSubnetId.NotFound',
      'InvalidGroup.NotFound',
      'InvalidSecurityGroupID.NotFound',
      'InvalidInternetGatewayID.NotFound',
      'InvalidRouteTableID.NotFound',
      // As the calls of endpoints spell it (terraform-provider-aws, errors.go).
      'InvalidRouteTableId.NotFound',
      'InvalidAllocationID.NotFound',
      'InvalidInstanceID.NotFound',
      'InvalidNatGatewayID.NotFound',
      'InvalidGatewayID.NotFound',
      'NatGatewayNotFound',
      'ResourceNotFoundException',
    ],
    budget: 60,
    reason: 'AWS is making a new id known',
  },
  // An internet gateway whose attachment has not got through to where routes are made (giantswarm/aws-operator#611).
  gatewayAttaching: {
    names: ['InvalidParameterValue'],
    message: /route table .* and network gateway .* belong to different networks/,
    budget: 60,
    reason: 'AWS is attaching the internet gateway',
  },
  // What EC2 knows already, Lambda may not (motdotla/node-lambda#162 has the message).
  newNetwork: {
    names: ['InvalidParameterValueException'],
    message: /EC2 Error Code: Invalid\w+\.NotFound/,
    budget: 60,
    reason: 'AWS is making a new id known',
  },
  // What was made is not known everywhere at once (S3 user guide, "Amazon S3 data consistency model", on bucket
  // configurations).
  newBucket: {
    names: ['NoSuchBucket'],
    budget: 60,
    reason: 'S3 is making the new bucket known',
  },
  // Another change of the bucket; after a deletion the name is free again only after a while, in rare cases an hour
  // (re:Post, "OperationAborted").
  bucketChanging: {
    names: ['OperationAborted'],
    budget: 600,
    reason: 'S3 is finishing an earlier change of the bucket',
  },
  functionUpdate: {
    names: ['ResourceConflictException'],
    message: /update is in progress|in the following state: Pending|concurrent|in progress/i,
    budget: 300,
    reason: 'Lambda is finishing an update',
  },
  // A function that nobody called for two weeks is inactive, and its first call only wakes it; none of these has
  // started it (Lambda API reference, Invoke; developer guide, "Lambda function states").
  functionWaking: {
    names: [
      'ResourceNotReadyException',
      'CodeArtifactUserPendingException',
      'ResourceConflictException',
      'EC2ThrottledException',
    ],
    budget: 300,
    reason: 'Lambda is getting the function ready',
  },
  throttledByEc2: {
    names: ['InvalidParameterValueException'],
    message: /throttled by EC2|RequestLimitExceeded/i,
    budget: 300,
    reason: 'EC2 asks Lambda to slow down',
  },
  // A NAT gateway reads `deleted` some seconds before its address is free (kubernetes/kops#938,
  // terraform-provider-aws#49299).
  addressInUse: {
    names: ['AuthFailure', 'InvalidIPAddress.InUse', 'InvalidNetworkInterfaceID.NotFound'],
    budget: 120,
    reason: 'the NAT gateway is letting go of the address',
  },
  stillInUse: {
    names: ['DependencyViolation', 'DeleteConflictException', 'DeleteConflict'],
    budget: 120,
    reason: 'AWS still counts something as using it',
  },
  targets: {
    names: ['ValidationException'],
    message: /has targets/i,
    budget: 60,
    reason: 'EventBridge is removing the target',
  },
  concurrentChange: {
    names: [
      'ConcurrentModificationException',
      'ConcurrentAccessException',
      'StaleTagException',
      'OperationAbortedException',
    ],
    budget: 60,
    reason: 'AWS is finishing another change',
  },
} as const satisfies Record<string, TransientError>;

export type TransientErrorName = keyof typeof transientErrors;

/** Why a refusal will pass, by the listed delay that it is an instance of, if it is one; IAM is given `iamBudget` s. */
export function transientOf(
  error: unknown,
  expected: readonly TransientErrorName[],
  iamBudget: number,
): Transient | undefined {
  const delay = expected
    .map((name): TransientError => transientErrors[name])
    .find(({ names, message }) => names.includes(errorName(error)) && (message?.test(errorMessage(error)) ?? true));
  if (!delay) return undefined;
  const { reason, budget } = delay;
  if (budget !== 'iam') return { reason, budget };
  const advice = `IAM was waited for ${iamBudget} s (patience.iam): run the same command again to go on.`;
  return { reason, budget: iamBudget, advice };
}
