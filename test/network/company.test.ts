import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { rootCertificates } from 'node:tls';
import { HttpRequest } from '@smithy/core/protocols';
import { afterEach, expect, it } from 'vitest';
import { openConnection } from '../../src/provision/aws/connection/connection.ts';
import { RequestHandler, wayOf } from '../../src/provision/aws/connection/request-handler.ts';
import { findPublicAddress } from '../../src/provision/aws/public-address.ts';
import { authority, Opened, salesreport } from './company.ts';

const opened = new Opened();
afterEach(() => opened.close());

const keys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' };
/** Asks AWS for the caller and for nothing else. */
const line = 'policy status';

it('HTTPS_PROXY and AWS_CA_BUNDLE: calls to AWS go through the proxy, with the password that is in its address', async () => {
  const aws = await opened.aws();
  const authorization = `Basic ${Buffer.from('ann:p@ss%word').toString('base64')}`;
  const proxy = await opened.proxy(aws.port, { authorization });
  const env = { ...(await opened.home()), ...keys, AWS_CA_BUNDLE: authority };
  const ran = await salesreport(line, {
    ...env,
    HTTPS_PROXY: `http://ann:p%40ss%25word@127.0.0.1:${proxy.port}`,
    DEBUG: '*',
  });
  expect(ran).toMatchObject({ code: 0 });
  expect(JSON.parse(ran.stdout)).toMatchObject({ Version: '2012-10-17' });
  expect(ran.stderr).toContain('account 123456789012, region eu-west-1');
  expect(ran.stderr).not.toContain('stands in');
  expect(proxy.connected).toEqual(['sts.eu-west-1.amazonaws.com:443']);
  expect(aws.asked).toMatchObject([
    { host: 'sts.eu-west-1.amazonaws.com', what: 'GetCallerIdentity', key: 'AKIATEST' },
  ]);
  expect(ran.stdout + ran.stderr).not.toMatch(/p@ss|p%40ss|Basic /);
});

it.each([
  [
    'a proxy that wants a password',
    { authorization: 'Basic eDp5' },
    '',
    /wants a user and a password \(407\): add them to HTTPS_PROXY/,
  ],
  [
    'one that refuses it',
    { authorization: 'Basic eDp5' },
    'ann:wrong@',
    /refuses the user and password in HTTPS_PROXY \(407\)/,
  ],
  [
    'one that forbids AWS',
    { answer: '403 Forbidden' },
    '',
    /does not let this through \(403\): have AWS allowed there/,
  ],
])('%s is named, and what to do', async (_what, options, user, words) => {
  const proxy = await opened.proxy(1, options);
  const env = { ...(await opened.home()), ...keys, HTTPS_PROXY: `http://${user}127.0.0.1:${proxy.port}` };
  const { code, stderr } = await salesreport('status', env);
  expect(stderr).toMatch(words);
  expect(stderr).toContain(`The proxy http://127.0.0.1:${proxy.port} `);
  expect(stderr).not.toContain('wrong');
  expect(code).toBe(1);
  expect(proxy.connected).toHaveLength(1);
});

it("a company's authority that is not trusted names AWS_CA_BUNDLE", async () => {
  const aws = await opened.aws();
  const proxy = await opened.proxy(aws.port);
  const { code, stderr } = await salesreport('status', { ...(await opened.home()), ...keys, https_proxy: proxy.url });
  expect(stderr).toMatch(
    /^Error: The certificate of sts.eu-west-1.amazonaws.com is signed by an authority that is not trusted here/,
  );
  expect(stderr).toContain('set AWS_CA_BUNDLE to the file with its certificate authority');
  expect(code).toBe(1);
  expect(aws.asked).toEqual([]);
});

