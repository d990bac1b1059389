import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { doubtOf, type OperationSchema, rootOf, shapeOf } from '../../../src/aws-answer.ts';
import { systemClock } from '../../../src/clock.ts';
import { Aws } from '../../../src/provision/aws/aws.ts';
import { type Operation, type ServiceName, services } from '../../../src/provision/aws/operation.ts';
import { allOperations } from '../../../src/provision/operations.ts';

let server: Server;
/** What the server answers, one after the other; the last again and again. */
let answers: ((socket: import('node:net').Socket) => void)[];
let asked: number;

const http = (status: number, body: string, headers: Record<string, string> = {}) =>
  `HTTP/1.1 ${status} x\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}connection: close\r\n\r\n${body}`;
const page =
  '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Sign in</title></head><body/></html>';
const say = (status: number, body: string, headers?: Record<string, string>) => (socket: import('node:net').Socket) =>
  socket.end(http(status, body, headers));

beforeEach(async () => {
  asked = 0;
  answers = [];
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (answer) answer(response.socket!);
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise(done => server.close(done));
});

const awsHere = () =>
  new Aws({
    clock: { ...systemClock, sleep: ms => systemClock.sleep(ms / 100) },
    jitter: () => 0,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'of-a-test', secretAccessKey: 'of-a-test' },
  });

const vpcs =
  '<?xml version="1.0" encoding="UTF-8"?>\n<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>';
const cut = (share: number) => vpcs.slice(0, Math.round(vpcs.length * share));

it.each([
  ['XHTML', say(200, page, { 'content-type': 'application/xhtml+xml' })],
  ['XHTML said to be XML', say(200, page, { 'content-type': 'text/xml' })],
  ['nothing', say(200, '')],
  ['a quarter of it', say(200, cut(0.25))],
  ['half of it', say(200, cut(0.5))],
  ['nine tenths of it', say(200, cut(0.9))],
  ['another answer', say(200, vpcs.replaceAll('DescribeVpcs', 'DescribeSubnets'))],
  ['one without a request id', say(200, vpcs.replace(/<requestId>.*<\/requestId>/, ''))],
  ['a page that nothing was found', say(404, page, { 'content-type': 'text/html' })],
  ['a way to a sign-in', say(302, '', { location: 'http://portal.example/' })],
] as const)('a list that comes as %s is asked for again, and is no empty list', async (_what, wrong) => {
  answers = [wrong, say(200, vpcs)];
  const aws = awsHere();
  expect((await aws.call('ec2:DescribeVpcs', {})).Vpcs).toEqual([{ VpcId: 'vpc-1' }]);
  aws.destroy();
  expect(asked).toBe(2);
});

