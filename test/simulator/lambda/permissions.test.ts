import { expect, it } from 'vitest';
import { minute, openAccount, trust, zipOf } from '../account.ts';

const FunctionName = 'Extractor';
const SourceArn = 'arn:aws:events:eu-west-1:123456789012:rule/Nightly';
const permission = {
  FunctionName,
  StatementId: 'nightly',
  Action: 'lambda:InvokeFunction',
  Principal: 'events.amazonaws.com',
  SourceArn,
};

async function openFunction() {
  const account = await openAccount();
  await account.call('iam:CreateRole', {
    RoleName: 'Reporter',
    AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
  });
  await account.clock.sleep(minute);
  await account.call('lambda:CreateFunction', {
    FunctionName,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::123456789012:role/Reporter',
    Code: { ZipFile: zipOf({ 'index.js': '' }) },
  });
  return account;
}

it('is shown in the policy, and is gone when it is taken back', async () => {
  const { call, refusal } = await openFunction();
  expect(await refusal('lambda:GetPolicy', { FunctionName })).toMatch(/^ResourceNotFoundException/);
  await call('lambda:AddPermission', permission);
  const { Policy } = await call('lambda:GetPolicy', { FunctionName });
  expect(JSON.parse(Policy!).Statement).toEqual([
    {
      Sid: 'nightly',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: `arn:aws:lambda:eu-west-1:123456789012:function:${FunctionName}`,
      Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } },
    },
  ]);
  await call('lambda:RemovePermission', { FunctionName, StatementId: 'nightly' });
  expect(await refusal('lambda:RemovePermission', { FunctionName, StatementId: 'nightly' })).toMatch(
    /^ResourceNotFoundException/,
  );
});

it('of a name that is there is refused, also when it says the same', async () => {
  const { call, refusal } = await openFunction();
  await call('lambda:AddPermission', permission);
  expect(await refusal('lambda:AddPermission', permission)).toMatch(
    /^ResourceConflictException: The statement id \(nightly\) provided already exists/,
  );
});

it.each([
  ['a function that is not there', { FunctionName: 'Other' }, /^ResourceNotFoundException/],
  ['a bad name', { StatementId: 'a b' }, /^ValidationException/],
  ['a bad action', { Action: 's3:GetObject' }, /^ValidationException/],
  ['a principal that is none', { Principal: 'Ann' }, /The provided principal was invalid/],
  ['another account', { Principal: '123456789012' }, /^NotSimulated/],
  ['what is not modelled', { SourceAccount: '123456789012' }, /^NotSimulated.*SourceAccount/],
])('is refused for %s', async (_what, more, reason) => {
  const { refusal } = await openFunction();
  expect(await refusal('lambda:AddPermission', { ...permission, ...more })).toMatch(reason);
});

it('is refused when the policy grows beyond 20 KB', async () => {
  const { call, refusal } = await openFunction();
  const add = (nth: number) => ({
    ...permission,
    StatementId: `s${nth}`,
    SourceArn: `${SourceArn}${'x'.repeat(2_000)}`,
  });
  for (let nth = 0; nth < 8; nth++) await call('lambda:AddPermission', add(nth));
  expect(await refusal('lambda:AddPermission', add(8))).toMatch(/^PolicyLengthExceededException/);
});
