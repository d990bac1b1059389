import { doesIdentityRequireRefresh, isIdentityExpired, memoizeIdentityProvider } from '@smithy/core';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { boundCredentialProcesses } from './credential-process.ts';
import { credentialsProblem } from './credentials-problem.ts';
import { networkProblem } from './network-problem.ts';
import { chainOf, type Profile } from './profile.ts';

/** Settings of a client that gives credentials: STS, SSO and the like. */
type ClientConfigFor = (serviceId: string, onFailure: (error: unknown) => void) => object;

export interface CredentialsRequest {
  profile: Profile;
  region: string;
  env: NodeJS.ProcessEnv;
  clientConfigFor: ClientConfigFor;
  /** Asks a person for the six digits of an MFA device. Throws Problem where there is nobody to ask. */
  mfaCode: (device: string, profile: string) => Promise<string>;
}

/** What makes a profile a source of credentials; any other one only has settings. */
const sources = [
  'aws_access_key_id',
  'role_arn',
  'credential_process',
  'credential_source',
  'sso_session',
  'sso_start_url',
  'login_session',
  'web_identity_token_file',
];

/**
 * Finds credentials where the AWS CLI finds them, once for all clients: a person is asked for one code, and a process
 * runs once. A profile that has a source of credentials gives them or fails; nothing stands in for it. Throws Problem
 * with the provider's own words.
 */
export function credentialsOf(request: CredentialsRequest): AwsCredentialIdentityProvider {
  const find = async (): Promise<AwsCredentialIdentity> => {
    // The SDK makes a sentence of some failures and drops what they were.
    let unanswered: unknown;
    const note = (error: unknown) => {
      unanswered = error;
    };
    try {
      return await findCredentials({ ...request, clientConfigFor: id => request.clientConfigFor(id, note) });
    } catch (error) {
      throw networkProblem(unanswered) ?? credentialsProblem(error, request.profile);
    }
  };
  return memoizeIdentityProvider(find, isIdentityExpired, doesIdentityRequireRefresh)!;
}

async function findCredentials({
  profile,
  region,
  env,
  clientConfigFor,
  mfaCode,
}: Omit<CredentialsRequest, 'clientConfigFor'> & { clientConfigFor: (serviceId: string) => object }) {
  const isInEnvironment = !profile.isChosen && Boolean(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY);
  const isSource = sources.some(key => profile.values[key] !== undefined);
  const { getDefaultRoleAssumer, getDefaultRoleAssumerWithWebIdentity } = await import('@aws-sdk/nested-clients/sts');
  const sts = { ...clientConfigFor('STS'), parentClientConfig: { region: profile.values.region ?? region } };
  const chain = chainOf(profile);
  const init = {
    ...(profile.isChosen ? { profile: profile.name } : {}),
    mfaCodeProvider: (device: string) => mfaCode(device, profile.name),
    roleAssumer: getDefaultRoleAssumer(sts),
    roleAssumerWithWebIdentity: getDefaultRoleAssumerWithWebIdentity(sts),
    clientConfig: clientConfigFor(chain.some(({ values }) => values.login_session) ? 'Signin' : 'SSO'),
    parentClientConfig: { region },
  };
  if (isInEnvironment || !isSource) {
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    return defaultProvider(init)();
  }
  boundCredentialProcesses();
  for (const { name, values } of chain)
    if (values.sso_session) {
      // What follows would renew the token with the settings of another service.
      const { fromSso } = await import('@aws-sdk/token-providers');
      await fromSso({ profile: name, clientConfig: clientConfigFor('SSO OIDC') })();
    }
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  return fromIni({ ...init, profile: profile.name })();
}
