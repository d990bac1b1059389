import { Problem } from '../../problem.ts';
import { networkProblem } from './connection/network-problem.ts';
import { decodeAdvice, denialIn, denialWords, encodedIn, withoutEncoded } from './denial.ts';
import { errorMessage, errorName, isAccessDenied, requestIdOf } from './errors.ts';
import { identityProblem } from './identity-problem.ts';

/**
 * The failures of a call that no resource can expect, as sentences: identity, permission, the network, reachability. Undefined for any other. `operation` is
 * `service:Operation`.
 */
export function awsProblem(error: unknown, operation: string, profile?: string, region = ''): Problem | undefined {
  if (error instanceof Problem) return error;
  const name = errorName(error);
  const message = errorMessage(error);
  const aws = { operation, name, message, requestId: requestIdOf(error) };
  const identity = identityProblem(error, aws, profile);
  if (identity) return identity;
  if (isAccessDenied(error)) {
    const denial = denialIn(message, operation);
    const encoded = encodedIn(message);
    return new Problem('access-denied', denialWords(denial), {
      aws: { ...aws, message: withoutEncoded(message), denial, ...(encoded ? { encoded } : {}) },
      ...(encoded ? { next: decodeAdvice(region) } : {}),
      cause: error,
    });
  }
  const network = networkProblem(error, aws);
  if (network) return network;
  const code = (error as { code?: string })?.code ?? '';
  if (/^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/.test(code))
    return new Problem(
      'aws-unreachable',
      `AWS cannot be reached from here (${code}): check the network, the region, and AWS_ENDPOINT_URL if it is set.`,
      { aws, cause: error },
    );
  return undefined;
}
