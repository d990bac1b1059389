import type { Denial } from '../../problem.ts';
import { as, awsCli } from '../../suggest.ts';

/** What kind of policy says no. */
type Denier =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'service control policy'
  | 'resource control policy'
  | 'permissions boundary'
  | 'session policy'
  | 'VPC endpoint policy'
  | 'role trust policy';

/** What AWS says about a call that it denies. */
interface Denied extends Denial {
  by?: Denier;
}

const deniers: readonly Denier[] = [
  'identity-based policy',
  'resource-based policy',
  'service control policy',
  'resource control policy',
  'permissions boundary',
  'session policy',
  'VPC endpoint policy',
  'role trust policy',
];

/** AWS says `service control policy` in small letters, and once in a while in large ones. */
const denierIn = (words: string): Denier | undefined =>
  deniers.find(one => words.toLowerCase().startsWith(one.toLowerCase()));

const encodedMark = /\.?\s*Encoded authorization failure message:\s*(\S+)/i;

/** What only sts:DecodeAuthorizationMessage reads in AWS's message. */
export const encodedIn = (message: string): string | undefined => encodedMark.exec(message)?.[1];

/** AWS's message without what nobody can read in it. */
export const withoutEncoded = (message: string): string => message.replace(encodedMark, '.').replace(/\.\.$/, '.');

/**
 * Reads AWS's words about a denied call:
 * `User: … is not authorized to perform: ACTION on resource: ARN because no TYPE policy allows the ACTION action`, or
 * `… with an explicit deny in a TYPE policy: ARN` (IAM user guide, "Troubleshoot access denied error messages"). Not
 * every service says all of it. S3 puts the ARN between quotes, and EC2 adds an encoded message.
 */
export function denialIn(message: string, operation: string): Denied {
  const [, action = operation] = /perform: ([\w-]+:\w+)/.exec(message) ?? [];
  const [, resource] = /on resource: (?:[a-z ]+ )?"?(arn:[^\s",]+|\*)/.exec(message) ?? [];
  const [, explicit, policyArn] =
    /explicit deny(?: in (?:an? |the )?([\w -]+?(?:policy|boundary)))?(?:, with policy ARN)?(?:(?<=policy|boundary|ARN):\s*(arn:[^\s",]+))?(?=[\s.,:"]|$)/i.exec(
      message,
    ) ?? [];
  const isExplicit = /explicit deny/i.test(message);
  const [, implicit] = /because no ([\w -]+?) allows? /.exec(message) ?? [];
  const by = denierIn(explicit ?? implicit ?? '');
  return {
    action,
    isExplicit,
    ...(resource ? { resource: resource.replace(/\.$/, '') } : {}),
    ...(by ? { by } : {}),
    ...(policyArn ? { policyArn: policyArn.replace(/\.$/, '') } : {}),
  };
}

/** Who says no, and what helps, as the parts of a sentence. */
interface Words {
  who: string;
  /** Without its full stop, and to go on with. */
  advice: string;
}

const organization: Omit<Words, 'who'> = {
  advice: 'ask whoever administers the organization, because no policy of the account outweighs it',
};

const words: Record<Denier, Words> = {
  'identity-based policy': {
    who: 'a policy of your user or role',
    advice: 'have that denial changed, because no other policy outweighs it',
  },
  'resource-based policy': { who: "the resource's own policy", advice: 'have that policy changed' },
  'service control policy': { who: 'a service control policy of your organization', ...organization },
  'resource control policy': { who: 'a resource control policy of your organization', ...organization },
  'permissions boundary': {
    who: 'your permissions boundary',
    advice: 'have the boundary changed, because no policy of your user or role reaches beyond it',
  },
  'session policy': { who: 'the session policy of your credentials', advice: 'sign in with a session that allows it' },
  'VPC endpoint policy': {
    who: 'the policy of the VPC endpoint that the call goes through',
    advice: "have the endpoint's policy changed, or run from a network that does not use it",
  },
  'role trust policy': { who: "the role's trust policy", advice: 'have the trust policy changed' },
};

const wordsFor = (by: string | undefined): Words | undefined => words[by as Denier];

/**
 * Services that name the create where it is its tags that are refused, and what those need
 * (aws/aws-parallelcluster#4580).
 */
const hidden: Partial<Record<string, string>> = { 'logs:CreateLogGroup': 'logs:TagResource' };

/** Whether it only lacks a policy of the caller's own that allows it. */
export const isLack = ({ by, isExplicit }: Pick<Denial, 'by' | 'isExplicit'>): boolean =>
  !isExplicit && (by === undefined || by === 'identity-based policy');

/** Who says no, as the second half of a sentence: `a service control policy of your organization (arn:…) denies it`. */
export function denierWords({ by, isExplicit, policyArn }: Pick<Denial, 'by' | 'isExplicit' | 'policyArn'>): string {
  const who = wordsFor(by)?.who ?? 'a policy';
  return `${who}${policyArn ? ` (${policyArn})` : ''} ${isExplicit ? 'denies' : 'does not allow'} it`;
}

/** What helps, as a clause. */
export const adviceFor = ({ by }: Pick<Denial, 'by'>): string =>
  wordsFor(by)?.advice ?? 'find that denial, because no other policy outweighs it';

/** The denial as sentences: what is denied, who denies it, and what helps. */
export function denialWords(denial: Denial): string {
  const { action, resource } = denial;
  const what = `You may not ${action}${resource && resource !== '*' ? ` on ${resource}` : ''}`;
  const also = hidden[action];
  if (isLack(denial)) {
    const it = also
      ? `have it allowed for your user or role, and ${also} for its tags`
      : 'have it allowed for your user or role';
    return `${what}: ${it}, then run the same command again.`;
  }
  return `${what}: ${denierWords(denial)}. ${capital(adviceFor(denial))}, then run the same command again.`;
}

/** How the rest of AWS's reason is read. */
export const decodeAdvice = (region: string): string =>
  `AWS gives its full reason encoded, in error.aws.encoded with --json: ${awsCli`sts decode-authorization-message --region ${as.region(region)} --encoded-message MESSAGE`} reads it.`;

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