it.each([
  ['s3:HeadBucket', { Bucket: 'b' }],
  ['s3:GetBucketPolicy', { Bucket: 'b' }],
  ['iam:GetRole', { RoleName: 'r' }],
  ['ec2:DescribeVpcs', {}],
  ['ssm:GetParameter', { Name: '/p' }],
  ['lambda:GetFunction', { FunctionName: 'f' }],
  ['sts:GetCallerIdentity', {}],
] as const)('a 404 of a proxy to %s is not taken for a thing that is gone', async (operation, input) => {
  answers = [say(404, page, { 'content-type': 'text/html' })];
  const aws = awsHere();
  await expect(aws.call(operation, input as never)).rejects.toMatchObject({
    code: 'aws-unreachable',
    message: expect.stringMatching(/^Something between here and AWS answered .+ in its place: .+ \(HTTP 404, 8 times/),
  });
  aws.destroy();
});

const noRole =
  '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>gone</Message></Error><RequestId>r-1</RequestId></ErrorResponse>';
const noVpc =
  '<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>gone</Message></Error></Errors><RequestID>r-1</RequestID></Response>';
const noPolicy = '<Error><Code>NoSuchBucketPolicy</Code><Message>gone</Message><RequestId>r-1</RequestId></Error>';
const noParameter = '{"__type":"ParameterNotFound","message":"gone"}';
const notFound = [
  ['iam:GetRole', { RoleName: 'r' }, noRole, /^NoSuchEntity/],
  ['ec2:DescribeVpcs', { VpcIds: ['vpc-1'] }, noVpc, /^InvalidVpcID.NotFound$/],
  ['s3:GetBucketPolicy', { Bucket: 'b' }, noPolicy, /^NoSuchBucketPolicy$/],
  ['ssm:GetParameter', { Name: '/p' }, noParameter, /^ParameterNotFound$/],
] as const;

it.each(notFound.flatMap(one => [0.25, 0.5, 0.9].map(share => [...one, share] as const)))(
  'an error of AWS to %s that breaks off is asked for again, and tells nothing',
  async (operation, input, body, name, share) => {
    const headers = { 'x-amzn-requestid': 'r-1', 'x-amz-request-id': 'r-1' };
    answers = [say(404, body.slice(0, Math.round(body.length * share)), headers), say(404, body, headers)];
    const aws = awsHere();
    await expect(aws.call(operation, input as never)).rejects.toMatchObject({ name: expect.stringMatching(name) });
    aws.destroy();
    expect(asked).toBe(2);
  },
);

it.each([
  ['ec2:CreateVpc', {}],
  ['lambda:PublishLayerVersion', { LayerName: 'l', Content: {} }],
  ['ssm:PutParameter', { Name: '/p', Value: 'v' }],
] as const)('a false answer to %s is a lost one: it is sent once', async (operation, input) => {
  answers = [say(200, page, { 'content-type': 'text/html' })];
  const aws = awsHere();
  await expect(aws.call(operation, input as never)).rejects.toMatchObject({ cause: { name: 'FalseAnswer' } });
  aws.destroy();
  expect(asked).toBe(1);
});

/** The protocol and the schema of an operation, as the SDK has them. */
async function modelOf(operation: Operation): Promise<{ protocol: string; schema: OperationSchema }> {
  const [service, name] = operation.split(':') as [ServiceName, string];
  const { Client, commands } = await services[service]();
  const client = new Client({ region: 'eu-west-1' }) as unknown as { config: { protocol: { getShapeId(): string } } };
  const Command = (commands as unknown as Record<string, new (input: object) => { schema: OperationSchema }>)[name]!;
  return { protocol: client.config.protocol.getShapeId(), schema: new Command({}).schema };
}

it.each(allOperations)('an empty 200 without a header of AWS is never an answer to %s', async operation => {
  const { protocol, schema } = await modelOf(operation);
  const question = { protocol, method: 'GET', operation: schema };
  const body = new Uint8Array();
  expect(doubtOf({ statusCode: 200, headers: {}, body }, question)).toMatch(/^an empty answer/);
  const html = { 'content-type': 'text/html', 'x-amzn-requestid': 'r' };
  const bytes = new TextEncoder().encode(page);
  const isOpaque = shapeOf(schema).hasBody && shapeOf(schema).roots.length === 0 && !/query/i.test(protocol);
  if (!isOpaque) expect(doubtOf({ statusCode: 200, headers: html, body: bytes }, question)).toBe('an HTML page');
});

it.each([
  ['s3:ListObjectsV2', ['ListBucketResult', 'ListObjectsV2Output']],
  ['s3:GetPublicAccessBlock', ['PublicAccessBlockConfiguration', 'PublicAccessBlockConfiguration']],
  ['s3:GetBucketTagging', ['Tagging', 'GetBucketTaggingOutput']],
] as const)('the roots of %s are those of the model', async (operation, roots) => {
  expect(shapeOf((await modelOf(operation)).schema).roots).toEqual(roots);
});

it.each([
  ['<a/>', 'a'],
  ['<?xml version="1.0"?><a b="c>d"><e/>text &amp; more<!-- <x> --></a>\n', 'a'],
  ['<a><![CDATA[<b>]]></a>', 'a'],
  ['<a><b></a></b>', undefined],
  ['<a></a><b></b>', undefined],
  ['<a></a> and more', undefined],
  ['<a>1 < 2</a>', undefined],
  ['<a', undefined],
  ['', undefined],
  ['hello', undefined],
])('the root of %s is %s', (text, root) => {
  expect(rootOf(text)).toBe(root);
});
