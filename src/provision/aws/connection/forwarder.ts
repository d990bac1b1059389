import type { Socket } from 'node:net';
import { HttpProxyAgent } from 'http-proxy-agent';
import type { ProxyServer } from './proxies.ts';
import { type AgentOptions, agentOptionsOf, withinConnectTime } from './proxy-connection.ts';

type Request = Parameters<HttpProxyAgent<string>['connect']>[0];
type ConnectOptions = Parameters<HttpProxyAgent<string>['connect']>[1];

/** The way to a server without TLS through a proxy, which passes on what it can read. */
export class Forwarder extends HttpProxyAgent<string> {
  readonly #proxy: ProxyServer;
  readonly #connectTimeout: number;

  constructor(proxy: ProxyServer, options: AgentOptions) {
    super(proxy.url, agentOptionsOf(proxy, options));
    this.#proxy = proxy;
    this.#connectTimeout = options.connectTimeout;
  }

  override connect(request: Request, options: ConnectOptions): Promise<Socket> {
    return withinConnectTime(this.#proxy, this.#connectTimeout, signal => {
      // Read at once, before anything else can run.
      this.connectOpts = Object.assign({ ...this.connectOpts }, { signal });
      return super.connect(request, options);
    });
  }
}
