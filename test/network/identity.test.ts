import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { main } from '../../src/commands/main.ts';
import { Aws } from '../../src/provision/aws/aws.ts';
import { openConnection } from '../../src/provision/aws/connection/connection.ts';
import { type Answers, authority, Opened, refusal, salesreport } from './company.ts';

const opened = new Opened();
afterEach(async () => {
  vi.unstubAllEnvs();
  await opened.close();
});

const device = 'arn:aws:iam::123456789012:mfa/ann';
const keys = 'aws_access_key_id = AKIATEST\naws_secret_access_key = secret\n';
const mfa = `[profile mfa]
role_arn = arn:aws:iam::123456789012:role/operator
source_profile = base
mfa_serial = ${device}
[profile base]
${keys}`;

const sso = `[profile sso]
sso_session = work
sso_account_id = 123456789012
sso_role_name = operator
[sso-session work]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
`;

/** Leaves the token of a sign-in that ends in so many hours. */
async function signedIn(home: string, hours: number): Promise<void> {
  const expiresAt = new Date(Date.now() + hours * 3_600_000).toISOString();
  await mkdir(join(home, '.aws/sso/cache'), { recursive: true });
  const name = createHash('sha1').update('work').digest('hex');
  await writeFile(join(home, '.aws/sso/cache', `${name}.json`), JSON.stringify({ accessToken: 'token', expiresAt }));
}

/** A person with this AWS configuration, behind a company's proxy to an AWS that answers so. */
async function person(config: string, answers?: Answers) {
  const aws = await opened.aws(answers);
  const proxy = await opened.proxy(aws.port);
  const env = {
    ...(await opened.home(config)),
    AWS_REGION: 'eu-west-1',
    HTTPS_PROXY: proxy.url,
    AWS_CA_BUNDLE: authority,
  };
  return { aws, proxy, env };
}

