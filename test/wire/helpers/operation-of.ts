import type { IncomingHttpHeaders } from 'node:http';
import { type Operation, type ServiceName, services } from '../../../src/provision/aws/operation.ts';
import { allOperations } from '../../../src/provision/operations.ts';

/** A request as it is on its way to AWS. */
export interface Request {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface Route {
  operation: Operation;
  method: string;
  /** What the whole path must look like. */
  path: RegExp;
  /** Parameters of the query that must be there, with their value. */
  query: [name: string, value: string][];
}

let routes: Promise<Route[]> | undefined;

/** The ways that the SDK itself takes: each command of a REST service knows its method and path. */
async function routesOf(): Promise<Route[]> {
  const made: Route[] = [];
  for (const operation of allOperations) {
    const [service, name] = operation.split(':') as [ServiceName, string];
    const commands = (await services[service]()).commands as unknown as Record<string, new (input: object) => object>;
    const { schema } = new commands[name]!({}) as {
      schema?: [number, string, string, { http?: [string, string, number] }?];
    };
    const http = schema?.[3]?.http;
    if (!http) continue;
    const [path = '', query = ''] = http[1].split('?');
    // Without a host for each bucket, a bucket's name comes first in the path.
    const bucket = service === 's3' && name !== 'ListBuckets' ? '/[^/]+' : '';
    made.push({
      operation,
      method: http[0],
      path: new RegExp(
        `^${bucket}${path.replace(/\{\w+\+\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')}$`.replace(/\/\$$/, '/?$'),
      ),
      query: [...new URLSearchParams(query)],
    });
  }
  // Of two that match, the one that asks for more is meant.
  return made.sort((a, b) => b.query.length - a.query.length);
}

/** Which operation a request asks for. Throws where it is none that the tool calls. */
export async function operationOf({ method, url, headers, body }: Request): Promise<Operation> {
  const [, service] = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const target = String(headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1);
  const action = /^Action=(\w+)/m.exec(body.subarray(0, 200).toString()) ?? /&Action=(\w+)/.exec(body.toString());
  const name = target || (headers['content-type']?.startsWith('application/x-www-form-urlencoded') && action?.[1]);
  const { pathname, searchParams } = new URL(url, 'http://aws');
  routes ??= routesOf();
  const operation = name
    ? allOperations.find(one => one === `${service}:${name}`)
    : (await routes).find(
        route =>
          route.operation.startsWith(`${service}:`) &&
          route.method === method &&
          route.path.test(pathname) &&
          route.query.every(([key, value]) => searchParams.get(key) === value),
      )?.operation;
  if (!operation) throw new Error(`No operation of the tool: ${service} ${method} ${url} ${target} ${name}`);
  return operation;
}
