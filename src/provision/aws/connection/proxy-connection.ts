import type { Socket } from 'node:net';
import type { ProxyServer } from './proxies.ts';
import { ProxyFailure } from './proxy-failure.ts';

export interface AgentOptions {
  /** PEM, for the server and for a proxy that speaks TLS itself; undefined for Node's own authorities. */
  ca: string | undefined;
  maxSockets: number;
  /** How long a proxy may take to connect, ms. */
  connectTimeout: number;
}

export const agentOptionsOf = ({ authorization }: ProxyServer, { ca, maxSockets }: AgentOptions) => ({
  keepAlive: true,
  maxSockets,
  ...(ca === undefined ? {} : { ca }),
  // Not in the URL: the library's debug output shows that.
  headers: authorization ? { 'Proxy-Authorization': authorization } : {},
});

/**
 * Connects through a proxy. Throws ProxyFailure where that fails or takes too long: nothing else ends the wait for a
 * proxy that takes a connection and never answers. `signal` is to end the socket.
 */
export async function withinConnectTime(
  proxy: ProxyServer,
  connectTimeout: number,
  connect: (signal: AbortSignal) => Promise<Socket>,
): Promise<Socket> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), connectTimeout);
  try {
    return await connect(late.signal);
  } catch (cause) {
    if (cause instanceof ProxyFailure) throw cause;
    throw new ProxyFailure(proxy, { cause, isLate: late.signal.aborted });
  } finally {
    clearTimeout(timer);
  }
}
