import { Problem } from '../../../problem.ts';
import { as, awsCli } from '../../../suggest.ts';
import { errorMessage, errorName, isExpired, requestIdOf } from '../errors.ts';
import { awsProblem } from '../problems.ts';
import { wordsOfProcess } from './credential-process.ts';
import { chainOf, type Profile } from './profile.ts';

/** Why there are no credentials, as a sentence, with the words of what should have given them. */
export function credentialsProblem(error: unknown, profile: Profile): Problem {
  if (error instanceof Problem) return error;
  const cause = causeOf(error);
  const message = errorMessage(cause).trim();
  const chain = chainOf(profile);
  const has = (key: string) => chain.find(({ values }) => values[key] !== undefined)?.name;
  const words = wordsOfProcess(message);
  if (words !== undefined)
    return new Problem(
      'no-credentials',
      `The credential_process of the profile ${has('credential_process')} failed: ${words.replace(/\.?$/, '.')}`,
      { cause, next: 'Run its command by hand to see more; it is in ~/.aws/config.' },
    );
  if (
    isExpired(cause) ||
    /session has expired|token is expired|cannot refresh|returned expired credentials/i.test(message) ||
    isSsoRefusal(cause)
  )
    return new Problem('credentials-expired', `Your AWS credentials have expired: ${signIn(profile)}`, { cause });
  if (/MultiFactorAuthentication failed/i.test(message))
    return new Problem(
      'mfa-refused',
      'AWS refuses the MFA code: wait for the next one, then run the same command again.',
      {
        cause,
        aws: { operation: 'sts:AssumeRole', name: errorName(cause), message, requestId: requestIdOf(cause) },
      },
    );
  if (has('sso_session') && /not found or is invalid|SSO session .* is invalid/i.test(message))
    return new Problem('no-credentials', `Nobody is signed in: ${signIn(profile)}`, { cause });
  const known = awsProblem(cause, 'sts:AssumeRole', profile.isChosen ? profile.name : undefined);
  if (known && known.code !== 'no-credentials') return known;
  if (Object.keys(profile.values).length > 0 && !isBare(message))
    return new Problem(
      'no-credentials',
      `The profile ${profile.name} gives no credentials: ${message.replace(/\.?$/, '.')}`,
      {
        cause,
      },
    );
  return new Problem(
    'no-credentials',
    profile.isChosen
      ? `The profile ${profile.name} has no AWS credentials: ${signIn(profile)}`
      : 'No AWS credentials were found: sign in (aws configure, aws sso login) or choose a profile with --profile.',
    { cause },
  );
}

/** The SDK gives some failures as the message of another. */
function causeOf(error: unknown): unknown {
  const inner = (error as { message?: unknown })?.message;
  return inner instanceof Error ? inner : error;
}

/** The SSO portal knows the token no longer. */
const isSsoRefusal = (error: unknown): boolean =>
  errorName(error) === 'UnauthorizedException' ||
  /UnauthorizedException|Session token not found or invalid/.test(errorMessage(error));

/** Only says that nothing was found anywhere. */
const isBare = (message: string): boolean =>
  /Could not (load|resolve) credentials|metadata service|Metadata Service/.test(message);

/** What to do, as the end of a sentence. */
function signIn(profile: Profile): string {
  const is = (...keys: string[]) => chainOf(profile).some(({ values }) => keys.some(key => values[key] !== undefined));
  const name = as.profile(profile.name);
  const command = is('login_session')
    ? `run ${awsCli`login --profile ${name}`}`
    : is('sso_session', 'sso_start_url')
      ? `run ${awsCli`sso login --profile ${name}`}`
      : 'sign in again (aws sso login, aws login, or new keys)';
  return `${command}, then run the same command again.`;
}
