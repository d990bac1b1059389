import type { NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { Problem } from '../../../problem.ts';
import { as, awsCli } from '../../../suggest.ts';
import type { ServiceName } from '../operation.ts';
import { readAuthorities } from './authorities.ts';
import { credentialsOf } from './credentials.ts';
import {
  credentialServices,
  type Endpoint,
  endpointOf,
  isAwsHost,
  type StandIn,
  serviceIds,
  standInsOf,
  verifyEncrypted,
} from './endpoints.ts';
import { noProfile, readProfile } from './profile.ts';
import { RequestHandler, wayOf } from './request-handler.ts';

export interface ConnectionOptions {
  /** Where credentials are asked for, unless the profile says otherwise. */
  region: string;
  env: NodeJS.ProcessEnv;
  /** The profile that the user chose. */
  profile?: string;
  /** These, and neither a profile nor anything else. */
  credentials?: AwsCredentialIdentity;
  /** Asks a person for the six digits of an MFA device. Throws Problem where there is nobody to ask. */
  mfaCode?: (device: string, profile: string) => Promise<string>;
  /** Whether signed calls may leave this computer unencrypted. */
  allowHttpEndpoint?: boolean;
}

/**
 * How this process reaches AWS: as whom, at which endpoints, through which proxy, and whose certificates it trusts. One
 * for all clients of a command.
 */
export interface Connection {
  readonly options: ConnectionOptions;
  /** What answers in the place of AWS. */
  readonly standIns: readonly StandIn[];
  readonly credentials: AwsCredentialIdentityProvider;
  /** What a service's client is made with. */
  clientConfig(service: ServiceName, handler: NodeHttpHandlerOptions): object;
  /** For requests that no client makes. */
  requestHandler(options: NodeHttpHandlerOptions): RequestHandler;
}

/** Of clients that give credentials. */
const patience: NodeHttpHandlerOptions = {
  connectionTimeout: 5_000,
  requestTimeout: 10_000,
  throwOnRequestTimeout: true,
};

/**
 * Reads how AWS is reached, from the environment and the shared AWS configuration, and asks nobody anything yet. Throws
 * Problem `profile`, `endpoint`, `http-endpoint`, `proxy` or `ca-bundle` where that cannot be used.
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { env, region, allowHttpEndpoint = false, mfaCode = nobodyToAsk } = options;
  const profile = options.credentials ? noProfile : await readProfile(options.profile || env.AWS_PROFILE || undefined);
  const way = wayOf(env, await readAuthorities(profile, env));
  const endpointsOf = (ids: readonly string[]) => new Map(ids.map(id => [id, endpointOf(id, profile, env)]));
  const endpoints = endpointsOf(Object.values(serviceIds));
  const others = endpointsOf(credentialServices);
  for (const endpoint of [...endpoints.values(), ...others.values()])
    if (endpoint && !allowHttpEndpoint) verifyEncrypted(endpoint, hostOf(way.proxyFor(new URL(endpoint.url))?.url));
  // A mistake in a proxy's address is said before anything is begun.
  way.proxyFor({ protocol: 'https:', hostname: 'amazonaws.com' });

  const requestHandler = (given: NodeHttpHandlerOptions) => new RequestHandler(way, given);
  const configOf = (endpoint: Endpoint | undefined, handler: RequestHandler) => ({
    // The SDK would look at AWS_PROFILE, whatever profile was chosen.
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint ? { endpoint: endpoint.url } : {}),
    requestHandler: handler,
  });
  const credentials = options.credentials
    ? async () => options.credentials!
    : credentialsOf({
        profile,
        region,
        env,
        mfaCode,
        clientConfigFor: (id, onFailure) =>
          configOf(endpoints.get(id) ?? others.get(id), new RequestHandler(way, patience, onFailure)),
      });
  return {
    options,
    standIns: standInsOf(endpoints),
    credentials,
    requestHandler,
    clientConfig(service, given) {
      const endpoint = endpoints.get(serviceIds[service]);
      return {
        ...(profile.isChosen ? { profile: profile.name } : {}),
        credentials,
        ...configOf(endpoint, requestHandler(given)),
        // Where something else stands in for AWS few resolvers know a host such as `bucket.localhost`.
        ...(service === 's3' && endpoint ? { forcePathStyle: !isAwsHost(new URL(endpoint.url).hostname) } : {}),
      };
    },
  };
}

const hostOf = (url: string | undefined): string | undefined => (url ? new URL(url).hostname : undefined);

const nobodyToAsk = async (_device: string, profile: string): Promise<never> => {
  const exported = awsCli`configure export-credentials --profile ${as.profile(profile)} --format env`;
  throw new Problem(
    'mfa-needed',
    `The profile ${profile} needs an MFA code, and there is no terminal to ask at: run eval "$(${exported})" at one, then this command without the profile.`,
  );
};
