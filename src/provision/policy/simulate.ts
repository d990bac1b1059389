import { Problem } from '../../problem.ts';
import { errorName, isExpired } from '../aws/errors.ts';
import type { Input, Output } from '../aws/operation.ts';
import type { Stack } from '../stack.ts';
import type { Need } from './policy-of.ts';

/** Something that AWS says is not allowed. */
export interface Refusal {
  action: string;
  /** An ARN, or `*`. */
  resource: string;
}

/** What came of asking. */
export interface Asked {
  refusals: Refusal[];
  /** What could not be asked, one sentence each. */
  unchecked: string[];
}

/** Whose policies are asked: a session has those of its role. Undefined for who has none of their own. */
function principalOf(caller: string): string | undefined {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(caller) ?? [];
  if (role !== undefined) return `arn:${partition}:iam::${account}:role/${role}`;
  return /^arn:[^:]+:iam::\d+:user\//.test(caller) ? caller : undefined;
}

/**
 * Asks IAM what the caller's policies say to what is needed (API reference, SimulatePrincipalPolicy). It knows neither the policies of a session nor, in
 * full, those of the organization. What cannot be asked is no refusal.
 */
export async function simulate(stack: Stack, needs: readonly Need[]): Promise<Asked> {
  const principal = principalOf(stack.caller);
  if (principal === undefined)
    return { refusals: [], unchecked: [`Whether you may do all of it was not asked: IAM knows no policies of ${stack.caller}.`] };
  const refusals: Refusal[] = [];
  try {
    const source = await knownPrincipal(stack, principal);
    const unsure = await Promise.all(gathered(needs).map(batch => askFor(stack, source, batch, refusals)));
    const actions = [...new Set(unsure.flat())].sort();
    const words = `Whether you may ${actions.join(', ')} depends on what cannot be asked beforehand.`;
    return { refusals, unchecked: actions.length > 0 ? [words] : [] };
  } catch (error) {
    if (error instanceof Problem && error.code !== 'access-denied') throw error;
    if (isExpired(error)) throw error;
    const why = error instanceof Problem ? 'you may not iam:SimulatePrincipalPolicy' : `IAM answered ${errorName(error)}`;
    return { refusals: [], unchecked: [`Whether you may do all of it was not asked: ${why}.`] };
  }
}

/** The role's ARN holds its path, which that of a session does not say. */
async function knownPrincipal({ aws }: Stack, principal: string): Promise<string> {
  const name = principal.split('/').at(-1)!;
  if (!principal.includes(':role/')) return principal;
  const answer = await aws.call('iam:GetRole', { RoleName: name }).catch(() => undefined);
  return answer?.Role?.Arn ?? principal;
}

interface Batch {
  actions: string[];
  place: Need['place'];
}

/** Actions that are needed in the same places are asked together: IAM asks each of them of each thing, which must be one that it takes. */
function gathered(needs: readonly Need[]): Batch[] {
  const batches = new Map<string, Batch>();
  for (const { action, place } of needs) {
    const key = JSON.stringify(place);
    const batch = batches.get(key) ?? { actions: [], place };
    batches.set(key, { ...batch, actions: [...batch.actions, action] });
  }
  return [...batches.values()];
}

type ContextEntry = NonNullable<Input<'iam:SimulatePrincipalPolicy'>['ContextEntries']>[number];

/** Asks for one batch, adds what is refused, and gives the actions of which IAM cannot tell: their policies have conditions that only the call itself meets. */
async function askFor(stack: Stack, PolicySourceArn: string, { actions, place }: Batch, refusals: Refusal[]): Promise<string[]> {
  const { aws, region } = stack;
  const entries = new Map<string, string>([['aws:RequestedRegion', actions[0]!.startsWith('iam:') ? 'us-east-1' : region]]);
  for (const [key, value] of Object.entries(place.equals ?? {})) entries.set(key, [value].flat()[0]!);
  const kind = [...entries.keys()].map(key => /^aws:(?:Request|Resource)Tag\//.exec(key)?.[0]).find(Boolean);
  if (kind) for (const [key, value] of Object.entries(stack.owner.tags('vpc'))) entries.set(`${kind}${key}`, value);
  const ContextEntries: ContextEntry[] = [...entries].map(([ContextKeyName, value]) => ({
    ContextKeyName,
    ContextKeyType: 'string',
    ContextKeyValues: [value],
  }));
  const patterns = new Map(place.resources.map(pattern => [exampleOf(pattern), pattern]));
  const unsure: string[] = [];
  for (let Marker: string | undefined, more = true; more; ) {
    const answer: Output<'iam:SimulatePrincipalPolicy'> = await aws.call('iam:SimulatePrincipalPolicy', {
      PolicySourceArn,
      ActionNames: actions,
      ResourceArns: [...patterns.keys()],
      ContextEntries,
      ...(Marker ? { Marker } : {}),
    });
    for (const {
      EvalActionName: action = '',
      EvalResourceName: resource = '*',
      EvalDecision,
      MissingContextValues,
    } of answer.EvaluationResults ?? []) {
      if (EvalDecision === 'allowed') continue;
      const strange = (MissingContextValues ?? []).some(key => !isOurs(key));
      if (strange) unsure.push(action);
      else refusals.push({ action, resource: patterns.get(resource) ?? resource });
    }
    Marker = answer.Marker;
    more = answer.IsTruncated === true;
  }
  return unsure;
}

/** Keys of the tool's own policies: where one is missing, the condition is of another use of the action. */
const isOurs = (key: string): boolean =>
  /^(aws:(RequestTag|ResourceTag)\/|aws:RequestedRegion$|iam:PassedToService$|iam:PermissionsBoundary$|ec2:(CreateAction|Owner)$|lambda:Principal$|sns:Protocol$)/i.test(
    key,
  );

/** One thing of those that a pattern stands for. */
const exampleOf = (pattern: string): string => (pattern === '*' ? '*' : pattern.replaceAll('*', 'example'));
