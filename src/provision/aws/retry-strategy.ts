import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';
import type { Clock } from '../../clock.ts';
import { isTooManyFiles } from '../../too-many-files.ts';
import { hasName, isLostAnswer, isNoCapacity } from './errors.ts';

/** Attempts of one call, the first included. */
const attempts = 8;
const baseDelayMs = { THROTTLING: 1_000, TRANSIENT: 100, SERVER_ERROR: 100, CLIENT_ERROR: 0 } as const;
const longestDelayMs = 20_000;

/**
 * The SDK counts it as throttling; in the services that the tool calls it is a quota, and asking again changes nothing.
 */
const quota = 'LimitExceededException';

/**
 * AWS refused the time in the signature and did nothing; the SDK has set its clock by the answer since (@aws-sdk/core,
 * httpAuthSchemes).
 */
const isSignedAnew = (error: unknown): boolean =>
  (error as { $metadata?: { clockSkewCorrected?: boolean } })?.$metadata?.clockSkewCorrected === true;

const token = (count: number): RetryToken => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

/**
 * The one retry of throttling and faults, for the SDK's clients. A lost answer or a 5xx is repeated only where `faults`
 * says that repeating is harmless; throttling and a wrong clock always, since AWS did nothing. It sleeps on our clock
 * (the SDK would sleep on the real one) and says why.
 */
export function retryStrategy(options: {
  clock: Clock;
  faults: boolean;
  /** In [0, 1), for full jitter. */
  jitter: () => number;
  /** Whether there is no time for another attempt after this failure. */
  isLast?: (error: unknown) => boolean;
  onRetry?: (reason: string | undefined) => void;
}): RetryStrategyV2 {
  const isRetryable = ({ errorType, error }: RetryErrorInfo): boolean => {
    if (errorType === 'THROTTLING') return !hasName(error, quota);
    if (isSignedAnew(error)) return true;
    // Nothing was sent, and others close theirs meanwhile.
    if (isTooManyFiles(error)) return true;
    if (isNoCapacity(error)) return false;
    return options.faults && !options.isLast?.(error) && (errorType !== 'CLIENT_ERROR' || isLostAnswer(error));
  };
  return {
    acquireInitialRetryToken: async () => token(0),
    async refreshRetryTokenForRetry(last, info) {
      const count = last.getRetryCount() + 1;
      if (count >= attempts || !isRetryable(info)) throw info.error;
      const ceiling = Math.min(
        longestDelayMs,
        Math.max(baseDelayMs[info.errorType], baseDelayMs.TRANSIENT) * 2 ** (count - 1),
      );
      options.onRetry?.(
        info.errorType === 'THROTTLING' ? 'AWS asks to slow down' : 'AWS did not answer well, asking again',
      );
      await options.clock.sleep(ceiling * (0.5 + options.jitter() / 2));
      options.onRetry?.(undefined);
      return token(count);
    },
    recordSuccess() {},
  };
}
