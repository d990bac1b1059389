import { FalseAnswer } from '../../exchange.ts';
import { Problem } from '../../problem.ts';
import { tooManyFiles } from '../../too-many-files.ts';
import { networkProblem } from './connection/network-problem.ts';
import { decodeAdvice, denialIn, denialWords, encodedIn, withoutEncoded } from './denial.ts';
import {
  errorMessage,
  errorName,
  isAccessDenied,
  isLostAnswer,
  isThrottled,
  requestIdOf,
  statusOf,
  Unanswered,
  unreachedCode,
} from './errors.ts';
import { identityProblem } from './identity-problem.ts';
import type { Operation } from './operation.ts';

/**
 * The failures of a call that no resource can expect, as sentences: identity, permission, the network. Undefined for
 * any other. `operation` is `service:Operation`.
 */
export function awsProblem(error: unknown, operation: string, profile?: string, region = ''): Problem | undefined {
  if (error instanceof Problem) return error;
  const crowded = tooManyFiles(error);
  if (crowded) return crowded;
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
  return networkProblem(error, aws);
}

/** What became of a call that AWS did not answer, or refused for its number, in our own words. */
interface Unheard {
  operation: Operation;
  /** How often it was tried, and how long in all, s. */
  attempts: number;
  seconds: number;
  /** Whether AWS answers nothing at all. */
  isSilent: boolean;
}

const goOn = 'run the same command again: it continues from here';

/**
 * The sentence for a lost answer or a throttle that lasted; undefined for what AWS answered. The first keeps telling
 * that the call may have taken effect.
 */
export function unheardProblem(error: unknown, unheard: Unheard): Problem | undefined {
  if (error instanceof Problem) return undefined;
  const { operation, isSilent } = unheard;
  const aws = { operation, name: errorName(error), message: errorMessage(error), requestId: requestIdOf(error) };
  const details = { cause: error, aws, endsRun: isSilent };
  if (isThrottled(error))
    return new Problem(
      'throttled',
      `AWS has had too many calls from this account and refused ${operation} ${tries(unheard)}. Wait a minute, then ${goOn}.`,
      { aws, cause: error },
    );
  if (!isLostAnswer(error)) return undefined;
  if (error instanceof FalseAnswer)
    return new Unanswered(
      isSilent ? 'aws-unreachable' : 'no-answer',
      `Something between here and AWS answered ${operation} in its place: ${error.what} (HTTP ${error.status}, ${tries(unheard)}). Check the proxy, the VPN and the sign-in of your network, then ${goOn}.`,
      { endsRun: isSilent, cause: error },
    );
  const code = unreachedCode(error);
  if (code)
    return new Unanswered(
      'aws-unreachable',
      `AWS cannot be reached from here (${code}): check the network, the region, and AWS_ENDPOINT_URL if it is set.`,
      details,
    );
  const status = statusOf(error);
  if (status !== undefined)
    return new Unanswered(
      'aws-failed',
      `AWS failed at ${operation} with an error of its own (${aws.name}, HTTP ${status}, ${tries(unheard)}). Wait a minute, then ${goOn}.`,
      { aws, cause: error },
    );
  const { code: broken = '' } = error as { code?: string };
  const what = broken ? `The connection to AWS broke off at ${operation} (${broken}, ${tries(unheard)}).` : undefined;
  if (isSilent)
    return new Unanswered(
      'aws-unreachable',
      `${what ?? `AWS does not answer: ${operation} was asked ${tries(unheard)}.`} Check the network, the VPN and the proxy, then ${goOn}.`,
      { endsRun: true, cause: error },
    );
  return new Unanswered(
    'no-answer',
    `${what ?? `AWS did not answer ${operation} (${tries(unheard)}).`} Check the network, then ${goOn}.`,
    { cause: error },
  );
}

/** `5 times in 51 s`. */
const tries = ({ attempts, seconds }: Unheard): string =>
  `${attempts > 1 ? `${attempts} times` : 'once'}${seconds >= 1 ? ` in ${Math.round(seconds)} s` : ''}`;
