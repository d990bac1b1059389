import { describe, expect, it } from 'vitest';
import { allowing, minute, second } from '../account.ts';
import {
  answering,
  bytes,
  configuration,
  create,
  FunctionName,
  interfaceActions,
  made,
  openLambda,
  Role,
  request,
  textOf,
} from './extractor.ts';

describe('making a function', () => {
  it('waits until Lambda can assume its role', async () => {
    const account = await openLambda({ settled: false });
    expect(await account.refusal('lambda:CreateFunction', request())).toBe(
      'InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.',
    );
    await account.clock.sleep(20 * second);
    await create(account);
  });

  it('in a VPC waits for the permission, takes a minute, and gives it an interface a subnet', async () => {
    const account = await openLambda();
    const { call, refusal, clock, VpcConfig, VpcId } = account;
    const allow = async (...actions: string[]) => {
      await call('iam:PutRolePolicy', {
        RoleName: 'Reporter',
        PolicyName: 'network',
        PolicyDocument: allowing(...actions),
      });
      await clock.sleep(minute);
    };
    for (const action of interfaceActions) {
      await allow('logs:PutLogEvents', ...interfaceActions.filter(other => other !== action));
      expect(await refusal('lambda:CreateFunction', request({ VpcConfig }))).toBe(
        `InvalidParameterValueException: The provided execution role does not have permissions to call ${action.slice(4)} on EC2`,
      );
    }
    await allow(...interfaceActions);
    await create(account, { VpcConfig });
    expect(await configuration(account)).toMatchObject({
      State: 'Pending',
      StateReasonCode: 'Creating',
      LastUpdateStatus: 'InProgress',
      VpcConfig: { ...VpcConfig, VpcId },
    });
    const { NetworkInterfaces = [] } = await call('ec2:DescribeNetworkInterfaces', {});
    expect(NetworkInterfaces).toMatchObject([{ Status: 'in-use', InterfaceType: 'lambda', RequesterManaged: false }]);
    await clock.sleep(2 * minute);
    expect(await configuration(account)).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
  });

  it('of a name that is there is refused, until that one is gone', async () => {
    const { call, refusal, clock } = await made();
    expect(await refusal('lambda:CreateFunction', request())).toBe(
      `ResourceConflictException: Function already exist: ${FunctionName}`,
    );
    await call('lambda:DeleteFunction', { FunctionName });
    expect(await refusal('lambda:CreateFunction', request())).toContain('Function already exist');
    await clock.sleep(10 * second);
    expect(await refusal('lambda:GetFunction', { FunctionName })).toContain(
      'ResourceNotFoundException: Function not found',
    );
    await call('lambda:CreateFunction', request());
  });

  it.each([
    ['a deprecated runtime', { Runtime: 'nodejs18.x' }, /^ValidationException.*'runtime'/],
    ['no handler', { Handler: undefined }, /Runtime and Handler are mandatory/],
    ['too little memory', { MemorySize: 64 }, /^ValidationException.*'memorySize'.*greater than or equal to 128/],
    ['too long a timeout', { Timeout: 901 }, /^ValidationException.*'timeout'.*less than or equal to 900/],
    ['a bad name', { FunctionName: 'a b' }, /^ValidationException/],
    ['no code', { Code: {} }, /Please provide a source for function code\./],
    ['code that is no zip', { Code: { ZipFile: bytes('zip') } }, /Could not unzip uploaded file/],
    ['too large a zip', { Code: { ZipFile: new Uint8Array(51 * 1024 * 1024) } }, /^RequestEntityTooLargeException/],
    ['a reserved variable', { Environment: { Variables: { AWS_REGION: 'x' } } }, /reserved keys .*: AWS_REGION$/],
    ['a bad variable', { Environment: { Variables: { '1x': 'x' } } }, /^ValidationException.*'environment.variables'/],
    ['too large an environment', { Environment: { Variables: { TEXT: 'x'.repeat(4096) } } }, /exceeded the 4KB limit/],
    [
      'a layer that is not there',
      { Layers: ['arn:aws:lambda:eu-west-1:123456789012:layer:driver:1'] },
      /layer:driver:1 does not exist\.$/,
    ],
    [
      'six layers',
      { Layers: [1, 2, 3, 4, 5, 6].map(n => `arn:aws:lambda:eu-west-1:1:layer:l${n}:1`) },
      /Cannot reference more than 5 layers\./,
    ],
    ['two versions of a layer', { Layers: ['l:1', 'l:2'] }, /Two different versions of the same layer/],
    ['an unknown role', { Role: `${Role}2` }, /cannot be assumed by Lambda/],
    [
      'subnets without groups',
      { VpcConfig: { SubnetIds: ['subnet-1'] } },
      /SubnetIds and SecurityIds must coexist or be both empty list\./,
    ],
    [
      'an unknown subnet',
      { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } },
      /Error occurred while DescribeSubnets\. EC2 Error Code: InvalidSubnetID\.NotFound/,
    ],
    [
      '51 tags',
      { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, ''])) },
      /number of tags exceeds 50/,
    ],
    ['code from a bucket', { Code: { S3Bucket: 'b' } }, /^NotSimulated.*Code\.S3Bucket/],
    ['an image', { PackageType: 'Image' as const }, /^NotSimulated/],
    [
      'addresses of IPv6',
      { VpcConfig: { Ipv6AllowedForDualStack: true } },
      /^NotSimulated.*VpcConfig\.Ipv6AllowedForDualStack/,
    ],
    ['a parameter that is not modelled', { DeadLetterConfig: { TargetArn: 'arn' } }, /^NotSimulated.*DeadLetterConfig/],
  ])('with %s is refused and makes nothing', async (_what, more, reason) => {
    const account = await openLambda();
    expect(await account.refusal('lambda:CreateFunction', request(more as object))).toMatch(reason);
    expect(account.world.lambda.functions.size).toBe(0);
  });
});

