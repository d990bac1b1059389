import { afterEach, describe, expect, it } from 'vitest';
import { isAwsHost, serviceIds } from '../../src/provision/aws/connection/endpoints.ts';
import { type ServiceName, services } from '../../src/provision/aws/operation.ts';
import { authority, Opened, salesreport } from './company.ts';

const opened = new Opened();
afterEach(() => opened.close());

const keys = 'aws_access_key_id = AKIATEST\naws_secret_access_key = secret\n';
const line = 'policy status';

describe('endpoint_url of a profile', () => {
  it.each([
    ['--profile', 'policy status --profile emulated', {}],
    ['AWS_PROFILE', line, { AWS_PROFILE: 'emulated' }],
  ])('counts with %s, and what stands in for AWS is said', async (_how, command, env) => {
    const aws = await opened.aws(undefined, { tls: false });
    const home = await opened.home(`[profile emulated]\nregion = eu-west-1\nendpoint_url = ${aws.url}\n${keys}`);
    const { code, stderr } = await salesreport(command, { ...home, ...env });
    expect(stderr).toContain(`Note: ${aws.url} stands in for AWS, because of endpoint_url of the profile emulated.`);
    expect(aws.asked).toMatchObject([{ what: 'GetCallerIdentity', key: 'AKIATEST' }]);
    expect(code).toBe(0);
  });

  it('of a services section counts for that service, a variable comes first, and both can be ignored', async () => {
    const [sts, other] = [await opened.aws(undefined, { tls: false }), await opened.aws(undefined, { tls: false })];
    const config = `[profile local]\nregion = eu-west-1\nservices = mine\n${keys}[services mine]\nsts =\n  endpoint_url = ${sts.url}\n`;
    const env = await opened.home(config);
    const command = 'policy status --profile local';
    const { stderr } = await salesreport(command, env);
    expect(stderr).toContain(
      `${sts.url} stands in for AWS's STS, because of endpoint_url of sts in the services section mine.`,
    );
    expect((await salesreport(command, { ...env, AWS_ENDPOINT_URL: other.url })).code).toBe(0);
    expect([sts.asked.length, other.asked.length]).toEqual([1, 1]);

    const aws = await opened.aws();
    const proxy = await opened.proxy(aws.port);
    const ignoring = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: authority };
    const ignored = await salesreport(command, { ...env, ...ignoring });
    expect(ignored.stderr).not.toContain('stands in');
    expect(proxy.connected).toEqual(['sts.eu-west-1.amazonaws.com:443']);
  });
});

it('calls leave the computer unencrypted only with --allow-http-endpoint', async () => {
  const aws = await opened.aws(undefined, { tls: false });
  const proxy = await opened.proxy(aws.port);
  const env = { ...(await opened.home('', `[default]\n${keys}`)), AWS_REGION: 'eu-west-1' };
  const far = { ...env, AWS_ENDPOINT_URL: `http://ann:hush@emulator.example.com:${aws.port}` };
  const refused = await salesreport('status', far);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(`AWS_ENDPOINT_URL is http://emulator.example.com:${aws.port}: your calls`);
  expect(refused.stderr).toContain('--allow-http-endpoint');
  expect(refused.stderr).not.toContain('hush');
  const beyond = await salesreport('status', {
    ...env,
    AWS_ENDPOINT_URL: aws.url,
    http_proxy: 'http://proxy.example.com:3128',
  });
  expect(beyond.stderr).toContain('would travel unencrypted through the proxy proxy.example.com');
  expect(beyond.code).toBe(2);
  expect(aws.asked).toEqual([]);
  expect((await salesreport('policy status --allow-http-endpoint', { ...far, http_proxy: proxy.url })).code).toBe(0);
  expect(proxy.connected).toEqual([`POST http://emulator.example.com:${aws.port}/`]);
});

it.each([
  ['ec2.eu-west-1.amazonaws.com', true],
  ['vpce-0123.s3.eu-west-1.vpce.amazonaws.com', true],
  ['sts-fips.us-east-1.amazonaws.com', true],
  ['ec2.eu-west-1.api.aws', true],
  ['ec2.cn-north-1.amazonaws.com.cn', true],
  ['sts.us-gov-west-1.amazonaws.com.', true],
  ['ec2.eusc-de-east-1.amazonaws.eu', true],
  ['amazonaws.com.example.com', false],
  ['ec2.notamazonaws.com', false],
  ['127.0.0.1', false],
])('%s is of AWS: %s', (host, expected) => {
  expect(isAwsHost(host)).toBe(expected);
});

it('a service is called as its client calls itself', async () => {
  for (const [name, id] of Object.entries(serviceIds)) {
    const { Client } = await services[name as ServiceName]();
    expect(new Client({ region: 'eu-west-1' }).config.serviceId).toBe(id);
  }
});
