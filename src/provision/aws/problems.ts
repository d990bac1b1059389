import { Problem } from '../../problem.ts';
import { decodeAdvice, denialIn, denialWords, encodedIn, withoutEncoded } from './denial.ts';
import { errorMessage, errorName, isAccessDenied, isExpired, requestIdOf } from './errors.ts';
import type { Operation } from './operation.ts';

/** The failures of a call that no resource can expect, as sentences: credentials, region, permission, reachability. Undefined for any other. */
export function awsProblem(error: unknown, operation: Operation, profile?: string, region = ''): Problem | undefined {
  if (error instanceof Problem) return error;
  const name = errorName(error);
  const message = errorMessage(error);
  const aws = { operation, name, message, requestId: requestIdOf(error) };
  if (isExpired(error))
    return new Problem(
      'credentials-expired',
      'Your AWS credentials have expired: sign in again (aws sso login, or new keys) and run the same command again.',
      { aws, cause: error },
    );
  if (name === 'CredentialsProviderError' || /Could not load credentials/.test(message))
    return new Problem(
      'no-credentials',
      profile
        ? `The profile ${profile} gives no AWS credentials: check its name in ~/.aws/config, or sign in with aws sso login --profile ${profile}.`
        : 'No AWS credentials were found: sign in (aws configure, aws sso login) or choose a profile with --profile.',
      { aws, cause: error, exit: 'usage' },
    );
  if (
    /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|InvalidAccessKeyId)$/.test(
      name,
    )
  )
    return new Problem(
      'bad-credentials',
      'AWS does not know these credentials: check the access key, or choose another profile with --profile.',
      { aws, cause: error },
    );
  if (isAccessDenied(error)) {
    const denial = denialIn(message, operation);
    const encoded = encodedIn(message);
    return new Problem('access-denied', denialWords(denial), {
      aws: { ...aws, message: withoutEncoded(message), denial, ...(encoded ? { encoded } : {}) },
      ...(encoded ? { next: decodeAdvice(region) } : {}),
      cause: error,
    });
  }
  const code = (error as { code?: string })?.code ?? '';
  if (/^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/.test(code))
    return new Problem(
      'aws-unreachable',
      `AWS cannot be reached from here (${code}): check the network, the region, and AWS_ENDPOINT_URL if it is set.`,
      { aws, cause: error },
    );
  return undefined;
}
