import type { ServiceName } from '../../provision/aws/operation.ts';
import { AwsError } from '../aws-error.ts';
import { type Context, decide, type Statement } from '../iam/policy.ts';
import type { World } from '../world.ts';
import type { AuthorizationRequest } from './request.ts';
import { authorizations } from './services.ts';

/** Who calls from outside: the operator of the tool. */
export interface Operator {
  /** As STS says it. */
  arn: string;
  /** Identity-based policies; without any given everything is allowed, as to an administrator. */
  policies?: readonly { Statement: readonly object[] }[];
}

export const statementsOf = ({ policies = [] }: Operator): Statement[] =>
  policies.flatMap(({ Statement: statements }) => statements as Statement[]);

/** What a call puts to IAM, each question with the keys that every request has (IAM user guide, "AWS global condition context keys"). */
export function requestsOf(world: World, service: ServiceName, operation: string, input: object): AuthorizationRequest[] {
  const asked = authorizations[service] as Record<string, (input: object, world: World) => AuthorizationRequest[]>;
  const global: Context = {
    'aws:PrincipalAccount': world.account,
    'aws:PrincipalArn': world.operator.arn,
    // IAM is one for all regions, and stands in the first.
    'aws:RequestedRegion': service === 'iam' ? 'us-east-1' : world.region,
    'aws:SecureTransport': 'true',
  };
  return asked[operation]!(input, world).map(one => ({ ...one, context: { ...global, ...one.context } }));
}

/** Throws what the service throws where the operator's policies do not allow a call. */
export function verifyAuthorized(world: World, service: ServiceName, operation: string, input: object): void {
  const { operator } = world;
  if (operator.policies === undefined) return;
  const statements = statementsOf(operator);
  for (const { action, resource, context } of requestsOf(world, service, operation, input)) {
    const decision = decide(statements, action, resource, context);
    if (decision === 'allowed') continue;
    const why =
      decision === 'explicitDeny'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${action} action`;
    const words = `User: ${operator.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
    throw refusal(service, operation, words);
  }
}

/** Each service has its own name for a refusal (their API references, "Common Errors"). */
function refusal(service: ServiceName, operation: string, words: string): AwsError {
  // The answer to a HEAD has no words.
  if (operation === 'HeadBucket') return new AwsError('Unknown', 'UnknownError', 403);
  const [name, message = words] = (
    {
      ec2: ['UnauthorizedOperation', `You are not authorized to perform this operation. ${words}`],
      iam: ['AccessDenied'],
      s3: ['AccessDenied'],
      sns: ['AuthorizationErrorException'],
    } as Partial<Record<ServiceName, [string, string?]>>
  )[service] ?? ['AccessDeniedException'];
  return new AwsError(name, message, 403);
}
