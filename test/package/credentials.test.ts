import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleProgram } from '../../scripts/bundles.js';
import { writeFolder } from '../../scripts/write-folder.js';

const root = resolve(import.meta.dirname, '../..');
const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
let folder: string;
let server: Server;
let url: string;
/** The access key that signed the last GetCallerIdentity. */
let caller: string | undefined;

/** STS, the SSO portal, a container's credentials and an instance's metadata, each giving keys that name the source. */
function answer({ url: path = '', method, headers }: IncomingMessage, body: string): string {
  const keys = (id: string) => ({ AccessKeyId: id, SecretAccessKey: 'secret', Token: 'token', Expiration: inAnHour });
  if (path.startsWith('/federation/credentials'))
    return JSON.stringify({
      roleCredentials: {
        accessKeyId: 'SSO',
        secretAccessKey: 'secret',
        sessionToken: 'token',
        expiration: Date.parse(inAnHour),
      },
    });
  if (path === '/container') return JSON.stringify(keys('CONTAINER'));
  if (path === '/latest/api/token' && method === 'PUT') return 'metadata-token';
  if (path === '/latest/meta-data/iam/security-credentials/') return 'role';
  if (path === '/latest/meta-data/iam/security-credentials/role')
    return JSON.stringify({ Code: 'Success', ...keys('INSTANCE') });
  const action = new URLSearchParams(body).get('Action');
  if (action === 'GetCallerIdentity') {
    caller = headers.authorization?.match(/Credential=([^/]+)/)?.[1];
    return sts(action, '<Account>123456789012</Account>');
  }
  const id = action === 'AssumeRole' ? 'ASSUMED' : 'WEB';
  return sts(
    action ?? '',
    `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${inAnHour}</Expiration></Credentials>`,
  );
}

const sts = (action: string, result: string) =>
  `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>of-a-test</RequestId></ResponseMetadata></${action}Response>`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credentials-'));
  await writeFolder(folder, (await bundleProgram(root, { caller: 'test/package/caller.ts' })).files);
  server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    response.end(answer(request, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await mkdir(join(folder, '.aws/sso/cache'), { recursive: true });
  const cached = join(folder, '.aws/sso/cache', `${createHash('sha1').update('work').digest('hex')}.json`);
  await writeFile(cached, JSON.stringify({ accessToken: 'token', expiresAt: inAnHour }));
  await writeFile(join(folder, 'token'), 'a web identity');
  await writeFile(
    join(folder, '.aws/credentials'),
    '[default]\naws_access_key_id = FILE\naws_secret_access_key = secret\n',
  );
  await writeFile(
    join(folder, '.aws/config'),
    `[profile sso]
sso_session = work
sso_account_id = 123456789012
sso_role_name = operator
[sso-session work]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
[profile assumed]
role_arn = arn:aws:iam::123456789012:role/operator
source_profile = default
[profile process]
credential_process = echo '{"Version": 1, "AccessKeyId": "PROCESS", "SecretAccessKey": "secret"}'
`,
  );
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const elsewhere = () => ({ AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'), AWS_CONFIG_FILE: join(folder, 'none') });

it.each<[source: string, caller: string, profile: string, env: () => NodeJS.ProcessEnv]>([
  ['the environment', 'ENVIRONMENT', '', () => ({ AWS_ACCESS_KEY_ID: 'ENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'secret' })],
  ['the credentials file', 'FILE', '', () => ({})],
  ['a profile that assumes a role', 'ASSUMED', 'assumed', () => ({})],
  ['a profile that runs a process', 'PROCESS', 'process', () => ({})],
  ['a profile of single sign-on', 'SSO', 'sso', () => ({})],
  ['AWS_PROFILE', 'PROCESS', '', () => ({ AWS_PROFILE: 'process' })],
  [
    'a web identity',
    'WEB',
    '',
    () => ({
      ...elsewhere(),
      AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/web',
    }),
  ],
  ['a container', 'CONTAINER', '', () => ({ ...elsewhere(), AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/container` })],
  ["an instance's metadata", 'INSTANCE', '', () => ({ ...elsewhere(), AWS_EC2_METADATA_SERVICE_ENDPOINT: url })],
])('the bundle finds credentials in %s', async (_source, expected, profile, env) => {
  caller = undefined;
  const args = [join(folder, 'caller.js'), ...(profile ? [profile] : [])];
  await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env.PATH, HOME: folder, AWS_ENDPOINT_URL: url, ...env() },
    timeout: 20_000,
  });
  expect(caller).toBe(expected);
});
