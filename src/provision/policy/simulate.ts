import { type AwsWords, type Denial, Problem } from '../../problem.ts';
import { errorMessage, errorName, hasName, isExpired } from '../aws/errors.ts';
import type { Output } from '../aws/operation.ts';
import type { Stack } from '../stack.ts';
import type { Need } from './policy-of.ts';
import { entriesOf, type KnownKeys, keysOfOthers, knownKeys } from './request-context.ts';

/** Something that AWS says is not allowed. */
export interface Refusal extends Partial<Denial> {
  action: string;
  /** An ARN, or `*`. */
  resource: string;
  /** AWS's own words, where a call was denied. */
  aws?: AwsWords;
}

/** What came of asking. */
export interface Asked {
  refusals: Refusal[];
  /** What is not known for certain, and why: one sentence, or none. */
  unchecked: string[];
}

/**
 * So many questions are under way at once, and so much is asked in one: IAM throttles early (rain#242,
 * cloud-custodian#7641, PMapper#6).
 */
const limits = { underWay: 2, actions: 20, resources: 20 };

/** Whose policies are asked: a session has those of its role. Undefined for who has none of their own. */
function principalOf(caller: string): string | undefined {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(caller) ?? [];
  if (role !== undefined) return `arn:${partition}:iam::${account}:role/${role}`;
  return /^arn:[^:]+:iam::\d+:user\//.test(caller) ? caller : undefined;
}

const notAsked = (why: string): Asked => ({
  refusals: [],
  unchecked: [`Whether you may do all of it was not asked: ${why}.`],
});

/**
 * Asks IAM what the caller's policies say to what is needed (API reference, SimulatePrincipalPolicy). Only what no
 * policy allows, with every key known that any of them asks for and nothing against it from the organization, is a
 * refusal: it evaluates service control policies without the keys of the call, which it does not report as missing, and
 * knows no session. All else is one sentence, and so is what cannot be asked. `printed` is what the printed policies
 * are for.
 */
export async function simulate(stack: Stack, needs: readonly Need[], printed: readonly Need[]): Promise<Asked> {
  const principal = principalOf(stack.caller);
  if (principal === undefined) return notAsked(`IAM knows no policies of ${stack.caller}`);
  try {
    const source = await knownPrincipal(stack, principal);
    const questions = needs.flatMap(need => questionsOf(stack, source, need));
    const first = await answersTo(stack, source, questions);
    // Who has the printed policies lacks the keys of their other statements in every question, which says nothing.
    const others = keysOfOthers(printed);
    const isOthers = (key: string) => [...others.keys()].some(other => other.toLowerCase() === key.toLowerCase());
    const again = questions.filter(one => {
      const { effect, missing } = first.get(one)!;
      return effect === 'implicitDeny' && missing.length > 0 && missing.every(isOthers);
    });
    const fuller = new Map(again.map(one => [one, { ...one, keys: new Map([...others, ...one.keys]) }]));
    const second = await answersTo(stack, source, [...fuller.values()]);
    return verdictOf(
      [...first].map(([question, answer]) => {
        const other = second.get(fuller.get(question)!);
        return { question, answer: other && isRefused(other) ? other : answer };
      }),
    );
  } catch (error) {
    if (error instanceof Problem && error.code !== 'access-denied') throw error;
    if (isExpired(error)) throw error;
    return notAsked(
      error instanceof Problem ? 'you may not iam:SimulatePrincipalPolicy' : `IAM answered ${errorName(error)}`,
    );
  }
}

/** The role's ARN holds its path, which that of a session does not say. */
async function knownPrincipal({ aws }: Stack, principal: string): Promise<string> {
  const name = principal.split('/').at(-1)!;
  if (!principal.includes(':role/')) return principal;
  const answer = await aws.call('iam:GetRole', { RoleName: name }).catch(() => undefined);
  return answer?.Role?.Arn ?? principal;
}

