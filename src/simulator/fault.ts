import { AwsError } from './aws-error.ts';

/** What can go wrong with one attempt, in words. */
export const faults = {
  throttled: 'it is refused by the throttle (`RequestLimitExceeded`)',
  'error before': 'a 500, and no effect',
  'error after': 'a 500, though it had its effect',
  'answer lost': 'it has its effect, and the connection ends before the answer',
  hangs: 'nothing happens, and no answer comes',
  'hangs after': 'it has its effect, and no answer comes',
  'credentials expired': 'the credentials have expired',
  denied: 'the caller may not do it',
  'killed before': 'the calling process dies, as by `kill -9`, before the effect',
  'killed after': 'the calling process dies, as by `kill -9`, after the effect and before the answer',
} as const;

/** What goes wrong with one attempt; an error is what AWS answers instead of doing anything. */
export type Fault = keyof typeof faults | AwsError;

/** Throws what the caller of a faulty attempt sees, if the fault shows at this side of the effect. */
export function throwFault(fault: Fault | undefined, side: 'before' | 'after'): void {
  if (side === 'before' && fault instanceof AwsError) throw fault;
  if (side === 'before' && fault === 'throttled')
    throw new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
  if (side === 'before' && fault === 'error before')
    throw new AwsError('InternalError', 'An internal error has occurred', 500);
  if (side === 'before' && fault === 'credentials expired')
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', 403);
  if (side === 'before' && fault === 'denied')
    throw new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
  if (side === 'after' && fault === 'error after')
    throw new AwsError('InternalError', 'An internal error has occurred', 500);
  if (side === 'after' && fault === 'answer lost')
    throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
}
