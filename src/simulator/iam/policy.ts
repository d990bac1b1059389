import { AwsError, NotSimulated } from '../aws-error.ts';
import type { World } from '../world.ts';
import type { Role } from './state.ts';

export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: string | string[];
  /** In a bucket's policy `*` too: everybody. */
  Principal?: '*' | { Service?: string | string[]; AWS?: string | string[] };
  Condition?: Record<string, Record<string, string | string[]>>;
}

export const listed = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

const servicesOf = (principal: Statement['Principal']): string[] => (principal === '*' ? [] : listed(principal?.Service));

/** Reads a policy document. Throws MalformedPolicyDocumentException for what IAM refuses. */
export function parsePolicy(document: string, kind: 'trust' | 'identity'): Statement[] {
  const malformed = (why: string) => new AwsError('MalformedPolicyDocumentException', why);
  let parsed: { Version?: string; Statement?: Statement | Statement[] };
  try {
    parsed = JSON.parse(document);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  const statements = [parsed.Statement ?? []].flat();
  if (statements.length === 0) throw malformed('Syntax errors in policy.');
  for (const { Effect, Action, Resource, Principal } of statements) {
    if (!['Allow', 'Deny'].includes(Effect) || listed(Action).length === 0) throw malformed('Syntax errors in policy.');
    if (listed(Action).some(action => action !== '*' && !/^[\w-]+:[\w*]+$/.test(action)))
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    if (kind === 'identity' && listed(Resource).length === 0) throw malformed('Policy statement must contain resources.');
    if (kind === 'identity' && Principal) throw malformed('Policy document should not specify a principal.');
    if (kind === 'trust' && !Principal) throw malformed('Missing required field Principal');
    const unknown = servicesOf(Principal).find(service => !/^[\w-]+\.amazonaws\.com$/.test(service));
    if (unknown) throw malformed(`Invalid principal in policy: "SERVICE":"${unknown}"`);
  }
  return statements;
}

/** Whether a service may assume the role by now: a new role is known to the others only after a while. */
export function isAssumable(world: World, role: Role, service: string): boolean {
  if (world.now() < role.createdAt + world.takes('role.assumable', role.id)) return false;
  return parsePolicy(role.trust, 'trust').some(
    ({ Effect, Principal, Action }) =>
      Effect === 'Allow' && servicesOf(Principal).includes(service) && listed(Action).includes('sts:AssumeRole'),
  );
}

export const matches = (pattern: string, value: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i').test(value);

/** What else is known of a request: keys of conditions and their values. */
export type Context = Record<string, string>;

/** Whether a value is one of those wanted, by operator. */
const operators: Record<string, (wanted: string, value: string) => boolean> = {
  StringEquals: (wanted, value) => wanted === value,
  StringLike: matches,
  ArnEquals: matches,
  ArnLike: matches,
  Bool: (wanted, value) => wanted === value,
};

/** Whether a condition holds. A key that the request lacks makes it false (IAM user guide, "Condition operators"). */
export function holds(condition: Statement['Condition'] = {}, context: Context): boolean {
  return Object.entries(condition).every(([name, wanted]) => {
    const operator = operators[name];
    if (!operator) throw new NotSimulated(`the condition ${name}`);
    return Object.entries(wanted).every(([key, values]) => {
      const value = context[key];
      return value !== undefined && listed(values).some(one => operator(one, value));
    });
  });
}

/** What identity-based policies say to a request (IAM user guide, "Policy evaluation logic"). */
export function decide(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: Context,
): 'allowed' | 'explicitDeny' | 'implicitDeny' {
  const applying = statements
    .filter(statement => listed(statement.Action).some(pattern => matches(pattern, action)))
    .filter(statement => listed(statement.Resource).some(pattern => matches(pattern, resource)))
    .filter(({ Condition }) => holds(Condition, context));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'explicitDeny';
  return applying.length > 0 ? 'allowed' : 'implicitDeny';
}

/** Keys that conditions for this action ask for and a request does not have. */
export const missingKeys = (statements: readonly Statement[], action: string, context: Context): string[] => [
  ...new Set(
    statements
      .filter(statement => listed(statement.Action).some(pattern => matches(pattern, action)))
      .flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(wanted => Object.keys(wanted)))
      .filter(key => context[key] === undefined),
  ),
];

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
  return [Statement]
    .flat()
    .some(
      ({ Effect, Principal, Action, Resource, Condition }) =>
        Effect === 'Deny' &&
        isMeant(Principal) &&
        holds(Condition, context) &&
        listed(Action).some(pattern => matches(pattern, action)) &&
        listed(Resource).some(pattern => matches(pattern, resource)),
    );
}
