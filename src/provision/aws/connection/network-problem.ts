import { type AwsWords, Problem } from '../../../problem.ts';
import { ProxyFailure } from './proxy-failure.ts';

/** Codes of a certificate whose signer is not known here (OpenSSL, X509_verify_cert_error_string; Node's names). */
const untrusted =
  /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|INVALID_CA|CERT_SIGNATURE_FAILURE|CERT_CHAIN_TOO_LONG|INVALID_PURPOSE)$/;

/** What a proxy or a company's network did to a call, as a sentence. Undefined for any other failure. */
export function networkProblem(error: unknown, aws?: AwsWords): Problem | undefined {
  if (error instanceof ProxyFailure && error.status !== undefined)
    return new Problem('proxy-refused', refusal(error, error.status), { cause: error });
  const { code = '', host } = (error ?? {}) as { code?: string; host?: string };
  const certificate = certificateProblem(code, error instanceof ProxyFailure ? error.proxy : (host ?? 'AWS'));
  if (certificate) return new Problem('untrusted-certificate', certificate, { cause: error, aws });
  if (error instanceof ProxyFailure)
    return new Problem(
      'proxy-unreachable',
      `The proxy ${error.proxy} cannot be reached (${code || 'no answer'}): check ${error.origin}, or exempt AWS in NO_PROXY.`,
      { cause: error },
    );
  return undefined;
}

function refusal({ proxy, origin, isKnown }: ProxyFailure, status: number): string {
  if (status !== 407)
    return `The proxy ${proxy} does not let this through (${status}): have AWS allowed there, or correct ${origin} or NO_PROXY.`;
  return isKnown
    ? `The proxy ${proxy} refuses the user and password in ${origin} (407): correct them.`
    : `The proxy ${proxy} wants a user and a password (407): add them to ${origin}, as in http://USER:PASSWORD@HOST:PORT.`;
}

function certificateProblem(code: string, host: string): string | undefined {
  if (untrusted.test(code))
    return `The certificate of ${host} is signed by an authority that is not trusted here (${code}): if your company inspects TLS, set AWS_CA_BUNDLE to the file with its certificate authority.`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `The certificate of ${host} ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}: check the clock of this computer; if it is right, somebody else answers in its place.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `Something else answers in the place of ${host}, with a certificate for other names: check the proxy, the endpoint and the network.`;
  return undefined;
}
