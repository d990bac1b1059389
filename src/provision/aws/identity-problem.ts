import { type AwsWords, Problem } from '../../problem.ts';
import { errorMessage, errorName, isExpired } from './errors.ts';

/**
 * Why AWS does not take the caller for who they are, as a sentence: expired, unknown, signed by a wrong clock, or of
 * another region. Undefined for any other failure. Who calls is no part of the command line, so the exit code is 1: the
 * same command works after signing in.
 */
export function identityProblem(error: unknown, aws: AwsWords, profile?: string): Problem | undefined {
  const { name, message } = aws;
  const skew = skewOf(error);
  if (skew !== undefined) return new Problem('clock-skew', skewSentence(skew), { aws, cause: error });
  if (isExpired(error))
    return new Problem(
      'credentials-expired',
      'Your AWS credentials have expired: sign in again (aws sso login, aws login, or new keys), then run the same command again.',
      { aws, cause: error },
    );
  if (name === 'CredentialsProviderError' || /Could not load credentials/.test(message))
    return new Problem(
      'no-credentials',
      profile
        ? `The profile ${profile} gives no AWS credentials: check its name in ~/.aws/config, or sign in with aws sso login.`
        : 'No AWS credentials were found: sign in (aws configure, aws sso login) or choose a profile with --profile.',
      { aws, cause: error },
    );
  if (/^(RegionDisabledException|RegionDisabled|OptInRequired)$/.test(name))
    return new Problem(
      'region-disabled',
      'This region is not enabled in your account: enable it with aws account enable-region, or choose another with --region.',
      { aws, cause: error },
    );
  if (/^(SignatureDoesNotMatch|InvalidSignatureException)$/.test(name))
    return new Problem(
      'bad-credentials',
      'AWS does not accept your signature: the secret access key does not belong to the access key, or something on the way changes requests.',
      { aws, cause: error },
    );
  // EC2 says AuthFailure of other things too.
  const isUnknown = name === 'AuthFailure' && /validate the provided access credentials/.test(message);
  if (/^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|InvalidToken)$/.test(name) || isUnknown)
    return new Problem(
      'bad-credentials',
      'AWS does not know these credentials: check the access key, or choose another profile with --profile.',
      { aws, cause: error },
    );
  return undefined;
}

/** Names of refusals that a wrong clock can bring about (the SDK's own list, @smithy/core, clockSkewErrorCodes). */
const skewNames =
  /^(AuthFailure|InvalidSignatureException|RequestExpired|RequestInTheFuture|RequestTimeTooSkewed|SignatureDoesNotMatch)$/;

/** AWS takes five minutes, and S3 and EC2 a quarter of an hour. */
const tolerance = 4 * 60_000;

/**
 * How far this computer's clock is ahead of AWS's, ms; NaN where AWS only says that it is wrong. Undefined where the
 * clock is not the reason.
 */
function skewOf(error: unknown): number | undefined {
  if (!skewNames.test(errorName(error))) return undefined;
  const isSaid =
    /^(RequestTimeTooSkewed|RequestInTheFuture)$/.test(errorName(error)) ||
    /Signature (expired|not yet current)/.test(errorMessage(error));
  const headers = (error as { $response?: { headers?: Record<string, string> } }).$response?.headers;
  const skew = Date.now() - Date.parse(headers?.date ?? '');
  if (Math.abs(skew) > tolerance) return skew;
  return isSaid ? Number.NaN : undefined;
}

function skewSentence(skew: number): string {
  const minutes = Math.round(Math.abs(skew) / 60_000).toLocaleString('en-US');
  const off = Number.isNaN(skew) ? 'is wrong' : `is ${minutes} minutes ${skew > 0 ? 'ahead of' : 'behind'} AWS's`;
  return `The clock of this computer ${off}, so AWS refuses what it signs: set the clock, then run the same command again.`;
}
