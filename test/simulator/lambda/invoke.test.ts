import { describe, expect, it } from 'vitest';
import { minute, openAccount, trust, zipOf } from '../account.ts';
import { bytes, create, FunctionName, made, openLambda, textOf } from './extractor.ts';

describe('starting a function', () => {
  it('gives it the event, and its caller the answer', async () => {
    const { call } = await made();
    const { Payload, StatusCode, FunctionError } = await call('lambda:Invoke', {
      FunctionName,
      Payload: bytes({ probe: true }),
    });
    expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200 });
    expect(textOf(Payload)).toEqual({ text: 'old', event: { probe: true } });
  });

  it('is refused where its role is another of the same name, and its environment is not empty', async () => {
    const account = await openLambda();
    await create(account, { Environment: { Variables: { ONE: '1' } } });
    await account.clock.sleep(minute);
    await account.call('iam:DeleteRolePolicy', { RoleName: 'Reporter', PolicyName: 'network' });
    await account.call('iam:DeleteRole', { RoleName: 'Reporter' });
    await account.call('iam:CreateRole', {
      RoleName: 'Reporter',
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    });
    await account.clock.sleep(minute);
    expect(await account.refusal('lambda:Invoke', { FunctionName })).toMatch(/^KMSAccessDeniedException: /);
    await account.call('lambda:UpdateFunctionConfiguration', { FunctionName, Environment: { Variables: {} } });
    await account.clock.sleep(minute);
    await account.call('lambda:Invoke', { FunctionName, Payload: bytes({}) });
  });

  it('is refused while it is made or deleted', async () => {
    const account = await openLambda();
    await create(account, { VpcConfig: account.VpcConfig });
    const start = () => account.refusal('lambda:Invoke', { FunctionName });
    expect(await start()).toMatch(/^ResourceConflictException: .* in the following state: Pending$/);
    await account.clock.sleep(2 * minute);
    await account.call('lambda:DeleteFunction', { FunctionName });
    expect(await start()).toMatch(/^Resource(Conflict|NotFound)Exception/);
  });

  it.each([
    ['no file of the handler', { Code: { ZipFile: zipOf({ 'other.js': '' }) } }, 'Runtime.ImportModuleError'],
    ['no such export', { Handler: 'index.other' }, 'Runtime.HandlerNotFound'],
    [
      'a handler that throws',
      {
        Code: {
          ZipFile: zipOf({
            'index.js': 'exports.handler = 1; exports.createHandler = () => async () => { throw new RangeError("r"); }',
          }),
        },
      },
      'RangeError',
    ],
    [
      'a handler that never answers',
      {
        Code: {
          ZipFile: zipOf({
            'index.js': 'exports.handler = 1; exports.createHandler = () => () => new Promise(() => {})',
          }),
        },
      },
      'Sandbox.Timedout',
    ],
    [
      'an answer that is too large',
      {
        Code: {
          ZipFile: zipOf({
            'index.js': 'exports.handler = 1; exports.createHandler = () => async () => "x".repeat(7e6)',
          }),
        },
      },
      'Function.ResponseSizeTooLarge',
    ],
  ])('with %s is answered as a failure of the function', async (_what, more, errorType) => {
    const account = await openLambda();
    await create(account, more);
    await account.clock.sleep(minute);
    const { Payload, FunctionError } = await account.call('lambda:Invoke', { FunctionName });
    expect(FunctionError).toBe('Unhandled');
    expect(textOf(Payload)).toMatchObject({ errorType });
  });

  it('is refused for an event that is no JSON or too large, and for ways that are not modelled', async () => {
    const { refusal } = await made();
    const start = (more: object) => refusal('lambda:Invoke', { FunctionName, ...more });
    expect(await start({ Payload: new TextEncoder().encode('{') })).toContain('InvalidRequestContentException');
    expect(await start({ Payload: bytes('x'.repeat(7e6)) })).toContain('RequestTooLargeException');
    expect(await start({ InvocationType: 'Event' })).toContain('NotSimulated');
    expect(
      await refusal('lambda:Invoke', {
        FunctionName: `arn:aws:lambda:eu-west-1:123456789012:function:${FunctionName}`,
      }),
    ).toContain('NotSimulated');
  });

  it('does not hide that the simulator lacks something', async () => {
    const account = await openAccount();
    const { call, clock, refusal } = account;
    await call('iam:CreateRole', { RoleName: 'Reporter', AssumeRolePolicyDocument: trust('lambda.amazonaws.com') });
    await clock.sleep(minute);
    const code = 'exports.handler = 1; exports.createHandler = ({ source }) => async () => source({})';
    await create(account, { Code: { ZipFile: zipOf({ 'index.js': code }) } });
    await clock.sleep(minute);
    expect(await refusal('lambda:Invoke', { FunctionName })).toBe(
      'NotSimulated: The simulator does not know where the sales come from.',
    );
  });
});