/** One action on one thing. */
interface Question {
  action: string;
  /** As the policies name it. */
  pattern: string;
  /** One thing of those that it stands for. */
  resource: string;
  keys: KnownKeys;
}

const questionsOf = (stack: Stack, principal: string, need: Need): Question[] => {
  const keys = knownKeys(stack, principal, need);
  return need.place.resources.map(pattern => ({
    action: need.action,
    pattern,
    resource: pattern === '*' ? '*' : pattern.replaceAll('*', 'example'),
    keys,
  }));
};

interface Answer {
  effect: 'allowed' | 'explicitDeny' | 'implicitDeny' | 'unknown';
  missing: readonly string[];
  /** Whether the policies of the organization let it pass; undefined where there is none. */
  organization: boolean | undefined;
  boundary: boolean | undefined;
}

const unknown: Answer = { effect: 'unknown', missing: [], organization: undefined, boundary: undefined };

/**
 * Questions that are put in one call: with the same keys. Those on everything stand alone, since there IAM answers in
 * another way.
 */
function batchesOf(questions: readonly Question[]): Question[][] {
  const groups = new Map<string, Question[]>();
  for (const one of questions) {
    const key = JSON.stringify([one.resource === '*', [...one.keys].sort()]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap(inPieces);
}

function inPieces(questions: readonly Question[]): Question[][] {
  const pieces: { actions: Set<string>; resources: Set<string>; questions: Question[] }[] = [];
  for (const one of questions) {
    const has = (set: Set<string>, value: string, limit: number) => set.has(value) || set.size < limit;
    const fits = pieces.find(
      ({ actions, resources }) =>
        has(actions, one.action, limits.actions) && has(resources, one.resource, limits.resources),
    );
    const piece = fits ?? { actions: new Set(), resources: new Set(), questions: [] };
    if (!fits) pieces.push(piece);
    piece.actions.add(one.action);
    piece.resources.add(one.resource);
    piece.questions.push(one);
  }
  return pieces.map(piece => piece.questions);
}

/** The answer to each question. */
async function answersTo(stack: Stack, source: string, questions: readonly Question[]): Promise<Map<Question, Answer>> {
  const answers = new Map<Question, Answer>();
  const waiting = batchesOf(questions);
  const work = async () => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift())
      for (const [question, answer] of await askFor(stack, source, batch)) answers.set(question, answer);
  };
  await Promise.all(Array.from({ length: limits.underWay }, work));
  return answers;
}

type EvaluationResult = NonNullable<Output<'iam:SimulatePrincipalPolicy'>['EvaluationResults']>[number];

async function askFor(stack: Stack, source: string, batch: readonly Question[]): Promise<[Question, Answer][]> {
  const results: EvaluationResult[] = [];
  const actions = [...new Set(batch.map(({ action }) => action))];
  try {
    for (let Marker: string | undefined, more = true; more; ) {
      const answer: Output<'iam:SimulatePrincipalPolicy'> = await stack.aws.call('iam:SimulatePrincipalPolicy', {
        PolicySourceArn: source,
        ActionNames: actions,
        ResourceArns: [...new Set(batch.map(({ resource }) => resource))],
        ContextEntries: entriesOf(batch[0]!.keys),
        ...(Marker ? { Marker } : {}),
      });
      results.push(...(answer.EvaluationResults ?? []));
      Marker = answer.Marker;
      more = answer.IsTruncated === true && Marker !== undefined;
    }
  } catch (error) {
    if (!hasName(error, 'InvalidInputException', 'InvalidInput')) throw error;
    const isTogether = actions.length > 1 && /different authorization information/.test(errorMessage(error));
    return isTogether ? askApart(stack, source, batch, errorMessage(error)) : batch.map(one => [one, unknown]);
  }
  return batch.map(question => [question, answerIn(results, question)]);
}

