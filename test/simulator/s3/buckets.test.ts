import { describe, expect, it } from 'vitest';
import { openAccount } from '../account.ts';
import { Bucket, CreateBucketConfiguration, openShelf } from './shelf.ts';

const owner = '123456789012';

describe('a bucket', () => {
  it('is made with its tags in one call, closed to the public, without ACLs and encrypted', async () => {
    const { call } = await openAccount();
    const Tags = [{ Key: 'a', Value: 'b' }];
    await call('s3:CreateBucket', { Bucket, CreateBucketConfiguration: { ...CreateBucketConfiguration, Tags } });
    expect(await call('s3:HeadBucket', { Bucket, ExpectedBucketOwner: owner })).toMatchObject({
      BucketRegion: 'eu-west-1',
    });
    expect((await call('s3:GetBucketTagging', { Bucket })).TagSet).toEqual(Tags);
    expect((await call('s3:GetPublicAccessBlock', { Bucket })).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    expect((await call('s3:GetBucketOwnershipControls', { Bucket })).OwnershipControls?.Rules).toEqual([
      { ObjectOwnership: 'BucketOwnerEnforced' },
    ]);
    const encryption = (await call('s3:GetBucketEncryption', { Bucket })).ServerSideEncryptionConfiguration;
    expect(encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
    expect((await call('s3:GetBucketVersioning', { Bucket })).Status).toBeUndefined();
  });

  it('has no location in the first region, where making it again is answered well', async () => {
    const { call, refusal } = await openAccount({ region: 'us-east-1' });
    await call('s3:CreateBucket', { Bucket });
    await call('s3:CreateBucket', { Bucket });
    const LocationConstraint = 'us-east-1' as never;
    expect(
      await refusal('s3:CreateBucket', { Bucket: `${Bucket}-2`, CreateBucketConfiguration: { LocationConstraint } }),
    ).toMatch(/^InvalidLocationConstraint: /);
  });

  it('is refused elsewhere when it is there, in another location, and with a name that is none', async () => {
    const { refusal, world } = await openShelf();
    expect(await refusal('s3:CreateBucket', { Bucket, CreateBucketConfiguration })).toMatch(
      /^BucketAlreadyOwnedByYou: /,
    );
    world.s3.add({ name: 'taken', owner: '999999999999', region: 'eu-west-1', createdAt: 0 });
    expect(await refusal('s3:CreateBucket', { Bucket: 'taken', CreateBucketConfiguration })).toMatch(
      /^BucketAlreadyExists: /,
    );
    const elsewhere = { LocationConstraint: 'eu-central-1' as const };
    expect(await refusal('s3:CreateBucket', { Bucket: 'other', CreateBucketConfiguration: elsewhere })).toMatch(
      /^IllegalLocationConstraintException: /,
    );
    for (const name of ['Capital', 'ab', '10.0.0.1', 'two..dots', '-dash'])
      expect(await refusal('s3:CreateBucket', { Bucket: name, CreateBucketConfiguration })).toMatch(
        /^InvalidBucketName: /,
      );
  });

  it('is refused to who expects another owner, and one of another account to everybody', async () => {
    const { refusal, world } = await openShelf();
    const wrong = { Bucket, ExpectedBucketOwner: '999999999999' };
    expect(await refusal('s3:GetBucketTagging', wrong)).toBe('AccessDenied: Access Denied');
    expect(await refusal('s3:HeadBucket', wrong)).toBe('Unknown: UnknownError');
    world.s3.add({ name: 'taken', owner: '999999999999', region: 'eu-west-1', createdAt: 0 });
    expect(await refusal('s3:HeadBucket', { Bucket: 'taken' })).toBe('Unknown: UnknownError');
    expect(await refusal('s3:DeleteBucket', { Bucket: 'taken' })).toBe('AccessDenied: Access Denied');
  });

  it('is not found before the lag is over', async () => {
    const { call, refusal, clock } = await openAccount({ lag: 5_000 });
    await call('s3:CreateBucket', { Bucket, CreateBucketConfiguration });
    expect(await refusal('s3:HeadBucket', { Bucket })).toBe('NotFound: UnknownError');
    expect(await refusal('s3:GetBucketTagging', { Bucket })).toMatch(/^NoSuchBucket: /);
    await clock.sleep(5_000);
    expect(await refusal('s3:GetBucketTagging', { Bucket })).toMatch(/^NoSuchTagSet: /);
  });
});

describe('of its settings', () => {
  const policyOf = (statement: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*`, ...statement },
      ],
    });

  it('what was never put is said not to be there', async () => {
    const { refusal } = await openShelf();
    expect(await refusal('s3:GetBucketPolicy', { Bucket })).toMatch(/^NoSuchBucketPolicy: /);
    expect(await refusal('s3:GetBucketLifecycleConfiguration', { Bucket })).toMatch(/^NoSuchLifecycleConfiguration: /);
    expect(await refusal('s3:GetBucketTagging', { Bucket })).toMatch(/^NoSuchTagSet: /);
  });

  it('a policy is read as it was put, and a public one refused where that is blocked', async () => {
    const { call, refusal } = await openShelf();
    const Policy = policyOf({ Effect: 'Deny' });
    await call('s3:PutBucketPolicy', { Bucket, Policy });
    expect((await call('s3:GetBucketPolicy', { Bucket })).Policy).toBe(Policy);
    expect(await refusal('s3:PutBucketPolicy', { Bucket, Policy: policyOf({}) })).toMatch(
      /^AccessDenied: .*BlockPublicPolicy/,
    );
    await call('s3:PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } });
    await call('s3:PutBucketPolicy', { Bucket, Policy: policyOf({}) });
  });

  it.each([
    ['no JSON', '{', 'Policies must be valid JSON'],
    ['nobody', policyOf({ Principal: undefined }), 'Principal'],
    ['another service', policyOf({ Action: 'sns:Publish' }), 'invalid action'],
    ['another bucket', policyOf({ Resource: 'arn:aws:s3:::other/*' }), 'invalid resource'],
  ])('a policy of %s is refused', async (_what, Policy, why) => {
    const { refusal } = await openShelf();
    expect(await refusal('s3:PutBucketPolicy', { Bucket, Policy })).toMatch(new RegExp(`^MalformedPolicy: .*${why}`));
  });

  it('lifecycle rules are kept as a whole, and refused without an action or with one id twice', async () => {
    const { call, refusal } = await openShelf();
    const rule = { ID: 'r', Status: 'Enabled' as const, Filter: { Prefix: 'reports/' }, Expiration: { Days: 1 } };
    const putRules = (...Rules: object[]) => ({ Bucket, LifecycleConfiguration: { Rules: Rules as (typeof rule)[] } });
    await call('s3:PutBucketLifecycleConfiguration', putRules(rule, { ...rule, ID: 's' }));
    await call('s3:PutBucketLifecycleConfiguration', putRules(rule));
    expect((await call('s3:GetBucketLifecycleConfiguration', { Bucket })).Rules).toEqual([rule]);
    const refused = (...rules: object[]) => refusal('s3:PutBucketLifecycleConfiguration', putRules(...rules));
    expect(await refused({ ...rule, Expiration: undefined })).toMatch(/^InvalidRequest: /);
    expect(await refused({ ...rule, Expiration: { Days: 0 } })).toMatch(/^InvalidArgument: /);
    expect(await refused(rule, rule)).toMatch(/^InvalidArgument: /);
    expect(await refused()).toMatch(/^MalformedXML: /);
    expect(await refused({ ...rule, Transitions: [{ Days: 1 }] })).toMatch(/^NotSimulated: /);
  });

  it('encryption, ownership and versions are as they were put last', async () => {
    const { call } = await openShelf();
    await call('s3:PutBucketEncryption', {
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    });
    const encryption = (await call('s3:GetBucketEncryption', { Bucket })).ServerSideEncryptionConfiguration;
    expect(encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe('aws:kms');
    await call('s3:PutBucketOwnershipControls', {
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    });
    expect(
      (await call('s3:GetBucketOwnershipControls', { Bucket })).OwnershipControls?.Rules?.[0]?.ObjectOwnership,
    ).toBe('ObjectWriter');
    await call('s3:PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await call('s3:PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Suspended' } });
    expect((await call('s3:GetBucketVersioning', { Bucket })).Status).toBe('Suspended');
  });
});