describe('an update', () => {
  it.each([
    ['lambda:UpdateFunctionCode' as const, { FunctionName, ZipFile: answering('new') }],
    ['lambda:UpdateFunctionConfiguration' as const, { FunctionName, MemorySize: 512 }],
  ])('%s is refused while another is in progress, and while the function is made', async (operation, input) => {
    const fresh = await openLambda();
    await create(fresh, { VpcConfig: fresh.VpcConfig });
    expect(await fresh.refusal(operation, input)).toMatch(
      /^ResourceConflictException: .* in the following state: Pending$/,
    );

    const { call, refusal, clock } = await made();
    expect(await call(operation, input)).toMatchObject({ LastUpdateStatus: 'InProgress' });
    expect(await refusal(operation, input)).toMatch(
      /^ResourceConflictException: .* An update is in progress for resource: arn:aws:lambda/,
    );
    await clock.sleep(10 * second);
    await call(operation, input);
  });

  it('of the code serves the old code until it is done', async () => {
    const { call, clock } = await made();
    const serves = async () => textOf((await call('lambda:Invoke', { FunctionName, Payload: bytes({}) })).Payload).text;
    await call('lambda:UpdateFunctionCode', { FunctionName, ZipFile: answering('new') });
    expect(await serves()).toBe('old');
    await clock.sleep(10 * second);
    expect(await serves()).toBe('new');
  });

  it('that fails shows its settings and its reason, and what was goes on serving until one succeeds', async () => {
    const account = await made();
    const serves = async () =>
      textOf((await account.call('lambda:Invoke', { FunctionName, Payload: bytes({}) })).Payload).text;
    account.world.lambda.functions.get(FunctionName)!.nextUpdateFails = 'why';
    const { CodeSha256 } = await account.call('lambda:UpdateFunctionCode', { FunctionName, ZipFile: answering('new') });
    await account.clock.sleep(10 * second);
    const failed = { State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'why', CodeSha256 };
    expect(await configuration(account)).toMatchObject(failed);
    expect(await serves()).toBe('old');
    await account.call('lambda:UpdateFunctionConfiguration', { FunctionName, MemorySize: 512 });
    await account.clock.sleep(10 * second);
    expect(await configuration(account)).toMatchObject({ LastUpdateStatus: 'Successful' });
    expect(await serves()).toBe('new');
  });

  it('of the code sets the processor too', async () => {
    const account = await made();
    for (const [Architectures, expected] of [
      [['arm64'], 'arm64'],
      [undefined, 'x86_64'],
    ] as const) {
      const input = {
        FunctionName,
        ZipFile: answering('new'),
        ...(Architectures ? { Architectures: [...Architectures] } : {}),
      };
      await account.call('lambda:UpdateFunctionCode', input);
      await account.clock.sleep(10 * second);
      expect((await configuration(account)).Architectures).toEqual([expected]);
    }
  });

  it('is refused for a function that could not be made', async () => {
    const { world, refusal, call, clock } = await made();
    world.lambda.functions.get(FunctionName)!.failure = 'why';
    expect(await refusal('lambda:UpdateFunctionConfiguration', { FunctionName, MemorySize: 512 })).toMatch(
      /^ResourceConflictException: .* in the following state: Failed$/,
    );
    await call('lambda:DeleteFunction', { FunctionName });
    await clock.sleep(10 * second);
    expect(await refusal('lambda:GetFunction', { FunctionName })).toMatch(/^ResourceNotFoundException/);
  });

  it('replaces the whole environment, and leaves alone what it does not name', async () => {
    const account = await openLambda();
    await create(account, { Environment: { Variables: { ONE: '1', TWO: '2' } }, MemorySize: 256 });
    await account.clock.sleep(minute);
    await account.call('lambda:UpdateFunctionConfiguration', {
      FunctionName,
      Environment: { Variables: { TWO: '3' } },
    });
    expect(await configuration(account)).toMatchObject({ Environment: { Variables: { TWO: '3' } }, MemorySize: 256 });
    expect((await configuration(account)).Environment!.Variables).not.toHaveProperty('ONE');
  });
});
