import type { ServiceName } from '../../provision/aws/operation.ts';
import { draw } from '../../seeded-random.ts';
import { AwsError } from '../aws-error.ts';
import { type Context, decide, type Effect, type Statement } from '../iam/policy.ts';
import { partitionData } from '../partition.ts';
import type { World } from '../world.ts';
import type { AuthorizationRequest } from './request.ts';
import { authorizations } from './services.ts';

/** One policy. Its ARN stands in a refusal, where AWS says it. */
export interface GivenPolicy {
  Statement: readonly object[];
  arn?: string;
}

/** Who calls from outside: the operator of the tool. */
export interface Operator {
  /** As STS says it. */
  arn: string;
  /** Identity-based policies; without any given everything is allowed, as to an administrator. */
  policies?: readonly GivenPolicy[];
  /** What bounds the identity-based ones. */
  boundary?: GivenPolicy;
  /** What bounds a session. */
  session?: GivenPolicy;
  /**
   * Service control policies of the organization. Beside those that only deny stands AWS's own, which allows
   * everything.
   */
  serviceControl?: readonly GivenPolicy[];
  /** Resource control policies of the organization, beside AWS's own, which allows everything. */
  resourceControl?: readonly GivenPolicy[];
  /** Of the VPC endpoint through which the calls go. */
  endpoint?: GivenPolicy;
  /** What is known of the credentials and the way: `aws:MultiFactorAuthPresent`, `aws:SourceIp`. */
  keys?: Context;
}

const statementsIn = (policies: readonly GivenPolicy[]): Statement[] =>
  policies.flatMap(({ Statement: statements }) => statements as Statement[]);

const everything: GivenPolicy = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** The identity-based statements of an operator. */
export const statementsOf = ({ policies = [everything] }: Operator): Statement[] => statementsIn(policies);

/** How AWS calls kinds of policies in a refusal (IAM user guide, "Troubleshoot access denied error messages"). */
const kinds = {
  resourceControl: 'a resource control policy',
  serviceControl: 'a service control policy',
  endpoint: 'a VPC endpoint policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
  policies: 'an identity-based policy',
} as const;

type Kind = keyof typeof kinds;

export interface Decision {
  effect: Effect;
  /** Which kind of policy says no. */
  by?: Kind;
  /** Its ARN, where it has one. */
  arn?: string;
}

const isAllowing = ({ Statement: statements }: GivenPolicy): boolean =>
  (statements as Statement[]).some(({ Effect: effect }) => effect === 'Allow');

/**
 * Which policies of each kind there are, in the order in which AWS looks at them (IAM user guide, "Policy evaluation
 * logic").
 */
function policiesOf(operator: Operator): [Kind, readonly GivenPolicy[]][] {
  const { policies = [everything], boundary, session, serviceControl, resourceControl, endpoint } = operator;
  const withAwsOwn = (given: readonly GivenPolicy[] | undefined) =>
    given && (given.some(isAllowing) ? given : [...given, everything]);
  const all: [Kind, readonly GivenPolicy[] | undefined][] = [
    ['resourceControl', withAwsOwn(resourceControl)],
    ['serviceControl', withAwsOwn(serviceControl)],
    ['endpoint', endpoint && [endpoint]],
    ['boundary', boundary && [boundary]],
    ['session', session && [session]],
    ['policies', policies],
  ];
  return all.flatMap(([kind, given]): [Kind, readonly GivenPolicy[]][] => (given ? [[kind, given]] : []));
}

/**
 * What the policies of an operator say: a denial of any kind outweighs all, and each kind must allow. `only` looks at
 * some kinds.
 */
export function judge(
  operator: Operator,
  { action, resource, context }: AuthorizationRequest,
  only: readonly Kind[] = Object.keys(kinds) as Kind[],
): Decision {
  const looked = policiesOf(operator)
    .filter(([kind]) => only.includes(kind))
    .map(([kind, given]) => ({ kind, given, effect: decide(statementsIn(given), action, resource, context) }));
  const denial = looked.find(({ effect }) => effect === 'explicitDeny');
  if (denial) {
    const denying = denial.given.find(one => decide(statementsIn([one]), action, resource, context) === 'explicitDeny');
    return { effect: 'explicitDeny', by: denial.kind, ...(denying?.arn ? { arn: denying.arn } : {}) };
  }
  const lack = looked.find(({ effect }) => effect === 'implicitDeny');
  return lack ? { effect: 'implicitDeny', by: lack.kind } : { effect: 'allowed' };
}

