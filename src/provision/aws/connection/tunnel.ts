import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { ProxyServer } from './proxies.ts';
import { type AgentOptions, agentOptionsOf, withinConnectTime } from './proxy-connection.ts';
import { ProxyFailure } from './proxy-failure.ts';

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

/**
 * The way to a TLS server through a proxy (CONNECT). What the proxy says instead of connecting is a ProxyFailure, and
 * never taken for AWS's answer.
 */
export class Tunnel extends HttpsProxyAgent<string> {
  readonly #proxy: ProxyServer;
  readonly #connectTimeout: number;

  constructor(proxy: ProxyServer, options: AgentOptions) {
    super(proxy.url, agentOptionsOf(proxy, options));
    // What the server's TLS needs comes from here; the library keeps what it is given for the way to the proxy.
    if (options.ca !== undefined) Object.assign(this.options, { ca: options.ca });
    this.#proxy = proxy;
    this.#connectTimeout = options.connectTimeout;
  }

  override connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    let status = 0;
    request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      status = statusCode;
    });
    return withinConnectTime(this.#proxy, this.#connectTimeout, async signal => {
      // Read at once, before anything else can run.
      this.connectOpts = Object.assign({ ...this.connectOpts }, { signal });
      const socket = await super.connect(request, options);
      if (status === 200) return socket;
      socket.destroy();
      throw new ProxyFailure(this.#proxy, { status });
    });
  }
}
