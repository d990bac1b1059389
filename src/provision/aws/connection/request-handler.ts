import { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import type { HttpHandlerOptions } from '@smithy/types';
import { isTooManyFiles } from '../../../too-many-files.ts';
import { type ProxyServer, proxyFor, type Target } from './proxies.ts';
import { ProxyFailure } from './proxy-failure.ts';

/** How requests travel from here. */
export interface Way {
  /** The proxy on the way to a target. */
  proxyFor(target: Target): ProxyServer | undefined;
  /** PEM; undefined for Node's own authorities. */
  readonly ca: string | undefined;
}

export const wayOf = (env: NodeJS.ProcessEnv, ca: string | undefined): Way => ({
  proxyFor: target => proxyFor(target, env),
  ca,
});

/** Connections to one host at a time, as the SDK has it. */
const maxSockets = 50;

/** Of all handlers: each region has its own. */
const agents = new Set<HttpAgent>();

/** Where no connection can be opened any more, those that wait for their next request make room. */
function closeIdle(): void {
  for (const { freeSockets } of agents)
    for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

type Handled = Parameters<NodeHttpHandler['handle']>[0];

/**
 * The one request handler of all clients: sends each request directly or through the proxy that its host needs, since
 * one S3 client speaks to a host for each bucket. What a proxy needs is loaded with the first one.
 */
export class RequestHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #way: Way;
  readonly #options: NodeHttpHandlerOptions;
  readonly #onFailure: (error: unknown) => void;
  readonly #handlers = new Map<string, Promise<NodeHttpHandler>>();

  /** `onFailure` hears of each request that got no answer. */
  constructor(way: Way, options: NodeHttpHandlerOptions, onFailure: (error: unknown) => void = () => {}) {
    this.#way = way;
    this.#options = options;
    this.#onFailure = onFailure;
  }

  async handle(request: Handled, options?: HttpHandlerOptions): ReturnType<NodeHttpHandler['handle']> {
    const proxy = this.#way.proxyFor(request);
    const key = `${request.protocol} ${proxy?.url}`;
    const made = this.#handlers.get(key) ?? this.#make(proxy);
    this.#handlers.set(key, made);
    try {
      const answer = await (await made).handle(request, options);
      // Of a tunnel that is a ProxyFailure already. AWS never asks for it.
      if (proxy && answer.response.statusCode === 407) throw new ProxyFailure(proxy, { status: 407 });
      return answer;
    } catch (error) {
      // Failures of TLS do not say with whom.
      if (error instanceof Error && !(error instanceof ProxyFailure)) Object.assign(error, { host: request.hostname });
      if (isTooManyFiles(error)) closeIdle();
      this.#onFailure(error);
      throw error;
    }
  }

  destroy(): void {
    for (const handler of this.#handlers.values())
      handler.then(
        made => made.destroy(),
        () => {},
      );
  }

  // The SDK sets its own defaults this way; ours are given once.
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): NodeHttpHandlerOptions {
    return this.#options;
  }

  async #make(proxy: ProxyServer | undefined): Promise<NodeHttpHandler> {
    const { ca } = this.#way;
    if (!proxy) {
      const httpAgent = new HttpAgent({ keepAlive: true, maxSockets });
      const httpsAgent = new Agent({ keepAlive: true, maxSockets, ...(ca === undefined ? {} : { ca }) });
      agents.add(httpAgent).add(httpsAgent);
      return new NodeHttpHandler({ ...this.#options, httpAgent, httpsAgent });
    }
    const { Forwarder, Tunnel } = await import('./agents.ts');
    const connectTimeout = this.#options.connectionTimeout ?? 5_000;
    const agentOptions = { ca, maxSockets, connectTimeout };
    return new NodeHttpHandler({
      ...this.#options,
      // The agents keep the time themselves, and know whom to name.
      connectionTimeout: 2 * connectTimeout,
      httpsAgent: new Tunnel(proxy, agentOptions),
      httpAgent: new Forwarder(proxy, agentOptions),
    });
  }
}