/** The role of a session, or the user itself: policies are written for that (IAM user guide, "aws:PrincipalArn"). */
export const principalArnOf = ({ operator, partition, account }: World): string => {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(operator.arn) ?? [];
  return role === undefined ? operator.arn : `arn:${partition}:iam::${account}:role/${role}`;
};

/**
 * What a call puts to IAM, each question with the keys that every request has (IAM user guide, "AWS global condition
 * context keys").
 */
export function requestsOf(
  world: World,
  service: ServiceName,
  operation: string,
  input: object,
): AuthorizationRequest[] {
  const asked = authorizations[service] as Record<string, (input: object, world: World) => AuthorizationRequest[]>;
  const { operator, account, region } = world;
  const [, user] = /:user\/(?:.*\/)?([^/]+)$/.exec(operator.arn) ?? [];
  const global: Context = {
    'aws:CurrentTime': new Date(world.now()).toISOString(),
    'aws:EpochTime': String(Math.floor(world.now() / 1000)),
    'aws:PrincipalAccount': account,
    'aws:PrincipalArn': principalArnOf(world),
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalType': user === undefined ? 'AssumedRole' : 'User',
    // IAM is one for all regions, and stands in one of its partition.
    'aws:RequestedRegion': service === 'iam' ? partitionData(world.partition).iamRegion : region,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    ...(user === undefined ? {} : { 'aws:username': user }),
    ...(service === 'ec2' ? { 'ec2:Region': region } : {}),
    ...operator.keys,
  };
  return asked[operation]!(input, world).map(one => {
    // What is of no account is AWS's own.
    const owner: Context = /^arn:[^:]+:(?:ec2|ssm):[^:]*::/.test(one.resource)
      ? {}
      : { 'aws:ResourceAccount': account };
    return { ...one, context: { ...global, ...owner, ...one.context } };
  });
}

/** Throws what the service throws where the operator's policies do not allow a call. */
export function verifyAuthorized(world: World, service: ServiceName, operation: string, input: object): void {
  const { operator } = world;
  const isAdministrator = Object.keys(operator).every(
    key => key === 'arn' || operator[key as keyof Operator] === undefined,
  );
  if (isAdministrator) return;
  for (const request of requestsOf(world, service, operation, input)) {
    const decision = judge(operator, request);
    if (decision.effect === 'allowed') continue;
    throw refusal(world, service, operation, request, decision);
  }
}

/**
 * AWS's sentence (IAM user guide, "Troubleshoot access denied error messages"); policies of the endpoint and of a
 * session are not named by an ARN.
 */
function wordsOf(
  { operator }: World,
  service: ServiceName,
  request: AuthorizationRequest,
  { effect, by, arn }: Decision,
): string {
  const { resource, action, named = action } = request;
  const kind = kinds[by!];
  const isListed = service === 'ec2' && resource === '*';
  const target = isListed ? '' : ` on resource: ${service === 's3' ? `"${resource}"` : resource}`;
  const shown = arn && by !== 'session' && by !== 'endpoint' ? `: ${arn}` : '';
  const why =
    effect === 'explicitDeny'
      ? `with an explicit deny in ${kind}${shown}`
      : `because no ${kind.replace(/^an? /, '')} allows the ${named} action`;
  return `User: ${operator.arn} is not authorized to perform: ${named}${target} ${why}`;
}

/** Each service has its own name for a refusal (their API references, "Common Errors"). */
function refusal(
  world: World,
  service: ServiceName,
  operation: string,
  request: AuthorizationRequest,
  decision: Decision,
): AwsError {
  // The answer to a HEAD has no words.
  if (operation === 'HeadBucket') return new AwsError('Unknown', 'UnknownError', 403);
  const words = wordsOf(world, service, request, decision);
  if (service === 'ec2') {
    const encoded = operation.startsWith('Describe')
      ? ''
      : `. Encoded authorization failure message: ${encodedFor(world, words)}`;
    const message = `You are not authorized to perform this operation. ${words}${encoded}`;
    return new AwsError('UnauthorizedOperation', message, 403);
  }
  const names: Partial<Record<ServiceName, string>> = {
    iam: 'AccessDenied',
    s3: 'AccessDenied',
    sns: 'AuthorizationErrorException',
  };
  return new AwsError(names[service] ?? 'AccessDeniedException', words, 403);
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** What only sts:DecodeAuthorizationMessage can read. */
const encodedFor = ({ seed }: World, words: string): string =>
  Array.from({ length: 640 }, (_, at) => letters[Math.floor(draw(seed, 'encoded', words, at) * letters.length)]).join(
    '',
  );
