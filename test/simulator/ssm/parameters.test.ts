import { describe, expect, it } from 'vitest';
import { minute, openAccount } from '../account.ts';

const Name = '/salesreport/shop/database/password';
const secret = { Name, Type: 'SecureString', Value: 'correct horse' } as const;

describe('a parameter', () => {
  it('is given back with its version, and a secret only to who asks for it decrypted', async () => {
    const { call } = await openAccount();
    expect(await call('ssm:PutParameter', secret)).toMatchObject({ Version: 1, Tier: 'Standard' });
    const { Parameter } = await call('ssm:GetParameter', { Name, WithDecryption: true });
    expect(Parameter).toMatchObject({
      Name,
      Type: 'SecureString',
      Value: 'correct horse',
      Version: 1,
      ARN: 'arn:aws:ssm:eu-west-1:123456789012:parameter/salesreport/shop/database/password',
      DataType: 'text',
    });
    expect(Parameter!.LastModifiedDate).toBeInstanceOf(Date);
    const { Parameter: hidden } = await call('ssm:GetParameter', { Name });
    expect(hidden!.Value).not.toContain('correct horse');
  });

  it('is made once, and changed only when that is said', async () => {
    const { call, refusal } = await openAccount();
    await call('ssm:PutParameter', { ...secret, Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await refusal('ssm:PutParameter', secret)).toMatch(/^ParameterAlreadyExists: /);
    expect(await refusal('ssm:PutParameter', { ...secret, Overwrite: true, Tags: [{ Key: 'a', Value: 'c' }] })).toMatch(
      /^ValidationException: .*tags and overwrite can't be used together/,
    );
    expect(await call('ssm:PutParameter', { ...secret, Value: 'other', Overwrite: true })).toMatchObject({
      Version: 2,
    });
    expect((await call('ssm:GetParameter', { Name, WithDecryption: true })).Parameter?.Value).toBe('other');
    const question = { ResourceType: 'Parameter', ResourceId: Name } as const;
    expect((await call('ssm:ListTagsForResource', question)).TagList).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  it.each([
    ['a name without a slash in front', { Name: 'salesreport/x' }],
    ['a name that begins with aws', { Name: '/aws/x' }],
    ['a name with a blank', { Name: '/sales report' }],
    ['more than fifteen levels', { Name: '/a'.repeat(16) }],
    ['an empty value', { Value: '' }],
    ['more than 4096 bytes', { Value: 'ü'.repeat(2049) }],
    ['a tag of AWS', { Tags: [{ Key: 'aws:x', Value: '' }] }],
  ])('is refused with %s', async (_what, wrong) => {
    const { refusal } = await openAccount();
    expect(await refusal('ssm:PutParameter', { ...secret, ...wrong })).toMatch(
      /^(ValidationException|AccessDeniedException): /,
    );
  });

  it('holds 4096 bytes', async () => {
    const { call } = await openAccount();
    await call('ssm:PutParameter', { ...secret, Value: 'ü'.repeat(2048) });
  });

  it('is not found once deleted, nor before the lag is over', async () => {
    const { call, refusal, clock } = await openAccount({ lag: 5_000 });
    expect(await refusal('ssm:GetParameter', { Name })).toBe('ParameterNotFound: UnknownError');
    await call('ssm:PutParameter', secret);
    expect(await refusal('ssm:GetParameter', { Name })).toMatch(/^ParameterNotFound/);
    expect(await refusal('ssm:PutParameter', secret)).toMatch(/^ParameterAlreadyExists/);
    await clock.sleep(minute);
    await call('ssm:DeleteParameter', { Name });
    expect(await refusal('ssm:DeleteParameter', { Name })).toMatch(/^ParameterNotFound/);
    expect(await refusal('ssm:ListTagsForResource', { ResourceType: 'Parameter', ResourceId: Name })).toMatch(
      /^InvalidResourceId/,
    );
  });
});

describe('a public parameter', () => {
  it.each(['arm64', 'x86_64'])('names an image of Amazon Linux 2023 for %s that EC2 knows', async architecture => {
    const { call, world } = await openAccount();
    const line = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
    const { Parameter } = await call('ssm:GetParameter', { Name: line });
    expect(Parameter).toMatchObject({ Name: line, Type: 'String' });
    expect(world.ec2.images.find(image => image.id === Parameter!.Value)?.architecture).toBe(architecture);
  });
});
