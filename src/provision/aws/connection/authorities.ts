import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Problem } from '../../../problem.ts';
import type { Profile } from './profile.ts';

/**
 * The certificate authorities that a server's certificate is checked against, as PEM; undefined for Node's own. As in
 * the AWS CLI the bundle stands in the place of the well-known ones, and AWS_CA_BUNDLE comes before the profile's
 * `ca_bundle`, before REQUESTS_CA_BUNDLE (botocore, configprovider.py and endpoint.py). Where a bundle is given Node
 * ignores NODE_EXTRA_CA_CERTS, so it is added here. Throws Problem `ca-bundle` where the file cannot be used.
 */
export async function readAuthorities(profile: Profile, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const candidates: [file: string | undefined, origin: string][] = [
    [env.AWS_CA_BUNDLE, 'AWS_CA_BUNDLE'],
    [profile.values.ca_bundle, `ca_bundle of the profile ${profile.name}`],
    [env.REQUESTS_CA_BUNDLE, 'REQUESTS_CA_BUNDLE'],
  ];
  const [file, origin] = candidates.find(([candidate]) => candidate) ?? [];
  if (!file || !origin) return undefined;
  const bundle = await readBundle(file, origin);
  // Node itself warns of one that cannot be read.
  const extra = env.NODE_EXTRA_CA_CERTS ? await readFile(env.NODE_EXTRA_CA_CERTS, 'utf8').catch(() => '') : '';
  return extra ? `${bundle}\n${extra}` : bundle;
}

async function readBundle(file: string, origin: string): Promise<string> {
  const refuse = (why: string, cause?: unknown) =>
    new Problem('ca-bundle', `${origin} is "${file}", but ${why}: name a file of certificates in PEM format.`, {
      exit: 'usage',
      cause,
    });
  const path = file.startsWith('~/') ? join(homedir(), file.slice(2)) : file;
  const text = await readFile(path, 'utf8').catch(error => {
    throw refuse(`the file cannot be read (${error.code})`, error);
  });
  if (!/-----BEGIN (TRUSTED )?CERTIFICATE-----/.test(text)) throw refuse('there is no certificate in it');
  try {
    createSecureContext({ ca: text });
  } catch (error) {
    throw refuse('its certificates cannot be read', error);
  }
  return text;
}