/**
 * IAM refuses to look at some actions together, and names the groups that it takes:
 * `Actions: [a,b] and [c] require different authorization information`. What it names in no group is asked for by
 * itself.
 */
async function askApart(
  stack: Stack,
  source: string,
  batch: readonly Question[],
  message: string,
): Promise<[Question, Answer][]> {
  const named = [...message.matchAll(/\[([^\]]*)\]/g)].map(([, list = '']) => list.toLowerCase().split(/\s*,\s*/));
  const isNamed = named.length > 1;
  const groups = new Map<string, Question[]>();
  for (const one of batch) {
    const index = named.findIndex(group => group.includes(one.action.toLowerCase()));
    const key = isNamed && index >= 0 ? String(index) : one.action;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  // A group that is all of them would be asked for without end.
  if (groups.size === 1) return batch.map(one => [one, unknown]);
  const answers: [Question, Answer][] = [];
  for (const group of groups.values()) answers.push(...(await askFor(stack, source, group)));
  return answers;
}

const isSame = (one = '', other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * There is one result for an action, which is the most restrictive of all things that were asked about, and below it
 * one for each thing.
 */
function answerIn(results: readonly EvaluationResult[], { action, resource }: Question): Answer {
  const result = results.find(({ EvalActionName }) => isSame(EvalActionName, action));
  if (!result) return unknown;
  const { ResourceSpecificResults = [], OrganizationsDecisionDetail, PermissionsBoundaryDecisionDetail } = result;
  const organization = OrganizationsDecisionDetail?.AllowedByOrganizations;
  const specific = ResourceSpecificResults.find(({ EvalResourceName }) => EvalResourceName === resource);
  if (specific)
    return {
      effect: specific.EvalResourceDecision ?? 'unknown',
      missing: specific.MissingContextValues ?? [],
      organization,
      boundary: (specific.PermissionsBoundaryDecisionDetail ?? PermissionsBoundaryDecisionDetail)
        ?.AllowedByPermissionsBoundary,
    };
  // What the most restrictive one is about is not known; that all are allowed is.
  if (resource !== '*' && result.EvalDecision !== 'allowed') return unknown;
  return {
    effect: result.EvalDecision ?? 'unknown',
    missing: result.MissingContextValues ?? [],
    organization,
    boundary: PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary,
  };
}

const isRefused = ({ effect, missing, organization }: Answer): boolean =>
  effect === 'implicitDeny' && missing.length === 0 && organization !== false;

function verdictOf(answers: readonly { question: Question; answer: Answer }[]): Asked {
  const refusals = answers
    .filter(({ answer }) => isRefused(answer))
    .map(({ question: { action, pattern }, answer: { boundary } }) => ({
      action,
      resource: pattern,
      ...(boundary === false ? { by: 'permissions boundary' } : {}),
    }));
  const unsure = answers.filter(({ answer }) => answer.effect !== 'allowed' && !isRefused(answer));
  return { refusals, unchecked: unsure.length > 0 ? [unsureWords(unsure)] : [] };
}

/** So many names stand in a sentence. */
const longest = 4;

/** `ec2:CreateVpc, ec2:RunInstances and 3 more`. */
export function listed(names: readonly string[], most = longest): string {
  const all = [...new Set(names)].sort();
  return all.length > most ? `${all.slice(0, most).join(', ')} and ${all.length - most} more` : all.join(', ');
}

function unsureWords(unsure: readonly { question: Question; answer: Answer }[]): string {
  const actions = listed(unsure.map(({ question }) => question.action));
  const missing = unsure.flatMap(({ answer }) => answer.missing);
  const why = unsure.some(({ answer }) => answer.organization === false)
    ? 'IAM looks at the policies of your organization without all that the call says'
    : missing.length > 0
      ? `your policies ask for ${listed(missing)}`
      : 'IAM looks at your policies without all that the call says';
  return `Whether you may ${actions} shows only when it is called: ${why}.`;
}
