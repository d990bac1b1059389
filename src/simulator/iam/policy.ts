import { AwsError } from '../aws-error.ts';
import { isServicePrincipal } from '../partition.ts';
import type { World } from '../world.ts';
import {
  type Conditions,
  type Context,
  holds,
  keysOf,
  type Lookup,
  lookupIn,
  matches,
  matchesAction,
  resolved,
} from './conditions.ts';
import type { Role } from './state.ts';

export { type Context, matches } from './conditions.ts';

export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  /** In a bucket's policy `*` too: everybody. */
  Principal?: '*' | { Service?: string | string[]; AWS?: string | string[] };
  Condition?: Conditions;
}

export const listed = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

const servicesOf = (principal: Statement['Principal']): string[] =>
  principal === '*' ? [] : listed(principal?.Service);

const actionsOf = ({ Action, NotAction }: Statement): string[] => listed(Action ?? NotAction);
const resourcesOf = ({ Resource, NotResource }: Statement): string[] => listed(Resource ?? NotResource);

/** Reads a policy document. Throws MalformedPolicyDocumentException for what IAM refuses. */
export function parsePolicy(document: string, kind: 'trust' | 'identity', partition = 'aws'): Statement[] {
  const malformed = (why: string) => new AwsError('MalformedPolicyDocumentException', why);
  let parsed: { Version?: string; Statement?: Statement | Statement[] };
  try {
    parsed = JSON.parse(document);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  const statements = [parsed.Statement ?? []].flat();
  if (statements.length === 0) throw malformed('Syntax errors in policy.');
  for (const statement of statements) {
    const { Effect, Principal } = statement;
    const actions = actionsOf(statement);
    if (!['Allow', 'Deny'].includes(Effect) || actions.length === 0) throw malformed('Syntax errors in policy.');
    if (actions.some(action => action !== '*' && !/^[\w-]+:[\w*?]+$/.test(action)))
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    if (kind === 'identity' && resourcesOf(statement).length === 0)
      throw malformed('Policy statement must contain resources.');
    if (kind === 'identity' && Principal) throw malformed('Policy document should not specify a principal.');
    if (kind === 'trust' && !Principal) throw malformed('Missing required field Principal');
    const unknown = servicesOf(Principal).find(service => !isServicePrincipal(service, partition));
    if (unknown) throw malformed(`Invalid principal in policy: "SERVICE":"${unknown}"`);
  }
  return statements;
}

/**
 * Whether a service may assume the role by now: a new role is known to the others only after a while. `context` is what
 * the service says of the resource for which it does so: `aws:SourceAccount`, `aws:SourceArn`.
 */
export function isAssumable(world: World, role: Role, service: string, context: Context = {}): boolean {
  if (world.now() < role.createdAt + world.takes('role.assumable', role.id)) return false;
  const lookup = lookupIn(context);
  const applying = parsePolicy(role.trust, 'trust', world.partition).filter(
    statement =>
      servicesOf(statement.Principal).includes(service) &&
      actionsOf(statement).some(pattern => matchesAction(pattern, 'sts:AssumeRole')) &&
      holds(statement.Condition, lookup),
  );
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

/** Whether a statement is about an action on a resource, conditions aside. */
function isAbout(statement: Statement, action: string, resource: string, lookup: Lookup): boolean {
  const isMeant =
    actionsOf(statement).some(pattern => matchesAction(pattern, action)) !== (statement.Action === undefined);
  if (!isMeant) return false;
  const patterns = resourcesOf(statement);
  const isIt = (pattern: string) => {
    const plain = pattern.includes('${') ? resolved(pattern, lookup) : pattern;
    return plain !== undefined && matches(plain, resource);
  };
  return patterns.some(isIt) !== (statement.Resource === undefined);
}

export type Effect = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** What policies say to a request (IAM user guide, "Policy evaluation logic"). */
export function decide(statements: readonly Statement[], action: string, resource: string, context: Context): Effect {
  const lookup = lookupIn(context);
  const applying = statements.filter(one => isAbout(one, action, resource, lookup) && holds(one.Condition, lookup));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'explicitDeny';
  return applying.length > 0 ? 'allowed' : 'implicitDeny';
}

/**
 * Keys that any condition of these statements asks for and a request does not have, whatever its action (boto3#3111,
 * aws-sdk-java-v2#1751).
 */
export function missingKeys(statements: readonly Statement[], context: Context): string[] {
  const lookup = lookupIn(context);
  return [...new Set(statements.flatMap(({ Condition }) => keysOf(Condition)))]
    .filter(key => lookup(key) === undefined)
    .sort();
}

/** Whether the role's inline policies allow whoever acts with it an action on a resource. */
export function isAllowed(world: World, role: Role, action: string, resource: string, context: Context): boolean {
  world.onRoleAsked(role.name, { action, resource, context });
  const statements = [...role.policies.values()]
    .filter(({ since }) => world.now() >= since)
    .flatMap(({ document }) => parsePolicy(document, 'identity'));
  return decide(statements, action, resource, context) === 'allowed';
}

/** Whether a policy of the resource itself forbids a role something: a denial outweighs every permission. */
export function forbids(
  { Statement = [] }: { Statement?: Statement | Statement[] },
  role: string,
  action: string,
  resource: string,
  context: Context,
): boolean {
  const isMeant = (principal: Statement['Principal']) =>
    principal === '*' || (principal !== undefined && listed(principal.AWS).some(one => one === '*' || one === role));
  const denials = [Statement].flat().filter(({ Effect, Principal }) => Effect === 'Deny' && isMeant(Principal));
  return decide(denials, action, resource, context) === 'explicitDeny';
}
