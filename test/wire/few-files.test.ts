import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const program = join(import.meta.dirname, '../../bin/salesreport.js');
const regions = Array.from({ length: 17 }, (_, index) => `eu-west-${index + 1}`);

/**
 * An account with nothing in it, in 17 regions, by the service that a request is signed for; REST services by the path.
 */
function emptyAnswer(service: string, action: string, path: string): { type: string; body: string } {
  const xml = (body: string) => ({ type: 'text/xml', body });
  if (service === 'ec2') {
    const list =
      action === 'DescribeRegions'
        ? `<regionInfo>${regions.map(name => `<item><regionName>${name}</regionName><optInStatus>opt-in-not-required</optInStatus></item>`).join('')}</regionInfo>`
        : '';
    return xml(
      `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId>${list}</${action}Response>`,
    );
  }
  if (service === 's3')
    return xml(
      '<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets/></ListAllMyBucketsResult>',
    );
  if (['sts', 'iam', 'sns'].includes(service)) {
    const inside =
      action === 'GetCallerIdentity'
        ? '<Arn>arn:aws:iam::123456789012:user/ann</Arn><UserId>AIDA</UserId><Account>123456789012</Account>'
        : '<IsTruncated>false</IsTruncated>';
    return xml(
      `<${action}Response><${action}Result>${inside}</${action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`,
    );
  }
  const rest: Record<string, string> = { functions: '{"Functions":[]}', layers: '{"Layers":[]}' };
  if (service === 'lambda')
    return { type: 'application/json', body: rest[path.split('/').at(-1)!.split('?')[0]!] ?? '{}' };
  return { type: service === 'scheduler' ? 'application/json' : 'application/x-amz-json-1.1', body: '{}' };
}

/**
 * An AWS that takes its time, so that many calls are under way at once. Gives how many connections were open at most.
 */
async function slowAws(ms: number) {
  const sockets = new Set<Socket>();
  let most = 0;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const [, service = ''] = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const action = new URLSearchParams(body).get('Action') ?? '';
    const answer = emptyAnswer(service, action, request.url ?? '');
    setTimeout(() => {
      response.writeHead(200, { 'content-type': answer.type, 'x-amzn-requestid': 'r-1', 'x-amz-request-id': 'r-1' });
      response.end(answer.body);
    }, ms);
  });
  server.on('connection', socket => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}));
    most = Math.max(most, sockets.size);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, most: () => most };
}

/** Runs the built program as a process of its own that may open only so many files. */
const salesreport = (files: number, line: string, env: NodeJS.ProcessEnv) =>
  new Promise<{ code: number; stdout: string; stderr: string }>(done =>
    execFile(
      'bash',
      ['-c', `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, program, ...line.split(' ')],
      { env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env }, timeout: 60_000 },
      (error, stdout, stderr) =>
        done({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr: stderr.replace(/\s+/g, ' ').trim() }),
    ),
  );

const keys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' };

test('with 60 files a sweep of many regions ends with one document, whole or with a sentence', {
  timeout: 120_000,
}, async () => {
  const enough = await slowAws(100);
  const usual = await salesreport(1024, 'sweep --all-regions --json', { ...keys, AWS_ENDPOINT_URL: enough.url });
  const few = await slowAws(100);
  const narrow = await salesreport(60, 'sweep --all-regions --json', { ...keys, AWS_ENDPOINT_URL: few.url });
  // Otherwise nothing was scarce.
  expect(enough.most()).toBeGreaterThan(60);
  expect(few.most()).toBeLessThan(60);
  expect(usual.code).toBe(0);
  expect(JSON.parse(usual.stdout).regions).toHaveLength(17);
  expect(narrow.stderr).not.toMatch(/\.js:\d+/);
  const document = JSON.parse(narrow.stdout);
  expect(document.ok).toBe(narrow.code === 0);
  if (narrow.code === 0 || document.unseen) return;
  expect(document.error).toMatchObject({ code: 'too-many-files', message: expect.stringContaining('ulimit -n 1024') });
});

test.each([20, 34])('with %i files it says what to do', async files => {
  const { code, stderr } = await salesreport(files, 'run --dry-run --sample', {});
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^Error: This process may not open as many files (and connections )?as it needs \(EMFILE\): raise the limit, for instance with ulimit -n 1024/,
  );
});
