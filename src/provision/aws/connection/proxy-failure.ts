import type { ProxyServer } from './proxies.ts';

/** A proxy that could not be reached or would not connect. Nothing has reached AWS. */
export class ProxyFailure extends Error {
  /** Its address, without user and password. */
  readonly proxy: string;
  /** The variable that names it. */
  readonly origin: string;
  /** Whether it was given a user and a password. */
  readonly isKnown: boolean;
  /** What it answered instead of 200. */
  readonly status: number | undefined;
  /** The code of the failure where it did not answer: `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`. */
  readonly code: string | undefined;

  constructor(
    proxy: ProxyServer,
    { status, cause, isLate = false }: { status?: number; cause?: unknown; isLate?: boolean },
  ) {
    super(`The proxy ${proxy.url} ${status === undefined ? 'does not answer' : `answers ${status}`}`, { cause });
    this.name = isLate ? 'TimeoutError' : 'ProxyFailure';
    this.proxy = proxy.url;
    this.origin = proxy.origin;
    this.isKnown = proxy.authorization !== undefined;
    this.status = status;
    this.code = isLate ? 'ETIMEDOUT' : (cause as { code?: string } | undefined)?.code;
  }
}
