import { describe, expect, it } from 'vitest';
import { IamWorld } from '../../../src/simulator/iam/state.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';
import { type Account, allowing, minute, openAccount, trust } from '../account.ts';

const createRole = (account: Account, RoleName = 'Reporter', more = {}) =>
  account.call('iam:CreateRole', { RoleName, AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), ...more });

describe('a role', () => {
  it('is given back as IAM does: documents encoded, path in the ARN, tags as a list', async () => {
    const account = await openAccount();
    const Tags = [{ Key: 'salesreport:stack', Value: 'salesreport' }];
    await createRole(account, 'Reporter', { Path: '/salesreport/', Description: 'd', Tags });
    const { Role } = await account.call('iam:GetRole', { RoleName: 'Reporter' });
    expect(Role).toMatchObject({
      RoleName: 'Reporter',
      Path: '/salesreport/',
      Arn: 'arn:aws:iam::123456789012:role/salesreport/Reporter',
      Description: 'd',
      Tags,
    });
    expect(Role!.RoleId).toMatch(/^AROA[A-Z0-9]{17}$/);
    expect(Role!.CreateDate).toBeInstanceOf(Date);
    expect(Role!.AssumeRolePolicyDocument).toMatch(/^%7B/);
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(trust('lambda.amazonaws.com'));
  });

  it('is unique without regard to case', async () => {
    const account = await openAccount();
    await createRole(account);
    const AssumeRolePolicyDocument = trust('lambda.amazonaws.com');
    expect(await account.refusal('iam:CreateRole', { RoleName: 'reporter', AssumeRolePolicyDocument })).toMatch(
      /^EntityAlreadyExistsException: Role with name reporter already exists\./,
    );
  });

  it.each([
    ['a bad name', { RoleName: 'a b' }, /^ValidationError/],
    ['a long name', { RoleName: 'x'.repeat(65) }, /^ValidationError/],
    ['a bad path', { Path: 'salesreport' }, /^ValidationError/],
    ['no JSON', { AssumeRolePolicyDocument: '{' }, /^MalformedPolicyDocumentException/],
    ['no principal', { AssumeRolePolicyDocument: allowing('sts:AssumeRole') }, /^MalformedPolicyDocumentException/],
    [
      'an unknown principal',
      { AssumeRolePolicyDocument: trust('lambda.example.com') },
      /^MalformedPolicyDocumentException: Invalid principal in policy/,
    ],
    [
      'a boundary of another account',
      { PermissionsBoundary: 'arn:aws:iam::999999999999:policy/b' },
      /^NoSuchEntityException: Scope ARN/,
    ],
    ['a tag of AWS', { Tags: [{ Key: 'aws:x', Value: '' }] }, /^InvalidInput/],
    [
      'one tag twice, by case',
      {
        Tags: [
          { Key: 'team', Value: 'a' },
          { Key: 'Team', Value: 'b' },
        ],
      },
      /^InvalidInput/,
    ],
  ])('is refused with %s', async (_what, wrong, expected) => {
    const account = await openAccount();
    const right = { RoleName: 'Reporter', AssumeRolePolicyDocument: trust('lambda.amazonaws.com') };
    expect(await account.refusal('iam:CreateRole', { ...right, ...wrong })).toMatch(expected);
  });

  it('is not found until the lag is over, though its name is taken', async () => {
    const account = await openAccount({ lag: 5_000 });
    await createRole(account);
    expect(await account.refusal('iam:GetRole', { RoleName: 'Reporter' })).toMatch(/^NoSuchEntityException/);
    const AssumeRolePolicyDocument = trust('lambda.amazonaws.com');
    expect(await account.refusal('iam:CreateRole', { RoleName: 'Reporter', AssumeRolePolicyDocument })).toMatch(
      /^EntityAlreadyExists/,
    );
    await account.clock.sleep(minute);
    expect((await account.call('iam:GetRole', { RoleName: 'Reporter' })).Role).toBeDefined();
  });

  it('is the same in all regions of an account', async () => {
    const clock = new VirtualClock({ start: 0 });
    const iam = new IamWorld();
    const [ireland, frankfurt] = await Promise.all([
      openAccount({ clock, iam, region: 'eu-west-1' }),
      openAccount({ clock, iam, region: 'eu-central-1' }),
    ]);
    await createRole(ireland);
    expect((await frankfurt.call('iam:GetRole', { RoleName: 'Reporter' })).Role?.RoleName).toBe('Reporter');
  });
});

