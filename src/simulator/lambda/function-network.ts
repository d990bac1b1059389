import type { InitializeMiddleware, Pluggable } from '@smithy/types';
import { patience } from '../../report/patience.ts';
import { AwsError } from '../aws-error.ts';
import { type Context, forbids, isAllowed } from '../iam/policy.ts';
import type { Role } from '../iam/state.ts';
import { isForbidden } from '../s3/policy.ts';
import { mayDecrypt, parameterArn } from '../ssm/access.ts';
import type { World } from '../world.ts';
import type { SimulatedFunction } from './state.ts';

type CallInput = Record<string, unknown>;

/** What the function's code calls: the IAM actions that it takes, and the resource that the call is about. */
interface Asked {
  actions: readonly string[];
  resource: string;
}

const calls: Record<string, (input: CallInput, world: World) => Asked> = {
  PublishCommand: ({ TopicArn }) => ({ actions: ['sns:Publish'], resource: String(TopicArn) }),
  GetParameterCommand: ({ Name }, world) => ({
    actions: ['ssm:GetParameter'],
    resource: parameterArn(world, String(Name)),
  }),
  GetObjectCommand: ({ Bucket, Key }, world) => ({
    actions: ['s3:GetObject'],
    resource: `${bucketArn(world, Bucket)}/${Key}`,
  }),
  // A write that compares reads (S3 user guide, "Conditional writes").
  PutObjectCommand: ({ Bucket, Key, IfMatch }, world) => ({
    actions: IfMatch === undefined ? ['s3:PutObject'] : ['s3:PutObject', 's3:GetObject'],
    resource: `${bucketArn(world, Bucket)}/${Key}`,
  }),
  ListObjectsV2Command: ({ Bucket }, world) => ({ actions: ['s3:ListBucket'], resource: bucketArn(world, Bucket) }),
};

/** How a service other than S3 calls a refusal. */
const refusals: Record<string, string> = {
  GetParameterCommand: 'AccessDeniedException',
  PublishCommand: 'AuthorizationErrorException',
};

const bucketArn = ({ partition }: World, name: unknown) => `arn:${partition}:s3:::${name}`;

/** Throws what SSM throws for a parameter that it may not decrypt for the role. */
function verifyKey(world: World, role: Role, name: unknown, context: Context): void {
  if (mayDecrypt(world, role, String(name), context)) return;
  throw new AwsError(
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  );
}

const denied = (name: string, one: SimulatedFunction, action: string, resource: string) =>
  new AwsError(name, `User: ${one.role} is not authorized to perform: ${action} on resource: ${resource}`, 403);

/**
 * What S3 looks at besides the role: the bucket's own policy, and whether the caller may know that a key is not there.
 */
function verifyBucket(
  world: World,
  one: SimulatedFunction,
  { actions, resource }: Asked,
  input: CallInput,
  context: Context,
): void {
  const bucket = world.s3.buckets.get(String(input.Bucket));
  if (!bucket) return;
  const forbidden = actions.find(action => isForbidden(bucket, world.partition, one.role, action, resource, context));
  if (forbidden) throw denied('AccessDenied', one, forbidden, resource);
  const isMissing = input.Key !== undefined && !world.s3.current(bucket, String(input.Key));
  const role = world.iam.roleByArn(one.role)!;
  const mayList = isAllowed(world, role, 's3:ListBucket', bucketArn(world, bucket.name), context);
  if (isMissing && actions.includes('s3:GetObject') && !mayList)
    throw denied('AccessDenied', one, 's3:ListBucket', bucketArn(world, bucket.name));
}

/**
 * A topic's own policy may forbid what the role allows (SNS developer guide, "Identity-based policies in Amazon SNS").
 */
function verifyTopic(world: World, one: SimulatedFunction, { actions, resource }: Asked, context: Context): void {
  const policy = world.sns.topics.get(resource)?.policy;
  const isForbidden = (action: string) =>
    policy !== undefined && forbids(JSON.parse(policy), one.role, action, resource, context);
  const forbidden = actions.find(isForbidden);
  if (forbidden) throw denied('AuthorizationErrorException', one, forbidden, resource);
}

/**
 * Stands under the clients inside the function: AWS is reached only by a way out of the VPC, and only what the role
 * allows is done.
 */
export const functionNetwork = (world: World, one: SimulatedFunction): Pluggable<object, object> => ({
  applyToStack: stack => {
    const guard: InitializeMiddleware<object, object> =
      (next, { commandName = '' }) =>
      async args => {
        const input = args.input as CallInput;
        const asked = calls[commandName]?.(input, world);
        if (!asked) throw new AwsError('AccessDeniedException', `The function's role allows no ${commandName}.`, 403);
        const isS3 = asked.resource.startsWith(`arn:${world.partition}:s3:`);
        const hasWay = (subnet: string) => (isS3 ? world.ec2.reachesS3(subnet) : world.ec2.reachesInternet(subnet));
        if (!one.subnetIds.every(hasWay) || !world.ec2.hasLambdaInterfaces(one.name, one.subnetIds)) {
          await world.clock.sleep(patience.connectionTimeout);
          throw Object.assign(new Error('connect ETIMEDOUT'), { name: 'TimeoutError', code: 'ETIMEDOUT' });
        }
        const role = world.iam.roleByArn(one.role);
        const owner = isS3 ? world.s3.buckets.get(String(input.Bucket))?.owner : undefined;
        const context: Context = {
          'lambda:SourceFunctionArn': one.arn,
          'aws:SecureTransport': 'true',
          ...(owner ? { 'aws:ResourceAccount': owner } : {}),
        };
        const refused = asked.actions.find(action => !role || !isAllowed(world, role, action, asked.resource, context));
        if (refused) throw denied(refusals[commandName] ?? 'AccessDenied', one, refused, asked.resource);
        if (commandName === 'GetParameterCommand') verifyKey(world, role!, input.Name, context);
        if (isS3) verifyBucket(world, one, asked, input, context);
        if (commandName === 'PublishCommand') verifyTopic(world, one, asked, context);
        return next(args);
      };
    stack.add(guard, { step: 'initialize', priority: 'high', name: 'functionNetwork' });
  },
});
