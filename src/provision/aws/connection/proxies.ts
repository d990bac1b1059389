import { Problem } from '../../../problem.ts';
import { shownUrl } from './url.ts';

/** A proxy on the way to a host. */
export interface ProxyServer {
  /** Its address, without user and password. */
  readonly url: string;
  /** The variable that names it. */
  readonly origin: string;
  /** The value of the header Proxy-Authorization. A secret. */
  readonly authorization?: string;
}

/** Where a request goes, as in a URL. */
export interface Target {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | string;
}

/**
 * The proxy on the way to a target, or undefined for the direct way: HTTPS_PROXY, HTTP_PROXY and NO_PROXY as the AWS
 * CLI reads them. A lower-case name wins, and switches its proxy off where it is empty (Python,
 * urllib.request.getproxies_environment). Throws Problem `proxy` for what is no address of a proxy.
 */
export function proxyFor({ protocol, hostname, port }: Target, env: NodeJS.ProcessEnv): ProxyServer | undefined {
  const set = variable(`${protocol.replace(':', '')}_proxy`, env);
  if (!set?.value) return undefined;
  const exempt = variable('no_proxy', env)?.value ?? '';
  return isExempt(hostname, port, exempt) ? undefined : proxyOf(set.value, set.name);
}

function variable(name: string, env: NodeJS.ProcessEnv): { name: string; value: string } | undefined {
  const found = [name, name.toUpperCase()].find(each => env[each] !== undefined);
  return found === undefined ? undefined : { name: found, value: env[found]!.trim() };
}

/**
 * A name in NO_PROXY exempts itself and everything below it, with a dot in front or without
 * (urllib.request.proxy_bypass_environment).
 */
function isExempt(hostname: string, port: number | string | undefined, exempt: string): boolean {
  if (exempt === '*') return true;
  const host = hostname.toLowerCase();
  const names = exempt.split(',').map(each => each.trim().toLowerCase().replace(/^\.+/, ''));
  return names.filter(Boolean).some(name => {
    const isAt = (candidate: string) => candidate === name || candidate.endsWith(`.${name}`);
    return isAt(host) || (port && isAt(`${host}:${port}`));
  });
}

function proxyOf(value: string, origin: string): ProxyServer {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value.replace(/^\/\//, '')}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname || !/^https?:$/.test(url.protocol))
    throw new Problem(
      'proxy',
      `${origin} is "${shownUrl(value)}" but must be the address of an HTTP proxy, such as http://proxy.example.com:3128.`,
      { exit: 'usage' },
    );
  const credentials = url.username && url.password ? `${decoded(url.username)}:${decoded(url.password)}` : undefined;
  return {
    url: url.origin,
    origin,
    ...(credentials ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {}),
  };
}

/** A part of a URL as it was meant; a lone percent sign is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
