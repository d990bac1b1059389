import { afterEach, expect, it } from 'vitest';
import { authority, Opened, refusal, salesreport, sts } from './company.ts';

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
  const ran = await salesreport(line, { ...env, HTTPS_PROXY: `http://ann:p%40ss%25word@127.0.0.1:${proxy.port}`, DEBUG: '*' });
  expect(ran).toMatchObject({ code: 0 });
  expect(JSON.parse(ran.stdout)).toMatchObject({ Version: '2012-10-17' });
  expect(ran.stderr).toContain('account 123456789012, region eu-west-1');
  expect(ran.stderr).not.toContain('stands in');
  expect(proxy.connected).toEqual(['sts.eu-west-1.amazonaws.com:443']);
  expect(aws.asked).toMatchObject([{ host: 'sts.eu-west-1.amazonaws.com', what: 'GetCallerIdentity', key: 'AKIATEST' }]);
  expect(ran.stdout + ran.stderr).not.toMatch(/p@ss|p%40ss|Basic /);
});

it.each([
  [
    'a proxy that wants a password',
    { authorization: 'Basic eDp5' },
    '',
    /wants a user and a password \(407\): add them to HTTPS_PROXY/,
  ],
  ['one that refuses it', { authorization: 'Basic eDp5' }, 'ann:wrong@', /refuses the user and password in HTTPS_PROXY \(407\)/],
  ['one that forbids AWS', { answer: '403 Forbidden' }, '', /does not let this through \(403\): have AWS allowed there/],
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
void [refusal, sts];
