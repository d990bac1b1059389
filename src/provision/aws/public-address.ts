import { HttpRequest } from '@smithy/core/protocols';
import type { Connection } from './connection/connection.ts';

/** How long the question may take in all, ms. */
const patience = 3_000;

/**
 * The operator's public IPv4 address, as AWS sees it from the way that all calls go; undefined where that cannot be
 * asked within three seconds.
 */
export async function findPublicAddress({ requestHandler }: Connection): Promise<string | undefined> {
  const handler = requestHandler({
    connectionTimeout: patience,
    requestTimeout: patience,
    throwOnRequestTimeout: true,
  });
  const request = new HttpRequest({
    protocol: 'https:',
    hostname: 'checkip.amazonaws.com',
    method: 'GET',
    path: '/',
    headers: { host: 'checkip.amazonaws.com' },
  });
  try {
    const { response } = await handler.handle(request, { abortSignal: AbortSignal.timeout(patience) });
    const chunks: Buffer[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    const address = Buffer.concat(chunks).toString().trim();
    return response.statusCode === 200 && /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? address : undefined;
  } catch {
    return undefined;
  } finally {
    handler.destroy();
  }
}