it('ca_bundle of the profile counts, AWS_CA_BUNDLE stands in the place of the well-known ones, and NODE_EXTRA_CA_CERTS is added', async () => {
  const aws = await opened.aws();
  const proxy = await opened.proxy(aws.port);
  const home = await opened.home(`[profile work]\nca_bundle = ${authority}\n`);
  const env = { ...home, ...keys, HTTPS_PROXY: proxy.url };
  const chosen = { AWS_PROFILE: 'work', AWS_CONFIG_FILE: `${home.HOME}/.aws/config`, AWS_SHARED_CREDENTIALS_FILE: '' };
  const other = `${home.HOME}/other.pem`;
  await writeFile(other, rootCertificates[0]!);
  const ran = await Promise.all([
    salesreport(line, { ...env, NODE_EXTRA_CA_CERTS: authority }),
    salesreport(line, { ...env, NODE_EXTRA_CA_CERTS: authority, AWS_CA_BUNDLE: other }),
    salesreport('status', { ...env, AWS_CA_BUNDLE: other, ...chosen, ...keys }),
    salesreport('status', { ...env, AWS_CA_BUNDLE: `${home.HOME}/none.pem` }),
  ]);
  expect(ran.map(({ code }) => code)).toEqual([0, 0, 1, 2]);
  expect(ran[3]!.stderr).toContain(`AWS_CA_BUNDLE is "${home.HOME}/none.pem", but the file cannot be read (ENOENT)`);
});

it('NO_PROXY exempts what is below a name, and an instance is asked for its credentials directly', async () => {
  const metadata = createServer((request, response) => {
    if (request.url === '/latest/api/token') return response.end('metadata-token');
    if (request.url === '/latest/meta-data/iam/security-credentials/') return response.end('role');
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    const found = { Code: 'Success', AccessKeyId: 'INSTANCE', SecretAccessKey: 's', Token: 't', Expiration: expires };
    return response.end(JSON.stringify(found));
  });
  const port = await opened.listen(metadata);
  const aws = await opened.aws();
  const proxy = await opened.proxy(aws.port);
  const all = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, AWS_CA_BUNDLE: authority, AWS_REGION: 'eu-west-1' };
  const instance = {
    AWS_EC2_METADATA_DISABLED: 'false',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`,
  };
  const env = { ...(await opened.home()), ...all };
  expect((await salesreport(line, { ...env, ...instance })).code).toBe(0);
  expect(aws.asked.map(({ key }) => key)).toEqual(['INSTANCE']);
  expect(proxy.connected).toEqual(['sts.eu-west-1.amazonaws.com:443']);

  const direct = {
    ...keys,
    AWS_ENDPOINT_URL_STS: `https://localhost:${aws.port}`,
    no_proxy: 'example.com, .localhost',
  };
  expect((await salesreport(line, { ...env, ...direct })).code).toBe(0);
  expect(proxy.connected).toHaveLength(1);
  expect((await salesreport(line, { ...env, ...direct, no_proxy: 'other.localhost' })).code).toBe(0);
  expect(proxy.connected).toEqual(['sts.eu-west-1.amazonaws.com:443', `localhost:${aws.port}`]);
});

it('the public address is asked through the proxy too', async () => {
  const aws = await opened.aws(({ host }) =>
    host === 'checkip.amazonaws.com' ? { body: '198.51.100.7\n' } : undefined,
  );
  const proxy = await opened.proxy(aws.port);
  const env = { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: authority };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const connection = await openConnection({ region: 'eu-west-1', env, credentials });
  expect(await findPublicAddress(connection)).toBe('198.51.100.7');
  expect(proxy.connected).toEqual(['checkip.amazonaws.com:443']);
});

it('a proxy that takes the connection and never answers is given up', async () => {
  const proxy = await opened.proxy(1, { hangs: true });
  const request = new HttpRequest({ protocol: 'https:', hostname: 'ec2.eu-west-1.amazonaws.com', path: '/' });
  const handler = new RequestHandler(wayOf({ HTTPS_PROXY: proxy.url }, undefined), { connectionTimeout: 200 });
  await expect(handler.handle(request)).rejects.toMatchObject({ name: 'TimeoutError', proxy: proxy.url });
});