describe('a profile with mfa_serial', () => {
  it('asks for the code at a terminal, once, and not with the wrong number of digits', async () => {
    const { aws, env } = await person(mfa);
    for (const name of ['HTTPS_PROXY', 'AWS_CA_BUNDLE', 'AWS_REGION'] as const) vi.stubEnv(name, env[name]);
    vi.stubEnv('AWS_CONFIG_FILE', join(env.HOME, '.aws/config'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(env.HOME, '.aws/credentials'));
    vi.stubEnv('AWS_PROFILE', 'mfa');
    const seen = { stdout: '', stderr: '' };
    const stream = (name: keyof typeof seen) => ({
      columns: 200,
      isTTY: true,
      write: (text: string) => {
        seen[name] += text;
      },
    });
    async function* typed() {
      for (const line of ['12345', '123456']) {
        yield `${line}\r`;
        await vi.waitUntil(() => line.length === 6 || seen.stderr.includes('six digits'), { timeout: 10_000 });
      }
    }
    const stdin = Object.assign(Readable.from(typed()), { isTTY: true });
    const world = { stdout: stream('stdout'), stderr: stream('stderr'), stdin, env: { ...process.env, TERM: 'dumb' } };
    expect(await main(['policy', 'status'], world)).toBe(0);
    expect(seen.stderr).toContain(`MFA code of ${device}: `);
    expect(seen.stderr).toContain('An MFA code has six digits.');
    expect(seen.stdout + seen.stderr).not.toContain('123456\n');
    expect(aws.asked.map(({ what, key }) => [what, key])).toEqual([
      ['AssumeRole', 'AKIATEST'],
      ['GetCallerIdentity', 'ASSUMED'],
    ]);
    expect(Object.fromEntries(aws.asked[0]!.body)).toMatchObject({ SerialNumber: device, TokenCode: '123456' });
  }, 60_000);

  it('names aws configure export-credentials where there is no terminal', async () => {
    const { aws, env } = await person(mfa);
    const { code, stderr } = await salesreport('status --profile mfa', env);
    expect(stderr).toContain('The profile mfa needs an MFA code, and there is no terminal to ask at');
    expect(stderr).toContain('eval "$(aws configure export-credentials --profile mfa --format env)"');
    expect(code).toBe(1);
    expect(aws.asked).toEqual([]);
  });
});

describe('a credential_process', () => {
  const process = (command: string) => `[profile vault]\nregion = eu-west-1\ncredential_process = ${command}\n`;

  it('that fails is told in its own words, and nothing stands in for it', async () => {
    const { aws, env } = await person(process(`sh -c "echo starting >&2; echo vault: no such role hush >&2; exit 3"`));
    const metadata = { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1' };
    const { code, stderr } = await salesreport('status --profile vault', { ...env, ...metadata });
    expect(stderr).toContain('The credential_process of the profile vault failed: starting vault: no such role hush.');
    expect(stderr).not.toContain('exit 3');
    expect(code).toBe(1);
    expect(aws.asked).toEqual([]);
  });

  it('runs once for all clients of a command', async () => {
    const given = JSON.stringify({ Version: 1, AccessKeyId: 'VAULT', SecretAccessKey: 's' }).replaceAll('"', '\\"');
    const { aws, env } = await person(process(`sh -c 'echo run >> "$HOME/runs"; printf "${given}"'`));
    const file = join(env.HOME, 'shop.yaml');
    await writeFile(file, 'stack: salesreport\n');
    await salesreport(`status --profile vault --settings ${file}`, env);
    expect(new Set(aws.asked.map(({ key }) => key))).toEqual(new Set(['VAULT']));
    expect(aws.asked.length).toBeGreaterThan(1);
    expect(await readFile(join(env.HOME, 'runs'), 'utf8')).toBe('run\n');
  });
});

describe('who is not signed in', () => {
  it.each([
    ['never', undefined, 'no-credentials', 'Nobody is signed in: run aws sso login --profile sso'],
    ['not any more', -1, 'credentials-expired', 'Your AWS credentials have expired: run aws sso login --profile sso'],
    ['as AWS sees it', 1, 'credentials-expired', 'Your AWS credentials have expired: run aws sso login --profile sso'],
  ])('with single sign-on, %s, is told how, with exit code 1', async (_when, hours, problem, words) => {
    const unknown = JSON.stringify({ message: 'Session token not found or invalid' });
    const headers = { 'x-amzn-errortype': 'UnauthorizedException', 'content-type': 'application/json' };
    const { env } = await person(sso, ({ what }) =>
      what.startsWith('GET /federation') ? { status: 401, body: unknown, headers } : undefined,
    );
    if (hours !== undefined) await signedIn(env.HOME, hours);
    const { code, stdout, stderr } = await salesreport('status --json --profile sso', env);
    expect(stderr).toContain(words);
    expect(JSON.parse(stdout).error.code).toBe(problem);
    expect(code).toBe(1);
  });

  it.each([
    ['nothing at all', '', 'status', 1, 'No AWS credentials were found'],
    ['keys that have expired', `[default]\n${keys}`, 'status', 1, 'Your AWS credentials have expired'],
    [
      'a profile that is not there',
      '',
      'status --profile wrok',
      2,
      'There is no profile "wrok" in your AWS configuration',
    ],
  ])('%s', async (_what, config, command, exit, words) => {
    const expired = refusal(403, 'ExpiredToken', 'The security token included in the request is expired');
    const { env } = await person(config, () => expired);
    const { code, stderr } = await salesreport(command, env);
    expect(stderr).toContain(words);
    expect(code).toBe(exit);
  });
});

describe('credentials that AWS does not know in a region', () => {
  const unknown = refusal(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  const statusOf = (state: string) => ({
    body: `<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><regionInfo><item><regionName>eu-south-2</regionName><optInStatus>${state}</optInStatus></item></regionInfo></DescribeRegionsResponse>`,
  });

  it.each([
    [
      'is not enabled',
      'not-opted-in',
      'region-disabled',
      'The region eu-south-2 is not enabled in account 123456789012: enable it',
    ],
    [
      'takes no global tokens',
      'opted-in',
      'region-disabled',
      'eu-south-2 does not take these credentials: session tokens',
    ],
    ['is like any other', undefined, 'bad-credentials', 'AWS does not know these credentials: check the access key'],
  ])('since it %s, are told so', async (_why, state, problem, words) => {
    const { env } = await person(`[default]\n${keys}`, ({ host, what }) => {
      if (what === 'DescribeRegions') return statusOf(state!);
      return host.includes('eu-south-2') || state === undefined ? unknown : undefined;
    });
    const { code, stdout, stderr } = await salesreport('status --json --region eu-south-2', env);
    expect(stderr).toContain(words);
    expect(JSON.parse(stdout).error.code).toBe(problem);
    expect(code).toBe(1);
  });
});

it('single sign-on through a company whose authority is not trusted names AWS_CA_BUNDLE too', async () => {
  const { aws, env } = await person(sso);
  await signedIn(env.HOME, 1);
  const { code, stderr } = await salesreport('status --profile sso', { ...env, AWS_CA_BUNDLE: '' });
  expect(stderr).toContain(
    'The certificate of portal.sso.eu-west-1.amazonaws.com is signed by an authority that is not trusted',
  );
  expect(code).toBe(1);
  expect(aws.asked).toEqual([]);
});

it('a wrong clock is named, with how wrong it is', async () => {
  const late = refusal(
    403,
    'SignatureDoesNotMatch',
    'Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z',
  );
  const { env } = await person('', () => ({
    ...late,
    headers: { date: new Date(Date.now() + 3_600_000).toUTCString() },
  }));
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const connection = await openConnection({ region: 'eu-west-1', env, credentials });
  const clock = { ...systemClock, now: systemClock.now, sleep: async () => {} };
  const aws = new Aws({ clock, jitter: () => 0, region: 'eu-west-1', connection });
  const refused = aws.call('sts:GetCallerIdentity', {}).finally(() => aws.destroy());
  await expect(refused).rejects.toMatchObject({
    code: 'clock-skew',
    exit: 'failed',
    message: expect.stringContaining("is 60 minutes behind AWS's, so AWS refuses what it signs: set the clock"),
  });
});
