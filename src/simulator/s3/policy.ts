import { AwsError } from '../aws-error.ts';
import { type Context, forbids, listed, type Statement } from '../iam/policy.ts';
import type { Bucket } from './state.ts';

/** Reads a bucket's policy. Throws MalformedPolicy for what S3 refuses. */
export function parseBucketPolicy(document: string, bucket: string, partition: string): Statement[] {
  const refused = (why: string) => new AwsError('MalformedPolicy', why);
  let parsed: { Statement?: Statement | Statement[] };
  try {
    parsed = JSON.parse(document);
  } catch {
    throw refused("Policies must be valid JSON and the first byte must be '{'");
  }
  const statements = [parsed.Statement ?? []].flat();
  if (statements.length === 0) throw refused('Missing required field Statement');
  for (const { Effect, Action, Resource, Principal } of statements) {
    if (!['Allow', 'Deny'].includes(Effect)) throw refused('Invalid effect');
    if (Principal === undefined) throw refused('Missing required field Principal');
    if (listed(Action).length === 0 || listed(Action).some(action => !/^(\*|s3:[\w*]+)$/.test(action)))
      throw refused('Policy has invalid action');
    const own = new RegExp(`^arn:${partition}:s3:::${bucket}(/.*)?$`);
    if (listed(Resource).length === 0 || listed(Resource).some(resource => !own.test(resource)))
      throw refused('Policy has invalid resource');
  }
  return statements;
}

/** Whether it lets anybody in, whoever that is. */
export const isPublic = (statements: readonly Statement[]): boolean =>
  statements.some(
    ({ Effect, Principal, Condition }) => Effect === 'Allow' && Principal === '*' && Condition === undefined,
  );

/** Whether a statement of the bucket's policy forbids a role something. */
export function isForbidden(
  { policy, name }: Bucket,
  partition: string,
  role: string,
  action: string,
  resource: string,
  context: Context,
): boolean {
  const Statement = policy === undefined ? [] : parseBucketPolicy(policy, name, partition);
  return forbids({ Statement }, role, action, resource, context);
}
