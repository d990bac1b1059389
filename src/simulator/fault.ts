import { AwsError } from './aws-error.ts';

/**
 * What goes wrong with one attempt: refused by the throttle, a 500 before or after the effect, an answer that is lost, expired credentials, a
 * denied permission, the caller's process dies (`kill -9`) before or after the effect, or AWS does nothing and answers this error.
 */
export type Fault =
  | 'throttled'
  | 'error before'
  | 'error after'
  | 'answer lost'
  | 'credentials expired'
  | 'denied'
  | 'killed before'
  | 'killed after'
  | AwsError;

/** Throws what the caller of a faulty attempt sees, if the fault shows at this side of the effect. */
export function throwFault(fault: Fault | undefined, side: 'before' | 'after'): void {
  if (side === 'before' && fault instanceof AwsError) throw fault;
  if (side === 'before' && fault === 'throttled') throw new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
  if (side === 'before' && fault === 'error before') throw new AwsError('InternalError', 'An internal error has occurred', 500);
  if (side === 'before' && fault === 'credentials expired')
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', 403);
  if (side === 'before' && fault === 'denied')
    throw new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
  if (side === 'after' && fault === 'error after') throw new AwsError('InternalError', 'An internal error has occurred', 500);
  if (side === 'after' && fault === 'answer lost')
    throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
}