describe('an inline policy', () => {
  it('is put, listed, given back encoded and deleted', async () => {
    const account = await openAccount();
    await createRole(account);
    const RoleName = 'Reporter';
    const PolicyDocument = allowing('sns:Publish');
    await account.call('iam:PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument });
    expect((await account.call('iam:ListRolePolicies', { RoleName })).PolicyNames).toEqual(['p']);
    const got = await account.call('iam:GetRolePolicy', { RoleName, PolicyName: 'p' });
    expect(decodeURIComponent(got.PolicyDocument!)).toBe(PolicyDocument);
    await account.call('iam:DeleteRolePolicy', { RoleName, PolicyName: 'p' });
    expect(await account.refusal('iam:GetRolePolicy', { RoleName, PolicyName: 'p' })).toMatch(
      /^NoSuchEntityException: The role policy/,
    );
    expect(await account.refusal('iam:DeleteRolePolicy', { RoleName, PolicyName: 'p' })).toMatch(
      /^NoSuchEntityException/,
    );
  });

  it.each([
    ['malformed', '{"Version":"2012-10-17"}', /^MalformedPolicyDocumentException/],
    ['an action without a service', allowing('Publish'), /^MalformedPolicyDocumentException/],
    [
      'longer than AWS keeps',
      allowing(...Array.from({ length: 800 }, (_, i) => `sns:Publish${i}`)),
      /^LimitExceededException/,
    ],
  ])('is refused when %s', async (_what, PolicyDocument, expected) => {
    const account = await openAccount();
    await createRole(account);
    const input = { RoleName: 'Reporter', PolicyName: 'p', PolicyDocument };
    expect(await account.refusal('iam:PutRolePolicy', input)).toMatch(expected);
  });
});

describe('a permissions boundary', () => {
  it('is put on a role that is there, and taken away once', async () => {
    const account = await openAccount();
    await createRole(account);
    const RoleName = 'Reporter';
    const boundary = async () => (await account.call('iam:GetRole', { RoleName })).Role?.PermissionsBoundary;
    const PermissionsBoundary = 'arn:aws:iam::123456789012:policy/bounds';
    await account.call('iam:PutRolePermissionsBoundary', { RoleName, PermissionsBoundary });
    expect(await boundary()).toMatchObject({ PermissionsBoundaryArn: PermissionsBoundary });
    const others = 'arn:aws:iam::210987654321:policy/bounds';
    expect(await account.refusal('iam:PutRolePermissionsBoundary', { RoleName, PermissionsBoundary: others })).toMatch(
      /^NoSuchEntityException/,
    );
    await account.call('iam:DeleteRolePermissionsBoundary', { RoleName });
    expect(await boundary()).toBeUndefined();
    expect(await account.refusal('iam:DeleteRolePermissionsBoundary', { RoleName })).toMatch(/^NoSuchEntityException/);
  });
});

describe('an instance profile', () => {
  it('holds one role', async () => {
    const account = await openAccount();
    await createRole(account, 'One');
    await createRole(account, 'Two');
    const InstanceProfileName = 'Host';
    await account.call('iam:CreateInstanceProfile', { InstanceProfileName, Path: '/salesreport/' });
    expect(await account.refusal('iam:CreateInstanceProfile', { InstanceProfileName: 'HOST' })).toMatch(
      /^EntityAlreadyExists/,
    );
    await account.call('iam:AddRoleToInstanceProfile', { InstanceProfileName, RoleName: 'One' });
    expect(await account.refusal('iam:AddRoleToInstanceProfile', { InstanceProfileName, RoleName: 'Two' })).toMatch(
      /^LimitExceededException: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1/,
    );
    const { InstanceProfile } = await account.call('iam:GetInstanceProfile', { InstanceProfileName });
    expect(InstanceProfile).toMatchObject({
      Arn: 'arn:aws:iam::123456789012:instance-profile/salesreport/Host',
      Roles: [{ RoleName: 'One' }],
    });
    await account.call('iam:RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: 'One' });
    expect(
      await account.refusal('iam:RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: 'One' }),
    ).toMatch(/^NoSuchEntityException/);
    await account.call('iam:DeleteInstanceProfile', { InstanceProfileName });
    expect(await account.refusal('iam:GetInstanceProfile', { InstanceProfileName })).toBe(
      'NoSuchEntityException: Instance Profile Host cannot be found.',
    );
  });
});
