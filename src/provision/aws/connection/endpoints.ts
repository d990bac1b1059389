import { partition } from '@aws-sdk/core/client';
import { Problem } from '../../../problem.ts';
import type { ServiceName } from '../operation.ts';
import type { Profile } from './profile.ts';
import { isLoopback, shownUrl } from './url.ts';

/** What AWS calls a service in the names of variables and settings: its client's `serviceId`. */
export const serviceIds: Record<ServiceName, string> = {
  ec2: 'EC2',
  events: 'EventBridge',
  iam: 'IAM',
  lambda: 'Lambda',
  logs: 'CloudWatch Logs',
  s3: 'S3',
  scheduler: 'Scheduler',
  servicequotas: 'Service Quotas',
  sns: 'SNS',
  ssm: 'SSM',
  sts: 'STS',
};

/** The services that only give credentials. */
export const credentialServices = ['SSO', 'SSO OIDC', 'Signin'] as const;

/** A configured endpoint and where it is configured: `AWS_ENDPOINT_URL`, `endpoint_url of the profile work`. */
export interface Endpoint {
  readonly url: string;
  readonly origin: string;
}

/** Something that answers in the place of AWS, for all services or for some. */
export interface StandIn {
  readonly url: string;
  readonly origin: string;
  /** The services that it stands in for; empty for all of them. */
  readonly services: readonly string[];
}

/** One region of each partition that the SDK knows. */
const regionOfEachPartition = [
  'us-east-1',
  'cn-north-1',
  'us-gov-west-1',
  'eusc-de-east-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
];

/**
 * Whether a host's name is AWS's own: regional, FIPS, dual-stack and VPC endpoints all end in a partition's DNS suffix.
 */
export function isAwsHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return regionOfEachPartition.some(region => {
    const { dnsSuffix, dualStackDnsSuffix } = partition(region);
    return host.endsWith(`.${dnsSuffix}`) || host.endsWith(`.${dualStackDnsSuffix}`);
  });
}

/**
 * The endpoint that is configured for a service, in the order of the AWS CLI: the service's variable, AWS_ENDPOINT_URL,
 * the profile's services section, the profile's `endpoint_url` (botocore, ConfiguredEndpointProvider). Undefined where
 * none is. Throws Problem `endpoint` for what is no URL.
 */
export function endpointOf(serviceId: string, profile: Profile, env: NodeJS.ProcessEnv): Endpoint | undefined {
  const { name, values, services } = profile;
  const ignored = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS || values.ignore_configured_endpoint_urls;
  if (ignored?.toLowerCase() === 'true') return undefined;
  const id = serviceId.replaceAll(' ', '_');
  const variable = `AWS_ENDPOINT_URL_${id.toUpperCase()}`;
  const setting = `${id.toLowerCase()}.endpoint_url`;
  const candidates: [url: string | undefined, origin: string][] = [
    [env[variable], variable],
    [env.AWS_ENDPOINT_URL, 'AWS_ENDPOINT_URL'],
    [services[setting], `endpoint_url of ${id.toLowerCase()} in the services section ${values.services}`],
    [values.endpoint_url, `endpoint_url of the profile ${name}`],
  ];
  const [url, origin] = candidates.find(([candidate]) => candidate) ?? [];
  if (!url || !origin) return undefined;
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url))
    throw new Problem('endpoint', `${origin} is "${shownUrl(url)}" but must be a URL such as http://127.0.0.1:4566.`, {
      exit: 'usage',
    });
  return { url, origin };
}

/** What stands in for AWS among the configured endpoints, each once. */
export function standInsOf(endpoints: ReadonlyMap<string, Endpoint | undefined>): StandIn[] {
  const found = new Map<string, StandIn>();
  for (const [id, endpoint] of endpoints) {
    if (!endpoint || isAwsHost(new URL(endpoint.url).hostname)) continue;
    const key = `${endpoint.origin} ${endpoint.url}`;
    const services = [...(found.get(key)?.services ?? []), id];
    found.set(key, { url: shownUrl(endpoint.url), origin: endpoint.origin, services });
  }
  return [...found.values()].map(each => (each.services.length === endpoints.size ? { ...each, services: [] } : each));
}

/**
 * Throws Problem `http-endpoint` where signed calls would leave this computer unencrypted: to `endpoint` itself or,
 * before that, to the proxy on the way. `proxy` is the host of that proxy.
 */
export function verifyEncrypted(endpoint: Endpoint, proxy: string | undefined): void {
  const { protocol, hostname } = new URL(endpoint.url);
  if (protocol === 'https:') return;
  const way = proxy && !isLoopback(proxy) ? ` through the proxy ${proxy}` : '';
  if (isLoopback(hostname) && !way) return;
  throw new Problem(
    'http-endpoint',
    `${endpoint.origin} is ${shownUrl(endpoint.url)}: your calls and session tokens would travel unencrypted${way}. Use https, or add --allow-http-endpoint.`,
    { exit: 'usage' },
  );
}
