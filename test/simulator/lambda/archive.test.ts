import { describe, expect, it } from 'vitest';
import { allowing, minute, zipOf } from '../account.ts';
import { bytes, create, FunctionName, openLambda, textOf } from './extractor.ts';

const Bucket = 'shelf';

/** Sends what the event says, and answers with the name of the error, if there is one. */
const code = `
exports.handler = () => {};
exports.createHandler = ({ clients }) => async event => {
  const S3 = require('@aws-sdk/client-s3');
  return clients.s3.send(new S3[event.command](event.input)).then(async ({ Body }) => Body?.transformToString() ?? 'done', error => error.name);
};`;

/** A function that may do these things with a bucket, in a subnet that leads nowhere where `inVpc` says so. */
async function openArchive({ actions = ['s3:GetObject', 's3:PutObject', 's3:ListBucket'], inVpc = false } = {}) {
  const account = await openLambda();
  const { call, clock } = account;
  await call('iam:PutRolePolicy', {
    RoleName: 'Reporter',
    PolicyName: 'archive',
    PolicyDocument: allowing(...actions),
  });
  await call('s3:CreateBucket', { Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
  await create(account, {
    Code: { ZipFile: zipOf({ 'index.js': code }) },
    ...(inVpc ? { VpcConfig: account.VpcConfig } : {}),
  });
  await clock.sleep(3 * minute);
  const send = async (command: string, input: object) => {
    const { Payload } = await call('lambda:Invoke', {
      FunctionName,
      Payload: bytes({ command, input: { Bucket, ...input } }),
    });
    return textOf(Payload);
  };
  return { ...account, send };
}

const put = { Key: 'a', Body: 'text' };

describe('a function', () => {
  it('reads and writes what its role allows', async () => {
    const { send } = await openArchive();
    expect(await send('PutObjectCommand', { ...put, IfNoneMatch: '*' })).toBe('done');
    expect(await send('GetObjectCommand', { Key: 'a' })).toBe('text');
    expect(await send('ListObjectsV2Command', {})).toBe('done');
    expect(await send('DeleteObjectCommand', { Key: 'a' })).toBe('AccessDeniedException');
  });

  it.each([
    ['PutObjectCommand', put, ['s3:GetObject', 's3:ListBucket']],
    ['PutObjectCommand', { ...put, IfMatch: '"x"' }, ['s3:PutObject', 's3:ListBucket']],
    ['GetObjectCommand', { Key: 'a' }, ['s3:PutObject', 's3:ListBucket']],
    ['ListObjectsV2Command', {}, ['s3:GetObject', 's3:PutObject']],
  ])('is refused %s %o with %o', async (command, input, actions) => {
    const { send } = await openArchive({ actions });
    expect(await send(command, input)).toBe('AccessDenied');
  });

  it('is told that a key is not there only where it may list', async () => {
    expect(await (await openArchive()).send('GetObjectCommand', { Key: 'none' })).toBe('NoSuchKey');
    const blind = await openArchive({ actions: ['s3:GetObject'] });
    expect(await blind.send('GetObjectCommand', { Key: 'none' })).toBe('AccessDenied');
  });

  it('is held to what the policy of the bucket forbids everybody', async () => {
    const { call, send } = await openArchive();
    const forbid = (Condition: object) =>
      call('s3:PutBucketPolicy', {
        Bucket,
        Policy: JSON.stringify({
          Statement: [
            { Effect: 'Deny', Principal: '*', Action: 's3:Put*', Resource: `arn:aws:s3:::${Bucket}/*`, Condition },
          ],
        }),
      });
    await forbid({ Bool: { 'aws:SecureTransport': 'false' } });
    expect(await send('PutObjectCommand', put)).toBe('done');
    await forbid({ Bool: { 'aws:SecureTransport': 'true' } });
    expect(await send('PutObjectCommand', put)).toBe('AccessDenied');
  });

  it('in a VPC reaches the bucket by a gateway endpoint, without any way to the internet', async () => {
    const { call, send, clock, VpcId, subnet } = await openArchive({ inVpc: true });
    expect(await send('ListObjectsV2Command', {})).toBe('TimeoutError');
    const RouteTableId = (await call('ec2:CreateRouteTable', { VpcId })).RouteTable!.RouteTableId!;
    await call('ec2:AssociateRouteTable', { RouteTableId, SubnetId: subnet });
    const endpoint = { VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3', RouteTableIds: [RouteTableId] };
    const VpcEndpointIds = [(await call('ec2:CreateVpcEndpoint', endpoint)).VpcEndpoint!.VpcEndpointId!];
    await clock.sleep(minute);
    expect(await send('ListObjectsV2Command', {})).toBe('done');
    await call('ec2:DeleteVpcEndpoints', { VpcEndpointIds });
    expect(await send('ListObjectsV2Command', {})).toBe('TimeoutError');
  });
});

it("a function is told the request's id and the time that is left", async () => {
  const account = await openLambda();
  const timed = `
exports.handler = () => {};
exports.createHandler = ({ clock }) => async (event, context) => {
  const before = context.getRemainingTimeInMillis();
  await clock.sleep(1_000);
  return { id: context.awsRequestId, before, after: context.getRemainingTimeInMillis() };
};`;
  await create(account, { Timeout: 10, Code: { ZipFile: zipOf({ 'index.js': timed }) } });
  await account.clock.sleep(minute);
  const run = async () => textOf((await account.call('lambda:Invoke', { FunctionName })).Payload);
  const [first, second] = [await run(), await run()];
  expect(first).toMatchObject({ before: 10_000, after: 9_000, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(second.id).not.toBe(first.id);
});
